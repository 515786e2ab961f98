/* Eight threads that each hold 100 blocks of 3000 bytes and exchange one after the other: never more than 800 are in use, never fewer than 792.
 * On "stop" they rest, and it says how many allocations there were. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { THREADS = 8, HELD = 100 };
static atomic_int stop, resting;
static atomic_long allocations;
static pthread_barrier_t ready;

static void *work(void *arg) {
    void *held[HELD];
    long n = HELD;
    for (int i = 0; i < HELD; i++) held[i] = malloc(3000);
    pthread_barrier_wait(&ready);
    for (unsigned i = 0; !stop; i = (i + 7) % HELD, n++) {
        free(held[i]);
        held[i] = malloc(3000);
    }
    allocations += n;
    resting++;
    pthread_barrier_wait(&ready);
    return arg;
}

int main(void) {
    static char line[80], in[4096], out[4096];
    pthread_t t[THREADS];
    setvbuf(stdin, in, _IOFBF, sizeof in);
    setvbuf(stdout, out, _IOLBF, sizeof out);
    pthread_barrier_init(&ready, 0, THREADS + 1);
    for (int i = 0; i < THREADS; i++) pthread_create(&t[i], 0, work, 0);
    pthread_barrier_wait(&ready);
    puts("ready");
    while (fgets(line, sizeof line, stdin)) {
        stop = 1;
        while (resting < THREADS) ;
        printf("%ld\n", allocations);
    }
}
