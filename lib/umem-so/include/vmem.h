/*
 * vmem.h: arenas of anything that is numbered; vmem(3). C89 and later, C++.
 */
#ifndef _VMEM_H
#define	_VMEM_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* When nothing is free. */
#define	VM_SLEEP	0x0000	/* wait until another thread frees */
#define	VM_NOSLEEP	0x0001	/* return NULL */
#define	VM_PANIC	0x0002	/* abort */

/* Which free segment; none of these: in constant time. */
#define	VM_BESTFIT	0x0100	/* the smallest that fits */
#define	VM_FIRSTFIT	0x0200	/* the lowest that fits */
#define	VM_NEXTFIT	0x0400	/* the next after the last allocation */

/* Which segments vmem_walk and vmem_size are about. */
#define	VMEM_ALLOC	0x01
#define	VMEM_FREE	0x02
#define	VMEM_SPAN	0x10

typedef struct vmem vmem_t;

typedef void *vmem_alloc_t(vmem_t *source, size_t size, int flags);
typedef void vmem_free_t(vmem_t *source, void *start, size_t size);

extern vmem_t *vmem_create(const char *name, void *base, size_t size,
    size_t quantum, vmem_alloc_t *import, vmem_free_t *give_back,
    vmem_t *source, size_t qcache_max, int flags);
extern void vmem_destroy(vmem_t *arena);
extern void *vmem_alloc(vmem_t *arena, size_t size, int flags);
extern void vmem_free(vmem_t *arena, void *start, size_t size);
extern void *vmem_xalloc(vmem_t *arena, size_t size, size_t align,
    size_t phase, size_t nocross, void *least, void *end, int flags);
extern void vmem_xfree(vmem_t *arena, void *start, size_t size);
extern void *vmem_add(vmem_t *arena, void *start, size_t size, int flags);
extern int vmem_contains(vmem_t *arena, void *start, size_t size);
extern void vmem_walk(vmem_t *arena, int kinds,
    void (*callback)(void *callback_data, void *start, size_t size),
    void *callback_data);
extern size_t vmem_size(vmem_t *arena, int kinds);

#ifdef __cplusplus
}
#endif

#endif /* _VMEM_H */
