/* A fake wall clock to set: takes the calls that would set the real one, notes them in $CLOCK_LOG, and obeys them for whoever reads the
   clock in this process. It starts $CLOCK_AHEAD nanoseconds ahead of the real one; its oscillator, which drives the raw
   clock as well, is $CLOCK_DRIFT ppm fast. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

static double rate;                               /* what the kernel would add */
static long long begun, anchor_raw, anchor_wall; /* the fake clocks showed this then */

static long long real(clockid_t clock) {
    struct timespec t;
    syscall(SYS_clock_gettime, clock, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static double number(const char *name) {
    const char *text = getenv(name);
    return text ? atof(text) : 0;
}

static long long raw(void) {
    long long now = real(CLOCK_MONOTONIC_RAW);
    if (!begun) {
        begun = anchor_raw = now;
        anchor_wall = real(CLOCK_REALTIME) + (long long)number("CLOCK_AHEAD");
    }
    return now + (long long)((double)(now - begun) * number("CLOCK_DRIFT") * 1e-6);
}

static long long wall(void) {
    long long passed = raw() - anchor_raw;
    return anchor_wall + passed + (long long)((double)passed * rate);
}

int clock_gettime(clockid_t clock, struct timespec *t) {
    if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC_RAW) return (int)syscall(SYS_clock_gettime, clock, t);
    long long ns = clock == CLOCK_REALTIME ? wall() : raw();
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
    long long now = wall();
    anchor_raw = raw();
    anchor_wall = now;
    if (t->modes & ADJ_SETOFFSET) anchor_wall += t->time.tv_sec * 1000000000LL + t->time.tv_usec;
    /* A single shot has other bits with the same values. */
    if (t->modes == ADJ_OFFSET_SINGLESHOT) return TIME_OK;
    if (t->modes & ADJ_TICK) rate = (double)(t->tick - 10000) / 10000;
    if (t->modes & ADJ_FREQUENCY) rate += (double)t->freq / 65536e6;
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

/* The kernel's times of arrival are of the real clock. */
int setsockopt(int fd, int level, int name, const void *value, socklen_t size) {
    if (level == SOL_SOCKET && name == SO_TIMESTAMPING) {
        errno = ENOPROTOOPT;
        return -1;
    }
    return (int)syscall(SYS_setsockopt, fd, level, name, value, size);
}
