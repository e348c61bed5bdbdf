/* SPDX-License-Identifier: MIT */
#include "files/outfile.h"

#include "files/outpipe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    SLOT_COUNT = 8,
    LINKS_MAX = 40, /* in a row, as the kernel has it */
    LINK_BYTES = 4096,
};

/* Names to remove when the program is forced to end, unless they are spared. */
static _Atomic(const char *) temporaries[SLOT_COUNT];
static atomic_bool is_spared[SLOT_COUNT];

static bool fail_errno(const struct outfile *out, struct failure *failure)
{
    return failure_set_errno(failure, STATUS_FILE, "cannot write '%s'",
                             out->path);
}

/* The name that the link 'name' holds, seen from where we are. */
static char *link_target(const char *name, const char *held)
{
    const char *slash = held[0] == '/' ? NULL : strrchr(name, '/');
    size_t folder = slash != NULL ? (size_t)(slash - name) + 1 : 0;
    char *target = malloc(folder + strlen(held) + 1);
    if (target != NULL) {
        memcpy(target, name, folder);
        memcpy(target + folder, held, strlen(held) + 1);
    }
    return target;
}

char *outfile_follow(const char *path)
{
    char held[LINK_BYTES];
    struct stat status;
    /* The kernel refuses to follow what others left in a shared folder. */
    if (stat(path, &status) != 0 && errno != ENOENT) {
        return NULL;
    }
    char *name = strdup(path);
    for (int k = 0; name != NULL && k < LINKS_MAX; k++) {
        ssize_t length = readlink(name, held, sizeof(held) - 1);
        if (length < 0) {
            return name;
        }
        held[length] = '\0';
        char *next = link_target(name, held);
        free(name);
        name = next;
    }
    errno = name != NULL ? ELOOP : ENOMEM;
    free(name);
    return NULL;
}

static void forget_temporary(struct outfile *out)
{
    if (out->slot >= 0) {
        atomic_store(&temporaries[out->slot], NULL);
        atomic_store(&is_spared[out->slot], false);
        out->slot = -1;
    }
    free(out->temporary);
    free(out->target);
    out->temporary = NULL;
    out->target = NULL;
}

/* Is a file of this name being written by this very process? */
static bool is_ours(const char *name)
{
    bool is_found = false;
    for (int i = 0; i < SLOT_COUNT; i++) {
        const char *own = atomic_load(&temporaries[i]);
        is_found = is_found || (own != NULL && strcmp(own, name) == 0);
    }
    return is_found;
}

/* A new file. One that is there was left by a process that had our number and
 * was killed: after a loss of power that may be so at every start. */
static int create(const char *name, mode_t mode)
{
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
    int fd = open(name, flags, mode);
    if (fd < 0 && errno == EEXIST && !is_ours(name) && unlink(name) == 0) {
        fd = open(name, flags, mode);
    }
    return fd;
}

/* As the file was that it will replace, as far as we may. */
static void keep_owner_and_mode(int fd, const struct stat *before)
{
    const mode_t plain = S_IRWXU | S_IRWXG | S_IRWXO;
    struct stat now;
    if (fstat(fd, &now) == 0 &&
        (now.st_uid != before->st_uid || now.st_gid != before->st_gid) &&
        fchown(fd, before->st_uid, before->st_gid) != 0) {
        (void)!fchown(fd, (uid_t)-1, before->st_gid);
    }
    (void)!fchmod(fd, before->st_mode & plain);
}

/* 'before': the file that is there, or NULL. */
static int open_temporary(struct outfile *out, const struct stat *before)
{
    const mode_t plain = S_IRWXU | S_IRWXG | S_IRWXO;
    out->target = outfile_follow(out->path);
    if (out->target == NULL) {
        return -1;
    }
    size_t size = strlen(out->target) + 32;
    out->temporary = malloc(size);
    if (out->temporary == NULL) {
        return -1;
    }
    (void)snprintf(out->temporary, size, "%s.%ld.tmp", out->target,
                   (long)getpid());
    int fd =
        create(out->temporary, before != NULL ? before->st_mode & plain : 0666);
    if (fd < 0) {
        return -1;
    }
    if (before != NULL) {
        keep_owner_and_mode(fd, before);
    }
    for (int i = 0; i < SLOT_COUNT && out->slot < 0; i++) {
        const char *empty = NULL;
        if (atomic_compare_exchange_strong(&temporaries[i], &empty,
                                           out->temporary)) {
            out->slot = i;
        }
    }
    return fd;
}

static int open_target(struct outfile *out)
{
    struct stat status;
    if (strcmp(out->path, "-") == 0) {
        out->path = "standard output";
        return fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
    }
    if (stat(out->path, &status) != 0) {
        return open_temporary(out, NULL);
    }
    if (S_ISREG(status.st_mode)) {
        return open_temporary(out, &status);
    }
    return S_ISFIFO(status.st_mode) ? outpipe_open(out->path)
                                    : open(out->path, O_WRONLY | O_CLOEXEC);
}

static FILE *make_stream(int fd, const char *path)
{
    struct stat status;
    return fstat(fd, &status) == 0 &&
                   (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode))
               ? outpipe_stream(fd, path)
               : fdopen(fd, "wb");
}

bool outfile_open(struct outfile *out, const char *path,
                  struct failure *failure)
{
    *out = (struct outfile){.path = path, .slot = -1};
    errno = ENOENT;
    int fd = path[0] != '\0' ? open_target(out) : -1;
    out->file = fd < 0 ? NULL : make_stream(fd, out->path);
    if (out->file != NULL) {
        return true;
    }
    (void)fail_errno(out, failure);
    if (fd >= 0) {
        (void)close(fd);
        (void)unlink(out->temporary != NULL ? out->temporary : "");
    }
    forget_temporary(out);
    return false;
}

bool outfile_probe(const char *path, struct failure *failure)
{
    struct stat status;
    struct outfile out;
    bool is_there = stat(path, &status) == 0;
    /* Who reads a pipe may come by the time that it is written. */
    if (strcmp(path, "-") == 0 ||
        (is_there && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode))) {
        return true;
    }
    if (!outfile_open(&out, path, failure)) {
        return false;
    }
    outfile_discard(&out);
    return true;
}

bool outfile_write(struct outfile *out, const void *data, size_t bytes,
                   struct failure *failure)
{
    return bytes == 0 || fwrite(data, bytes, 1, out->file) == 1 ||
           fail_errno(out, failure);
}

bool outfile_patch(struct outfile *out, const void *data, size_t bytes,
                   struct failure *failure)
{
    if (fflush(out->file) != 0) {
        return fail_errno(out, failure);
    }
    if (fseeko(out->file, 0, SEEK_SET) != 0) {
        return errno == ESPIPE || fail_errno(out, failure);
    }
    return outfile_write(out, data, bytes, failure);
}

bool outfile_cut(struct outfile *out, uint64_t bytes, struct failure *failure)
{
    clearerr(out->file);
    /* A device file has no end to cut off. */
    return out->temporary == NULL ||
           (ftruncate(fileno(out->file), (off_t)bytes) == 0 &&
            fseeko(out->file, 0, SEEK_END) == 0) ||
           fail_errno(out, failure);
}

void outfile_spare(struct outfile *out)
{
    if (out->slot >= 0) {
        atomic_store(&is_spared[out->slot], true);
    }
}

/* Pipes and the like have no disk to reach. */
static bool sync_file(const struct outfile *out)
{
    return !out->is_durable || out->temporary == NULL ||
           fsync(fileno(out->file)) == 0;
}

/* The new name too must survive a loss of power. */
static bool sync_folder(const struct outfile *out)
{
    char *folder = out->temporary; /* not needed any more */
    char *slash = strrchr(folder, '/');
    if (slash != NULL) {
        slash[slash == folder] = '\0';
    }
    int fd =
        open(slash != NULL ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    /* Some file systems cannot do that to a folder. */
    bool is_good = fd < 0 || fsync(fd) == 0 || errno == EINVAL;
    if (fd >= 0) {
        (void)close(fd);
    }
    return is_good;
}

bool outfile_close(struct outfile *out, struct failure *failure)
{
    if (out->file == NULL) {
        return true;
    }
    bool is_good =
        fflush(out->file) == 0 && !ferror(out->file) && sync_file(out);
    is_good = fclose(out->file) == 0 && is_good;
    out->file = NULL;
    if (out->temporary != NULL) {
        is_good = is_good && rename(out->temporary, out->target) == 0;
        if (!is_good) {
            int cause = errno;
            (void)unlink(out->temporary);
            errno = cause;
        }
        outfile_spare(out);
        is_good = is_good && (!out->is_durable || sync_folder(out));
    }
    is_good = is_good || fail_errno(out, failure);
    forget_temporary(out);
    return is_good;
}

void outfile_discard(struct outfile *out)
{
    if (out->file != NULL) {
        (void)fclose(out->file);
        out->file = NULL;
        if (out->temporary != NULL) {
            (void)unlink(out->temporary);
        }
        forget_temporary(out);
    }
}

void outfile_remove_all(void)
{
    for (int i = 0; i < SLOT_COUNT; i++) {
        const char *name = atomic_load(&temporaries[i]);
        if (name != NULL && !atomic_load(&is_spared[i])) {
            (void)unlink(name);
        }
    }
}
