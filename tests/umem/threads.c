/* Threads that hand blocks to each other, end while others run, and fork: every block keeps what was written into it. */
#define _GNU_SOURCE
#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SLOTS = 4096, WORKERS = 8 };
static _Atomic(uintptr_t *) slot[SLOTS];
static volatile int stop;
static pthread_key_t key;

static uint64_t next(uint64_t *s)
{
	*s ^= *s << 13;
	*s ^= *s >> 7;
	return *s ^= *s << 17;
}

/* A block starts with its length in words; every word is its own address mixed with the length. */
static uintptr_t *make(uint64_t r)
{
	size_t words = 2 + (r % 64 == 0 ? r / 64 % 40000 : r / 64 % 200);
	uintptr_t *p = r & 1 << 20 ? calloc(words, 8) : malloc(words * 8);
	assert(p != NULL);
	if (r & 1 << 20)
		for (size_t i = 0; i < words; i++)
			assert(p[i] == 0);
	p[0] = words;
	for (size_t i = 1; i < words; i++)
		p[i] = (uintptr_t)&p[i] ^ words;
	return p;
}

static void end(uintptr_t *p)
{
	if (p == NULL)
		return;
	for (size_t i = 1; i < p[0]; i++)
		assert(p[i] == ((uintptr_t)&p[i] ^ p[0]));
	p[0] = 0;
	free(p);
}

static void late(void *p)
{
	/* Runs at the thread's end, before and after the allocator's own destructor. */
	end(p);
	if (rand() % 3)
		pthread_setspecific(key, make(rand()));
}

static void *work(void *seed)
{
	uint64_t s = (uintptr_t)seed * 2654435761u + 1;
	pthread_setspecific(key, make(next(&s)));
	for (int i = 0; i < 20000 && !stop; i++) {
		uint64_t r = next(&s);
		end(__atomic_exchange_n(&slot[r % SLOTS], make(r >> 12), __ATOMIC_ACQ_REL));
	}
	if ((uintptr_t)seed % 2)
		pthread_exit(NULL);
	return NULL;
}

static void child(uint64_t s)
{
	/* The child owns a copy of all; its other threads are gone. */
	for (int i = 0; i < SLOTS; i++)
		end(__atomic_exchange_n(&slot[i], make(next(&s)), __ATOMIC_RELAXED));
	pthread_t t;
	assert(pthread_create(&t, NULL, work, (void *)3) == 0 && pthread_join(t, NULL) == 0);
	_exit(0);
}

int main(int argc, char **argv)
{
	/* "20" are rounds, "20s" seconds. */
	char *unit = "";
	long limit = argc > 1 ? strtol(argv[1], &unit, 10) : 20;
	time_t begun = time(NULL);
	pthread_t t[WORKERS];
	pthread_key_create(&key, late);
	for (int round = 0; *unit == 's' ? time(NULL) - begun < limit : round < limit; round++) {
		for (uintptr_t i = 0; i < WORKERS; i++)
			assert(pthread_create(&t[i], NULL, work, (void *)(round * WORKERS + i)) == 0);
		for (int f = 0; f < 3; f++) {
			pid_t pid = fork();
			assert(pid >= 0);
			if (pid == 0)
				child(round + 1);
			int status;
			assert(waitpid(pid, &status, 0) == pid && status == 0);
		}
		for (int i = 0; i < WORKERS; i++)
			assert(pthread_join(t[i], NULL) == 0);
	}
	for (int i = 0; i < SLOTS; i++)
		end(slot[i]);
	puts("threads ok");
	return 0;
}
