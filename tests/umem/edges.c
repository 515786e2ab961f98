/* Corners that programs reach: a thousand threads, ends by pthread_exit, libraries loaded and unloaded, signals, little memory, deep forks. */
#define _GNU_SOURCE
#include <assert.h>
#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_barrier_t all;

static void *one_of_many(void *arg)
{
	void *p[50];
	for (int i = 0; i < 50; i++)
		memset(p[i] = malloc(1 + i * 40), 1, 1 + i * 40);
	pthread_barrier_wait(&all);
	for (int i = 0; i < 50; i++)
		free(p[i]);
	return arg;
}

static void a_thousand_threads(void)
{
	enum { N = 1000 };
	static pthread_t t[N];
	pthread_attr_t a;
	pthread_attr_init(&a);
	pthread_attr_setstacksize(&a, 65536);
	pthread_barrier_init(&all, NULL, N);
	for (int i = 0; i < N; i++)
		assert(pthread_create(&t[i], &a, one_of_many, NULL) == 0);
	for (int i = 0; i < N; i++)
		pthread_join(t[i], NULL);
}

static void *leaves(void *arg)
{
	free(malloc(100));
	char *p = strdup("x");
	free(p);
	pthread_exit(arg);
}

static void a_storm_of_ends(void)
{
	for (int round = 0; round < 300; round++) {
		pthread_t t[8];
		for (int i = 0; i < 8; i++)
			assert(pthread_create(&t[i], NULL, leaves, NULL) == 0);
		for (int i = 0; i < 8; i++)
			pthread_join(t[i], NULL);
	}
}

static void libraries_come_and_go(void)
{
	for (int i = 0; i < 200; i++) {
		void *l = dlopen("libm.so.6", RTLD_NOW | (i % 2 ? RTLD_DEEPBIND : 0));
		assert(l != NULL && dlsym(l, "cos") != NULL);
		assert(dlopen("libnothere.so", RTLD_LAZY) == NULL && dlerror() != NULL);
		dlclose(l);
	}
}

static volatile sig_atomic_t ticks;
static void tick(int sig)
{
	(void)sig;
	ticks++;
}

static void signals_interrupt(void)
{
	struct itimerval often = { { 0, 200 }, { 0, 200 } }, never = { { 0, 0 }, { 0, 0 } };
	signal(SIGALRM, tick);
	setitimer(ITIMER_REAL, &often, NULL);
	for (int i = 0; i < 400000; i++) {
		size_t n = 1 + (size_t)i * 7919 % 9000;
		char *p = malloc(n);
		p[0] = p[n - 1] = 1;
		free(p);
	}
	setitimer(ITIMER_REAL, &never, NULL);
	assert(ticks > 0);
}

static void forks_of_forks(void)
{
	for (int depth = 0; depth < 12; depth++) {
		void *p = malloc(1000 * (depth + 1));
		pid_t pid = fork();
		assert(pid >= 0);
		if (pid > 0) {
			int status;
			assert(waitpid(pid, &status, 0) == pid);
			free(p);
			if (depth > 0)
				_exit(status != 0);
			assert(status == 0);
			return;
		}
		free(p);
	}
	_exit(0);
}

static int tried(int what, rlim_t limit)
{
	pid_t pid = fork();
	if (pid == 0) {
		struct rlimit r = { limit, limit };
		setrlimit(what, &r);
		size_t total = 0, n = 1 << 20;
		char *p;
		errno = 0;
		while (total < (size_t)1 << 32 && (p = malloc(n)) != NULL) {
			memset(p, 1, n);
			total += n;
		}
		_exit(p == NULL && errno == ENOMEM && malloc(10) != NULL ? (int)(total >> 22) : 255);
	}
	int status;
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

static void limits(void)
{
	/* Of 256 MiB at least a half must be had, in units of 4 MiB. */
	int data = tried(RLIMIT_DATA, 256 << 20), space = tried(RLIMIT_AS, (rlim_t)512 << 20);
	assert(data >= 32 && data <= 64);
	assert(space >= 32 && space <= 128);
}

static void locked_memory(void)
{
	pid_t pid = fork();
	if (pid == 0) {
		if (mlockall(MCL_CURRENT | MCL_FUTURE) != 0)
			_exit(0);
		for (int i = 0; i < 1000; i++)
			memset(malloc(10000), 1, 10000);
		malloc_trim(0);
		_exit(0);
	}
	int status;
	assert(waitpid(pid, &status, 0) == pid && status == 0);
}

int main(void)
{
	a_thousand_threads();
	a_storm_of_ends();
	libraries_come_and_go();
	signals_interrupt();
	forks_of_forks();
	limits();
	locked_memory();
	puts("edges ok");
	return 0;
}
