/* workload: shapes of allocation that tell allocators apart. Each touches what it allocates and checks what it wrote.
   usage: workload SHAPE THREADS [SCALE]
     pair      malloc and free of 64 bytes at once
     symmetric each thread allocates 20000 blocks of 64 bytes and frees them in random order
     mixed     each thread keeps 5000 blocks of 8 bytes to 4 KiB and replaces random ones
     server    larson: blocks of 10 to 500 bytes live long, are replaced at random and handed to a new thread each round
     handoff   xmalloc: producers allocate batches, consumers free them
     stress    mstress: random sizes up to 64 KiB with a heavy tail, kept, moved between threads, freed, realloc'ed
     large     blocks of 32 KiB to 25 MiB kept in a table of 20 and replaced at random
     live      keeps SCALE blocks of 64 bytes and replaces random ones
     leaky     mleak: threads that come, allocate a little and go */
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static long scale = 1, threads = 1;

/* A thread's share of the work: the total is the same for every number of threads but 1, which does half. */
static long share(long n)
{
    return threads > 2 ? n * scale * 2 / threads : n * scale;
}

static uint64_t next(uint64_t *s)
{
    uint64_t x = *s;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return *s = x;
}

static void *must(void *p)
{
    if (p == NULL) {
        fputs("workload: out of memory\n", stderr);
        exit(1);
    }
    return p;
}

static unsigned char *fresh(size_t n, unsigned char mark)
{
    unsigned char *p = must(malloc(n));
    p[0] = mark;
    p[n - 1] = mark;
    return p;
}

static void drop(unsigned char *p, unsigned char mark)
{
    if (p != NULL) {
        if (p[0] != mark) {
            fputs("workload: a block lost its contents\n", stderr);
            exit(1);
        }
        free(p);
    }
}

static void *pair(void *arg)
{
    (void)arg;
    for (long i = 0; i < share(60000000); i++) {
        void *volatile p = malloc(64);
        *(volatile char *)p = 1;
        free(p);
    }
    return NULL;
}

static void *symmetric(void *arg)
{
    enum { N = 20000 };
    static __thread unsigned char *b[N];
    uint64_t s = 88172645463325252u + (uintptr_t)arg;
    for (long round = 0; round < share(500); round++) {
        for (int i = 0; i < N; i++)
            b[i] = fresh(64, (unsigned char)i);
        for (int i = N - 1; i > 0; i--) {
            int j = (int)(next(&s) % (uint64_t)(i + 1));
            unsigned char *t = b[i];
            b[i] = b[j];
            b[j] = t;
        }
        for (int i = 0; i < N; i++)
            free(b[i]);
    }
    return NULL;
}

static void *mixed(void *arg)
{
    enum { N = 5000 };
    static __thread unsigned char *b[N];
    uint64_t s = 1181783497276652981u + (uintptr_t)arg;
    for (long i = 0; i < share(12000000); i++) {
        uint64_t r = next(&s);
        int at = (int)(r % N);
        size_t n = 8 + (size_t)((r >> 20) % (1u << (3 + (r >> 40) % 10)));
        drop(b[at], (unsigned char)at);
        b[at] = fresh(n, (unsigned char)at);
    }
    for (int i = 0; i < N; i++)
        drop(b[i], (unsigned char)i);
    return NULL;
}

enum { SERVER_BLOCKS = 5000 };
struct server { unsigned char *b[SERVER_BLOCKS]; uint64_t s; };

static void *server_round(void *arg)
{
    struct server *sv = arg;
    for (long i = 0; i < 500000; i++) {
        uint64_t r = next(&sv->s);
        int at = (int)(r % SERVER_BLOCKS);
        drop(sv->b[at], (unsigned char)at);
        sv->b[at] = fresh(10 + (size_t)((r >> 20) % 491), (unsigned char)at);
    }
    return NULL;
}

static void *server(void *arg)
{
    struct server *sv = must(calloc(1, sizeof *sv));
    sv->s = 2685821657736338717u + (uintptr_t)arg * 977;
    for (long round = 0; round < share(24); round++) {
        pthread_t t;
        pthread_create(&t, NULL, server_round, sv);
        pthread_join(t, NULL);
    }
    for (int i = 0; i < SERVER_BLOCKS; i++)
        drop(sv->b[i], (unsigned char)i);
    free(sv);
    return NULL;
}

enum { BATCH = 120, QUEUE = 64 };
struct batch { struct batch *next; void *b[BATCH]; };
static pthread_mutex_t queue_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t queue_not_empty = PTHREAD_COND_INITIALIZER, queue_not_full = PTHREAD_COND_INITIALIZER;
static struct batch *queue;
static int queued, producers;

static void *producer(void *arg)
{
    uint64_t s = 7046029254386353131u + (uintptr_t)arg;
    for (long n = 0; n < share(40000); n++) {
        struct batch *q = must(malloc(sizeof *q));
        for (int i = 0; i < BATCH; i++)
            q->b[i] = fresh(8u << (next(&s) % 6), 7);
        pthread_mutex_lock(&queue_lock);
        while (queued == QUEUE)
            pthread_cond_wait(&queue_not_full, &queue_lock);
        q->next = queue;
        queue = q;
        queued++;
        pthread_cond_signal(&queue_not_empty);
        pthread_mutex_unlock(&queue_lock);
    }
    pthread_mutex_lock(&queue_lock);
    if (--producers == 0)
        pthread_cond_broadcast(&queue_not_empty);
    pthread_mutex_unlock(&queue_lock);
    return NULL;
}

static void *consumer(void *arg)
{
    (void)arg;
    for (;;) {
        struct batch *q;
        pthread_mutex_lock(&queue_lock);
        while (queue == NULL && producers > 0)
            pthread_cond_wait(&queue_not_empty, &queue_lock);
        q = queue;
        if (q != NULL) {
            queue = q->next;
            queued--;
            pthread_cond_signal(&queue_not_full);
        }
        pthread_mutex_unlock(&queue_lock);
        if (q == NULL)
            return NULL;
        for (int i = 0; i < BATCH; i++)
            drop(q->b[i], 7);
        free(q);
    }
}

enum { SHARED = 1000 };
static _Atomic(unsigned char *) shared[SHARED];

static void *stress(void *arg)
{
    enum { N = 10000 };
    static __thread unsigned char *b[N];
    uint64_t s = 3935559000370003845u + (uintptr_t)arg * 31;
    for (long i = 0; i < share(20000000); i++) {
        uint64_t r = next(&s);
        int at = (int)(r % N);
        unsigned tail = (unsigned)__builtin_ctzll((r >> 50) | 0x2000);
        size_t n = 1 + (size_t)((r >> 20) % (16u << tail >> (tail > 9 ? 3 : 0)));
        if ((r >> 44 & 15) == 0) {
            b[at] = atomic_exchange(&shared[(r >> 12) % SHARED], b[at]);
        } else if ((r >> 44 & 15) == 1 && b[at] != NULL) {
            unsigned char mark = b[at][0];
            b[at] = must(realloc(b[at], n));
            if (b[at][0] != mark)
                exit(1);
        } else {
            if (b[at] != NULL)
                free(b[at]);
            b[at] = fresh(n, 9);
        }
    }
    for (int i = 0; i < N; i++)
        free(b[i]);
    return NULL;
}

static void *large(void *arg)
{
    enum { N = 20 };
    unsigned char *b[N] = { 0 };
    uint64_t s = 4768777513237032717u + (uintptr_t)arg;
    for (long i = 0; i < share(2000); i++) {
        uint64_t r = next(&s);
        int at = (int)(r % N);
        size_t n = 32768 + (size_t)((r >> 20) % (25u << 20));
        free(b[at]);
        b[at] = must(malloc(n));
        for (size_t o = 0; o < n; o += 4096)
            b[at][o] = 1;
    }
    for (int i = 0; i < N; i++)
        free(b[i]);
    return NULL;
}

static void *live(void *arg)
{
    uint64_t s = 4768777513237032717u + (uintptr_t)arg;
    unsigned char **b = must(calloc((size_t)scale, sizeof *b));
    for (long i = 0; i < scale; i++)
        b[i] = fresh(64, (unsigned char)i);
    for (long i = 0; i < 10000000; i++) {
        long at = (long)(next(&s) % (uint64_t)scale);
        drop(b[at], (unsigned char)at);
        b[at] = fresh(64, (unsigned char)at);
    }
    for (long i = 0; i < scale; i++)
        drop(b[i], (unsigned char)i);
    free(b);
    return NULL;
}

static void *brief(void *arg)
{
    unsigned char *b[64];
    (void)arg;
    for (int i = 0; i < 64; i++)
        b[i] = fresh(16 + (size_t)i * 8, 3);
    for (int i = 0; i < 64; i++)
        drop(b[i], 3);
    return NULL;
}

static void *leaky(void *arg)
{
    for (long i = 0; i < share(20000); i++) {
        pthread_t t;
        pthread_create(&t, NULL, brief, arg);
        pthread_join(t, NULL);
    }
    return NULL;
}

static const struct { const char *name; void *(*run)(void *); } shapes[] = {
    { "pair", pair }, { "symmetric", symmetric }, { "mixed", mixed }, { "server", server },
    { "handoff", producer }, { "stress", stress }, { "large", large }, { "leaky", leaky }, { "live", live },
};

int main(int argc, char **argv)
{
    pthread_t t[256];
    void *(*run)(void *) = NULL;

    if (argc > 2)
        threads = atol(argv[2]);
    if (argc > 3)
        scale = atol(argv[3]);
    for (size_t i = 0; argc > 1 && i < sizeof shapes / sizeof *shapes; i++)
        if (strcmp(argv[1], shapes[i].name) == 0)
            run = shapes[i].run;
    if (run == NULL || threads < 1 || threads > 128 || scale < 1) {
        fputs("usage: workload SHAPE THREADS [SCALE]\n", stderr);
        return 2;
    }
    producers = (int)threads;
    int all = (int)threads;
    for (int i = 0; i < threads; i++)
        pthread_create(&t[i], NULL, run, (void *)(uintptr_t)(i + 1));
    if (run == producer)
        for (; all < 2 * threads; all++)
            pthread_create(&t[all], NULL, consumer, NULL);
    for (int i = 0; i < all; i++)
        pthread_join(t[i], NULL);
    return 0;
}
