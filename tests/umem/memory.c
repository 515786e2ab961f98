/* Memory goes back to the system: by umem_reap in whole, down to pages inside slabs. Prints resident KiB: before, full, after. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <umem.h>

static long resident(void)
{
	long all, kept;
	FILE *f = fopen("/proc/self/statm", "r");
	if (f == NULL || fscanf(f, "%ld %ld", &all, &kept) != 2)
		exit(3);
	fclose(f);
	return kept * 4;
}

int main(int argc, char **argv)
{
	size_t size = strtoul(argv[1], NULL, 10), keep = strtoul(argv[2], NULL, 10);
	size_t n = (200u << 20) / size;
	char **p = calloc(n, sizeof *p);
	memset(p, 1, n * sizeof *p);
	(void)argc;
	long before = resident();
	for (size_t i = 0; i < n; i++)
		memset(p[i] = malloc(size), 1, size);
	long full = resident();
	for (size_t i = 0; i < n; i++)
		if (i % keep)
			free(p[i]);
	umem_reap();
	printf("%ld %ld %ld\n", before, full, resident());
	return 0;
}
