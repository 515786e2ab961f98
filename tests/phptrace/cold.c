/* Gives a probe strings and numbers that are in no page of memory: pages of a file that were never touched and are dropped, strings
   over the border of two of them. Prints how many pages were resident when the probe fired; fails if the kernel keeps them. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sdt.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 200 };

static int resident(char *at)
{
    unsigned char there[2];
    if (mincore(at, 2 * PAGE, there) != 0) {
        perror("mincore");
        exit(2);
    }
    return (there[0] & 1) + (there[1] & 1);
}

/* Takes what the pages hold back to the file and the file out of the page cache. */
static void evict(int fd, char *map)
{
    if (msync(map, PAGES * PAGE, MS_SYNC) != 0 || madvise(map, PAGES * PAGE, MADV_DONTNEED) != 0 || fsync(fd) != 0
        || posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) != 0) {
        perror("evict");
        exit(2);
    }
}

int main(int argc, char **argv)
{
    int fd = open(argc > 1 ? argv[1] : "cold", O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (fd < 0 || ftruncate(fd, PAGES * PAGE) != 0) {
        perror("cold");
        return 2;
    }
    char *map = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED || madvise(map, PAGES * PAGE, MADV_RANDOM) != 0) {
        perror("mmap");
        return 2;
    }
    for (int i = 0; i + 1 < PAGES; i += 2) {
        snprintf(map + i * PAGE, PAGE, "within %d", i);
        /* Begins eight bytes before the border. */
        snprintf(map + (i + 1) * PAGE - 8, PAGE, "over the border %d", i);
    }
    int warm = 0;
    evict(fd, map);
    for (int i = 0; i + 1 < PAGES; i += 2) {
        warm += resident(map + i * PAGE);
        DTRACE_PROBE1(cold, within, map + i * PAGE);
    }
    evict(fd, map);
    for (int i = 0; i + 1 < PAGES; i += 2) {
        warm += resident(map + i * PAGE);
        DTRACE_PROBE1(cold, over, map + (i + 1) * PAGE - 8);
    }
    evict(fd, map);
    for (int i = 0; i + 1 < PAGES; i += 2) {
        warm += resident(map + i * PAGE);
        DTRACE_PROBE1(cold, number, map + i * PAGE);
    }
    printf("%d pages were resident\n", warm);
    return warm == 0 ? 0 : 1;
}
