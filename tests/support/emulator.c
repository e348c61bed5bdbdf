/* SPDX-License-Identifier: MIT */
#include "emulator.h"

#include "child.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct emulator emulators[] = {
    {"arm64", "aarch64-linux-gnu", "qemu-aarch64", NULL, NULL, NULL},
    {"armhf", "arm-linux-gnueabihf", "qemu-arm", NULL, NULL, NULL},
    {"armel", "arm-linux-gnueabi", "qemu-arm", "arm1176", NULL, NULL},
    {"riscv64", "riscv64-linux-gnu", "qemu-riscv64", NULL, NULL, NULL},
};

static const char module[] = F4E_EXAMPLES "/sine/sine.wasm";

static char *folder;

static void must_run(const char *const *argv)
{
    struct child child;
    child_run(&child, argv, NULL);
    ck_assert_msg(child.status == 0, "%s: %s", argv[0], child.err);
    child_free(&child);
}

/* The stand-in for alsa-lib, as patches are linked with it. */
static void make_library(const struct emulator *emulator)
{
    /* -O1: with the objects of the vectors that are built with -O3. */
    const char *const build[] = {F4E_BUILD,  "-q",
                                 "-O1",      module,
                                 "--target", emulator->target,
                                 "-o",       text("%s/patch", folder),
                                 "--emit-c", text("%s/c", folder),
                                 NULL};
    must_run(build);
    const char *const link[] = {F4E_CLANG,
                                text("--target=%s", emulator->triple),
                                "-fuse-ld=lld",
                                "-shared",
                                "-fPIC",
                                "-nostdlib",
                                "-w",
                                "-Wl,-soname,libasound.so.2",
                                "-Wl,--version-script=" F4E_SHIM "/alsa.map",
                                text("%s/c/alsa_stub.c", folder),
                                "-o",
                                text("%s/libasound.so.2", folder),
                                NULL};
    must_run(link);
}

/* Named, lest ld.so finds libraries of a second architecture. */
static void find_libraries(struct emulator *emulator)
{
    const char *root = getenv("F4E_VECTOR_ROOT");
    if (root != NULL && root[0] != '\0') {
        emulator->root = root;
        emulator->libraries =
            text("LD_LIBRARY_PATH=%s/usr/lib/%s", root, emulator->triple);
        return;
    }
    make_library(emulator);
    emulator->root = text("/usr/%s", emulator->triple);
    emulator->libraries =
        text("LD_LIBRARY_PATH=%s:/usr/%s/lib", folder, emulator->triple);
}

const struct emulator *emulator_open(const char *target)
{
    for (size_t i = 0; i < sizeof(emulators) / sizeof(emulators[0]); i++) {
        struct emulator *emulator = &emulators[i];
        if (strcmp(emulator->target, target) == 0) {
            folder = tmpdir_make();
            find_libraries(emulator);
            return emulator;
        }
    }
    ck_abort_msg("no emulator for '%s'", target);
    return NULL;
}

void emulator_close(void)
{
    tmpdir_remove(folder);
}

size_t emulator_words(const struct emulator *emulator, const char **words)
{
    size_t count = 0;
    words[count++] = emulator->program;
    words[count++] = "-L";
    words[count++] = emulator->root;
    words[count++] = "-E";
    words[count++] = emulator->libraries;
    if (emulator->cpu != NULL) {
        words[count++] = "-cpu";
        words[count++] = emulator->cpu;
    }
    return count;
}
