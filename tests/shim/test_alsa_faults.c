/* SPDX-License-Identifier: MIT */
/*
 * Playing on a card that breaks: tests/fake-card/ strikes where a script says,
 * in virtual time, and writes down what was heard. Every frame of it is
 * compared with an offline render.
 */
#include "fake_card.h"
#include "fake_patch.h"
#include "heard.h"
#include "program.h"
#include "suite.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Keys of the second card, 'other'. */
static const char *other = "speed 0";

/* NULL: one that is as patient as a product is. */
static const char *program;

/* The card's conf: 'settings' are its keys. */
static struct program_result run(const char *settings, const char *arguments,
                                 int status, const char *says)
{
    char conf[2048];
    (void)snprintf(conf, sizeof(conf),
                   "pcm_type.f4e_fake { lib \"%s\" }\n"
                   "pcm.default { type f4e_fake card a file dev.raw log log\n"
                   "  state state %s }\n"
                   "pcm.other { type f4e_fake card b log otherlog %s }\n",
                   getenv("F4E_FAKE_CARD_LIBRARY"), settings, other);
    struct program_result result = program_run(program, conf, arguments);
    ck_assert_msg(result.status == status, "%s | %s: status %d, %s", settings,
                  arguments, result.status, result.err);
    ck_assert_msg(strstr(result.err, says) != NULL, "%s | %s: '%s'", settings,
                  arguments, result.err);
    return result;
}

/* One row: the fault, how the program ends and what it says. */
static const struct {
    const char *settings;
    const char *arguments;
    int status;
    const char *says;
} keeps[] = {
    {"", "", 0, "slack 384 frames"},
    {"script 'xrun@10000'", "", 0, "1 xrun"},
    {"script 'xrun@100'", "", 0, "1 xrun"},
    {"script 'xrun@3000+7000~900'", "", 0, " xruns"},
    {"script 'xrun@10000' access MMAP_INTERLEAVED", "", 0, ", mapped"},
    {"script 'xrun@10000' access RW_NONINTERLEAVED", "", 0, ", by channel"},
    {"script 'xrun@10000' access MMAP_NONINTERLEAVED", "", 0,
     ", mapped, by channel"},
    {"script 'short@64+1001~200' access RW_NONINTERLEAVED", "", 0, ""},
    {"script 'eagain@5000:3 eagain@9000:40' access MMAP_NONINTERLEAVED",
     "--period 100", 0, ""},
    {"script 'xrun@9999 xrun@10001'", "--period 100 --periods 3", 0, "2 xruns"},
    {"script 'suspend@10000:3'", "", 0, ""},
    {"script 'suspend@10000'", "", 0, ""},
    {"script 'short@64+1001~200'", "", 0, ""},
    {"script 'short@1+1'", "", 0, ""},
    {"script 'eagain@64 short@200 eintr@300'", "", 0, ""},
    {"script 'short@64+1001~200' access MMAP_INTERLEAVED", "", 0, ""},
    {"script 'short@777+501 xrun@10000+3333'", "--period 100", 0, " xruns"},
    {"script 'eagain@5000:3 eagain@9000:40'", "", 0, ""},
    {"script 'eintr@5000:3 eintr@9000:20'", "", 0, ""},
    {"script 'eio@5000:2'", "", 0, ""},
    {"script 'spurious@4000:50 early@9000:50'", "", 0, ""},
    {"script 'stall@10000:250'", "", 0, ""},
    {"script 'stall@10000:3000'", "", 0, ""},
    {"quantum period", "--period 100 --periods 4", 0, "periods of 100"},
    {"quantum period", "--period 333 --periods 3", 0, "periods of 333"},
    {"quantum 32 jitter_us 900", "--period 64 --periods 3", 0, ""},
    {"quantum period", "--period 256 --periods 2", 0, "slack 256 frames"},
    {"quantum period", "--period 1000 --periods 2", 0, "periods of 1000"},
    {"script 'xrun@2000+2000'", "--max-xruns 30", 0, " xruns"},
    {"script 'nodev@10000:2'", "--wait-device", 0, "the device is back"},
    {"script 'nodev@10000:1 xrun@20000'", "--wait-device=5", 0, "1 xrun"},
};
enum { KEEPS = sizeof(keeps) / sizeof(*keeps) };

START_TEST(keeps_the_patchs_sequence)
{
    char settings[256];
    char arguments[256];
    (void)snprintf(settings, sizeof(settings), "speed 0 %s",
                   keeps[_i].settings);
    (void)snprintf(arguments, sizeof(arguments),
                   "--frames 40000 --input off --format f32 %s",
                   keeps[_i].arguments);
    (void)run(settings, arguments, keeps[_i].status, keeps[_i].says);
    size_t lost =
        heard_expect(keeps[_i].settings, "--render - --frames 40000", 0);
    const char *script = strstr(settings, "script");
    bool is_losing =
        script != NULL &&
        (strstr(script, "xrun") != NULL || strstr(script, "eio") != NULL ||
         strstr(script, "nodev") != NULL || strstr(script, "suspend@10000'"));
    ck_assert_msg((lost > 0) == is_losing, "%s: %zu frames lost",
                  keeps[_i].settings, lost);
}
END_TEST

static const struct {
    const char *settings;
    const char *arguments;
    int status;
    const char *says;
    size_t buffer;
} duplex[] = {
    {"", "", 0, "input   default", 512},
    {"", "--period 100 --periods 3", 0, "periods of 100", 300},
    {"quantum period", "--period 256 --periods 2", 0, "periods of 256", 512},
    {"script 'xrun@10000'", "", 0, "1 xrun", 512},
    {"linked yes script 'xrun@10000'", "", 0, "1 xrun", 512},
    {"in_script 'xrun@10000+4000~700'", "", 0, " xruns", 512},
    {"script 'xrun@9999' in_script 'xrun@20001'", "", 0, "2 xruns", 512},
    {"script 'suspend@10000:3'", "", 0, "", 512},
    {"script 'suspend@10000'", "", 0, "", 512},
    {"script 'short@64+1001' in_script 'short@90+771'", "", 0, "", 512},
    {"in_script 'eagain@9000:5 eintr@12000:2'", "", 0, "", 512},
    {"script 'eagain@9000:5 eintr@12000:2'", "", 0, "", 512},
    {"access MMAP_INTERLEAVED", "", 0, ", mapped", 512},
    {"access RW_NONINTERLEAVED", "", 0, ", by channel", 512},
    {"access MMAP_NONINTERLEAVED in_script 'xrun@10000+4000~700'", "", 0,
     ", mapped, by channel", 512},
    {"script 'nodev@10000:1'", "--wait-device", 0, "", 512},
};
enum { DUPLEX = sizeof(duplex) / sizeof(*duplex) };

START_TEST(feeds_what_the_card_captures)
{
    char settings[256];
    char arguments[256];
    (void)snprintf(settings, sizeof(settings), "speed 0 %s",
                   duplex[_i].settings);
    (void)snprintf(arguments, sizeof(arguments),
                   "--frames 40000 --format f32 %s", duplex[_i].arguments);
    (void)run(settings, arguments, duplex[_i].status, duplex[_i].says);
    heard_write_input(40064);
    (void)heard_expect(duplex[_i].settings,
                       "--render - --frames 40000 --input-raw in.raw",
                       duplex[_i].buffer);
}
END_TEST

/* How it ends when it cannot go on, or may not begin. */
static const struct {
    const char *settings;
    const char *arguments;
    int status;
    const char *says;
} ends[] = {
    {"script 'nodev@10000'", "", 5, "the device was lost: No such device"},
    {"script 'hup@10000'", "", 5, "the device was lost"},
    {"script 'stall@10000'", "", 5, "it takes no more samples"},
    {"script 'eio@5000:100'", "", 5, "it does not start again"},
    {"script 'xrun@1000+1'", "", 5, "it does not start again"},
    {"script 'nodev@10000:100000'", "--wait-device=1", 5, "not back after 1 s"},
    {"script 'xrun@1000+1000'", "--max-xruns 3", 7, "4 xruns"},
    {"in_script 'hup@10000'", "", 5, "the device was lost"},
    {"in_script 'stall@10000'", "", 5, "it takes no more samples"},
    {"script 'busy@open'", "", 3, "another program is using it"},
    {"script 'gone@open'", "", 3, "there is no such device"},
    {"script 'denied@open'", "", 3, "usermod -aG audio"},
    {"in_script 'busy@open'", "", 3, "for the patch's input"},
    {"in_script 'busy@open'", "--input off", 0, "get silence"},
    {"rates 44100", "", 4, "the patch's 48000 Hz; it has 44100 Hz"},
    {"rates '44100 96000'", "", 4, "44100 and 96000 Hz"},
    {"rates '44100 96000'", "", 4, "--resample"},
    {"rates '44100 96000'", "--resample --input off", 0, "alsa-lib converts"},
    {"formats U8", "", 4, "takes no sample format"},
    {"formats S16_LE", "--format s32", 4, "leave out --format"},
    {"formats S16_LE", "--resample --format s32 --input off", 0, "S32_LE"},
    {"", "--in-device other", 0, "two devices have two clocks"},
    {"", "--in-device nowhere", 3, "'nowhere' for the patch's input"},
    {"channels '4-8'", "", 0, "4 channels"},
    {"channels 1", "", 0, "(left + right) / 2"},
    {"", "--out-map 0:2,1:3 --input off", 0, "4 channels"},
    {"channels '1-2'", "--out-map 0:2,1:3", 4, "does not play 4 channels"},
    {"refuse 'periods=4'", "", 0, "640 frames"},
    {"refuse 'periods=4 periods=5'", "", 0, "768 frames"},
    {"refuse 'period=128'", "", 0, "periods of 256"},
    {"formats S16_LE channels 2 period 192-4096", "--input off", 0,
     "periods of 192"},
    {"formats S16_LE channels 2 period 128 buffer 256", "--input off", 0,
     "256 frames"},
    {"period 256 periods 2-64", "--period 256 --periods 2", 0,
     "slack 256 frames"},
    {"", "--period 64 --periods 2", 2, "--period 64 --periods 3"},
    {"", "--period 24 --periods 7", 0, "warning: that is little time"},
    {"formats S16_LE channels 2 buffer 128",
     "--period 64 --periods 3 --input off", 4, "too short for blocks"},
};
enum { ENDS = sizeof(ends) / sizeof(*ends) };

START_TEST(ends_as_it_must)
{
    char settings[256];
    char arguments[256];
    (void)snprintf(settings, sizeof(settings), "speed 0 %s", ends[_i].settings);
    (void)snprintf(arguments, sizeof(arguments), "--frames 20000 %s",
                   ends[_i].arguments);
    program = getenv("FAKE_HASTY");
    (void)run(settings, arguments, ends[_i].status, ends[_i].says);
}
END_TEST

/* Chains of plug-ins, in front of a card with few ways to reach it. */
static const struct {
    const char *access;
    const char *chain;  /* pcm.chain, in front of 'default' */
    const char *format; /* of the patch: what is not s16 has to be converted */
} chains[] = {
    {"RW_NONINTERLEAVED", "type plug slave.pcm default", "f32"},
    {"MMAP_NONINTERLEAVED", "type plug slave.pcm default", "f32"},
    {"RW_INTERLEAVED", "type mmap_emul slave.pcm default", "s16"},
    {"RW_NONINTERLEAVED", "type mmap_emul slave.pcm default", "s16"},
    {"RW_INTERLEAVED",
     "type plug slave.pcm { type mmap_emul slave.pcm default }", "f32"},
    {"RW_NONINTERLEAVED",
     "type plug slave.pcm { type mmap_emul slave.pcm default }", "f32"},
    {"RW_INTERLEAVED",
     "type plug slave.pcm { type mmap_emul slave.pcm default }", "s16"},
    {"RW_NONINTERLEAVED",
     "type plug slave.pcm { type mmap_emul slave.pcm default }", "s16"},
};
enum { CHAINS = sizeof(chains) / sizeof(*chains) };

START_TEST(plays_through_chains)
{
    char conf[1024];
    char arguments[128];
    size_t bytes;
    (void)snprintf(conf, sizeof(conf),
                   "pcm_type.f4e_fake { lib \"%s\" }\n"
                   "pcm.default { type f4e_fake file dev.raw log log formats "
                   "S16_LE channels 2 rates 48000 speed 2 underruns no "
                   "access %s }\n"
                   "pcm.chain { %s }\n",
                   getenv("F4E_FAKE_CARD_LIBRARY"), chains[_i].access,
                   chains[_i].chain);
    (void)snprintf(
        arguments, sizeof(arguments),
        "--device chain --frames 20480 --input off --format %s --stats",
        chains[_i].format);
    struct program_result result = program_run(NULL, conf, arguments);
    ck_assert_msg(result.status == 0 &&
                      strstr(result.err, "xruns   0,") != NULL,
                  "%s, %s: %d, %s", chains[_i].access, chains[_i].chain,
                  result.status, result.err);
    free(program_read_file("dev.raw", &bytes));
    ck_assert_msg(bytes >= 20480 * 4, "%s, %s: %zu bytes heard",
                  chains[_i].access, chains[_i].chain, bytes);
}
END_TEST

/* Two cards, each with a clock of its own: one that moves does not hide one
 * that stands still. */
static const struct {
    const char *settings;
    const char *other;
    const char *says;
} stalls[] = {
    {"speed 1 script 'stall@9000'", "speed 1 state otherstate",
     "the device was lost"},
    {"speed 1", "speed 1 state otherstate in_script 'stall@9000'",
     "the device was lost"},
};

START_TEST(sees_which_of_two_cards_stands_still)
{
    other = stalls[_i].other;
    program = getenv("FAKE_HASTY");
    (void)run(stalls[_i].settings, "--in-device other --seconds 20", 5,
              stalls[_i].says);
}
END_TEST

/* A card that comes back with other rates is no card to wait for. */
START_TEST(ends_when_a_card_comes_back_changed)
{
    static const char form[] =
        "pcm_type.f4e_fake { lib \"%s\" }\n"
        "pcm.default { type f4e_fake card a log log state state speed 1\n"
        "  rates %d script 'nodev@9000:2' }\n";
    char conf[1024];
    (void)snprintf(conf, sizeof(conf), form, getenv("F4E_FAKE_CARD_LIBRARY"),
                   48000);
    pid_t pid = program_start(NULL, conf, "--input off --wait-device");
    program_wait_for("waiting for it");
    (void)snprintf(conf, sizeof(conf), form, getenv("F4E_FAKE_CARD_LIBRARY"),
                   44100);
    program_write_file("alsa.conf", conf, strlen(conf));
    struct program_result result = program_wait(pid);
    ck_assert_msg(result.status == 4, "%d: %s", result.status, result.err);
    ck_assert_msg(strstr(result.err, "the device is back, but") != NULL, "%s",
                  result.err);
}
END_TEST

static const struct {
    const char *card;
    const char *file;
} formats[] = {{"FLOAT_LE", "f32"}, {"S24_3LE", "s24"}, {"S16_LE", "s16"}};

START_TEST(plays_each_format_as_it_is_rendered)
{
    char line[128];
    size_t bytes;
    size_t rendered_bytes;
    (void)snprintf(line, sizeof(line), "speed 0 formats %s", formats[_i].card);
    (void)run(line, "--frames 5000 --input off", 0, formats[_i].card);
    (void)snprintf(line, sizeof(line), "--render - --frames 5000 --format %s",
                   formats[_i].file);
    ck_assert_int_eq(program_run(NULL, NULL, line).status, 0);
    unsigned char *rendered = program_read_file("child.out", &rendered_bytes);
    unsigned char *played = program_read_file("dev.raw", &bytes);
    ck_assert_uint_eq(bytes, rendered_bytes);
    ck_assert_int_eq(memcmp(played, rendered, bytes), 0);
    free(rendered);
    free(played);
}
END_TEST

START_TEST(dithers_by_a_bit_at_most)
{
    size_t bytes;
    unsigned different = 0;
    (void)run("speed 0 formats S16_LE", "--frames 5000 --input off", 0,
              "S16_LE");
    unsigned char *plain = program_read_file("dev.raw", &bytes);
    (void)remove("state.playback");
    (void)run("speed 0 formats S16_LE",
              "--frames 5000 --input off --dither tpdf", 0, "S16_LE");
    unsigned char *dithered = program_read_file("dev.raw", &bytes);
    ck_assert_uint_eq(bytes, 5000 * 2 * 2);
    for (size_t i = 0; i < bytes / 2; i++) {
        int16_t a;
        int16_t b;
        memcpy(&a, plain + 2 * i, 2);
        memcpy(&b, dithered + 2 * i, 2);
        ck_assert_int_le(abs(a - b), 1);
        different += a != b;
    }
    ck_assert_uint_gt(different, 500);
    free(plain);
    free(dithered);
}
END_TEST

START_TEST(routes_channels)
{
    size_t bytes;
    float x[4];
    (void)run("speed 0 formats FLOAT_LE",
              "--blocks 8 --input off --out-map 1:0,0:3", 0, "4 channels");
    unsigned char *played = program_read_file("dev.raw", &bytes);
    ck_assert_uint_eq(bytes, 8 * 128 * 4 * 4);
    memcpy(x, played + sizeof(x), sizeof(x));
    ck_assert(x[0] == 0.0F && x[1] == 0.0F && x[2] == 0.0F &&
              x[3] == fake_ramp(1));
    free(played);
    /* The third channel's generator starts two further. */
    (void)remove("state.playback");
    (void)run("speed 0 formats FLOAT_LE", "--blocks 8 --in-map 0:2", 0,
              "3 channels");
    played = program_read_file("dev.raw", &bytes);
    memcpy(x, played + 512 * 8, sizeof(x));
    uint32_t lcg = HEARD_LCG_SEED + 2;
    ck_assert(x[1] == heard_draw(&lcg));
    ck_assert(x[3] == heard_draw(&lcg));
    free(played);
}
END_TEST

START_TEST(fades_to_the_limit)
{
    size_t bytes;
    (void)run("speed 0 formats FLOAT_LE",
              "--frames 9000 --input off --fade 100", 0, "");
    unsigned char *played = program_read_file("dev.raw", &bytes);
    const struct frame *frames = (const void *)played;
    ck_assert_uint_eq(bytes, 9000 * sizeof(*frames));
    for (size_t i = 0; i < 9000; i++) {
        float gain = i < 4200 ? 1.0F : (float)(9000 - i) / 4800.0F;
        ck_assert_msg(frames[i].left == fake_ramp(i) * gain, "frame %zu", i);
    }
    free(played);
}
END_TEST

/* In real time: a block of 400 ms is late for certain. */
START_TEST(skips_what_was_lost)
{
    size_t bytes;
    char line[160];
    (void)snprintf(line, sizeof(line),
                   "60b set %d i32 400000\n61b set %d i32 0\n", FAKE_SLEEP_US,
                   FAKE_SLEEP_US);
    program_write_file("s", line, strlen(line));
    struct program_result result =
        run("speed 1 formats FLOAT_LE",
            "--frames 40000 --input off --script s --xrun skip "
            "--latency safe --periods 8",
            0, "1 xrun, ");
    double lost_ms = strtod(strstr(result.err, "1 xrun, ") + 8, NULL);
    char *log = heard_read_log();
    unsigned char *played = program_read_file("dev.raw", &bytes);
    const struct frame *frames = (const void *)played;
    size_t count = bytes / sizeof(*frames);
    int64_t at = fake_card_frame(log, "playback", "xrun", 0);
    ck_assert_msg(at > 0 && (size_t)at < count, "%s", log);
    /* The ramp repeats every 1000 frames. */
    size_t gap = 40000 - count;
    ck_assert_msg(gap % 128 == 0 && gap > 14000 && gap < 30000, "%zu", gap);
    /* As much as was lost, to the nearest block. */
    ck_assert_double_eq_tol((double)gap, lost_ms * 48.0, 70.0);
    for (size_t i = 0; i < count; i++) {
        size_t frame = i < (size_t)at ? i : i + gap;
        ck_assert_msg(frames[i].left == fake_ramp(frame), "frame %zu\n%s", i,
                      log);
    }
    free(played);
    free(log);
}
END_TEST

/* Each line by the signal that ends it. */
static const struct {
    const char *settings;
    const char *arguments;
    bool is_faded;
} signals[] = {
    {"speed 1", "--input off --latency safe", false},
    {"speed 1", "", false},
    {"speed 1", "--input off --fade 50 --latency safe", true},
    {"speed 0 script 'stall@10000'", "--input off", false},
    {"speed 0 script 'nodev@10000:1000000'", "--input off --wait-device",
     false},
};
enum { SIGNALS = sizeof(signals) / sizeof(*signals) };

START_TEST(ends_well_when_interrupted)
{
    enum { WANTED_BYTES = 8 * 4000 }; /* with what a fade of 50 ms takes */
    char conf[1024];
    char arguments[128];
    size_t bytes;
    (void)snprintf(conf, sizeof(conf),
                   "pcm_type.f4e_fake { lib \"%s\" }\n"
                   "pcm.default { type f4e_fake card a file dev.raw log log\n"
                   "  state state formats FLOAT_LE %s }\n",
                   getenv("F4E_FAKE_CARD_LIBRARY"), signals[_i].settings);
    (void)snprintf(arguments, sizeof(arguments), "%s", signals[_i].arguments);
    pid_t pid = program_start(NULL, conf, arguments);
    program_wait_for_bytes("dev.raw", WANTED_BYTES);
    ck_assert_int_eq(kill(pid, SIGINT), 0);
    struct program_result result = program_wait(pid);
    ck_assert_msg(result.status == 0, "%s: %d %s", signals[_i].settings,
                  result.status, result.err);
    unsigned char *played = program_read_file("dev.raw", &bytes);
    ck_assert_uint_gt(bytes, WANTED_BYTES);
    if (signals[_i].is_faded) {
        const struct frame *frames = (const void *)played;
        size_t count = bytes / sizeof(*frames);
        ck_assert(frames[count - 1].left > -0.001F &&
                  frames[count - 1].left < 0.001F);
        ck_assert(frames[count - 3000].left == fake_ramp(count - 3000));
    }
    free(played);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("alsa_faults");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_set_timeout(tcase, 30);
    tcase_add_loop_test(tcase, keeps_the_patchs_sequence, 0, KEEPS);
    tcase_add_loop_test(tcase, feeds_what_the_card_captures, 0, DUPLEX);
    tcase_add_loop_test(tcase, ends_as_it_must, 0, ENDS);
    tcase_add_loop_test(tcase, sees_which_of_two_cards_stands_still, 0, 2);
    tcase_add_loop_test(tcase, plays_through_chains, 0, CHAINS);
    tcase_add_test(tcase, ends_when_a_card_comes_back_changed);
    tcase_add_loop_test(tcase, plays_each_format_as_it_is_rendered, 0, 3);
    tcase_add_test(tcase, dithers_by_a_bit_at_most);
    tcase_add_test(tcase, routes_channels);
    tcase_add_test(tcase, fades_to_the_limit);
    tcase_add_test(tcase, skips_what_was_lost);
    tcase_add_loop_test(tcase, ends_well_when_interrupted, 0, SIGNALS);
    suite_add_tcase(suite, tcase);
    return suite;
}
