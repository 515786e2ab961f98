/* Fires a probe in a function inlined into one that is called by another, once the tracer has had time to look at the process. */
#include <sys/sdt.h>
#include <unistd.h>

static inline __attribute__((always_inline)) void inlined(int i)
{
    DTRACE_PROBE1(stacks, here, i);
}

__attribute__((noinline)) void leaf(int i)
{
    inlined(i);
    __asm__ volatile("" ::: "memory");
}

__attribute__((noinline)) void middle(int i)
{
    leaf(i);
    __asm__ volatile("" ::: "memory");
}

int main(void)
{
    usleep(500000);
    for (int i = 0; i < 3; i++)
        middle(i);
    return 0;
}
