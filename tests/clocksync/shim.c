/* A fake clock to set: takes the calls that would set the real one, notes them in $CLOCK_LOG, and shows none of them. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/timex.h>
#include <time.h>

static void note(const char *call, const struct timex *t) {
    FILE *log = fopen(getenv("CLOCK_LOG"), "a");
    if (!log) abort();
    fprintf(log, "%s modes=%#x time=%lld.%09lld offset=%lld freq=%lld tick=%lld\n", call, t->modes, (long long)t->time.tv_sec,
        (long long)t->time.tv_usec, (long long)t->offset, (long long)t->freq, (long long)t->tick);
    fclose(log);
}

int clock_adjtime(clockid_t clock, struct timex *t) {
    if (clock != CLOCK_REALTIME) abort();
    note("clock_adjtime", t);
    return TIME_OK;
}

int adjtimex(struct timex *t) {
    note("adjtimex", t);
    return TIME_OK;
}

int clock_settime(clockid_t clock, const struct timespec *t) {
    (void)clock;
    (void)t;
    abort();
}
