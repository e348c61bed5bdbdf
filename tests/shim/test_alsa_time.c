/* SPDX-License-Identifier: MIT */
/*
 * alsa-lib's own function is not reached: this one writes the time in each
 * layout that a library may have been compiled with.
 */
#include "alsa/alsa_time.h"

#include "suite.h"

#include <string.h>

static unsigned char layout[16];
static size_t layout_bytes;

void snd_pcm_status_get_trigger_htstamp(const snd_pcm_status_t *status,
                                        snd_htimestamp_t *stamp)
{
    (void)status;
    memcpy((void *)stamp, layout, layout_bytes);
}

static const struct {
    const char *name;
    int32_t words[4];
    size_t bytes;
    uint64_t ns;
} rows[] = {
    {"4 + 4", {12, 345, 0, 0}, 8, UINT64_C(12000000345)},
    {"4 + 4, none", {0, 0, 0, 0}, 8, 0},
    {"4 + 4, ns only", {0, 7, 0, 0}, 8, 7},
    {"4 + 4, no time", {-1, 5, 0, 0}, 8, 0},
    {"4 + 4, ns too many", {1, 1000000000, 0, 0}, 8, 0},
    {"8 + 4", {12, 0, 345, 0}, 12, UINT64_C(12000000345)},
    {"8 + 4 + padding", {12, 0, 345, -7}, 16, UINT64_C(12000000345)},
    {"8 + 8", {12, 0, 999999999, 0}, 16, UINT64_C(12999999999)},
    {"8 + 8, none", {0, 0, 0, 0}, 16, 0},
    {"8 + 8, far away", {12, 1, 345, 0}, 16, 0},
    {"8 + 8, before the clock", {-1, -1, 345, 0}, 16, 0},
    {"8 + 8, ns too many", {12, 0, 1000000000, 0}, 16, 0},
    {"nothing written", {0, 0, 0, 0}, 0, 0},
};
enum { ROWS = sizeof(rows) / sizeof(*rows) };

START_TEST(understands_each_layout)
{
    memcpy(layout, rows[_i].words, sizeof(layout));
    layout_bytes = rows[_i].bytes;
    ck_assert_msg(alsa_trigger_ns(NULL) == rows[_i].ns, "%s: %llu",
                  rows[_i].name, (unsigned long long)alsa_trigger_ns(NULL));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("shim.alsa_time");
    TCase *tests = tcase_create("tests");
    tcase_add_loop_test(tests, understands_each_layout, 0, ROWS);
    suite_add_tcase(suite, tests);
    return suite;
}
