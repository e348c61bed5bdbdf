/* SPDX-License-Identifier: MIT */
#include "builder.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_ARGUMENTS = 64,
    MAX_PATHS = 512,
    BLOCK_FRAMES = 128,
    ERROR_TAIL_BYTES = 2000,
};

char *builder_work;
char *builder_temporary;
unsigned builder_signal_after_ms;
const char *builder_environment[3];

static char *paths[MAX_PATHS];
static size_t path_count;

const char builder_ramp[] =
    "(module (import \"host\" \"memory\" (memory 1 1))\n"
    " (func (export \"buffer\") (local $i i32)\n"
    "  (loop $again\n"
    "   (f32.store offset=16 (i32.shl (local.get $i) (i32.const 2))\n"
    "    (f32.div (f32.convert_i32_s (i32.load (i32.const 4)))\n"
    "     (f32.const 1000)))\n"
    "   (i32.store (i32.const 4)\n"
    "    (i32.add (i32.load (i32.const 4)) (i32.const 1)))\n"
    "   (br_if $again (i32.lt_s\n"
    "    (local.tee $i (i32.add (local.get $i) (i32.const 1)))\n"
    "    (i32.const 128))))))\n";

void builder_setup(void)
{
    builder_work = tmpdir_make();
    builder_temporary = tmpdir_make();
    builder_signal_after_ms = 0;
    path_count = 0;
    for (size_t i = 0; i < 3; i++) {
        builder_environment[i] = NULL;
    }
}

void builder_teardown(void)
{
    ck_assert_uint_eq(directory_count(builder_temporary), 0);
    tmpdir_remove(builder_temporary);
    tmpdir_remove(builder_work);
    while (path_count > 0) {
        free(paths[--path_count]);
    }
}

const char *builder_path(const char *name)
{
    ck_assert_uint_lt(path_count, MAX_PATHS);
    return paths[path_count++] = text("%s/%s", builder_work, name);
}

void builder_wat(const char *name, const char *text_format)
{
    wat_write(text_format, builder_path(name));
}

struct child builder_run(const char *program, const char *const *arguments)
{
    const char *argv[MAX_ARGUMENTS] = {program};
    for (size_t i = 0; arguments[i] != NULL; i++) {
        ck_assert_uint_lt(i, MAX_ARGUMENTS - 2);
        argv[i + 1] = arguments[i];
    }
    char *variable = text("TMPDIR=%s", builder_temporary);
    const char *environment[5] = {variable};
    for (size_t i = 0; i < 3 && builder_environment[i] != NULL; i++) {
        environment[i + 1] = builder_environment[i];
    }
    const struct child_setup setup = {
        .directory = builder_work,
        .environment = environment,
        .signal_after_ms = builder_signal_after_ms,
        .timeout_ms = 600000, /* machines may be busy */
    };
    struct child child;
    child_run(&child, argv, &setup);
    free(variable);
    return child;
}

struct child builder_build(const char *const *arguments)
{
    const char *all[MAX_ARGUMENTS] = {"-O0", "--cpu", "baseline"};
    for (size_t i = 0; arguments[i] != NULL; i++) {
        ck_assert_uint_lt(i, MAX_ARGUMENTS - 4);
        all[i + 3] = arguments[i];
    }
    struct child child = builder_run(F4E_BUILD, all);
    /* Check refuses long messages, and -v prints every command. */
    size_t skipped = strlen(child.err) > ERROR_TAIL_BYTES
                         ? strlen(child.err) - ERROR_TAIL_BYTES
                         : 0;
    ck_assert_msg(child.status == 0, "f4e-build: status %d, signal %d\n%s",
                  child.status, child.signal, child.err + skipped);
    return child;
}

void builder_expect_ramp(const char *name, unsigned channels)
{
    enum { BLOCKS = 3 };
    char *program = text("%s/%s", builder_work, name);
    struct child child =
        RUN_PROGRAM(program, "--render", "-", "--blocks", "3", "--quiet");
    ck_assert_msg(child.status == 0, "%s: %s", name, child.err);
    ck_assert_uint_eq(child.out_length,
                      sizeof(float) * BLOCKS * BLOCK_FRAMES * channels);
    for (size_t i = 0; i < (size_t)BLOCKS * BLOCK_FRAMES * channels; i++) {
        float sample;
        size_t frame = i / channels;
        float expected = (float)frame / 1000.0F;
        memcpy(&sample, child.out + i * sizeof(sample), sizeof(sample));
        ck_assert_msg(sample == expected, "%s: sample %zu is %g, not %g", name,
                      i, (double)sample, (double)expected);
    }
    child_free(&child);
    free(program);
}

void builder_expect_same(const char *one, const char *other)
{
    size_t sizes[2];
    unsigned char *files[2] = {slurp(builder_path(one), &sizes[0]),
                               slurp(builder_path(other), &sizes[1])};
    ck_assert_msg(sizes[0] == sizes[1], "%s has %zu bytes, %s %zu", one,
                  sizes[0], other, sizes[1]);
    for (size_t i = 0; i < sizes[0]; i++) {
        ck_assert_msg(files[0][i] == files[1][i], "%s and %s differ at %zu",
                      one, other, i);
    }
    free(files[0]);
    free(files[1]);
}
