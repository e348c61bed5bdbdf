/* SPDX-License-Identifier: MIT */
/*
 * Building for other machines: what is chosen, what is said when something is
 * missing, what the executables need, and that they refuse a CPU that is too
 * old. That they compute the same bits is shown by test_vectors.c.
 */
#include "suite.h"

#include "builder.h"
#include "emulator.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ARM = 40, AARCH64 = 183, RISCV = 243, X86_64 = 62 };

/* What --alsa names: the same folder in each test, so that they share the
 * shim's objects. */
static char *home;
static char *alsa;
static char *alsa_library;

static void make_home(void)
{
    home = tmpdir_make();
    alsa = text("%s/alsa", home);
    char *folder = text("%s/lib", alsa);
    alsa_library = text("%s/libasound.a", folder);
    ck_assert_int_eq(mkdir(alsa, 0777), 0);
    ck_assert_int_eq(mkdir(folder, 0777), 0);
    free(folder);
}

static void remove_home(void)
{
    tmpdir_remove(home);
    free(alsa);
    free(alsa_library);
}

static void setup(void)
{
    builder_setup();
    builder_wat("ramp.wasm", builder_ramp);
}

/* A program for each ABI; for one more CPU of it, an object, which has a tenth
 * of the shim. */
static const struct {
    const char *target;
    const char *kind;
    unsigned char bits; /* ELF class: 1 for 32, 2 for 64 */
    unsigned char machine;
    const char *cpu; /* as --info of the patch tells */
} made[] = {
    {"aarch64-linux-gnu", "program", 2, AARCH64,
     "aarch64-linux-gnu, cpu baseline"},
    {"arm64", "program", 2, AARCH64, "aarch64-linux-gnu, cpu baseline"},
    {"rpi4", "program", 2, AARCH64, "aarch64-linux-gnu, cpu cortex-a72"},
    {"armhf", "program", 1, ARM, "arm-linux-gnueabihf, cpu baseline"},
    {"rpi2", "object", 1, ARM, "arm-linux-gnueabihf, cpu cortex-a7"},
    {"beaglebone", "object", 1, ARM, "arm-linux-gnueabihf, cpu cortex-a8"},
    {"riscv64", "program", 2, RISCV, "riscv64-linux-gnu, cpu baseline"},
    {"visionfive2", "object", 2, RISCV, "riscv64-linux-gnu, cpu sifive-u74"},
};

static bool contains(const unsigned char *bytes, size_t size, const char *what)
{
    size_t length = strlen(what);
    for (size_t i = 0; i + length <= size; i++) {
        if (memcmp(bytes + i, what, length) == 0) {
            return true;
        }
    }
    return false;
}

START_TEST(makes_code_of_that_machine)
{
    struct child child =
        RUN("-q", "-O1", "ramp.wasm", "--target", made[_i].target, "--emit",
            made[_i].kind, "-o", "ramp");
    ck_assert_msg(child.status == 0, "%s: %s", made[_i].target, child.err);
    child_free(&child);
    size_t size = 0;
    unsigned char *elf = slurp(builder_path("ramp"), &size);
    ck_assert_uint_gt(size, 20);
    ck_assert_msg(elf[4] == made[_i].bits && elf[18] == made[_i].machine,
                  "%s: ELF class %u, machine %u", made[_i].target, elf[4],
                  elf[18]);
    if (strcmp(made[_i].kind, "program") == 0) {
        /* Libraries and symbol versions as a build on that machine has them. */
        ck_assert(contains(elf, size, "libasound.so.2"));
        ck_assert(contains(elf, size, "ALSA_0.9.0rc4"));
    }
    ck_assert_msg(contains(elf, size, made[_i].cpu), "%s: not '%s'",
                  made[_i].target, made[_i].cpu);
    free(elf);
}
END_TEST

/* What --target amd64 makes differs from a native build by its CPU alone. */
START_TEST(own_architecture_by_name_is_no_cross_build)
{
#if defined(__x86_64__)
    struct child child = RUN("-q", "-O0", "ramp.wasm", "--target", "amd64",
                             "-o", "named", "--name", "n");
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    child = BUILD("ramp.wasm", "-q", "-o", "plain", "--name", "n");
    child_free(&child);
    size_t size = 0;
    size_t named_size = 0;
    unsigned char *named = slurp(builder_path("named"), &named_size);
    unsigned char *plain = slurp(builder_path("plain"), &size);
    ck_assert_uint_eq(named_size, size);
    ck_assert_mem_eq(named, plain, size);
    free(named);
    free(plain);
#endif
}
END_TEST

static const struct {
    const char *arguments[3];
    int status;
    const char *text;
    const char *hint;
} refused[] = {
    {{"--target", "rpi9"},
     2,
     "--target: unknown target 'rpi9'",
     "f4e-build --target list"},
    {{"--target", "rpi4", "--cpu=native"},
     2,
     "--cpu native is this machine's, not that of 'rpi4'",
     "leave --cpu out, or name the CPU"},
    {{"--target", "rpi-zero"},
     2,
     "'rpi-zero' is ARMv6: a sysroot is needed",
     "--sysroot DIR, the root folder of a Raspberry Pi OS"},
    {{"--target", "rpi4", "--sysroot=/none"},
     2,
     "--sysroot: cannot open '/none'",
     ""},
    {{"--target", "rpi4", "--sysroot=."},
     3,
     "cannot build for aarch64-linux-gnu: missing C library (Scrt1.o), libgcc "
     "(crtbeginS.o) in ",
     "a sysroot needs the packages libc6-dev, libgcc-12-dev and "
     "libasound2-dev of its system"},
    {{"--target", "rpi4", "--cc=gcc"},
     3,
     "compiles for x86_64-linux-gnu, not for aarch64-linux-gnu",
     "sudo apt install gcc-aarch64-linux-gnu libc6-dev-arm64-cross, and --cc "
     "aarch64-linux-gnu-gcc"},
    {{"--target", "riscv64", "--cc=riscv64-linux-none-gcc"},
     3,
     "no program 'riscv64-linux-none-gcc'",
     "sudo apt install gcc-riscv64-linux-gnu libc6-dev-riscv64-cross"},
};

START_TEST(refuses_with_what_to_type)
{
    struct child child =
        RUN("-q", "ramp.wasm", refused[_i].arguments[0],
            refused[_i].arguments[1], refused[_i].arguments[2]);
    ck_assert_msg(child.status == refused[_i].status, "%s: status %d: %s",
                  refused[_i].text, child.status, child.err);
    ck_assert_msg(strstr(child.err, refused[_i].text) != NULL, "%s", child.err);
    ck_assert_msg(strstr(child.err, refused[_i].hint) != NULL, "%s", child.err);
    child_free(&child);
    ck_assert(access(builder_path("ramp"), F_OK) != 0);
}
END_TEST

static const struct {
    const char *symbol;
    int status; /* 3 by the refusal or by the linker, which knows no such file
                 */
    bool is_refused;
} archives[] = {
    {"dlopen", 3, true},
    {"snd_dlopen", 3, false},
};

/* A static executable would die of a plugin that it loads. */
START_TEST(refuses_a_static_library_that_loads_plugins)
{
    char *bytes = text("!<arch>\n%c%s%c", 1, archives[_i].symbol, 1);
    size_t length = strlen(bytes);
    for (size_t i = 0; i < length; i++) {
        bytes[i] = (char)(bytes[i] == 1 ? 0 : bytes[i]);
    }
    spit(alsa_library, bytes, length);
    free(bytes);
    struct child child = RUN("-q", "-O0", "--cpu", "baseline", "ramp.wasm",
                             "--static", "--alsa", alsa);
    ck_assert_int_eq(child.status, archives[_i].status);
    bool is_refused =
        strstr(child.err, "libasound.a' loads plugins with dlopen(), which a "
                          "static executable does not survive") != NULL &&
        strstr(child.err, "--without-libdl") != NULL;
    ck_assert_msg(is_refused == archives[_i].is_refused, "%s", child.err);
    child_free(&child);
    ck_assert(access(builder_path("ramp"), F_OK) != 0);
}
END_TEST

/* With the stand-in as the library: it loads nothing and is never called. */
START_TEST(links_a_static_executable)
{
    struct child child = RUN("-q", "-O1", "ramp.wasm", "--target", "arm64",
                             "--emit-c", "c", "-o", "ramp");
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    char *command = text("gcc -w -c c/alsa_stub.c && rm -f %s && "
                         "ar rcs %s alsa_stub.o",
                         alsa_library, alsa_library);
    child = RUN_PROGRAM("sh", "-c", command);
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    free(command);
    child = RUN("-q", "-O0", "--cpu", "baseline", "ramp.wasm", "--static",
                "--alsa", alsa);
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    child = RUN_PROGRAM("readelf", "-ld", "ramp");
    ck_assert_int_eq(child.status, 0);
    ck_assert_msg(strstr(child.out, "INTERP") == NULL &&
                      strstr(child.out, "NEEDED") == NULL,
                  "%s", child.out);
    child_free(&child);
    builder_expect_ramp("ramp", 2);
}
END_TEST

/* A clang that has no file but those its first line says. */
static void fake_clang(const char *found)
{
    char *script =
        text("#!/bin/sh\ncase $1 in\n-print-file-name=*)\n"
             "    for file in %s; do\n"
             "        [ \"${1#*=}\" != $file ] || { echo /lib/$file; exit; }\n"
             "    done\n    echo \"${1#*=}\" ;;\n"
             "*) echo unexpected; exit 9 ;;\nesac\n",
             found);
    spit(builder_path("clang-fake"), script, strlen(script));
    ck_assert_int_eq(chmod(builder_path("clang-fake"), 0755), 0);
    free(script);
}

static const struct {
    const char *target;
    const char *found;
    const char *text;
    const char *hint;
} packages[] = {
    {"rpi4", "none",
     "cannot build for aarch64-linux-gnu: missing lld, C library (Scrt1.o), "
     "libgcc "
     "(crtbeginS.o)\n",
     "install lld libc6-dev-arm64-cross libgcc-12-dev-arm64-cross\n"},
    {"rpi2", "Scrt1.o",
     "cannot build for arm-linux-gnueabihf: missing lld, libgcc "
     "(crtbeginS.o)\n",
     "install lld libc6-dev-armhf-cross libgcc-12-dev-armhf-cross\n"},
    {"riscv64", "crtbeginS.o",
     "cannot build for riscv64-linux-gnu: missing lld, C library (Scrt1.o)\n",
     "install lld libc6-dev-riscv64-cross libgcc-12-dev-riscv64-cross\n"},
};

START_TEST(names_the_packages_that_are_missing)
{
    fake_clang(packages[_i].found);
    struct child child = RUN("-q", "ramp.wasm", "--cc", "./clang-fake",
                             "--target", packages[_i].target);
    ck_assert_int_eq(child.status, 3);
    ck_assert_msg(strstr(child.err, packages[_i].text) != NULL, "%s",
                  child.err);
    ck_assert_msg(strstr(child.err, "hint: sudo apt ") != NULL &&
                      strstr(child.err, packages[_i].hint) != NULL,
                  "%s", child.err);
    child_free(&child);
}
END_TEST

/* Every function of the library here has its version in the list. */
START_TEST(stand_in_has_the_versions_of_alsa_lib)
{
    struct child child =
        RUN_PROGRAM("sh", "-c",
                    "library=$(gcc -print-file-name=libasound.so.2) && "
                    "nm -D --defined-only \"$library\" | "
                    "awk '$2 == \"T\" && $3 ~ /^snd_.*@@/ { print $3 }' | "
                    "sort >real && "
                    "awk '$2 == \"{\" { version = $1 } /^  snd_.*;$/ "
                    "{ sub(\";\", \"\"); print $1 \"@@\" version }' " F4E_SHIM
                    "/alsa.map | sort >listed && "
                    "[ \"$(wc -l <real)\" -gt 1000 ] && "
                    "comm -23 real listed");
    ck_assert_msg(child.status == 0, "%s", child.err);
    ck_assert_str_eq(child.out, "");
    child_free(&child);
}
END_TEST

START_TEST(lists_targets)
{
    struct child child = RUN("--target", "list");
    ck_assert_int_eq(child.status, 0);
    for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
        ck_assert_msg(strstr(child.out, made[i].target) != NULL, "%s",
                      made[i].target);
    }
    child_free(&child);
}
END_TEST

/* ---- On an emulated machine ---- */

static const struct emulator *emulator;

static void open_emulator(void)
{
    emulator = emulator_open("arm64");
}

/* Run the patch 'name' on a CPU, with two more arguments. */
static struct child run_on(const char *cpu, const char *name,
                           const char *option, const char *value)
{
    const char *words[32];
    size_t count = emulator_words(emulator, words);
    words[count++] = "-cpu";
    words[count++] = cpu;
    words[count++] = builder_path(name);
    words[count++] = "--render";
    words[count++] = "-";
    words[count++] = "--blocks";
    words[count++] = "1000";
    words[count++] = option;
    words[count++] = value;
    words[count] = NULL;
    return builder_run(words[0], words + 1);
}

static const struct {
    const char *cpu;
    int status;
    const char *text;
} cpus[] = {
    {"cortex-a53", 1, "built for a CPU with dotprod, which this machine lacks"},
    {"max", 0, ""},
};

START_TEST(refuses_a_cpu_that_is_too_old)
{
    struct child child =
        RUN("-q", "-O0", "ramp.wasm", "--target", "rpi5", "-o", "ramp");
    ck_assert_int_eq(child.status, 0);
    child_free(&child);
    child = run_on(cpus[_i].cpu, "ramp", "--denormals", "ieee");
    ck_assert_msg(child.status == cpus[_i].status &&
                      strstr(child.err, cpus[_i].text) != NULL,
                  "%s: status %d: %s", cpus[_i].cpu, child.status, child.err);
    ck_assert_uint_eq(child.out_length > 0, cpus[_i].status == 0);
    child_free(&child);
}
END_TEST

/* The vector's tail becomes denormal; what it then counts differs by mode. */
START_TEST(flushes_denormals_when_told_to)
{
    static const char *const modes[] = {"ieee", "flush"};
    unsigned char *memories[2];
    struct child child =
        RUN("-q", F4E_TEST_DATA "/vectors/denormal_tail/plain.wasm", "--target",
            "rpi4", "-o", "tail");
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    child = RUN("-q", F4E_TEST_DATA "/vectors/denormal_tail/plain.wasm", "-o",
                "here");
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    for (size_t i = 0; i < 2; i++) {
        child = run_on("max", "tail", "--denormals", modes[i]);
        ck_assert_msg(child.status == 0, "%s", child.err);
        struct child here =
            RUN_PROGRAM(builder_path("here"), "--render", "-", "--blocks",
                        "1000", "--denormals", modes[i]);
        ck_assert_uint_eq(child.out_length, here.out_length);
        ck_assert_mem_eq(child.out, here.out, here.out_length);
        memories[i] = (unsigned char *)here.out;
        here.out = NULL;
        child_free(&here);
        child_free(&child);
    }
    ck_assert_mem_ne(memories[0], memories[1], 1000 * 128 * 4);
    free(memories[0]);
    free(memories[1]);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("cross");
    TCase *tcase = tcase_create("builds");
    tcase_set_timeout(tcase, 600);
    tcase_add_unchecked_fixture(tcase, make_home, remove_home);
    tcase_add_checked_fixture(tcase, setup, builder_teardown);
    tcase_add_loop_test(tcase, makes_code_of_that_machine, 0,
                        sizeof(made) / sizeof(made[0]));
    tcase_add_test(tcase, own_architecture_by_name_is_no_cross_build);
    tcase_add_loop_test(tcase, refuses_with_what_to_type, 0,
                        sizeof(refused) / sizeof(refused[0]));
    tcase_add_loop_test(tcase, refuses_a_static_library_that_loads_plugins, 0,
                        sizeof(archives) / sizeof(archives[0]));
    tcase_add_test(tcase, links_a_static_executable);
    tcase_add_loop_test(tcase, names_the_packages_that_are_missing, 0,
                        sizeof(packages) / sizeof(packages[0]));
    tcase_add_test(tcase, stand_in_has_the_versions_of_alsa_lib);
    tcase_add_test(tcase, lists_targets);
    suite_add_tcase(suite, tcase);
    TCase *emulated = tcase_create("emulated");
    tcase_set_timeout(emulated, 600);
    tcase_add_unchecked_fixture(emulated, open_emulator, emulator_close);
    tcase_add_checked_fixture(emulated, setup, builder_teardown);
    tcase_add_loop_test(emulated, refuses_a_cpu_that_is_too_old, 0,
                        sizeof(cpus) / sizeof(cpus[0]));
    tcase_add_test(emulated, flushes_denormals_when_told_to);
    suite_add_tcase(suite, emulated);
    return suite;
}
