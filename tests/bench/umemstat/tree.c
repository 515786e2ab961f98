/* A heap of COUNT blocks of 64 bytes, all reachable from one root in random order: the worst a scan can meet. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct node { struct node *left, *right; long rest[6]; };
static struct node *volatile root;

int main(int argc, char **argv) {
    unsigned long seed = 88172645463325252UL;
    long count = atol(argv[argc - 1]);
    struct node **all = malloc((size_t)count * sizeof *all);
    for (long i = 0; i < count; i++) {
        all[i] = calloc(1, sizeof **all);
        if (!i) continue;
        seed ^= seed << 13; seed ^= seed >> 7; seed ^= seed << 17;
        struct node *p = all[seed % (unsigned long)i];
        if (!p->left) p->left = all[i];
        else { all[i]->right = p->right; p->right = all[i]; }
    }
    root = all[0];
    free(all);
    puts("ready");
    fflush(stdout);
    for (;;) pause();
}
