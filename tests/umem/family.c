/* What C programs rely on in the malloc family, as glibc documents it. */
#define _GNU_SOURCE
#include <assert.h>
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static volatile size_t huge = PTRDIFF_MAX;

static void check(unsigned char *p, size_t n, size_t align)
{
	assert(p != NULL && (uintptr_t)p % align == 0 && malloc_usable_size(p) >= n);
	memset(p, 0xa5, malloc_usable_size(p));
}

static void sizes(void)
{
	for (size_t n = 0; n < 300000; n += 1 + n / 7) {
		void *p = malloc(n);
		check(p, n, n > 8 ? 16 : 8);
		unsigned char *z = calloc(n, 1);
		for (size_t i = 0; i < n; i++)
			assert(z[i] == 0);
		check(z, n, n > 8 ? 16 : 8);
		free(p);
		free(z);
		z = calloc(1, n);
		for (size_t i = 0; i < n; i++)
			assert(z[i] == 0);
		free(z);
	}
}

static void alignments(void)
{
	for (size_t align = 8; align <= 1 << 24; align *= 2) {
		for (size_t n = 0; n < 200000; n += 1 + n * 3) {
			void *p = memalign(align, n), *q = NULL;
			check(p, n, align);
			assert(posix_memalign(&q, align, n) == 0);
			check(q, n, align);
			p = realloc(p, 2 * n + 1);
			check(p, 2 * n + 1, 8);
			free(p);
			free(q);
			p = aligned_alloc(align, n);
			check(p, n, align);
			free(p);
		}
	}
	void *p = (void *)1;
	assert(posix_memalign(&p, 3, 8) == EINVAL && posix_memalign(&p, 4, 8) == EINVAL && posix_memalign(&p, 0, 8) == EINVAL);
	assert(posix_memalign(&p, 64, huge) == ENOMEM && p == (void *)1);
	assert(aligned_alloc(3, 8) == NULL && errno == EINVAL);
	p = valloc(10);
	check(p, 10, 4096);
	free(p);
	p = pvalloc(10);
	check(p, 4096, 4096);
	free(p);
}

static void growing(void)
{
	size_t n = 1;
	unsigned char *p = malloc(n);
	p[0] = 1;
	while (n < 60000000) {
		size_t m = n + n / 2 + 1;
		p = realloc(p, m);
		assert(p != NULL && p[0] == 1 && p[n - 1] == (n == 1 ? 1 : 2));
		p[m - 1] = 2;
		n = m;
	}
	while (n > 10) {
		size_t m = n / 3;
		p[m - 1] = 3;
		p = realloc(p, m);
		assert(p != NULL && p[0] == 1 && p[m - 1] == 3);
		n = m;
	}
	assert(realloc(p, 0) == NULL);
	p = realloc(NULL, 5);
	check(p, 5, 8);
	p = reallocarray(p, 5, 100);
	check(p, 500, 16);
	errno = 0;
	assert(reallocarray(p, huge, 16) == NULL && errno == ENOMEM);
	assert(realloc(p, huge) == NULL);
	check(p, 500, 16);
	free(p);
}

static void refusals(void)
{
	errno = 0;
	assert(malloc(huge) == NULL && errno == ENOMEM);
	errno = 0;
	assert(malloc(huge + huge - 64) == NULL && errno == ENOMEM);
	errno = 0;
	assert(calloc(huge, 3) == NULL && errno == ENOMEM);
	errno = 0;
	assert(calloc(huge, 1) == NULL && errno == ENOMEM);
	assert(memalign(huge / 2 + 1, 1) == NULL);
	errno = 5;
	free(NULL);
	free(malloc(10));
	free(malloc(10000000));
	assert(errno == 5);
	assert(malloc_usable_size(NULL) == 0);
}

/* What glibc has beside: it tells of this heap, and its own names lead here. */
void *__libc_malloc(size_t), *__libc_memalign(size_t, size_t), *__libc_realloc(void *, size_t);
void __libc_free(void *);

static void beside(void)
{
	struct mallinfo2 before = mallinfo2(), with;
	void *p[1000], *large = malloc(5 << 20);
	for (int i = 0; i < 1000; i++)
		p[i] = malloc(1000);
	with = mallinfo2();
	assert(with.uordblks - before.uordblks >= 1000000 && with.uordblks - before.uordblks < 1500000);
	assert(with.hblks == before.hblks + 1 && with.hblkhd - before.hblkhd >= 5 << 20);
	assert(with.arena >= with.uordblks && with.fordblks == with.arena - with.uordblks && with.keepcost <= with.fordblks);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
	assert(mallinfo().uordblks == (int)with.uordblks);
#pragma GCC diagnostic pop
	for (int i = 0; i < 1000; i++)
		free(p[i]);
	free(large);
	assert(mallinfo2().uordblks < before.uordblks + 100000 && mallinfo2().hblks == before.hblks);
	assert(mallopt(M_MMAP_THRESHOLD, 1 << 20) == 1 && mallopt(M_ARENA_MAX, 1) == 1 && mallopt(99, 1) == 0);
	char *text = NULL, *end;
	size_t length;
	FILE *to = open_memstream(&text, &length);
	assert(malloc_info(0, to) == 0 && malloc_info(1, to) == -1 && errno == EINVAL);
	fclose(to);
	end = text + length - strlen("</malloc>\n");
	assert(strstr(text, "<malloc version=\"1\">\n<heap nr=\"0\">\n<sizes>\n  <size from=\"") == text && strcmp(end, "</malloc>\n") == 0);
	free(text);
	/* Blocks pass freely between these names and the others. */
	free(__libc_malloc(100));
	__libc_free(malloc(100));
	__libc_free(__libc_memalign(64, 1000000));
	free(__libc_realloc(malloc(10), 1000));
}

int main(void)
{
	beside();
	sizes();
	alignments();
	growing();
	refusals();
	malloc_trim(0);
	sizes();
	puts("family ok");
	return 0;
}
