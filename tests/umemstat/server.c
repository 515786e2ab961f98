/* A busy server: 8 threads pass messages around, keep sessions in lists and tables, move and free them. Nothing is lost, but for what "lose" asks. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { THREADS = 8, SLOTS = 4096, QUEUE = 256 };
struct session { struct session *next, *prev; unsigned long id, uses; char text[200]; };
static struct session *table[SLOTS];
static pthread_mutex_t locks[64] = { [0 ... 63] = PTHREAD_MUTEX_INITIALIZER };
static struct { pthread_mutex_t lock; void *item[QUEUE]; int n; } queue = { PTHREAD_MUTEX_INITIALIZER, {0}, 0 };

static unsigned long draw(unsigned long *s) { *s ^= *s << 13; *s ^= *s >> 7; *s ^= *s << 17; return *s; }

static void visit(unsigned long r) {
    unsigned slot = r % SLOTS;
    pthread_mutex_t *lock = &locks[slot % 64];
    pthread_mutex_lock(lock);
    struct session *s = table[slot];
    if (s && r >> 60 == 0) { table[slot] = s->next; if (s->next) s->next->prev = 0; free(s); s = 0; }
    else if (!s || r >> 61 == 1) {
        struct session *n = calloc(1, sizeof *n);
        n->id = r; n->next = s; if (s) s->prev = n; table[slot] = n;
    } else { while (s->next) s = s->next; s->uses++; if (s->prev) { s->prev->next = 0; s->prev = 0; s->next = table[slot]; table[slot]->prev = s; table[slot] = s; } }
    int depth = 0;
    for (s = table[slot]; s; s = s->next) if (++depth == 6) { struct session *x = s->next; s->next = 0; while (x) { struct session *d = x; x = x->next; free(d); } }
    pthread_mutex_unlock(lock);
}
static void pass(unsigned long r) {
    void *item = 0;
    pthread_mutex_lock(&queue.lock);
    if (r & 1 && queue.n < QUEUE) { item = malloc(64 + r % 1000); memset(item, 7, 64); queue.item[queue.n++] = item; item = 0; }
    else if (queue.n) item = queue.item[--queue.n];
    pthread_mutex_unlock(&queue.lock);
    if (item && r & 2) { pthread_mutex_lock(&queue.lock); if (queue.n < QUEUE) { queue.item[queue.n++] = item; item = 0; } pthread_mutex_unlock(&queue.lock); }
    free(item);
}
static void *work(void *arg) {
    unsigned long seed = 88172645463325252UL + (unsigned long)arg * 7919;
    for (;;) { unsigned long r = draw(&seed); visit(r); pass(r >> 7); }
}
static void __attribute__((noinline)) lose(int n) { while (n--) *(volatile char *)malloc(1500) = 1; }
static void __attribute__((noinline)) scrub(void) { char room[16384]; memset(room, 0, sizeof room); __asm__ volatile("" : : "r"(room) : "memory"); }

int main(int argc, char **argv) {
    pthread_t t[THREADS];
    lose(argc > 1 ? atoi(argv[1]) : 0);
    scrub();
    for (long i = 0; i < THREADS; i++) pthread_create(&t[i], 0, work, (void *)i);
    puts("ready");
    fflush(stdout);
    for (;;) pause();
}
