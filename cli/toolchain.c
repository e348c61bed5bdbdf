/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* realpath */
#include "toolchain.h"

#include "base/file.h"
#include "base/process.h"

#include <unistd.h>

enum { NEWEST_CLANG = 40, OLDEST_CLANG = 11, PATH_BYTES = 4096 };

static const char *newest_compiler(struct arena *arena)
{
    for (int version = NEWEST_CLANG; version >= OLDEST_CLANG; version--) {
        const char *path =
            process_find(arena_format(arena, "clang-%d", version), arena);
        if (path != NULL) {
            return path;
        }
    }
    static const char *const others[] = {"clang", "gcc", "cc"};
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        const char *path = process_find(others[i], arena);
        if (path != NULL) {
            return path;
        }
    }
    return NULL;
}

/* Tools run in another directory than ours. */
static const char *absolute(const char *path, struct arena *arena)
{
    char directory[PATH_BYTES];
    if (path == NULL || path[0] == '/' ||
        getcwd(directory, sizeof(directory)) == NULL) {
        return path;
    }
    return arena_format(arena, "%s/%s", directory, path);
}

/* lld links in a third of the time; clang-N finds the ld.lld of its version. */
static const char *find_linker(const struct toolchain *toolchain,
                               struct arena *arena)
{
    const char *name = file_base_name(toolchain->cc);
    const char *suffix = strrchr(name, '-');
    if (!toolchain->is_clang) {
        return NULL;
    }
    const char *versioned =
        arena_format(arena, "ld.lld%s", suffix == NULL ? "" : suffix);
    if (suffix != NULL && process_find(versioned, arena) != NULL) {
        return "lld";
    }
    return process_find("ld.lld", arena) != NULL ? "lld" : NULL;
}

/* The directory of this program, or NULL. */
static const char *own_directory(struct arena *arena)
{
    char path[PATH_BYTES];
    ssize_t length = readlink("/proc/self/exe", path, sizeof(path));
    if (length <= 0 || length == sizeof(path)) {
        return NULL;
    }
    while (length > 1 && path[length - 1] != '/') {
        length--;
    }
    return arena_copy(arena, path, (size_t)length - 1);
}

static bool find_data(struct toolchain *toolchain, struct arena *arena,
                      struct diag *diag)
{
    const char *directory = getenv("F4E_DATADIR");
    if (directory == NULL) {
        const char *own = own_directory(arena);
        directory = own == NULL
                        ? "/usr/share/f4e-build"
                        : arena_format(arena, "%s/../share/f4e-build", own);
    }
    char *resolved = realpath(directory, NULL);
    if (resolved != NULL) {
        toolchain->data_dir = arena_copy(arena, resolved, strlen(resolved));
        free(resolved);
        if (access(arena_format(arena, "%s/shim/SOURCES", directory), R_OK) ==
            0) {
            return true;
        }
    }
    diag_tool(diag, "the shim's sources are not in '%s/shim'", directory);
    return diag_hint(diag, "install f4e-build again, or set F4E_DATADIR");
}

bool toolchain_find(struct toolchain *toolchain, const char *cc,
                    const char *wasm2c, struct arena *arena, struct diag *diag)
{
    *toolchain = (struct toolchain){0};
    toolchain->wasm2c = absolute(
        process_find(wasm2c != NULL ? wasm2c : "wasm2c", arena), arena);
    if (toolchain->wasm2c == NULL) {
        diag_tool(diag, "no program '%s'", wasm2c != NULL ? wasm2c : "wasm2c");
        return diag_hint(diag, "sudo apt install wabt");
    }
    toolchain->cc = absolute(
        cc != NULL ? process_find(cc, arena) : newest_compiler(arena), arena);
    if (toolchain->cc == NULL) {
        diag_tool(diag, "no program '%s'", cc != NULL ? cc : "clang");
        return diag_hint(diag, "sudo apt install clang-19");
    }
    toolchain->is_clang =
        strstr(file_base_name(toolchain->cc), "clang") != NULL;
    toolchain->linker = find_linker(toolchain, arena);
    return find_data(toolchain, arena, diag);
}

bool toolchain_find_second(struct toolchain *second,
                           const struct toolchain *toolchain,
                           struct arena *arena)
{
    *second = *toolchain;
    second->cc = absolute(process_find("gcc", arena), arena);
    second->is_clang = false;
    second->linker = NULL;
    return toolchain->is_clang && second->cc != NULL;
}
