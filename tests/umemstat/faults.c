/* Commits the fault that its first argument names; with a second it waits before the end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *kept[200];

static void __attribute__((noinline)) keep(void) {
    for (int i = 0; i < 200; i++) kept[i] = malloc(100);
}

int main(int argc, char **argv) {
    const char *fault = argc > 1 ? argv[1] : "";
    char *volatile a = malloc(40), *volatile b = malloc(40);
    keep();
    if (!strcmp(fault, "past-end")) a[41] = 1;
    if (!strcmp(fault, "twice")) { free(b); free(b); }
    if (!strcmp(fault, "after")) { free(b); b[8] = 3; b = 0; }
    if (!strcmp(fault, "invalid")) free(a + 8);
    if (argc > 2) { puts("ready"); fflush(stdout); pause(); }
    free(a);
    if (b && strcmp(fault, "twice")) free(b);
    for (int i = 0; i < 200; i++) free(kept[i]);
    return 0;
}
