/* 400 MiB of addresses, filled with small blocks, with one large one and with middling ones in turn: what was freed as one serves the next. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { SMALL = 4000000, LARGE = 200 << 20, MIDDLING = 1 << 20 };
static void *block[SMALL];

static int fill(size_t size)
{
	int n = 0;
	while (n < SMALL && (block[n] = malloc(size)) != NULL)
		n++;
	for (int i = 0; i < n; i++)
		free(block[i]);
	return n;
}

int main(void)
{
	struct rlimit limit = { 400 << 20, 400 << 20 };
	assert(setrlimit(RLIMIT_AS, &limit) == 0);
	for (int round = 0; round < 3; round++) {
		assert(fill(64) == SMALL);
		void *large = malloc(LARGE);
		assert(large != NULL);
		memset(large, 1, LARGE);
		free(large);
		assert(fill(MIDDLING) > 300);
	}
	puts("little ok");
	return 0;
}
