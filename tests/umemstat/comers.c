/* Threads that come, allocate, hand something on, and go; some blocks are lost before that, for the leak scan to find. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *kept[64];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *come(void *arg) {
    unsigned long n = (unsigned long)arg;
    void *mine[20];
    for (unsigned i = 0; i < 20; i++) mine[i] = calloc(1, 100 + 40 * i);
    pthread_mutex_lock(&lock);
    free(kept[n % 64]);
    kept[n % 64] = mine[0];
    pthread_mutex_unlock(&lock);
    for (unsigned i = 1; i < 20; i++) free(mine[i]);
    return 0;
}
static void __attribute__((noinline)) lose(int n) { while (n--) *(volatile char *)malloc(1500) = 1; }
static void __attribute__((noinline)) scrub(void) { char room[16384]; memset(room, 0, sizeof room); __asm__ volatile("" : : "r"(room) : "memory"); }

int main(int argc, char **argv) {
    pthread_t t[4];
    lose(argc > 1 ? atoi(argv[1]) : 0);
    scrub();
    puts("ready");
    fflush(stdout);
    for (unsigned long n = 0;; n += 4) {
        for (unsigned long i = 0; i < 4; i++) pthread_create(&t[i], 0, come, (void *)(n + i));
        for (int i = 0; i < 4; i++) pthread_join(t[i], 0);
    }
}
