/* Allocates and frees for ever as churn does, and writes after each 200 000 pairs when that was (s) and what CPU it took (ms). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static char *held[10000];

static double now(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(void) {
    unsigned long seed = 88172645463325252UL;
    static char out[4096];
    setvbuf(stdout, out, _IOLBF, sizeof out);
    for (;;) {
        double before = now(CLOCK_PROCESS_CPUTIME_ID);
        for (int i = 0; i < 200000; i++) {
            seed ^= seed << 13; seed ^= seed >> 7; seed ^= seed << 17;
            unsigned long slot = seed % 10000, size = 16 + (seed >> 20) % 500;
            free(held[slot]);
            held[slot] = malloc(size);
            memset(held[slot], 1, 16);
        }
        printf("%.3f %.4f\n", now(CLOCK_REALTIME), 1e3 * (now(CLOCK_PROCESS_CPUTIME_ID) - before));
    }
}
