/* Allocates and frees on command: "+COUNT SIZE" and "-COUNT" on standard input; "ok" says that it is done. */
#include <stdio.h>
#include <stdlib.h>

static void *kept[1 << 20];
static long n;

int main(void) {
    static char line[80], in[4096], out[4096];
    setvbuf(stdin, in, _IOFBF, sizeof in);
    setvbuf(stdout, out, _IOLBF, sizeof out);
    free(malloc(1));
    puts("ok");
    while (fgets(line, sizeof line, stdin)) {
        long count = strtol(line + 1, 0, 10);
        char *size = line;
        while (*size && *size != ' ') size++;
        for (; count > 0; count--) {
            if (line[0] == '+') kept[n++] = malloc((size_t)strtol(size, 0, 10));
            else free(kept[--n]);
        }
        puts("ok");
    }
    return 0;
}
