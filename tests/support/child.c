/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* nftw, mkdtemp, execvpe */
#include "child.h"

#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { DEFAULT_TIMEOUT_MS = 600000 };

static int64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static _Noreturn void become(const char *const *argv,
                             const struct child_setup *setup, const int *ends)
{
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    (void)dup2(null, STDIN_FILENO);
    (void)dup2(ends[1], STDOUT_FILENO);
    (void)dup2(ends[3], STDERR_FILENO);
    /* A group of its own, as a shell gives it: a signal reaches all of it. */
    (void)setpgid(0, 0);
    if (setup->directory != NULL && chdir(setup->directory) != 0) {
        _exit(127);
    }
    for (const char *const *e = setup->environment; e != NULL && *e != NULL;
         e++) {
        char *entry = strdup(*e);
        (void)putenv(entry);
    }
    union {
        const char *const *in;
        char *const *out;
    } arguments = {.in = argv};
    (void)execvp(argv[0], arguments.out);
    _exit(127);
}

struct stream {
    int descriptor;
    char *bytes;
    size_t length;
};

static bool pump(struct stream *stream)
{
    char chunk[65536];
    ssize_t got = read(stream->descriptor, chunk, sizeof(chunk));
    if (got <= 0) {
        return false;
    }
    stream->bytes = realloc(stream->bytes, stream->length + (size_t)got + 1);
    ck_assert_ptr_nonnull(stream->bytes);
    memcpy(stream->bytes + stream->length, chunk, (size_t)got);
    stream->length += (size_t)got;
    stream->bytes[stream->length] = '\0';
    return true;
}

static void collect(struct stream streams[2], pid_t pid,
                    const struct child_setup *setup)
{
    int64_t start = now_ms();
    int64_t end = start + (setup->timeout_ms != 0 ? setup->timeout_ms
                                                  : DEFAULT_TIMEOUT_MS);
    int64_t interrupt = setup->signal_after_ms != 0
                            ? start + setup->signal_after_ms
                            : INT64_MAX;
    while (streams[0].descriptor >= 0 || streams[1].descriptor >= 0) {
        int64_t now = now_ms();
        if (now >= end) {
            (void)kill(-pid, SIGKILL);
            end = INT64_MAX;
        }
        if (now >= interrupt) {
            (void)kill(-pid, SIGINT);
            interrupt = INT64_MAX;
        }
        int64_t next = end < interrupt ? end : interrupt;
        int64_t left = next == INT64_MAX ? 1000 : next - now;
        struct pollfd polls[2] = {
            {.fd = streams[0].descriptor, .events = POLLIN},
            {.fd = streams[1].descriptor, .events = POLLIN},
        };
        (void)poll(polls, 2, (int)(left < 1000 ? left : 1000));
        for (int i = 0; i < 2; i++) {
            if (streams[i].descriptor >= 0 && polls[i].revents != 0 &&
                !pump(&streams[i])) {
                (void)close(streams[i].descriptor);
                streams[i].descriptor = -1;
            }
        }
    }
}

void child_run(struct child *child, const char *const *argv,
               const struct child_setup *setup)
{
    static const struct child_setup none;
    setup = setup != NULL ? setup : &none;
    int ends[4];
    ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
    ck_assert_int_eq(pipe2(ends + 2, O_CLOEXEC), 0);
    (void)fflush(NULL);
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        become(argv, setup, ends);
    }
    (void)close(ends[1]);
    (void)close(ends[3]);
    struct stream streams[2] = {{ends[0], calloc(1, 1), 0},
                                {ends[2], calloc(1, 1), 0}};
    collect(streams, pid, setup);
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    *child = (struct child){
        .status = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
        .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0,
        .out = streams[0].bytes,
        .out_length = streams[0].length,
        .err = streams[1].bytes,
    };
    ck_assert_msg(child->status != 127, "cannot run '%s'", argv[0]);
}

bool child_finds(const char *program)
{
    const char *path = getenv("PATH");
    bool is_found = false;
    while (path != NULL && !is_found) {
        size_t length = strcspn(path, ":");
        char *file = text("%.*s/%s", (int)length, path, program);
        is_found = access(file, X_OK) == 0;
        free(file);
        path = path[length] == ':' ? path + length + 1 : NULL;
    }
    return is_found;
}

void child_free(struct child *child)
{
    free(child->out);
    free(child->err);
    *child = (struct child){0};
}

char *tmpdir_make(void)
{
    char *path = strdup("/tmp/f4e-test-XXXXXX");
    ck_assert_ptr_nonnull(path);
    ck_assert_ptr_nonnull(mkdtemp(path));
    return path;
}

static int remove_entry(const char *path, const struct stat *status, int type,
                        struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

void tmpdir_remove(char *path)
{
    ck_assert_int_eq(nftw(path, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
    free(path);
}

size_t directory_count(const char *path)
{
    DIR *directory = opendir(path);
    ck_assert_ptr_nonnull(directory);
    size_t count = 0;
    while (readdir(directory) != NULL) {
        count++;
    }
    (void)closedir(directory);
    return count - 2;
}

unsigned char *slurp(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "cannot open %s", path);
    ck_assert_int_eq(fseek(file, 0, SEEK_END), 0);
    long length = ftell(file);
    ck_assert_int_ge(length, 0);
    rewind(file);
    unsigned char *bytes = malloc((size_t)length + 1);
    ck_assert_ptr_nonnull(bytes);
    ck_assert_uint_eq(fread(bytes, 1, (size_t)length, file), (size_t)length);
    bytes[length] = '\0';
    (void)fclose(file);
    *size = (size_t)length;
    return bytes;
}

void spit(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    ck_assert_msg(file != NULL, "cannot create %s", path);
    ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
    ck_assert_int_eq(fclose(file), 0);
}

char *text(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *result = malloc((size_t)length + 1);
    ck_assert_ptr_nonnull(result);
    (void)vsnprintf(result, (size_t)length + 1, format, again);
    va_end(again);
    return result;
}
