/* SPDX-License-Identifier: MIT */
/* How a controller takes a value over. */
#include "cc/cc_hand.h"

#include "suite.h"

#include <math.h>
#include <stdlib.h>

/* A controller's way, and where the value is after each step; -1: where it
 * was. The value begins at 'start', and the hand of another moves it to 'then'
 * (if not negative) after the third step. */
static const struct {
    const char *name;
    enum cc_takeover takeover;
    double start;
    double way[6];
    double then;
    double values[6];
} hands[] = {
    {"jump",
     CC_JUMP,
     0.5,
     {0, 0.1, 0.9, 0.2, 0, 1},
     0.7,
     {0, 0.1, 0.9, 0.2, 0, 1}},
    {"pickup from below",
     CC_PICKUP,
     0.5,
     {0, 0.25, 0.75, 0.8, 0.5, 1},
     -1,
     {-1, -1, 0.75, 0.8, 0.5, 1}},
    {"pickup from above",
     CC_PICKUP,
     0.5,
     {1, 0.75, 0.5, 0.25, 0, 1},
     -1,
     {-1, -1, 0.5, 0.25, 0, 1}},
    {"pickup again",
     CC_PICKUP,
     0.5,
     {0.5, 0.6, 0.7, 0.75, 0.8, 0.95},
     0.9,
     {0.5, 0.6, 0.7, -1, -1, 0.95}},
    {"pickup nearby",
     CC_PICKUP,
     0.5,
     {0.496, 0.4, 0, 1, 0, 1},
     -1,
     {0.496, 0.4, 0, 1, 0, 1}},
    {"pickup never",
     CC_PICKUP,
     1,
     {0, 0.1, 0.2, 0.3, 0.4, 0.9},
     -1,
     {-1, -1, -1, -1, -1, -1}},
    {"scale up",
     CC_SCALE,
     0.5,
     {0, 0.5, 0.75, 1, 0.5, 0},
     -1,
     {-1, 0.75, 0.875, 1, 0.5, 0}},
    {"scale down",
     CC_SCALE,
     0.5,
     {1, 0.5, 0.25, 0, 0.5, 1},
     -1,
     {-1, 0.25, 0.125, 0, 0.5, 1}},
    {"scale after another",
     CC_SCALE,
     0.5,
     {0.5, 0.5, 0.5, 0.75, 0.5, 0.25},
     0,
     {-1, 0.5, 0.5, 0.5, 1.0 / 3, 1.0 / 6}},
};

START_TEST(takes_over_as_the_table_says)
{
    struct cc_hand hand = {0};
    double value = hands[_i].start;
    bool is_own = false;
    for (unsigned k = 0; k < 6; k++) {
        double share = 0.0;
        if (k == 3 && hands[_i].then >= 0.0) {
            value = hands[_i].then;
            is_own = false;
        }
        bool is_moved = cc_hand_move(&hand, hands[_i].takeover,
                                     hands[_i].way[k], value, is_own, &share);
        ck_assert_msg(is_moved == (hands[_i].values[k] >= 0.0), "%s: step %u",
                      hands[_i].name, k);
        ck_assert_msg(!is_moved || fabs(share - hands[_i].values[k]) < 1e-12,
                      "%s: step %u: %g", hands[_i].name, k, share);
        value = is_moved ? share : value;
        is_own = is_own || is_moved;
    }
}
END_TEST

/* Whatever the hands do, the value stays in the range, and a scaled one goes
 * where its controller goes. */
START_TEST(stays_in_the_range)
{
    srand(11);
    for (unsigned i = 0; i < 3000; i++) {
        struct cc_hand hand = {0};
        enum cc_takeover takeover = (enum cc_takeover)(i % 3);
        double value = rand() / (double)RAND_MAX;
        for (unsigned k = 0; k < 40; k++) {
            double share = -1.0;
            double before = hand.position;
            double position = (rand() % 128) / 127.0;
            bool is_own = rand() % 3 != 0;
            value = is_own ? value : rand() / (double)RAND_MAX;
            bool has_before = hand.has_position;
            if (!cc_hand_move(&hand, takeover, position, value, is_own,
                              &share)) {
                continue;
            }
            ck_assert(share >= 0.0 && share <= 1.0);
            if (takeover == CC_SCALE && has_before) {
                ck_assert((position - before) * (share - value) >= 0.0);
            }
            value = share;
        }
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("cc_hand");
    TCase *tcase = tcase_create("all");
    tcase_add_loop_test(tcase, takes_over_as_the_table_says, 0,
                        sizeof(hands) / sizeof(*hands));
    tcase_add_test(tcase, stays_in_the_range);
    suite_add_tcase(suite, tcase);
    return suite;
}
