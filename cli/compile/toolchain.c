/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* realpath */
#include "compile/toolchain.h"

#include "base/file.h"
#include "base/process.h"
#include "compile/compiler_choice.h"
#include "compile/compiler_proper.h"

#include <unistd.h>

enum {
    PATH_BYTES = 4096,
    PROBE_TIMEOUT_MS = 30000,
    ARGUMENTS_MAX = 16, /* of a probe */
    MAX_LIBRARY_BYTES = 256 << 20
};

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

/* "-print-file-name=NAME": its path, or NULL when the compiler has none. */
static const char *compiler_file(const struct toolchain *toolchain,
                                 const char *name, struct arena *arena)
{
    const char *argv[] = {toolchain->cc,
                          arena_format(arena, "-print-file-name=%s", name),
                          NULL, NULL, NULL};
    size_t count = 2;
    if (toolchain->is_clang && toolchain->target->is_cross) {
        argv[count++] =
            arena_format(arena, "--target=%s", toolchain->target->abi->triple);
    }
    if (toolchain->sysroot != NULL) {
        argv[count++] = arena_format(arena, "--sysroot=%s", toolchain->sysroot);
    }
    struct process process;
    struct diag ignored;
    diag_init(&ignored, NULL);
    if (!process_run(&process, argv, NULL, PROBE_TIMEOUT_MS, arena, &ignored) ||
        !process_succeeded(&process)) {
        return NULL;
    }
    const char *text = buf_string(&process.text);
    return text[0] == '/' ? arena_copy(arena, text, strcspn(text, "\n")) : NULL;
}

/* gcc compiles for one machine: the right one? */
static bool check_machine(const struct toolchain *toolchain,
                          struct arena *arena, struct diag *diag)
{
    const struct target *target = toolchain->target;
    const char *const argv[] = {toolchain->cc, "-dumpmachine", NULL};
    struct process process;
    if (!process_run_ok(&process, argv, NULL, PROBE_TIMEOUT_MS, arena, diag)) {
        return false;
    }
    const char *machine = buf_string(&process.text);
    size_t length = strcspn(target->abi->triple, "-");
    if (strncmp(machine, target->abi->triple, length) == 0 &&
        machine[length] == '-') {
        return true;
    }
    diag_tool(diag, "'%s' compiles for %.*s, not for %s", toolchain->cc,
              (int)strcspn(machine, "\n"), machine, target->abi->triple);
    return diag_hint(diag, "sudo apt install %s, and --cc %s-gcc",
                     target_packages(target, false, arena),
                     target->abi->triple);
}

/* What clang takes from others for a cross build: a linker, a C library, the
 * compiler's own library. */
static bool check_cross(const struct toolchain *toolchain, struct arena *arena,
                        struct diag *diag)
{
    static const struct {
        const char *file;
        const char *what;
    } parts[] = {
        {"Scrt1.o", "C library"},
        {"crtbeginS.o", "libgcc"},
    };
    const struct target *target = toolchain->target;
    struct buf missing;
    buf_init(&missing, arena);
    if (toolchain->is_clang && toolchain->linker == NULL) {
        buf_text(&missing, "lld, ");
    }
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (compiler_file(toolchain, parts[i].file, arena) == NULL) {
            buf_format(&missing, "%s (%s), ", parts[i].what, parts[i].file);
        }
    }
    if (missing.length == 0) {
        return true;
    }
    diag_tool(diag, "cannot build for %s: missing %.*s%s%s",
              target->abi->triple, (int)missing.length - 2,
              buf_string(&missing), toolchain->sysroot != NULL ? " in " : "",
              toolchain->sysroot != NULL ? toolchain->sysroot : "");
    if (toolchain->sysroot != NULL) {
        return diag_hint(diag,
                         "a sysroot needs the packages libc6-dev, "
                         "libgcc-12-dev and libasound2-dev of its system");
    }
    return diag_hint(diag, "sudo apt install %s%s",
                     toolchain->is_clang && toolchain->linker == NULL ? "lld "
                                                                      : "",
                     target_packages(target, toolchain->is_clang, arena));
}

static bool find_folder(const char **path, const char *option,
                        const char *folder, struct arena *arena,
                        struct diag *diag)
{
    char *resolved = realpath(folder, NULL);
    if (resolved == NULL) {
        return diag_usage(diag, "%s: cannot open '%s'", option, folder);
    }
    *path = arena_copy(arena, resolved, strlen(resolved));
    free(resolved);
    return true;
}

static bool find_sysroot(struct toolchain *toolchain, const char *sysroot,
                         struct arena *arena, struct diag *diag)
{
    const struct target *target = toolchain->target;
    if (sysroot == NULL && !target->needs_sysroot) {
        return true;
    }
    if (sysroot == NULL) {
        diag_usage(diag,
                   "the libraries that Debian has for %s need ARMv7, and '%s' "
                   "is ARMv6: a sysroot is needed",
                   target->abi->triple, target->name);
        return diag_hint(diag,
                         "--sysroot DIR, the root folder of a Raspberry Pi OS\n"
                         "or --target armel, for Debian's armel on that board");
    }
    return find_folder(&toolchain->sysroot, "--sysroot", sysroot, arena, diag);
}

/* Whether the library calls dlopen(): by the name in its symbol table. */
static bool loads_plugins(const char *path, struct arena *arena)
{
    static const char name[] = "\0dlopen";
    const uint8_t *bytes = NULL;
    size_t size = 0;
    struct diag ignored;
    diag_init(&ignored, NULL);
    if (!file_read(path, MAX_LIBRARY_BYTES, &bytes, &size, arena, &ignored)) {
        return false;
    }
    for (size_t i = 0; i + sizeof(name) <= size; i++) {
        if (memcmp(bytes + i, name, sizeof(name)) == 0) {
            return true;
        }
    }
    return false;
}

/*
 * A static executable has alsa-lib in it. Debian has no library for that; and
 * one that loads plugins, as it does unless told otherwise, ends the process
 * with a segmentation fault when it loads one into a static glibc.
 */
static bool check_static(const struct toolchain *toolchain, struct arena *arena,
                         struct diag *diag)
{
    const char *path =
        toolchain->alsa != NULL
            ? arena_format(arena, "%s/lib/libasound.a", toolchain->alsa)
            : compiler_file(toolchain, "libasound.a", arena);
    if (path == NULL) {
        diag_tool(diag, "--static: no libasound.a, which Debian does not "
                        "package");
    } else if (access(path, R_OK) != 0) {
        diag_tool(diag, "--static: no '%s'", path);
    } else if (loads_plugins(path, arena)) {
        diag_tool(diag,
                  "--static: '%s' loads plugins with dlopen(), which a "
                  "static executable does not survive",
                  path);
    } else {
        return true;
    }
    return diag_hint(diag, "apt-get source alsa-lib, and in it\n"
                           "./configure --enable-static --disable-shared "
                           "--without-libdl --prefix=/usr\n"
                           "make && make install DESTDIR=$HOME/alsa\n"
                           "then --static --alsa $HOME/alsa/usr");
}

static bool find_alsa(struct toolchain *toolchain, const char *alsa,
                      struct arena *arena, struct diag *diag)
{
    return (alsa == NULL ||
            find_folder(&toolchain->alsa, "--alsa", alsa, arena, diag)) &&
           (!toolchain->is_static || check_static(toolchain, arena, diag));
}

/*
 * gcc 12 writes constants in pieces of 32 bytes where the CPU has AVX-512, and
 * takes the lowest part of one whose upper half is zero for all of it: of
 * {x, x, 0, 0} it makes {x, x, x, x}. Pieces of 16 bytes are right. Older gcc
 * and clang have neither the fault nor the options.
 */
static const char *const gcc_x86_care[] = {"-mmove-max=128", "-mstore-max=128",
                                           NULL};
static const char *const no_care[] = {NULL};

/* Whether the compiler knows all of them; NULL at the end. */
static bool takes(const struct toolchain *toolchain, const char *const *flags,
                  struct arena *arena)
{
    static const char *const nothing[] = {"-E", "-x", "c", "/dev/null", NULL};
    const char *argv[ARGUMENTS_MAX] = {toolchain->cc};
    size_t count = 1;
    struct process process;
    struct diag ignored;
    diag_init(&ignored, NULL);
    for (; *flags != NULL; flags++) {
        argv[count++] = *flags;
    }
    memcpy(argv + count, nothing, sizeof(nothing));
    return process_run(&process, argv, NULL, PROBE_TIMEOUT_MS, arena,
                       &ignored) &&
           process_succeeded(&process);
}

static const char *const *find_care(const struct toolchain *toolchain,
                                    struct arena *arena)
{
    bool is_taken = !toolchain->is_clang &&
                    strncmp(toolchain->target->abi->triple, "x86_64", 6) == 0 &&
                    takes(toolchain, gcc_x86_care, arena);
    return is_taken ? gcc_x86_care : no_care;
}

/* gcc has -Oz from version 12 on. */
static const char *find_small(const struct toolchain *toolchain,
                              struct arena *arena)
{
    static const char *const smallest[] = {"-Oz", NULL};
    return toolchain->is_clang || takes(toolchain, smallest, arena)
               ? smallest[0]
               : "-Os";
}

static bool find_compiler(struct toolchain *toolchain, const char *cc,
                          struct arena *arena, struct diag *diag)
{
    const struct target *target = toolchain->target;
    struct compiler_choice choice = {NULL, NULL};
    if (cc != NULL) {
        choice.path = process_find(cc, arena);
    } else {
        choice = compiler_choose(target, arena);
    }
    toolchain->cc = absolute(choice.path, arena);
    toolchain->newer_cc = choice.newer;
    if (toolchain->cc == NULL) {
        const char *other = cc != NULL && !target->is_cross
                                ? compiler_choose(target, arena).path
                                : NULL;
        diag_tool(diag, "no program '%s'", cc != NULL ? cc : "clang");
        if (other != NULL) {
            return diag_hint(diag, "--cc %s", file_base_name(other));
        }
        return target->is_cross
                   ? diag_hint(diag, "sudo apt install %s%s",
                               cc == NULL ? "clang-19 lld-19 " : "",
                               target_packages(target, cc == NULL, arena))
                   : diag_hint(diag, "sudo apt install clang-19");
    }
    toolchain->is_clang =
        strstr(file_base_name(toolchain->cc), "clang") != NULL;
    toolchain->linker = find_linker(toolchain, arena);
    toolchain->care = find_care(toolchain, arena);
    toolchain->proper = compiler_proper(toolchain->cc, arena);
    toolchain->small = find_small(toolchain, arena);
    return !target->is_cross ||
           ((toolchain->is_clang || check_machine(toolchain, arena, diag)) &&
            check_cross(toolchain, arena, diag));
}

bool toolchain_find(struct toolchain *toolchain,
                    const struct toolchain_request *request,
                    const struct target *target, struct arena *arena,
                    struct diag *diag)
{
    static const char *const no_launcher[] = {NULL};
    *toolchain = (struct toolchain){.target = target,
                                    .is_static = request->is_static,
                                    .launcher = no_launcher};
    const char *wasm2c = request->wasm2c != NULL ? request->wasm2c : "wasm2c";
    toolchain->wasm2c = absolute(process_find(wasm2c, arena), arena);
    if (toolchain->wasm2c == NULL) {
        diag_tool(diag, "no program '%s'", wasm2c);
        return diag_hint(diag, "sudo apt install wabt");
    }
    return find_sysroot(toolchain, request->sysroot, arena, diag) &&
           find_compiler(toolchain, request->cc, arena, diag) &&
           find_alsa(toolchain, request->alsa, arena, diag) &&
           find_data(toolchain, arena, diag);
}

bool toolchain_launch(struct toolchain *toolchain, const char *const *words,
                      size_t count, struct arena *arena, struct diag *diag)
{
    const char **launcher = arena_alloc(arena, count + 1, sizeof(*launcher));
    for (size_t i = 0; i < count; i++) {
        launcher[i] = words[i];
    }
    if (count > 0) {
        launcher[0] = absolute(process_find(words[0], arena), arena);
        if (launcher[0] == NULL) {
            diag_tool(diag, "no program '%s' to start the compiler", words[0]);
            return diag_hint(diag, "sudo apt install ccache, distcc or icecc");
        }
    }
    toolchain->launcher = launcher;
    return true;
}

void toolchain_for_host(struct toolchain *home,
                        const struct toolchain *toolchain,
                        const struct target *target)
{
    *home = *toolchain;
    home->target = target;
    home->sysroot = NULL;
    home->alsa = NULL;
    home->is_static = false;
    home->care = no_care; /* it is clang */
}

bool toolchain_find_alternative(struct toolchain *alternative,
                                const struct toolchain *toolchain,
                                struct arena *arena)
{
    *alternative = *toolchain;
    alternative->cc = absolute(process_find("gcc", arena), arena);
    alternative->is_clang = false;
    alternative->linker = NULL;
    if (!toolchain->is_clang || alternative->cc == NULL) {
        return false;
    }
    alternative->care = find_care(alternative, arena);
    alternative->proper = compiler_proper(alternative->cc, arena);
    alternative->small = find_small(alternative, arena);
    return true;
}
