/* Fires a USDT probe for each form in which an argument can be given, as <sys/sdt.h> records them in notes. */
#include <stdio.h>

#define NOTE(name, spec)                                                                                                          \
    "990: nop\n.pushsection .note.stapsdt,\"\",\"note\"\n.balign 4\n.4byte 8, 992f-991f, 3\n.asciz \"stapsdt\"\n"                     \
    "991: .8byte 990b, 0, 0\n.asciz \"forms\"\n.asciz \"" name "\"\n.asciz \"" spec "\"\n992: .balign 4\n.popsection\n"

/* All of a register's parts. */
#define REGISTER(r64, r32, r16, r8)                                                                                               \
    __asm__ volatile("movabs $0x8182838485868788, %%" r64 "\n" NOTE(r64, "8@%%" r64 " -8@%%" r64 " 4@%%" r32 " -4@%%" r32 " 2@%%" r16  \
                     " -2@%%" r16 " 1@%%" r8 " -1@%%" r8) ::: r64)

int global = -7;
long table[4] = { 10, 20, 30, 40 };
__thread int per_thread[2] = { -77, 78 };
static double number = 1.5;

int main(void)
{
    REGISTER("rax", "eax", "ax", "al");
    REGISTER("rcx", "ecx", "cx", "cl");
    REGISTER("rdx", "edx", "dx", "dl");
    REGISTER("rsi", "esi", "si", "sil");
    REGISTER("rdi", "edi", "di", "dil");
    REGISTER("r8", "r8d", "r8w", "r8b");
    REGISTER("r9", "r9d", "r9w", "r9b");
    REGISTER("r10", "r10d", "r10w", "r10b");
    REGISTER("r11", "r11d", "r11w", "r11b");
    REGISTER("r12", "r12d", "r12w", "r12b");
    REGISTER("r13", "r13d", "r13w", "r13b");
    REGISTER("r14", "r14d", "r14w", "r14b");
    REGISTER("r15", "r15d", "r15w", "r15b");
    REGISTER("rbx", "ebx", "bx", "bl");
    __asm__ volatile("movabs $0x8182838485868788, %%rax\n" NOTE("high", "1@%%ah -1@%%ah") ::: "rax");
    __asm__ volatile(NOTE("constants", "-4@$-5 8@$7 1@$255 -1@$255 8@$0x10 2@$-1 -8@$-9223372036854775808") : :);
    __asm__ volatile(NOTE("memory", "8@(%%rax) -8@8(%%rax) 8@(%%rax,%%rcx,8) 8@-8(%%rax,%%rcx,8) -4@16(%%rax) 8@0x18(%%rax) 1@(%%rax,%%rcx)")
                     : : "a"(table), "c"(2L));
    __asm__ volatile(NOTE("symbols", "-4@global(%%rip) 8@table+8(%%rip) 8@16+table(%%rip) 4@global(%%rip)") : :);
    __asm__ volatile(NOTE("threads", "-4@%%fs:per_thread@tpoff -4@%%fs:per_thread@tpoff+4 -4@%%fs:4+per_thread@tpoff") : :);
    __asm__ volatile(NOTE("thread-base", "8@%%fs:0 8@%%fs:(%%rcx) 8@%%rdx") : : "c"(0L), "d"(__builtin_thread_pointer()));
    __asm__ volatile(NOTE("floats", "8f@(%%rax) 8f@%%xmm0 4@$3") : : "a"(&number));
    __asm__ volatile(NOTE("nowhere", "8@(%%rax) 4@$3") : : "a"(8L));
    printf("%d %ld %d\n", global, table[0], per_thread[0]);
    return 0;
}
