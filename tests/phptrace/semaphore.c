/* A probe that fires only while its semaphore is raised. */
#define _SDT_HAS_SEMAPHORES 1
#include <sys/sdt.h>
#include <unistd.h>

unsigned short sem_asked_semaphore __attribute__((section(".probes")));

int main(void)
{
	for (int i = 0; i < 20; i++) {
		if (*(volatile unsigned short *)&sem_asked_semaphore)
			DTRACE_PROBE1(sem, asked, i);
		usleep(1000);
	}
	return 0;
}
