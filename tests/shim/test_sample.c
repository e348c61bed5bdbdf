/* SPDX-License-Identifier: MIT */
#include "control/sample.h"

#include "common/element.h"
#include "fake_patch.h"
#include "program.h"
#include "suite.h"
#include "wav/wav_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static struct event_list list;
static struct failure failure;
static char *told;

static bool load(const char *name, const char *path)
{
    struct place place;
    size_t size;
    FILE *file = open_memstream(&told, &size);
    failure = (struct failure){0};
    list = (struct event_list){0};
    ck_assert_msg(names_find(&f4e_patch, name, &place, &failure), "%s",
                  failure.text);
    bool is_good =
        sample_load(&f4e_patch, &place, path, 3, &list, file, &failure);
    ck_assert_int_eq(fclose(file), 0);
    return is_good;
}

static void done(void)
{
    event_list_free(&list);
    free(told);
}

static void write_wav(const char *path, enum sample_format format,
                      const float *samples, size_t count, uint32_t rate)
{
    struct wav_writer writer;
    float other[64] = {0.0F};
    const float *const planar[] = {samples, other};
    ck_assert_uint_le(count, 64);
    ck_assert(
        wav_writer_open(&writer, path, format, 2, rate, count, 64, &failure));
    ck_assert(wav_writer_write(&writer, planar, count, &failure));
    ck_assert(wav_writer_close(&writer, &failure));
}

START_TEST(takes_bytes_as_they_are)
{
    program_write_file("f", "\1\2\3", 3);
    ck_assert_msg(load("table:u8[2]", "f"), "%s", failure.text);
    ck_assert_uint_eq(list.count, 1);
    ck_assert_uint_eq(list.events[0].block, 3);
    ck_assert_uint_eq(list.events[0].write.address, FAKE_TABLE + 66);
    ck_assert_uint_eq(list.events[0].write.size, 3);
    ck_assert_mem_eq(list.events[0].write.bytes, "\1\2\3", 3);
    ck_assert_str_eq(
        told, "'f': 3 bytes as they are into table:u8[2], which holds 6");
    done();
}
END_TEST

static const struct {
    const char *name;
    size_t bytes;
    const char *message;
} sizes[] = {
    {"table:u8", 8, NULL},
    {"table:u8", 9, "'f' has 9 bytes, table:u8 holds 8"},
    {"table:f64", 64, NULL},
    {"table:f64", 65, "'f' has 65 bytes, table:f64 holds 64"},
    {"table:f32[7]", 4, NULL},
    {"table:f32[7]", 5, "'f' has 5 bytes, table:f32[7] holds 4"},
    {"amp:gain", 4, NULL},
    {"amp:gain", 5, "'f' has 5 bytes, amp:gain holds 4"},
    {"table:none", 0, NULL},
    {"table:none", 1, "'f' has 1 bytes, table:none holds 0"},
    {"@65530:u8", 6, NULL},
    {"@65530:u8", 7, "'f' has 7 bytes, @0xfffa:u8 holds 6"},
};

START_TEST(refuses_what_does_not_fit)
{
    static const char bytes[128];
    program_write_file("f", bytes, sizes[_i].bytes);
    ck_assert_msg(load(sizes[_i].name, "f") == (sizes[_i].message == NULL),
                  "%s", failure.text);
    if (sizes[_i].message != NULL) {
        ck_assert_str_eq(failure.text, sizes[_i].message);
        ck_assert_int_eq(failure.status, STATUS_USAGE);
    }
    done();
}
END_TEST

static const float waves[] = {0.0F, 1.0F, -1.0F, 0.5F, -0.25F, 2.0F};

static const struct {
    const char *name;
    enum sample_format format;
    double want[6];
} conversions[] = {
    {"table:i8", FORMAT_F32, {0, 127, -127, 64, -32, 127}},
    {"table:u8", FORMAT_F32, {128, 255, 1, 192, 96, 255}},
    {"table:i16", FORMAT_F32, {0, 32767, -32767, 16384, -8192, 32767}},
    {"table:u16", FORMAT_F32, {32768, 65535, 1, 49152, 24576, 65535}},
    {"table:i32",
     FORMAT_F32,
     {0, 2147483647, -2147483647, 1073741824, -536870912, 2147483647}},
    {"table:f32", FORMAT_F32, {0, 1, -1, 0.5, -0.25, 2}},
    {"table:f64", FORMAT_F32, {0, 1, -1, 0.5, -0.25, 2}},
    {"table:i16", FORMAT_S16, {0, 32767, -32767, 16384, -8192, 32767}},
};

START_TEST(converts_the_first_channel)
{
    struct place place;
    write_wav("w", conversions[_i].format, waves, 6, 44100);
    ck_assert_msg(load(conversions[_i].name, "w"), "%s", failure.text);
    ck_assert(names_find(&f4e_patch, conversions[_i].name, &place, &failure));
    unsigned size = element_bytes(place.element);
    ck_assert_uint_eq(list.events[0].write.size, 6 * size);
    for (unsigned i = 0; i < 6; i++) {
        double value = element_decode(place.element,
                                      list.events[0].write.bytes + i * size);
        ck_assert_msg(value == conversions[_i].want[i], "%s[%u] is %.17g",
                      conversions[_i].name, i, value);
    }
    done();
}
END_TEST

/* Every sample of 16 bits comes back from a file of 16 bits. */
START_TEST(keeps_samples_of_equal_width)
{
    uint8_t file[44 + 2 * 2000] = "RIFF\0\0\0\0WAVEfmt \20\0\0\0\1\0\1\0"
                                  "\200\273\0\0\0\167\1\0\2\0\20\0data";
    const uint32_t bytes = 2 * 2000;
    memcpy(file + 40, &bytes, sizeof(bytes));
    for (int first = -32768; first < 32768; first += 2000) {
        int16_t samples[2000];
        for (int i = 0; i < 2000; i++) {
            int sample = first + i;
            samples[i] = (int16_t)(sample > 32767 ? 32767 : sample);
        }
        memcpy(file + 44, samples, sizeof(samples));
        program_write_file("w", file, sizeof(file));
        ck_assert_msg(load("@0x4000:i16", "w"), "%s", failure.text);
        ck_assert_uint_eq(list.events[0].write.size, sizeof(samples));
        ck_assert_mem_eq(list.events[0].write.bytes, samples, sizeof(samples));
        done();
    }
}
END_TEST

START_TEST(says_what_it_did)
{
    write_wav("w", FORMAT_S16, waves, 6, 44100);
    ck_assert(load("table:i16", "w"));
    ck_assert_str_eq(told, "'w': 6 samples of 44100 Hz, channel 1 of 2, as "
                           "int16 into table:i16, which holds 8; the patch "
                           "plays 48000 Hz");
    done();
    write_wav("w", FORMAT_S16, waves, 6, FAKE_RATE);
    ck_assert(load("table:i16", "w"));
    ck_assert_ptr_null(strstr(told, "plays"));
    done();
}
END_TEST

START_TEST(refuses_a_wav_that_is_too_long)
{
    float samples[64] = {0.0F};
    write_wav("w", FORMAT_F32, samples, 9, FAKE_RATE);
    ck_assert(!load("table:i8", "w"));
    ck_assert_str_eq(failure.text, "'w' has 9 samples, table:i8 holds 8");
    done();
    ck_assert(!load("amp:gain", "w"));
    ck_assert_str_eq(failure.text, "'w' has 9 samples, amp:gain holds 1");
    done();
}
END_TEST

START_TEST(refuses_what_is_no_plain_file)
{
    ck_assert(!load("drum:data", "missing"));
    ck_assert_int_eq(failure.status, STATUS_FILE);
    done();
    ck_assert(!load("drum:data", "."));
    ck_assert_str_eq(failure.text, "'.' is not a plain file");
    done();
    ck_assert_int_eq(mkfifo("pipe", 0600), 0);
    ck_assert(!load("drum:data", "pipe"));
    ck_assert_str_eq(failure.text, "'pipe' is not a plain file");
    done();
    program_write_file("w", "RIFF\0\0\0\0WAVEfmt ", 16);
    ck_assert(!load("drum:data", "w"));
    ck_assert_int_eq(failure.status, STATUS_FILE);
    done();
}
END_TEST

/* Cut off while it was written: the length in the header is still 0. */
START_TEST(reads_a_recording_that_was_cut_off)
{
    size_t bytes;
    write_wav("f", FORMAT_F32, waves, 6, FAKE_RATE);
    unsigned char *file = program_read_file("f", &bytes);
    memset(file + 54, 0, 4);
    program_write_file("f", file, bytes);
    free(file);
    ck_assert_msg(load("table:f32", "f"), "%s", failure.text);
    ck_assert_uint_eq(list.events[0].write.size, 24);
    ck_assert_mem_eq(list.events[0].write.bytes, waves, 24);
    ck_assert_ptr_nonnull(strstr(told, "its header does not know the length"));
    done();
}
END_TEST

static const struct {
    const char *start;
    const char *says;
    const char *hint;
} sounds[] = {
    {"RIFF\1\1\1\1AVI ", "'f' is a RIFF file other than WAV, which is not",
     "sox 'f' converted.wav"},
    {"RIFX\1\1\1\1WAVE", "'f' is a big-endian WAV file, which is not read",
     "sox 'f' converted.wav"},
    {"FORM\1\1\1\1AIFF", "'f' is an AIFF file, which is not read here",
     "sox 'f' converted.wav"},
    {"FORM\1\1\1\18SVX", "'f' is an 8SVX file, which is not read here",
     "sox 'f' converted.wav"},
    {"1234ftypM4A 1234", "'f' is an MP4 file, which is not read here",
     "ffmpeg -i 'f' converted.wav"},
    {"\x1a\x45\xdf\xa3more", "'f' is a Matroska or WebM file, which",
     "ffmpeg -i 'f' converted.wav"},
    {"wvpk1234", "'f' is a WavPack file, which is not read here",
     "ffmpeg -i 'f' converted.wav"},
    {"ID3\2more", "'f' is an MP3 file, which is not read here",
     "sox 'f' converted.wav"},
    {"fLaC\1\1\1\1....", "'f' is a FLAC file, which is not read here",
     "sox 'f' converted.wav"},
    {"RIFF", "'f': ends before its format", ""},
    {"RF64\1\1\1\1WAVE", "'f': ends before its data", ""},
};

START_TEST(never_takes_sound_for_numbers)
{
    program_write_file("f", sounds[_i].start, strlen(sounds[_i].start));
    ck_assert(!load("table:u8", "f"));
    ck_assert_msg(strstr(failure.text, sounds[_i].says) != NULL, "%s",
                  failure.text);
    ck_assert_str_eq(failure.hint, sounds[_i].hint);
    done();
}
END_TEST

static const struct {
    const char *path;
    const char *bytes;
    bool is_taken;
} names[] = {
    {"empty.wav", "", false},         {"cut.wav", "RIF", false},
    {"noise.WAV", "\3\1\4\1", false}, {"frames.mp3", "\377\373\220d", false},
    {"x.y.Aiff", "\1", false},        {"./a.wave", "\1", false},
    {"numbers.raw", "\1", true},      {"wav", "\1", true},
    {"wav.s8", "\1", true},           {"x.wavy", "\1", true},
    {"clip.wav.raw", "", true},       {"x.s8", "RIF", true},
};

START_TEST(takes_nothing_for_numbers_that_is_named_as_sound)
{
    program_write_file(names[_i].path, names[_i].bytes,
                       strlen(names[_i].bytes));
    bool is_taken = load("table:u8", names[_i].path);
    ck_assert_msg(is_taken == names[_i].is_taken, "%s: %s", names[_i].path,
                  failure.text);
    if (!is_taken) {
        ck_assert_msg(strstr(failure.text,
                             "' is named as a file of sound and begins as") !=
                          NULL,
                      "%s: %s", names[_i].path, failure.text);
        ck_assert_uint_eq(list.count, 0);
    }
    done();
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("sample");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_add_test(tcase, takes_bytes_as_they_are);
    tcase_add_loop_test(tcase, refuses_what_does_not_fit, 0,
                        sizeof(sizes) / sizeof(*sizes));
    tcase_add_loop_test(tcase, converts_the_first_channel, 0,
                        sizeof(conversions) / sizeof(*conversions));
    tcase_add_test(tcase, keeps_samples_of_equal_width);
    tcase_add_test(tcase, says_what_it_did);
    tcase_add_test(tcase, refuses_a_wav_that_is_too_long);
    tcase_add_test(tcase, refuses_what_is_no_plain_file);
    tcase_add_test(tcase, reads_a_recording_that_was_cut_off);
    tcase_add_loop_test(tcase, never_takes_sound_for_numbers, 0,
                        sizeof(sounds) / sizeof(*sounds));
    tcase_add_loop_test(tcase, takes_nothing_for_numbers_that_is_named_as_sound,
                        0, sizeof(names) / sizeof(*names));
    suite_add_tcase(suite, tcase);
    return suite;
}
