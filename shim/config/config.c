/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* realpath */
#include "config/config.h"

#include "config/file_name.h"
#include "files/folder_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* NULL: no memory, or nothing says where. */
static char *default_path(const char *name, const char *suffix)
{
    const char *folder = getenv("XDG_CONFIG_HOME");
    const char *more = "";
    char file[FILE_NAME_BYTES];
    if (folder == NULL || folder[0] != '/') {
        folder = getenv("HOME");
        more = "/.config";
    }
    if (folder == NULL || folder[0] != '/') {
        return NULL;
    }
    file_name_make(file, name);
    size_t size = strlen(folder) + strlen(more) + strlen(file) +
                  strlen(suffix) + sizeof("/f4e/.");
    char *path = malloc(size);
    if (path != NULL) {
        (void)snprintf(path, size, "%s%s/f4e/%s.%s", folder, more, file,
                       suffix);
    }
    return path;
}

void config_init(struct config *config, const char *path, const char *name,
                 const char *suffix)
{
    *config = (struct config){.path = path};
    if (path == NULL) {
        config->own_path = default_path(name, suffix);
        config->path = config->own_path;
    }
}

bool config_has_changed(const struct config *config)
{
    struct stat now;
    bool is_there = config->path != NULL && stat(config->path, &now) == 0;
    if (!is_there || !config->is_seen) {
        return is_there != config->is_seen;
    }
    const struct stat *seen = &config->seen;
    return now.st_dev != seen->st_dev || now.st_ino != seen->st_ino ||
           now.st_size != seen->st_size ||
           now.st_mtim.tv_sec != seen->st_mtim.tv_sec ||
           now.st_mtim.tv_nsec != seen->st_mtim.tv_nsec;
}

static bool fail_path(const struct config *config, const char *verb, int error,
                      struct failure *failure)
{
    return failure_set(failure, STATUS_FILE, "cannot %s '%s': %s", verb,
                       config->path, strerror(error));
}

static bool read_all(const struct config *config, FILE *file, char **text,
                     size_t *size, struct failure *failure)
{
    FILE *memory = open_memstream(text, size);
    char part[4096];
    size_t total = 0;
    size_t length;
    if (memory == NULL) {
        return failure_set_memory(failure);
    }
    do {
        length = fread(part, 1, sizeof(part), file);
        (void)fwrite(part, 1, length, memory);
        total += length;
    } while (length == sizeof(part) && total <= CONFIG_BYTES_MAX);
    int error = ferror(file) ? errno : 0;
    bool is_good = fclose(memory) == 0;
    if (!is_good) {
        (void)failure_set_memory(failure);
    } else if (error != 0) {
        is_good = fail_path(config, "read", error, failure);
    } else if (total > CONFIG_BYTES_MAX) {
        is_good =
            failure_set(failure, STATUS_FILE, "'%s' is longer than %d bytes",
                        config->path, CONFIG_BYTES_MAX);
    }
    if (!is_good) {
        free(*text);
        *text = NULL;
    }
    return is_good;
}

static bool has_place(const struct config *config, const char *what,
                      struct failure *failure)
{
    if (config->path == NULL) {
        (void)failure_set(failure, STATUS_FILE,
                          "there is no place for %s: neither XDG_CONFIG_HOME "
                          "nor HOME is set",
                          what);
        return failure_hint(failure, "--presets FILE, --cc-map FILE");
    }
    return true;
}

/* A pipe without a writer would hold up the control thread for ever. */
static FILE *open_now(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    FILE *file = fd >= 0 ? fdopen(fd, "rb") : NULL;
    if (fd >= 0 && file == NULL) {
        (void)close(fd);
    }
    return file;
}

bool config_read(struct config *config, const char *what, char **text,
                 size_t *size, struct failure *failure)
{
    *text = NULL;
    *size = 0;
    if (!has_place(config, what, failure)) {
        return false;
    }
    config->is_seen = false;
    FILE *file = open_now(config->path);
    if (file == NULL) {
        return errno == ENOENT || fail_path(config, "read", errno, failure);
    }
    bool is_good = fstat(fileno(file), &config->seen) == 0;
    if (!is_good) {
        (void)fail_path(config, "read", errno, failure);
    } else if (S_ISFIFO(config->seen.st_mode)) {
        is_good =
            failure_set(failure, STATUS_FILE,
                        "'%s' is a pipe, which keeps nothing", config->path);
    } else {
        is_good = read_all(config, file, text, size, failure);
    }
    config->is_seen = is_good;
    (void)fclose(file);
    return is_good;
}

bool config_fail(const struct config *config, const struct json_read *read,
                 struct failure *failure)
{
    unsigned line;
    unsigned column;
    json_read_locate(read, &line, &column);
    return failure_set(failure, STATUS_FILE, "%s:%u:%u: %s", config->path, line,
                       column, read->error);
}

/* The folders of the default place; others are the user's. */
static void make_folders(const struct config *config)
{
    for (char *slash = config->own_path; slash != NULL;) {
        slash = strchr(slash + 1, '/');
        if (slash != NULL) {
            *slash = '\0';
            (void)mkdir(config->own_path, S_IRWXU);
            *slash = '/';
        }
    }
}

int config_lock(const struct config *config)
{
    if (config->path == NULL) {
        return -1;
    }
    make_folders(config);
    /* Where it leads, if it is a link; others may know it by its own name. */
    char *real = realpath(config->path, NULL);
    int lock = folder_lock(real != NULL ? real : config->path);
    free(real);
    return lock;
}

void config_unlock(int lock)
{
    folder_unlock(lock);
}

bool config_begin(struct config *config, const char *what, struct outfile *out,
                  struct failure *failure)
{
    if (!has_place(config, what, failure)) {
        return false;
    }
    make_folders(config);
    if (!outfile_open(out, config->path, failure)) {
        return false;
    }
    out->is_durable = true;
    return true;
}

bool config_end(struct config *config, struct outfile *out,
                struct failure *failure)
{
    if (!outfile_close(out, failure)) {
        return false;
    }
    config->is_seen = stat(config->path, &config->seen) == 0;
    return true;
}

void config_deinit(struct config *config)
{
    free(config->own_path);
    *config = (struct config){0};
}
