/* SPDX-License-Identifier: MIT */
/*
 * --list-devices with a /proc/asound of the test's own, whose cards are fake
 * cards in an asound.conf.
 */
#include "alsa/devices.h"

#include "fake_patch.h"
#include "json_check.h"
#include "program.h"
#include "suite.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

extern const struct f4e_patch f4e_patch;

enum { PATH_MAX_BYTES = 128 };

static char root[PATH_MAX_BYTES];

static void put(const char *name, const char *text)
{
    char path[2 * PATH_MAX_BYTES];
    (void)snprintf(path, sizeof(path), "%s/%s", root, name);
    /* The folders of the path first. */
    for (char *at = strchr(path + strlen(root) + 1, '/'); at != NULL;
         at = strchr(at + 1, '/')) {
        *at = '\0';
        (void)mkdir(path, 0700);
        *at = '/';
    }
    program_write_file(path, text, strlen(text));
}

static void make_proc(void)
{
    char status[64];
    (void)snprintf(root, sizeof(root), "/tmp/f4e-proc-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(root));
    put("cards", " 0 [PCH            ]: HDA-Intel - HDA Intel PCH\n"
                 "                      HDA Intel PCH at 0xf7d10000 irq 30\n"
                 " 2 [USB            ]: USB-Audio - Box \"4\"\n"
                 "                      Maker Box 4 at usb-1\n");
    put("card0/id", "PCH\n");
    put("card0/pcm0p/info", "card: 0\nname: ALC257 Analog\n");
    put("card0/pcm0c/info", "card: 0\nname: ALC257 Analog\n");
    put("card2/id", "USB\n");
    put("card2/pcm1p/info", "card: 2\nname: Box Audio\n");
    (void)snprintf(status, sizeof(status),
                   "state: RUNNING\nowner_pid   : %ld\n", (long)getpid());
    put("card0/pcm0p/sub0/status", "closed\n");
    put("card0/pcm0p/sub1/status", status);
    put("card0/pcm0c/sub0/status", "closed\n");
    put("card2/pcm1p/sub0/status", status);
}

static void remove_proc(void)
{
    static const char *const names[] = {"cards",
                                        "card0/id",
                                        "card0/pcm0p/info",
                                        "card0/pcm0p/sub0/status",
                                        "card0/pcm0p/sub0",
                                        "card0/pcm0p/sub1/status",
                                        "card0/pcm0p/sub1",
                                        "card0/pcm0p",
                                        "card0/pcm0c/info",
                                        "card0/pcm0c/sub0/status",
                                        "card0/pcm0c/sub0",
                                        "card0/pcm0c",
                                        "card0",
                                        "card2/id",
                                        "card2/pcm1p/info",
                                        "card2/pcm1p/sub0/status",
                                        "card2/pcm1p/sub0",
                                        "card2/pcm1p",
                                        "card2",
                                        ""};
    char path[2 * PATH_MAX_BYTES];
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        (void)snprintf(path, sizeof(path), "%s/%s", root, names[i]);
        ck_assert_msg(remove(path) == 0, "%s", path);
    }
}

static void setup(void)
{
    program_setup();
    make_proc();
}

static void teardown(void)
{
    remove_proc();
    program_teardown();
}

/* The list, when every hw: is a fake card with these settings; free() it. */
static char *list(const char *settings, bool is_json, const char *proc)
{
    char conf[1024];
    char *text = NULL;
    size_t size = 0;
    const char *library = getenv("F4E_FAKE_CARD_LIBRARY");
    ck_assert_ptr_nonnull(library);
    (void)snprintf(conf, sizeof(conf),
                   "pcm_type.f4e_fake { lib \"%s\" }\n"
                   "pcm.hw {\n"
                   "    @args [ CARD DEV ]\n"
                   "    @args.CARD { type string }\n"
                   "    @args.DEV { type integer }\n"
                   "    type f4e_fake\n"
                   "    %s\n}\n"
                   "pcm.default { type null hint.description \"Usual\" }\n"
                   "pcm.sysdefault { type null hint.description "
                   "\"Default\" }\n"
                   "pcm.other { type null hint.description \"Other\" }\n",
                   library, settings);
    program_write_file("list.conf", conf, strlen(conf));
    ck_assert_int_eq(setenv("ALSA_CONFIG_PATH", "list.conf", 1), 0);
    FILE *file = open_memstream(&text, &size);
    devices_print(&f4e_patch, is_json, proc, NULL, file);
    (void)fclose(file);
    return text;
}

static const struct {
    const char *name;
    const char *settings;
    const char *texts[3]; /* in the list */
} rows[] = {
    {"all of it",
     "",
     {"hw:CARD=PCH,DEV=0  HDA Intel PCH, ALC257 Analog\n"
      "  out  1-8 channels, 8000-192000 Hz, FLOAT_LE S32_LE S24_3LE S24_LE "
      "S16_LE period >= 4: OK\n"
      "  in   1-8 channels, 8000-192000 Hz, ",
      "hw:CARD=USB,DEV=1  Box \"4\", Box Audio\n  out  1-8 channels, ",
      "default  Usual\n"}},
    {"one of each",
     "channels 2 rates 48000 formats \"S16_LE\" period 256",
     {"out  2 channels, 48000 Hz, S16_LE period >= 256: OK\n",
      "in   2 channels, 48000 Hz, S16_LE period >= 256: OK\n", ""}},
    {"another rate",
     "rates 44100",
     {"44100 Hz, ",
      ": NO, not at the patch's 48000 Hz; --resample "
      "converts to 44100 Hz, in tune with periods that are multiples of 160\n",
      ""}},
    {"another rate again",
     "rates \"8000 96000\"",
     {": NO, not at the patch's 48000 Hz; --resample converts to 96000 Hz\n",
      "8000-96000 Hz", ""}},
    {"HDMI",
     "formats IEC958_SUBFRAME_LE",
     {": NO, only IEC958_SUBFRAME_LE; try hdmi:CARD=PCH or "
      "sysdefault:CARD=PCH\n",
      "sysdefault  Default\n", ""}},
    {"bytes",
     "formats U8",
     {": NO, no sample format that is known here, only "
      "U8\n",
      "", ""}},
    {"mono", "channels 1", {"out  1 channels", "period >= 8: OK\n", ""}},
    {"many", "channels \"10-12\"", {"out  10-12 channels", ": OK\n", ""}},
    {"denied", "script \"denied@open\"", {"out  NO, Permission denied\n", ""}},
    {"gone", "script \"gone@open\"", {"out  NO, No such file or directory\n"}},
    {"busy",
     "script \"busy@open\"",
     {"out  NO, busy: process ", "in   1-8 channels"}},
};

START_TEST(lists_cards)
{
    char *text = list(rows[_i].settings, false, root);
    for (int i = 0; i < 3; i++) {
        const char *words = rows[_i].texts[i];
        ck_assert_msg(words == NULL || strstr(text, words) != NULL,
                      "%s: no '%s' in: %s", rows[_i].name, words, text);
    }
    ck_assert_msg(strstr(text, "other") == NULL, "%s", text);
    free(text);
    text = list(rows[_i].settings, true, root);
    const char *at = json_check(text);
    ck_assert_msg(at == NULL, "%s: not JSON at: %s", rows[_i].name, at);
    ck_assert_ptr_nonnull(strstr(text, "\"name\": \"hw:CARD=USB,DEV=1\""));
    free(text);
}
END_TEST

START_TEST(names_the_owner_of_a_busy_device)
{
    char words[128];
    char *text =
        list("script \"busy@open\" in_script \"busy@open\"", false, root);
    (void)snprintf(words, sizeof(words), "NO, busy: process %ld, ",
                   (long)getpid());
    ck_assert_msg(strstr(text, words) != NULL, "no '%s' in: %s", words, text);
    /* Nobody is known to use the capture side. */
    ck_assert_msg(strstr(text, "  in   NO, busy\n") != NULL, "%s", text);
    free(text);
    text = list("script \"busy@open\" in_script \"busy@open\"", true, root);
    ck_assert_double_eq(json_number(text, "ownerPid"), (double)getpid());
    ck_assert_ptr_nonnull(strstr(text, "\"isBusy\": true"));
    ck_assert_ptr_nonnull(strstr(text, "\"isGood\": false"));
    free(text);
}
END_TEST

/* What a card cannot do, and the name under which alsa-lib makes up for it. */
static const struct {
    const char *settings;
    const char *arguments;
    const char *says;
    const char *hint;
} refusals[] = {
    {"formats IEC958_SUBFRAME_LE", "--device hw:CARD=vc4,DEV=0",
     "takes no sample format known here; its format is IEC958_SUBFRAME_LE\n",
     "hint: --device hdmi:CARD=vc4, or sysdefault:CARD=vc4; "},
    {"formats IEC958_SUBFRAME_LE", "--device hw:CARD=vc4,DEV=0 --resample",
     "takes no sample format known here",
     "hint: --device hdmi:CARD=vc4, or sysdefault:CARD=vc4; "},
    {"formats IEC958_SUBFRAME_LE", "--device hw:vc4,0 --format s16",
     "does not take S16_LE samples; its format is IEC958_SUBFRAME_LE\n",
     "hint: --device hdmi:CARD=vc4, or sysdefault:CARD=vc4; "},
    {"formats \"U8 S8\"", "--device hw:vc4,0",
     "takes no sample format known here; its formats are S8 U8\n",
     "hint: --resample converts samples too\n"},
    {"formats \"S32_LE S24_LE\"", "--device hw:vc4,0 --format s16",
     "does not take S16_LE samples; its formats are S24_LE S32_LE\n",
     "hint: leave out --format\n"},
};

START_TEST(names_what_else_would_play)
{
    char conf[1024];
    (void)snprintf(conf, sizeof(conf),
                   "pcm_type.f4e_fake { lib \"%s\" }\n"
                   "pcm.hw {\n"
                   "    @args [ CARD DEV ]\n"
                   "    @args.CARD { type string }\n"
                   "    @args.DEV { type integer }\n"
                   "    type f4e_fake speed 0 %s\n}\n",
                   getenv("F4E_FAKE_CARD_LIBRARY"), refusals[_i].settings);
    struct program_result result =
        program_run(NULL, conf, refusals[_i].arguments);
    ck_assert_msg(
        result.status == 4 && strstr(result.err, refusals[_i].says) != NULL &&
            strstr(result.err, refusals[_i].hint) != NULL,
        "%s: %d, %s", refusals[_i].arguments, result.status, result.err);
}
END_TEST

START_TEST(works_without_a_card)
{
    char *text = list("", false, "no/such/proc");
    ck_assert_msg(strncmp(text, "no sound cards\n", 15) == 0, "%s", text);
    free(text);
    text = list("", true, "no/such/proc");
    ck_assert_ptr_null(json_check(text));
    free(text);
    struct program_result result =
        program_run(NULL, NULL, "--list-devices --json");
    ck_assert_msg(result.status == 0, "%s", result.err);
    ck_assert_ptr_null(json_check(result.out));
    ck_assert_str_eq(result.err, "");
    result = program_run(NULL, NULL, "--list-devices");
    ck_assert_int_eq(result.status, 0);
    ck_assert_uint_gt(result.out_bytes, 0);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("devices");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 30);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, lists_cards, 0, sizeof(rows) / sizeof(*rows));
    tcase_add_loop_test(tcase, names_what_else_would_play, 0,
                        sizeof(refusals) / sizeof(*refusals));
    tcase_add_test(tcase, names_the_owner_of_a_busy_device);
    tcase_add_test(tcase, works_without_a_card);
    suite_add_tcase(suite, tcase);
    return suite;
}
