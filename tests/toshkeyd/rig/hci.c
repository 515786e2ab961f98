/* hci REG CX [get]: one HCI call through /dev/toshiba_acpi; prints AX, CX and DI. Registers from 0x7e57 are hci.asl's back door. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>

struct regs { unsigned ax, bx, cx, dx, si, di; };

int main(int argc, char **argv)
{
	int fd = open("/dev/toshiba_acpi", O_RDWR);
	if (fd < 0 || argc < 3) {
		perror("hci: /dev/toshiba_acpi");
		return 1;
	}
	struct regs r = { argc > 3 ? 0xfe00 : 0xff00, strtoul(argv[1], 0, 0), strtoul(argv[2], 0, 0), 0, 0, 0 };
	if (ioctl(fd, _IOWR('t', 0x90, struct regs), &r) < 0) {
		perror("hci");
		return 1;
	}
	printf("%04x %04x %04x\n", r.ax, r.cx, r.di);
	return 0;
}
