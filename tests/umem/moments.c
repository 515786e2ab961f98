/* Allocates and frees at every unusual moment: before main, after exit, as threads end, while objects come and go, in forks of threads. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char *early, *late;
static pthread_key_t key;

static __attribute__((constructor(101))) void starts(void)
{
	early = malloc(100);
	memset(early, 1, 100);
}

static __attribute__((destructor(101))) void ends(void)
{
	free(early);
	free(late);
	early = calloc(1, 5000);
	free(early);
}

static void exits(void)
{
	late = realloc(strdup("late"), 70000);
}

static void thread_ends(void *p)
{
	free(p);
	free(malloc(77));
	/* Destructors run again while keys have values. */
	static __thread int again;
	if (again++ < 2)
		pthread_setspecific(key, malloc(33));
}

static void *forks(void *unused)
{
	(void) unused;
	pthread_setspecific(key, malloc(10));
	for (int i = 0; i < 5; i++) {
		char *p = malloc(1000 + i);
		pid_t child = fork();
		if (child == 0) {
			free(p);
			for (int n = 0; n < 2000; n++)
				free(malloc(n));
			_exit(0);
		}
		int status = 1;
		if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
			abort();
		free(p);
	}
	return NULL;
}

static void *works(void *stop)
{
	while (!__atomic_load_n((int *)stop, __ATOMIC_RELAXED))
		for (int n = 0; n < 200; n++)
			free(malloc(n * 7));
	return NULL;
}

int main(void)
{
	pthread_t t[4];
	int stop = 0;
	atexit(exits);
	pthread_key_create(&key, thread_ends);
	pthread_create(&t[0], NULL, works, &stop);
	for (int i = 1; i < 4; i++)
		pthread_create(&t[i], NULL, forks, NULL);
	for (int i = 0; i < 20; i++) {
		void *m = dlopen("libm.so.6", RTLD_NOW);
		void *z = dlopen("libz.so.1", RTLD_NOW);
		free(malloc(50));
		if (z != NULL)
			dlclose(z);
		if (m != NULL)
			dlclose(m);
	}
	for (int i = 1; i < 4; i++)
		pthread_join(t[i], NULL);
	stop = 1;
	pthread_join(t[0], NULL);
	puts("moments ok");
	return 0;
}
