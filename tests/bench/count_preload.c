/* SPDX-License-Identifier: MIT */
/*
 * A library for LD_PRELOAD: counts what a program allocates and locks through
 * libc, in the file that F4E_COUNTS names. count.c makes both. Locks that a
 * program takes by atomic instructions of its own are not seen here; those that
 * have to wait are system calls.
 *
 * The functions of libc that it stands in for are the next ones of that name.
 * dlsym() may allocate before they are known; a small arena serves that.
 */
#define _GNU_SOURCE /* RTLD_NEXT */
#include "count.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static struct counts nowhere;
static struct counts *counts = &nowhere;

static void *(*next_malloc)(size_t);
static void *(*next_calloc)(size_t, size_t);
static void *(*next_realloc)(void *, size_t);
static void (*next_free)(void *);
static void *(*next_aligned_alloc)(size_t, size_t);
static int (*next_posix_memalign)(void **, size_t, size_t);
static int (*next_mutex_lock)(pthread_mutex_t *);
static int (*next_rwlock_rdlock)(pthread_rwlock_t *);
static int (*next_rwlock_wrlock)(pthread_rwlock_t *);
static int (*next_sem_wait)(sem_t *);

static _Alignas(16) char arena[4096];
static size_t arena_used;

static void find(void *function, const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);
    memcpy(function, &found, sizeof(found));
}

__attribute__((constructor)) static void start(void)
{
    find(&next_malloc, "malloc");
    find(&next_calloc, "calloc");
    find(&next_realloc, "realloc");
    find(&next_free, "free");
    find(&next_aligned_alloc, "aligned_alloc");
    find(&next_posix_memalign, "posix_memalign");
    find(&next_mutex_lock, "pthread_mutex_lock");
    find(&next_rwlock_rdlock, "pthread_rwlock_rdlock");
    find(&next_rwlock_wrlock, "pthread_rwlock_wrlock");
    find(&next_sem_wait, "sem_wait");
    const char *path = getenv("F4E_COUNTS");
    int fd = path != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *mapped = fd < 0 ? MAP_FAILED
                          : mmap(NULL, sizeof(*counts), PROT_READ | PROT_WRITE,
                                 MAP_SHARED, fd, 0);
    if (mapped != MAP_FAILED) {
        counts = mapped;
    }
    if (fd >= 0) {
        (void)close(fd);
    }
}

static bool is_of_arena(const void *memory)
{
    const char *at = memory;
    return at >= arena && at < arena + sizeof(arena);
}

/* Zeroed; NULL when it is used up. */
static void *take(size_t size)
{
    size_t rounded = (size + 15) & ~(size_t)15;
    if (rounded < size || rounded > sizeof(arena) - arena_used) {
        return NULL;
    }
    void *memory = arena + arena_used;
    arena_used += rounded;
    return memory;
}

void *malloc(size_t size)
{
    atomic_fetch_add(&counts->allocations, 1);
    return next_malloc != NULL ? next_malloc(size) : take(size);
}

void *calloc(size_t count, size_t size)
{
    atomic_fetch_add(&counts->allocations, 1);
    return next_calloc != NULL ? next_calloc(count, size) : take(count * size);
}

void *realloc(void *memory, size_t size)
{
    atomic_fetch_add(&counts->allocations, 1);
    if (memory == NULL || !is_of_arena(memory)) {
        return next_realloc(memory, size);
    }
    size_t most = (size_t)(arena + sizeof(arena) - (char *)memory);
    void *moved = next_malloc(size);
    return moved != NULL ? memcpy(moved, memory, size < most ? size : most)
                         : NULL;
}

void free(void *memory)
{
    if (memory != NULL && !is_of_arena(memory) && next_free != NULL) {
        next_free(memory);
    }
}

void *aligned_alloc(size_t alignment, size_t size)
{
    atomic_fetch_add(&counts->allocations, 1);
    return next_aligned_alloc(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size)
{
    atomic_fetch_add(&counts->allocations, 1);
    return next_posix_memalign(memory, alignment, size);
}

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
    atomic_fetch_add(&counts->locks, 1);
    return next_mutex_lock(mutex);
}

int pthread_rwlock_rdlock(pthread_rwlock_t *lock)
{
    atomic_fetch_add(&counts->locks, 1);
    return next_rwlock_rdlock(lock);
}

int pthread_rwlock_wrlock(pthread_rwlock_t *lock)
{
    atomic_fetch_add(&counts->locks, 1);
    return next_rwlock_wrlock(lock);
}

int sem_wait(sem_t *semaphore)
{
    atomic_fetch_add(&counts->locks, 1);
    return next_sem_wait(semaphore);
}
