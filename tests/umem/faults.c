/* Commits the fault its argument names, each of which the allocator must find. */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <umem.h>

static void *volatile kept;

static __attribute__((noinline)) void allocates(size_t size)
{
	kept = malloc(size);
}

static __attribute__((noinline)) void frees(void *p)
{
	free(p);
}

static void handles(int signal)
{
	(void) signal;
	/* Twice in a handler: the report must come out, whatever was interrupted. */
	free(kept);
	free(kept);
}

static void allocates_in_handler(int signal)
{
	(void) signal;
	kept = malloc(10);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	char *volatile p, *volatile q;
	allocates(40);
	p = kept;
	if (strcmp(what, "none") == 0) {
		memset(p, 1, 40);
		free(realloc(p, 4000));
		for (int i = 0; i < 3000; i++) {
			p = calloc(1, i);
			for (int j = 0; j < i; j++)
				if (p[j] != 0)
					return 3;
			memset(p, 1, i);
			free(p);
		}
	} else if (strcmp(what, "double") == 0) {
		frees(p);
		frees(p);
	} else if (strcmp(what, "overrun") == 0) {
		p[40] = 1;
		frees(p);
	} else if (strcmp(what, "far-overrun") == 0) {
		memset(p, 1, 60);
		frees(p);
	} else if (strcmp(what, "underrun") == 0) {
		allocates(40);
		q = kept;
		/* The byte before it is in the other one's boundary tag. */
		*((p < q ? q : p) - 1) = 1;
		frees(p);
		frees(q);
	} else if (strcmp(what, "use-after-free") == 0) {
		frees(p);
		p[8] = 'x';
		for (int i = 0; i < 10000; i++)
			kept = malloc(40);
	} else if (strcmp(what, "wrong-size") == 0) {
		q = umem_alloc(40, UMEM_DEFAULT);
		umem_free(q, 39);
	} else if (strcmp(what, "wrong-cache") == 0) {
		umem_cache_t *a = umem_cache_create("foo", 40, 0, NULL, NULL, NULL, NULL, NULL, 0);
		umem_cache_t *b = umem_cache_create("bar", 40, 0, NULL, NULL, NULL, NULL, NULL, 0);
		q = umem_cache_alloc(a, UMEM_DEFAULT);
		umem_cache_free(b, q);
	} else if (strcmp(what, "interior") == 0) {
		frees(p + 8);
	} else if (strcmp(what, "foreign") == 0) {
		frees(&argc);
	} else if (strcmp(what, "large-double") == 0) {
		p = malloc(1000000);
		frees(p);
		frees(p);
	} else if (strcmp(what, "large-overrun") == 0) {
		p = malloc(100001);
		p[100001] = 1;
		frees(p);
	} else if (strcmp(what, "large-page-overrun") == 0) {
		p = malloc(1 << 20);
		memset(p, 0xbb, 1 << 20);
		p[1 << 20] = 0;
		frees(p);
	} else if (strcmp(what, "zeroed-overrun") == 0) {
		free(malloc(200000));
		p = calloc(1, 200000);
		p[200000] = 0;
		frees(p);
	} else if (strcmp(what, "aligned-overrun") == 0) {
		p = aligned_alloc(256, 500);
		p[500] = 1;
		frees(p);
	} else if (strcmp(what, "posix-overrun") == 0) {
		void *aligned;
		if (posix_memalign(&aligned, 1 << 20, 77) != 0)
			return 5;
		p = aligned;
		p[77] = 1;
		frees(p);
	} else if (strcmp(what, "grown-overrun") == 0) {
		p = realloc(malloc(70000), 700000);
		p[700000] = 1;
		kept = realloc(p, 800000);
	} else if (strcmp(what, "large-none") == 0) {
		for (int i = 0; i < 300; i++) {
			size_t n = 32768 + (size_t)i * 1024;
			p = malloc(n);
			memset(p, 1, n);
			p = realloc(p, n * 2);
			memset(p, 2, n * 2);
			p = realloc(p, n);
			free(p);
			p = aligned_alloc(i % 2 ? 64 : 65536 * 2, n);
			memset(p, 3, n);
			free(p);
			q = umem_alloc(n, UMEM_DEFAULT);
			memset(q, 4, n);
			umem_free(q, n);
			q = umem_alloc_align(n, 8192, UMEM_DEFAULT);
			memset(q, 4, n);
			umem_free_align(q, n);
		}
	} else if (strcmp(what, "large-interior") == 0) {
		p = malloc(1000000);
		frees(p + 4096);
	} else if (strcmp(what, "large-after") == 0) {
		p = malloc(1000000);
		frees(p);
		return p[500000];
	} else if (strcmp(what, "realloc-freed") == 0) {
		frees(p);
		kept = realloc(p, 80);
	} else if (strcmp(what, "realloc-foreign") == 0) {
		kept = realloc(&argc, 80);
	} else if (strcmp(what, "misaligned") == 0) {
		frees(p + 1);
	} else if (strcmp(what, "aligned-double") == 0) {
		p = aligned_alloc(256, 512);
		frees(p);
		frees(p);
	} else if (strcmp(what, "object-use-after-free") == 0) {
		umem_cache_t *a = umem_cache_create("foo", 4000, 0, NULL, NULL, NULL, NULL, NULL, 0);
		q = umem_cache_alloc(a, UMEM_DEFAULT);
		umem_cache_free(a, q);
		q[3992] = 1;
		for (int i = 0; i < 1000; i++)
			kept = umem_cache_alloc(a, UMEM_DEFAULT);
	} else if (strcmp(what, "handler") == 0) {
		signal(SIGUSR1, handles);
		raise(SIGUSR1);
	} else if (strcmp(what, "in-handler") == 0) {
		signal(SIGUSR1, allocates_in_handler);
		raise(SIGUSR1);
	} else if (strcmp(what, "too-much") == 0) {
		volatile size_t much = (size_t)1 << 60;
		p = malloc(much);
		if (p != NULL || errno != ENOMEM)
			return 4;
		much = SIZE_MAX;
		if (malloc(much) != NULL || malloc(much - 20) != NULL)
			return 4;
	} else if (strcmp(what, "saved") == 0) {
		strcpy(p, "the secret");
		frees(p);
		puts("ready");
		fflush(stdout);
		getchar();
	} else if (strcmp(what, "beyond") == 0) {
		memset(p, 1, 48);
		p[48] = 1;
	} else if (strcmp(what, "after") == 0) {
		frees(p);
		return p[0];
	}
	puts("survived");
	return 0;
}
