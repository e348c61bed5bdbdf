/* SPDX-License-Identifier: MIT */
/*
 * The same events offline and live: a real patch computes the same sound and
 * leaves the same memory.
 */
#include "suite.h"

#include "builder.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const char script[] = "0b call onKeys 0x90 60 100\n"
                             "0.1s set @4:i32 67 # keys:note\n"
                             "0.1s set 20 f32 0.75\n"
                             "0.15s load @28:u8 bytes\n"
                             "9000f call onControl 0xe0 127 127\n"
                             "0.25s call onKeys 0x80 60 0\n"
                             "0.25s call onKeys 0x90 40 127\n";

static const char *const events[] = {"--script", "script",
                                     "--set",    "@16:f32=0.5",
                                     "--set",    "0.1s:@20:f32=0.25",
                                     "--set",    "50b:@16:f32=1",
                                     "--blocks", "150",
                                     NULL};

/* Run the patch with the events, and these three options more. */
static void run_with(const char *const *more)
{
    const char *arguments[20];
    unsigned count = 0;
    for (unsigned i = 0; events[i] != NULL; i++) {
        arguments[count++] = events[i];
    }
    for (unsigned i = 0; more[i] != NULL; i++) {
        arguments[count++] = more[i];
    }
    arguments[count] = NULL;
    struct child child = builder_run(builder_path("synth"), arguments);
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
}

START_TEST(live_and_offline_are_the_same)
{
    struct child child =
        BUILD(F4E_TEST_DATA "/vectors/midi_synth/plain.wasm", "-o", "synth");
    child_free(&child);
    spit(builder_path("script"), script, strlen(script));
    spit(builder_path("bytes"), "\1\0\0", 3);
    run_with((const char *const[]){"--render", "offline.wav", "--dump-memory",
                                   "offline", NULL});
    run_with((const char *const[]){"--dummy", "--rt-prio", "0", "--record",
                                   "live.wav", "--dump-memory", "live", NULL});
    builder_expect_same("offline", "live");
    builder_expect_same("offline.wav", "live.wav");
    /* And not because nothing happened. */
    size_t size;
    unsigned char *memory = slurp(builder_path("live"), &size);
    ck_assert_int_eq(memory[4], 40);
    free(memory);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("live");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 600);
    tcase_add_checked_fixture(tcase, builder_setup, builder_teardown);
    tcase_add_test(tcase, live_and_offline_are_the_same);
    suite_add_tcase(suite, tcase);
    return suite;
}
