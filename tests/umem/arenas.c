/* vmem(3) against -lumem: identifiers, constraints, imports, waiting. */
#include <assert.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <vmem.h>

#define	P(n) ((void *)(uintptr_t)(n))
#define	N(p) ((uintptr_t)(p))

static void identifiers(void)
{
	vmem_t *ids = vmem_create("ids", P(100), 50, 1, NULL, NULL, NULL, 0, VM_NOSLEEP);
	char seen[50] = { 0 };
	for (int i = 0; i < 50; i++) {
		uintptr_t id = N(vmem_alloc(ids, 1, VM_NOSLEEP | VM_NEXTFIT));
		assert(id >= 100 && id < 150 && !seen[id - 100]++);
	}
	assert(vmem_alloc(ids, 1, VM_NOSLEEP) == NULL);
	vmem_free(ids, P(117), 1);
	assert(N(vmem_alloc(ids, 1, VM_NOSLEEP)) == 117);
	assert(vmem_size(ids, VMEM_ALLOC) == 50 && vmem_size(ids, VMEM_FREE) == 0);
	for (int i = 0; i < 50; i++)
		vmem_free(ids, P(100 + i), 1);
	assert(vmem_size(ids, VMEM_ALLOC | VMEM_FREE) == 50);
	vmem_destroy(ids);
}

static int walked;
static void count(void *data, void *start, size_t size)
{
	assert(data == &walked && size == 4096 && N(start) % 65536 == 4096);
	walked++;
}

static void constraints(void)
{
	vmem_t *a = vmem_create("addresses", P(1 << 20), 1 << 20, 4096, NULL, NULL, NULL, 0, VM_NOSLEEP);
	for (int i = 0; i < 16; i++)
		assert(vmem_xalloc(a, 4096, 65536, 4096, 0, NULL, NULL, VM_NOSLEEP | VM_FIRSTFIT) == P((1 << 20) + 65536 * i + 4096));
	vmem_walk(a, VMEM_ALLOC, count, &walked);
	assert(walked == 16);
	assert(vmem_xalloc(a, 4096, 65536, 4096, 0, NULL, NULL, VM_NOSLEEP) == NULL);
	void *p = vmem_xalloc(a, 8192, 0, 0, 0, P(0x120000), P(0x122000), VM_NOSLEEP);
	assert(p == NULL);
	p = vmem_xalloc(a, 8192, 0, 0, 0, P(0x122000), P(0x124000), VM_NOSLEEP);
	assert(p == P(0x122000) && vmem_contains(a, p, 8192) && !vmem_contains(a, P(0x1ff000), 8192));
	vmem_xfree(a, p, 8192);
	for (int i = 0; i < 16; i++)
		vmem_xfree(a, P((1 << 20) + 65536 * i + 4096), 4096);
	assert(vmem_add(a, P(0x180000), 4096, VM_NOSLEEP) == NULL);
	assert(vmem_add(a, P(0x300000), 4096, VM_NOSLEEP) == P(0x300000));
	vmem_destroy(a);
}

static vmem_t *waited;
static void *free_later(void *p)
{
	usleep(50000);
	vmem_free(waited, p, 8);
	return NULL;
}

static void waiting(void)
{
	waited = vmem_create("waited", P(8), 8, 8, NULL, NULL, NULL, 0, VM_SLEEP);
	void *p = vmem_alloc(waited, 8, VM_SLEEP);
	pthread_t t;
	pthread_create(&t, NULL, free_later, p);
	assert(vmem_alloc(waited, 5, VM_SLEEP) == p);
	pthread_join(t, NULL);
	vmem_free(waited, p, 5);
	vmem_destroy(waited);
}

static void imports(void)
{
	vmem_t *source = vmem_create("source", P(1 << 16), 1 << 16, 4096, NULL, NULL, NULL, 0, VM_NOSLEEP);
	vmem_t *a = vmem_create("importer", NULL, 0, 16, vmem_alloc, vmem_free, source, 128, VM_NOSLEEP);
	void *p[300];
	for (int i = 0; i < 300; i++)
		assert((p[i] = vmem_alloc(a, 1 + i % 200, VM_NOSLEEP)) != NULL && N(p[i]) % 16 == 0);
	assert(vmem_size(source, VMEM_ALLOC) >= vmem_size(a, VMEM_ALLOC));
	for (int i = 0; i < 300; i++)
		vmem_free(a, p[i], 1 + i % 200);
	assert(vmem_size(a, VMEM_ALLOC) == 0);
	vmem_destroy(a);
	assert(vmem_size(source, VMEM_ALLOC) == 0);
	vmem_destroy(source);
}

int main(void)
{
	identifiers();
	constraints();
	waiting();
	imports();
	puts("arenas ok");
	return 0;
}
