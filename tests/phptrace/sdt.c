/* A probe whose arguments are of every width, as the compiler places them. */
#include <stdint.h>
#include <sys/sdt.h>

static long shared = 7;

int main(int argc, char **argv)
{
    (void)argv;
    for (int i = 0; i < 3; i++) {
        int8_t byte = (int8_t)(-100 - i);
        uint8_t unsigned_byte = (uint8_t)(250 + i);
        int16_t half = (int16_t)(-30000 - i);
        int64_t wide = (int64_t)i << 40;
        uint16_t unsigned_half = (uint16_t)(65000 + i);
        DTRACE_PROBE8(sdt, all, byte, unsigned_byte, half, wide, "text", unsigned_half, shared, -3);
    }
    return argc == 1 ? 0 : 1;
}
