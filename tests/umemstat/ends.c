/* Ends by exit(3), with three blocks lost just before, and one to which only a register leads that exit itself saves. */
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
    if (argc > 1 && !strcmp(argv[1], "lost"))
        for (int i = 0; i < 3; i++) *(volatile char *)malloc(500) = 1;
    if (argc > 1 && !strcmp(argv[1], "register")) {
        char *p = malloc(600);
        __asm__ volatile("mov %0, %%rbx\n xor %0, %0\n xor %%edi, %%edi\n call exit@PLT" : "+r"(p) : : "rbx", "rdi", "memory");
    }
    return 0;
}
