/* Allocates and frees blocks of many sizes, COUNT times, 10 000 held at a time. */
#include <stdlib.h>
#include <string.h>

static char *held[10000];

int main(int argc, char **argv) {
    unsigned long seed = 88172645463325252UL;
    for (long i = atol(argv[argc - 1]); i > 0; i--) {
        seed ^= seed << 13; seed ^= seed >> 7; seed ^= seed << 17;
        unsigned long slot = seed % 10000, size = 16 + (seed >> 20) % 500;
        free(held[slot]);
        held[slot] = malloc(size);
        memset(held[slot], 1, 16);
    }
    return 0;
}
