/* A fake wall clock to set: takes the calls that would set the real one, notes them in $CLOCK_LOG, and shows the steps, but not the
   rates, to whoever reads the clock in this process. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

static long long ahead; /* nanoseconds */

int clock_gettime(clockid_t clock, struct timespec *t) {
    long failed = syscall(SYS_clock_gettime, clock, t);
    if (failed || clock != CLOCK_REALTIME) return (int)failed;
    long long ns = t->tv_sec * 1000000000LL + t->tv_nsec + ahead;
    t->tv_sec = ns / 1000000000;
    t->tv_nsec = ns % 1000000000;
    return 0;
}

int clock_adjtime(clockid_t clock, struct timex *t) {
    if (clock != CLOCK_REALTIME) abort();
    FILE *log = fopen(getenv("CLOCK_LOG"), "a");
    if (!log) abort();
    fprintf(log, "modes=%#x time=%lld.%09lld offset=%lld freq=%lld tick=%lld status=%#x\n", t->modes, (long long)t->time.tv_sec,
        (long long)t->time.tv_usec, (long long)t->offset, (long long)t->freq, (long long)t->tick, t->status);
    fclose(log);
    if (t->modes & ADJ_SETOFFSET) ahead += t->time.tv_sec * 1000000000LL + t->time.tv_usec;
    return TIME_OK;
}

int adjtimex(struct timex *t) {
    return clock_adjtime(CLOCK_REALTIME, t);
}

int clock_settime(clockid_t clock, const struct timespec *t) {
    (void)clock;
    (void)t;
    abort();
}
