/* Plants leaks: each case loses (and keeps) blocks of 720 bytes in its own way. The number lost is in the table of ../suite.rs. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SIZE = 720, LARGE = 1000000 };
struct node { struct node *next, *left, *right; char rest[SIZE - 3 * sizeof(void *)]; };
static void *volatile kept[64];
static __thread void *volatile mine;
static volatile uintptr_t hidden;
static pthread_barrier_t barrier;

#define APART __attribute__((noinline))

/* Overwrites what is left of the stacks of calls that have returned. */
APART static void scrub(void) { char room[16384]; memset(room, 0, sizeof room); __asm__ volatile("" : : "r"(room) : "memory"); }
APART static void *block(void) { void *p = malloc(SIZE); memset(p, 0, SIZE); return p; }
APART static void lose(int n) { while (n--) *(volatile char *)block() = 1; }

APART static struct node *list(int n) {
    struct node *head = 0;
    while (n--) { struct node *x = block(); x->next = head; head = x; }
    return head;
}
APART static struct node *tree(int depth) {
    if (depth == 0) return 0;
    struct node *x = block();
    x->left = tree(depth - 1);
    x->right = tree(depth - 1);
    return x;
}
APART static void lost_list(void) { struct node *volatile x = list(10); (void)x; }
APART static void lost_ring(void) { struct node *first = list(5), *x = first; while (x->next) x = x->next; x->next = first; }
APART static void lost_tree(void) { struct node *volatile x = tree(4); (void)x; }
APART static void lost_pair(void) { struct node *a = block(), *b = block(); a->next = b; b->next = a; }
APART static void inner_list(void) {
    char *head = 0;
    for (int i = 0; i < 8; i++) { char *x = block(); *(char **)x = head; head = x + 100; }
}
APART static void grown(void) {
    char *volatile p = malloc(16);
    for (size_t n = 32; n < SIZE; n *= 2) p = realloc((void *)p, n);
    p = realloc((void *)p, SIZE);
    kept[0] = realloc(block(), SIZE - 8);
}
static void *holder(void *arg) {
    void *volatile own = block();
    (void)arg;
    pthread_barrier_wait(&barrier);
    pause();
    return (void *)own;
}
static void *loser(void *arg) { lose(3); scrub(); mine = block(); scrub(); return arg; }
APART static void threads(void *(*what)(void *), int n, int join) {
    pthread_t t[4];
    pthread_barrier_init(&barrier, 0, (unsigned)n + 1);
    for (int i = 0; i < n; i++) pthread_create(&t[i], 0, what, 0);
    if (!join) pthread_barrier_wait(&barrier);
    for (int i = 0; join && i < n; i++) pthread_join(t[i], 0);
}
static void free_first(void) { free((void *)kept[0]); kept[0] = 0; }
APART static void mapped(void) {
    void **page = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < 5; i++) page[i] = block();
}
APART static void copies(void) {
    char text[SIZE];
    memset(text, 'x', SIZE - 1);
    text[SIZE - 1] = 0;
    for (int i = 0; i < 4; i++) *(volatile char *)strdup(text) = 1;
}
APART static void aligned(void) {
    for (int i = 0; i < 2; i++) { void *p; if (posix_memalign(&p, 64, SIZE)) abort(); memset(p, 0, SIZE); }
}
APART static void zeroed(void) { for (int i = 0; i < 3; i++) *(volatile char *)calloc(1, SIZE) = 1; }
APART static void large(void) { for (int i = 0; i < 2; i++) *(volatile char *)malloc(LARGE) = 1; kept[1] = malloc(LARGE); }

APART static void plant(const char *what) {
    if (!strcmp(what, "simple")) lose(7);
    if (!strcmp(what, "list")) lost_list();
    if (!strcmp(what, "ring")) lost_ring();
    if (!strcmp(what, "tree")) lost_tree();
    if (!strcmp(what, "pair")) lost_pair();
    if (!strcmp(what, "inner-list")) inner_list();
    if (!strcmp(what, "kept-list")) kept[0] = list(10);
    if (!strcmp(what, "kept-inside")) kept[0] = (char *)block() + 300;
    if (!strcmp(what, "tagged")) kept[0] = (char *)block() + 1;
    if (!strcmp(what, "realloc")) grown();
    if (!strcmp(what, "overwritten")) { for (int i = 0; i < 20; i++) kept[i] = block(); kept[7] = 0; }
    if (!strcmp(what, "tls")) { mine = block(); lose(3); }
    if (!strcmp(what, "live-threads")) { threads(holder, 4, 0); lose(2); }
    if (!strcmp(what, "dead-threads")) threads(loser, 2, 1);
    if (!strcmp(what, "hidden")) hidden = ~(uintptr_t)block();
    if (!strcmp(what, "calloc")) zeroed();
    if (!strcmp(what, "memalign")) aligned();
    if (!strcmp(what, "strdup")) copies();
    if (!strcmp(what, "atexit")) { kept[0] = block(); atexit(free_first); }
    if (!strcmp(what, "mapped")) mapped();
    if (!strcmp(what, "large")) large();
}

int main(int argc, char **argv) {
    plant(argc > 1 ? argv[1] : "");
    scrub();
    /* Ends or waits to be looked at. */
    if (argc > 2) { puts("ready"); fflush(stdout); scrub(); pause(); }
    return 0;
}
