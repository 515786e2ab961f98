/* COUNT blocks, each allocated by another stack of 15 frames out of four functions. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void **all;
static long n;
static void down(unsigned long, int);
#define FRAME(name) __attribute__((noinline)) static void name(unsigned long path, int depth) { down(path, depth); __asm__ volatile(""); }
FRAME(north) FRAME(east) FRAME(south) FRAME(west)

__attribute__((always_inline)) static inline void down(unsigned long path, int depth) {
    if (!depth) { all[n++] = malloc(32); return; }
    switch (path & 3) {
    case 0: north(path >> 2, depth - 1); break;
    case 1: east(path >> 2, depth - 1); break;
    case 2: south(path >> 2, depth - 1); break;
    default: west(path >> 2, depth - 1);
    }
    __asm__ volatile("");
}

int main(int argc, char **argv) {
    long count = atol(argv[argc - 1]);
    all = malloc((size_t)count * sizeof *all);
    for (long i = 0; i < count; i++) north((unsigned long)i * 2654435761UL, 12);
    puts("ready");
    fflush(stdout);
    for (;;) pause();
}
