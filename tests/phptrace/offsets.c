#include <unistd.h>

/* A function of known instructions: push at 0, mov of a constant that looks like no-operations at 1, nop at 6, mov at 7. */
__asm__(".text\n.globl work\n.type work,@function\nwork: push %rbx\nmov $0x90909090,%eax\nnop\nmov $7,%ebx\npop %rbx\nret\n.size work,.-work\n");
int work(void);

int main(void)
{
    int bad = 0;
    /* For the tracer to look at the process. */
    usleep(300000);
    for (int i = 0; i < 1000; i++)
        bad += work() != (int)0x90909090;
    return bad != 0;
}
