/* SPDX-License-Identifier: MIT */
/*
 * All ways by which a player reaches a patch, each in one patch that proves an
 * address from the word it reaches: playing does not end the proof, what
 * nothing declares does, and the memory is the same in both.
 */
#include "suite.h"

#include "builder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "push INDEX, look": an element of a table. One word of each module is the
 * index; a proof that takes it for what it is at first has the same address. */
static const char before[] =
    "8f4e/v1\n"
    "note config\n"
    "; @config runtime AudioWorkletRuntime\n"
    "; @config audioRuntime.sampleRate 48000\n"
    "; @config audioRuntime.audioInBufferLAddress io:in\n"
    "; @config audioRuntime.audioOutBufferLAddress io:out\n"
    "; @config keyboard.keyCodeMemory keyboard:code\n"
    "; @config keyboard.keyPressedMemory keyboard:down\n"
    "; @config bin.sound.url sound.bin\n"
    "; @config bin.sound.memory asset:word\n"
    "; @config midi.inputs.keys.port 0\n"
    "; @config midi.inputs.keys.callback onMidi\n"
    "noteEnd\n"
    "constants env\nconst SAMPLE_RATE 48000\nconst AUDIO_BUFFER_SIZE 128\n"
    "constantsEnd\n"
    "function onMidi\n#export onMidi\n#impure\nparam int status\n"
    "param int data1\nparam int data2\n"
    "push &midi:word\npush data1\npush data2\nadd\nstore\nfunctionEnd\n"
    "function buffer\n#export buffer\nuse env\n"
    "loop AUDIO_BUFFER_SIZE\ncall main\nloopEnd\nfunctionEnd\n"
    "entry main\n"
    "module io\nuse env\nfloat[] in AUDIO_BUFFER_SIZE\n"
    "float[] out AUDIO_BUFFER_SIZE\nint i\n"
    "push &i\npush i\npush 1\nadd\npush 127\nand\nstore\n"
    "push &out\npush i\npush 4\nmul\nadd\npush sum:total\nstore\n"
    "moduleEnd\n"
    "module sum\nfloat total\nfloat[] table 8 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8\n"
    "moduleEnd\n";

/* Its declarations, and the name of the word whose low bits are an index. */
static const struct {
    const char *name;
    const char *declarations;
    const char *word;
} kinds[] = {
    {"keyboard", "int code\nint down\n", "code"},
    {"pressed", "", "keyboard:down"},
    {"slider", "int word\n; @slider word 0 7 1\n", "word"},
    {"switch", "int word\n; @switch word 0 3\n", "word"},
    {"button", "int word\n; @button word 0 3\n", "word"},
    {"fade", "float word\nfloat other\n; @crossfade &word &other\n", "word"},
    {"faded", "", "fade:other"},
    {"piano", "int count\nint[] keys 4\n; @piano keys count 48\n", "count"},
    {"keys", "", "piano:keys"},
    {"asset", "int[] word 16\n", "word"},
    {"midi", "int word\n", "word"},
    {"input", "", "io:in"},
};

/* The low bits as the index: any number is one. */
static const char used[] = "push &sum:total\npush &sum:table\npush &%s\nload\n"
                           "push 7\nand\npush 4\nmul\nadd\nloadFloat\n"
                           "push sum:total\npush 0.5\nmul\nadd\nstore\n";

/* An int that nothing writes. Of the first one the proof is as good when it may
 * be anything, of the second it is not. */
static const char settings[] =
    "module setting\nint word\n"
    "push word\npush 5\ngreaterThan\nif\n"
    "push &sum:total\npush 0.25\nstore\nifEnd\nmoduleEnd\n"
    "module bare\nint word\nint[] tail 8\n"
    "push &sum:total\npush &sum:table\npush word\npush 4\nmul\nadd\n"
    "loadFloat\nstore\nmoduleEnd\nentryEnd\n";

/* What is done to it, in the 6th block or later, and which word the general
 * code is for then; NULL: it does not run. */
static const struct {
    const char *name;
    const char *script;
    const char *cause;
} played[] = {
    {"nothing", "", NULL},
    {"a key", "5b key down KeyZ\n9b key down KeyQ\n20b key up KeyZ\n", NULL},
    {"a slider", "5b set slider:word 7\n9b set slider:word 0\n", NULL},
    {"a switch", "5b set switch:word 3\n", NULL},
    {"a button", "5b set button:word 3\n6b set button:word 0\n", NULL},
    {"a crossfade", "5b set fade:word 0\n5b set fade:other 1\n", NULL},
    {"a piano",
     "5b piano piano:keys 61 down\n6b piano piano:keys 66 down\n"
     "8b piano piano:keys 61 up\n",
     NULL},
    {"a full piano",
     "5b piano piano:keys 61 down\n5b piano piano:keys 62 down\n"
     "5b piano piano:keys 63 down\n5b piano piano:keys 64 down\n"
     "5b piano piano:keys 65 down\n",
     NULL},
    {"an asset", "5b load asset:word other.bin\n", NULL},
    {"a note", "5b midi 0 0x90 60 100\n7b midi 0 0x80 60 0\n", NULL},
    {"a setting", "5b set setting:word 77\n", NULL},
    {"what is fixed", "5b set bare:word 3\n", "bare:word"},
    {"a count beyond its keys", "5b set piano:count -9\n6b set piano:count 2\n",
     "piano:count"},
};

static void write_text(const char *name, const char *text)
{
    spit(builder_path(name), text, strlen(text));
}

static void write_project(void)
{
    char *all = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&all, &size);
    (void)fputs(before, stream);
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        (void)fprintf(stream, "module %s\n%s", kinds[i].name,
                      kinds[i].declarations);
        (void)fprintf(stream, used, kinds[i].word);
        (void)fputs("moduleEnd\n", stream);
    }
    (void)fputs(settings, stream);
    (void)fclose(stream);
    write_text("played.8f4e", all);
    free(all);
}

static void build(const char *mode)
{
    struct child child = BUILD("--ranges", mode, "--project", "played.8f4e",
                               "made/plain.wasm", "-o", mode);
    child_free(&child);
}

/* The memory at the end, and the statistics; free() both. */
static unsigned char *play(const char *mode, size_t *size, char **stats)
{
    size_t stats_size = 0;
    struct child child =
        RUN_PROGRAM(builder_path(mode), "--render", "none", "--blocks", "40",
                    "--input", "in.wav", "--script", "script", "--dump-memory",
                    "memory", "--stats-json", "stats.json");
    ck_assert_msg(child.status == 0, "%s: %s", mode, child.err);
    child_free(&child);
    *stats = (char *)slurp(builder_path("stats.json"), &stats_size);
    return slurp(builder_path("memory"), size);
}

static void expect_played(size_t row)
{
    char *stats = NULL;
    size_t size = 0;
    size_t plain_size = 0;
    write_text("script", played[row].script);
    unsigned char *plain = play("off", &plain_size, &stats);
    free(stats);
    unsigned char *proven = play("on", &size, &stats);
    ck_assert_msg(size == plain_size && memcmp(plain, proven, size) == 0,
                  "%s: another memory", played[row].name);
    const char *cause = played[row].cause;
    char *want = text("\"generalCause\": \"%s\"", cause != NULL ? cause : "");
    ck_assert_msg(strstr(stats, want) != NULL, "%s: not %s in\n%s",
                  played[row].name, want, stats);
    ck_assert_msg((strstr(stats, "\"generalBlocks\": 0,") == NULL) ==
                      (cause != NULL),
                  "%s: %s", played[row].name, stats);
    free(want);
    free(stats);
    free(plain);
    free(proven);
}

/* One second of noise, as the sound card would bring it. */
static void write_input(void)
{
    enum { HEADER = 44, BYTES = 128 * 40 * 4 };
    static unsigned char wav[HEADER + BYTES] = {
        'R', 'I', 'F', 'F', 0, 0, 0,  0, 'W', 'A', 'V', 'E', 'f', 'm',
        't', ' ', 16,  0,   0, 0, 3,  0, 1,   0,   128, 187, 0,   0,
        0,   238, 2,   0,   4, 0, 32, 0, 'd', 'a', 't', 'a',
    };
    const uint32_t bytes = BYTES;
    const uint32_t riff = BYTES + HEADER - 8;
    uint32_t noise = 1;
    memcpy(wav + 4, &riff, sizeof(riff));
    memcpy(wav + 40, &bytes, sizeof(bytes));
    for (size_t at = HEADER; at < sizeof(wav); at += sizeof(float)) {
        noise = noise * 1664525 + 1013904223;
        const float sample = (float)(noise >> 8) / (float)(1 << 25);
        memcpy(wav + at, &sample, sizeof(sample));
    }
    spit(builder_path("in.wav"), wav, sizeof(wav));
}

START_TEST(playing_does_not_end_the_proof)
{
    write_project();
    write_input();
    write_text("sound.bin", "\1\2\3\4");
    write_text("other.bin", "another sound, to its end");
    struct child child =
        RUN_PROGRAM(F4E_PATCHES "/compile", "played.8f4e", "made");
    ck_assert_msg(child.status == 0, "%s", child.err);
    child_free(&child);
    build("off");
    build("on");
    for (size_t i = 0; i < sizeof(played) / sizeof(played[0]); i++) {
        expect_played(i);
    }
}
END_TEST

/* Else the test above would show nothing: an address depends on each word. */
START_TEST(each_word_is_an_index_of_the_proof)
{
    enum { KIND_COUNT = sizeof(kinds) / sizeof(kinds[0]) };
    write_project();
    struct child child =
        RUN_PROGRAM(F4E_PATCHES "/compile", "played.8f4e", "made");
    child_free(&child);
    child = RUN("inspect", "--ranges", "--project", "played.8f4e",
                "made/plain.wasm");
    ck_assert_msg(child.status == 0, "%s", child.err);
    size_t count = 0;
    for (const char *at = child.out;
         (at = strstr(at, "in [&sum:table, &sum:table+")) != NULL; at++) {
        count++;
    }
    ck_assert_uint_eq(count, KIND_COUNT);
    child_free(&child);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("played");
    TCase *tcase = tcase_create("e2e");
    tcase_set_timeout(tcase, 400);
    tcase_add_checked_fixture(tcase, builder_setup, builder_teardown);
    tcase_add_test(tcase, playing_does_not_end_the_proof);
    tcase_add_test(tcase, each_word_is_an_index_of_the_proof);
    suite_add_tcase(suite, tcase);
    return suite;
}
