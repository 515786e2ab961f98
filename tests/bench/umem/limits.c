/* limits: what an object cache's allocation and free cost, and what giving a gigabyte back takes. Linked with libumem.
   usage: limits */
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <umem.h>

extern void umem_reap(void);

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static long resident(void)
{
    long size = 0, pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (f != NULL && fscanf(f, "%ld %ld", &size, &pages) != 2)
        pages = 0;
    if (f != NULL)
        fclose(f);
    return pages >> 8;
}

static int make(void *object, void *private, int flags)
{
    (void)private;
    (void)flags;
    memset(object, 1, 64);
    return 0;
}

static void objects(void)
{
    enum { PAIRS = 50000000 };
    umem_cache_t *c = umem_cache_create("limits", 64, 0, make, NULL, NULL, NULL, NULL, 0);
    double begun = seconds();
    for (long i = 0; i < PAIRS; i++) {
        void *volatile p = umem_cache_alloc(c, UMEM_DEFAULT);
        umem_cache_free(c, p);
    }
    printf("object cache, allocation and free: %.1f ns\n", (seconds() - begun) * 1e9 / PAIRS);
    umem_cache_destroy(c);
}

/* Blocks of 48 to 80 bytes, about a gigabyte. All are freed, then all but every KEEPth. */
static void reap(long keep)
{
    enum { BLOCKS = 16000000 };
    static void *block[BLOCKS];
    double begun;
    size_t live = 0;
    long before, table;
    memset(block, 1, sizeof block);
    table = resident();
    for (long i = 0; i < BLOCKS; i++) {
        block[i] = malloc(48 + (size_t)i % 33);
        memset(block[i], 1, 48);
    }
    before = resident() - table;
    for (long i = 0; i < BLOCKS; i++)
        if (keep > 0 && i % keep < keep / 100)
            live += malloc_usable_size(block[i]);
        else {
            free(block[i]);
            block[i] = NULL;
        }
    begun = seconds();
    umem_reap();
    printf("umem_reap of %ld MiB: to %ld MiB, %zu of them live, in %.2f s\n", before, resident() - table, live >> 20,
        seconds() - begun);
    for (long i = 0; i < BLOCKS; i++)
        free(block[i]);
    umem_reap();
}

int main(void)
{
    objects();
    reap(0);
    /* Live ones lie together, as objects of one time of life do: one percent, a thousand and more at once. */
    reap(1000000);
    return 0;
}
