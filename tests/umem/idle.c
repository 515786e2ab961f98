/* Frees all it had and sleeps: prints its resident KiB before and after. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCKS = 500000, SIZE = 100 };
static void *block[BLOCKS];

static long resident(void)
{
	long size, pages;
	FILE *f = fopen("/proc/self/statm", "r");
	if (f == NULL || fscanf(f, "%ld %ld", &size, &pages) != 2)
		return -1;
	fclose(f);
	return pages * 4;
}

int main(void)
{
	for (int i = 0; i < BLOCKS; i++) {
		block[i] = malloc(SIZE);
		memset(block[i], 1, SIZE);
	}
	for (int i = 0; i < BLOCKS; i++)
		free(block[i]);
	printf("%ld ", resident());
	for (int i = 0; i < 100 && resident() > 20000; i++)
		usleep(100000);
	printf("%ld\n", resident());
	return 0;
}
