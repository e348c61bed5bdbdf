/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* getrandom */
#include "front/token.h"

#include "files/outfile.h"
#include "http/gate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TOKEN_LETTERS = 22 }; /* 132 bits */

bool token_make(char *token, size_t size, struct failure *failure)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "abcdefghijklmnopqrstuvwxyz0123456789-_";
    unsigned char bits[LINK_TOKEN_MAX];
    size_t count = size - 1 < sizeof(bits) ? size - 1 : sizeof(bits);
    if (getrandom(bits, count, 0) != (ssize_t)count) {
        return failure_set_errno(failure, STATUS_INTERNAL,
                                 "the system gives no random numbers");
    }
    for (size_t i = 0; i < count; i++) {
        token[i] = letters[bits[i] % 64];
    }
    token[count] = '\0';
    return true;
}

static bool fail_file(const char *path, const char *what,
                      struct failure *failure)
{
    return failure_set(failure, STATUS_FILE, "token file '%s': %s", path, what);
}

static bool make_file(char token[LINK_TOKEN_MAX], const char *path,
                      struct failure *failure)
{
    char line[TOKEN_LETTERS + 1];
    if (!token_make(token, TOKEN_LETTERS + 1, failure)) {
        return false;
    }
    char *target = outfile_follow(path); /* O_EXCL follows no link */
    int fd = target != NULL
                 ? open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)
                 : -1;
    memcpy(line, token, TOKEN_LETTERS);
    line[TOKEN_LETTERS] = '\n';
    bool is_good = fd >= 0 &&
                   write(fd, line, sizeof(line)) == (ssize_t)sizeof(line) &&
                   fsync(fd) == 0;
    int error = errno;
    free(target);
    if (fd >= 0) {
        (void)close(fd);
    }
    return is_good || fail_file(path, strerror(error), failure);
}

static bool read_file(char token[LINK_TOKEN_MAX], int fd, const char *path,
                      struct failure *failure)
{
    struct stat status;
    ssize_t count = read(fd, token, LINK_TOKEN_MAX - 1);
    token[count > 0 ? count : 0] = '\0';
    token[strcspn(token, "\r\n")] = '\0';
    if (count < 0 || fstat(fd, &status) != 0) {
        return fail_file(path, strerror(errno), failure);
    }
    if ((status.st_mode & 007) != 0) {
        (void)fail_file(path, "everybody can read or write it", failure);
        return failure_hint(failure, "chmod 600 %s", path);
    }
    if (!gate_is_token(token)) {
        (void)failure_set(failure, STATUS_FILE,
                          "token file '%s': a token has %d to %d letters, "
                          "digits and - _ . ~",
                          path, LINK_TOKEN_MIN, LINK_TOKEN_MAX - 2);
        return failure_hint(failure,
                            "remove the file, and it is made with a new one");
    }
    return true;
}

bool token_read(char token[LINK_TOKEN_MAX], const char *path, bool *is_new,
                struct failure *failure)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    *is_new = fd < 0 && errno == ENOENT;
    if (*is_new) {
        return make_file(token, path, failure);
    }
    if (fd < 0) {
        return fail_file(path, strerror(errno), failure);
    }
    bool is_good = read_file(token, fd, path, failure);
    (void)close(fd);
    return is_good;
}
