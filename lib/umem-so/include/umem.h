/*
 * umem.h: the slab allocator's own interface; umem_alloc(3), umem_cache_create(3). C89 and later, C++.
 */
#ifndef _UMEM_H
#define	_UMEM_H

#include <stddef.h>
#include <vmem.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How an allocation may end. */
#define	UMEM_DEFAULT	0x0000	/* in NULL when memory is out */
#define	UMEM_NOFAIL	0x0100	/* never in NULL: the nofail callback decides */

/* Flags of umem_cache_create. */
#define	UMC_NOTOUCH	0x00010000	/* never write into free buffers */
#define	UMC_NODEBUG	0x00020000	/* leave this cache out of all debugging */
#define	UMC_NOMAGAZINE	0x00040000	/* no magazines: buffers go to their slabs at once */
#define	UMC_NOHASH	0x00080000	/* accepted, without meaning here */

/* What a nofail callback returns: try again, or exit with a status. */
#define	UMEM_CALLBACK_RETRY		0
#define	UMEM_CALLBACK_EXIT(status)	(0x100 | ((status) & 0xff))

typedef struct umem_cache umem_cache_t;

typedef int umem_constructor_t(void *buffer, void *callback_data, int flags);
typedef void umem_destructor_t(void *buffer, void *callback_data);
typedef void umem_reclaim_t(void *callback_data);
typedef int umem_nofail_callback_t(void);

extern void *umem_alloc(size_t size, int flags);
extern void *umem_zalloc(size_t size, int flags);
extern void *umem_alloc_align(size_t size, size_t align, int flags);
extern void umem_free(void *buffer, size_t size);
extern void umem_free_align(void *buffer, size_t size);

extern void umem_nofail_callback(umem_nofail_callback_t *callback);
extern void umem_setmtbf(unsigned int mtbf);
extern void umem_reap(void);

extern umem_cache_t *umem_cache_create(const char *name, size_t size,
    size_t align, umem_constructor_t *constructor,
    umem_destructor_t *destructor, umem_reclaim_t *reclaim,
    void *callback_data, vmem_t *source, int flags);
extern void umem_cache_destroy(umem_cache_t *cache);
extern void *umem_cache_alloc(umem_cache_t *cache, int flags);
extern void umem_cache_free(umem_cache_t *cache, void *buffer);

#ifdef __cplusplus
}
#endif

#endif /* _UMEM_H */
