/* SPDX-License-Identifier: MIT */
/* Which sources of the shim a patch goes without. */
#include "compile/shim_parts.h"
#include "compile/shim_sources.h"
#include "fixture.h"
#include "suite.h"

#include <string.h>

enum { PARTS_MAX = 8 };

/* A row's patch needs these and no other part. */
static const struct {
    const char *name;
    struct patch patch;
    const char *parts[PARTS_MAX];
} rows[] = {
    {"a patch that only plays",
     {.runtime = RUNTIME_AUDIO},
     {"alsa/audio_alsa.c", "jack/audio_jack.c"}},
    {"a timer", {.runtime = RUNTIME_TIMER}, {"audio/audio_timer.c"}},
    {"the key's code alone",
     {.runtime = RUNTIME_TIMER, .keyboard_code = 4},
     {"audio/audio_timer.c", "common/key_codes.c", "keyboard/key_evdev.c",
      "keyboard/key_input.c", "keyboard/key_term.c", "keyboard/key_tty.c"}},
    {"whether a key is down alone",
     {.runtime = RUNTIME_TIMER, .keyboard_pressed = 4},
     {"audio/audio_timer.c", "common/key_codes.c", "keyboard/key_evdev.c",
      "keyboard/key_input.c", "keyboard/key_term.c", "keyboard/key_tty.c"}},
    {"inputs",
     {.runtime = RUNTIME_AUDIO, .input_count = 1},
     {"alsa/audio_alsa.c", "audio/input.c", "jack/audio_jack.c"}},
    {"MIDI that comes",
     {.runtime = RUNTIME_AUDIO, .midi_count = 1},
     {"alsa/audio_alsa.c", "jack/audio_jack.c", "midi/smf_load.c",
      "rt/midi_queue.c"}},
    {"MIDI that leaves",
     {.runtime = RUNTIME_AUDIO, .midi_out_ports = 1},
     {"alsa/audio_alsa.c", "jack/audio_jack.c", "jack/jack_midi_out.c",
      "midi/midi_send.c", "midi/midi_send_raw.c", "midi/midi_send_seq.c",
      "rt/midi_queue.c"}},
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static bool has_part(const char *const *parts, size_t count, const char *name)
{
    bool is_there = false;
    for (size_t i = 0; i < count && parts[i] != NULL; i++) {
        is_there = is_there || strcmp(parts[i], name) == 0;
    }
    return is_there;
}

START_TEST(leaves_out_what_the_patch_has_no_use_for)
{
    const char *name = NULL;
    for (unsigned i = 0; (name = shim_parts_name(i)) != NULL; i++) {
        ck_assert_msg(shim_parts_needs(&rows[_i].patch, name) ==
                          has_part(rows[_i].parts, PARTS_MAX, name),
                      "%s: %s", rows[_i].name, name);
    }
    ck_assert(shim_parts_needs(&rows[_i].patch, "rt/engine.c"));
}
END_TEST

/* A file that was renamed would be in every patch again. */
START_TEST(names_files_of_the_list)
{
    struct shim_sources sources;
    const char *name = NULL;
    unsigned count = 0;
    ck_assert(shim_sources_list(&sources, F4E_SOURCES, "", &arena, &diag));
    for (; (name = shim_parts_name(count)) != NULL; count++) {
        ck_assert_msg(has_part(sources.names, sources.count, name), "%s", name);
    }
    ck_assert_uint_gt(count, 0);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("shim_parts");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, leaves_out_what_the_patch_has_no_use_for, 0,
                        ROWS);
    tcase_add_test(tcase, names_files_of_the_list);
    suite_add_tcase(suite, tcase);
    return suite;
}
