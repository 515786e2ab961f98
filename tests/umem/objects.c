/* Object caches and allocation by size, against -lumem. */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <umem.h>

struct object {
	uint64_t magic;
	pthread_mutex_t lock;
	char body[100];
};

static atomic_int made, undone, reclaimed;

static int make(void *p, void *data, int flags)
{
	struct object *o = p;
	(void)flags;
	assert(data == &made);
	assert((uintptr_t)p % 64 == 0);
	o->magic = 0x1234;
	pthread_mutex_init(&o->lock, NULL);
	made++;
	return 0;
}

static void undo(void *p, void *data)
{
	struct object *o = p;
	assert(data == &made && o->magic == 0x1234);
	o->magic = 0;
	pthread_mutex_destroy(&o->lock);
	undone++;
}

static void reclaim(void *data)
{
	assert(data == &made);
	reclaimed++;
}

static umem_cache_t *cache;

static void *use(void *arg)
{
	enum { N = 300 };
	struct object *o[N];
	for (int round = 0; round < 200; round++) {
		for (int i = 0; i < N; i++) {
			o[i] = umem_cache_alloc(cache, UMEM_NOFAIL);
			assert(o[i]->magic == 0x1234);
			assert(pthread_mutex_trylock(&o[i]->lock) == 0);
			o[i]->body[i % 100] = (char)i;
		}
		for (int i = 0; i < N; i++) {
			pthread_mutex_unlock(&o[i]->lock);
			umem_cache_free(cache, o[i]);
		}
	}
	return arg;
}

static void constructed_state_survives(void)
{
	cache = umem_cache_create("objects", sizeof(struct object), 64, make, undo, reclaim, &made, NULL, 0);
	assert(cache != NULL);
	pthread_t t[4];
	for (int i = 0; i < 4; i++)
		pthread_create(&t[i], NULL, use, NULL);
	use(NULL);
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	assert(made < 5 * 300 + 5 * 300 && made - undone >= 0);
	umem_reap();
	assert(reclaimed == 1);
	umem_cache_destroy(cache);
	assert(made == undone);
}

static int refused;
static int refuse(void *p, void *data, int flags)
{
	(void)p, (void)data, (void)flags;
	return refused++ < 3 ? -1 : 0;
}

static void refusing_constructors(void)
{
	umem_cache_t *c = umem_cache_create("refusing", 32 * 1024, 0, refuse, NULL, NULL, NULL, NULL, UMC_NOMAGAZINE);
	for (int i = 0; i < 3; i++)
		assert(umem_cache_alloc(c, UMEM_DEFAULT) == NULL);
	void *p = umem_cache_alloc(c, UMEM_DEFAULT);
	assert(p != NULL && refused == 4);
	umem_cache_free(c, p);
	umem_cache_destroy(c);
}

static void many_caches(void)
{
	enum { N = 600 };
	static umem_cache_t *c[N];
	static char *p[N][3];
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < N; i++) {
			char name[40];
			snprintf(name, sizeof name, "cache_%d_with_a_name_that_is_long", i);
			size_t size = 1 + (size_t)i * 37;
			assert((c[i] = umem_cache_create(name, size, 0, NULL, NULL, NULL, NULL, NULL, 0)) != NULL);
			for (int k = 0; k < 3; k++)
				memset(p[i][k] = umem_cache_alloc(c[i], UMEM_NOFAIL), i + k, size);
		}
		for (int i = 0; i < N; i++) {
			for (int k = 0; k < 3; k++) {
				assert(p[i][k][0] == (char)(i + k) && p[i][k][i * 37] == (char)(i + k));
				umem_cache_free(c[i], p[i][k]);
			}
			umem_cache_destroy(c[i]);
		}
	}
}

static void bad_arguments(void)
{
	errno = 0;
	assert(umem_cache_create("x", 0, 0, NULL, NULL, NULL, NULL, NULL, 0) == NULL && errno == EINVAL);
	assert(umem_cache_create("x", 8, 3, NULL, NULL, NULL, NULL, NULL, 0) == NULL);
	assert(umem_cache_create("x", 8, 1 << 20, NULL, NULL, NULL, NULL, NULL, 0) == NULL);
	assert(umem_cache_create("x", 8, 0, NULL, NULL, NULL, NULL, (vmem_t *)8, 0) == NULL);
	assert(umem_cache_create("x", 8, 0, NULL, NULL, NULL, NULL, NULL, 1) == NULL);
	assert(umem_alloc(0, UMEM_DEFAULT) == NULL && umem_zalloc(0, UMEM_NOFAIL) == NULL);
	umem_free(NULL, 0);
	assert(umem_alloc((size_t)1 << 60, UMEM_DEFAULT) == NULL);
}

static void sizes(void)
{
	for (size_t n = 1; n < 1000000; n += 1 + n / 3) {
		char *p = umem_zalloc(n, UMEM_DEFAULT), *q = umem_alloc_align(n, 256, UMEM_DEFAULT);
		for (size_t i = 0; i < n; i++)
			assert(p[i] == 0);
		assert((uintptr_t)q % 256 == 0);
		memset(p, 1, n);
		memset(q, 1, n);
		umem_free(p, n);
		umem_free_align(q, n);
	}
}

static int again(void)
{
	return UMEM_CALLBACK_RETRY;
}

static void mtbf_by_chance(void)
{
	int failed = 0;
	umem_nofail_callback(again);
	umem_setmtbf(10);
	for (int i = 0; i < 10000; i++) {
		void *p = umem_alloc(40, UMEM_DEFAULT), *q = umem_alloc(40, UMEM_NOFAIL);
		failed += p == NULL;
		assert(q != NULL);
		umem_free(p, 40);
		umem_free(q, 40);
	}
	umem_setmtbf(0);
	assert(failed > 700 && failed < 1400);
	for (int i = 0; i < 1000; i++)
		umem_free(umem_alloc(40, UMEM_NOFAIL), 40);
}

static int retries;
static int retry(void)
{
	umem_setmtbf(0);
	retries++;
	return UMEM_CALLBACK_RETRY;
}
static int leave(void)
{
	return UMEM_CALLBACK_EXIT(42);
}

static int status_of(umem_nofail_callback_t *callback)
{
	int status;
	pid_t pid = fork();
	if (pid == 0) {
		umem_nofail_callback(callback);
		umem_alloc((size_t)1 << 60, UMEM_NOFAIL);
		_exit(1);
	}
	assert(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void nofail(void)
{
	umem_nofail_callback(retry);
	umem_setmtbf(1);
	void *p = umem_alloc(100, UMEM_NOFAIL);
	assert(p != NULL && retries == 1);
	umem_free(p, 100);
	assert(status_of(leave) == 42);
	assert(status_of(NULL) == 255);
}

int main(void)
{
	constructed_state_survives();
	refusing_constructors();
	many_caches();
	bad_arguments();
	sizes();
	nofail();
	mtbf_by_chance();
	umem_cache_t *c = umem_cache_create("left", 8, 0, NULL, NULL, NULL, NULL, NULL, 0);
	umem_cache_alloc(c, UMEM_DEFAULT);
	umem_cache_destroy(c);
	puts("objects ok");
	return 0;
}
