/* SPDX-License-Identifier: MIT */
#include "http/gate.h"

#include "http/rate.h"
#include "suite.h"
#include "wire/link.h"

#include <stdlib.h>
#include <string.h>

static const char token[LINK_TOKEN_MAX] = "abcdefghijklmnop-_.~";
static const char none[LINK_TOKEN_MAX] = "";

static const struct {
    struct gate_request request;
    bool has_token; /* it is asked for */
    enum gate_verdict verdict;
} cases[] = {
    /* Names: ours, and those that anybody could make lead here. */
    {{.host = "localhost"}, false, GATE_OPEN},
    {{.host = "LOCALHOST:8486"}, false, GATE_OPEN},
    {{.host = "127.0.0.1:8486"}, false, GATE_OPEN},
    {{.host = "192.168.1.5"}, false, GATE_OPEN},
    {{.host = "[::1]:8486"}, false, GATE_OPEN},
    {{.host = "[::1]"}, false, GATE_OPEN},
    {{.host = "pi"}, false, GATE_OPEN},
    {{.host = "Pi.local:80"}, false, GATE_OPEN},
    {{.host = "pi.fritz.box"}, false, GATE_OPEN},
    {{.host = NULL}, false, GATE_WRONG_HOST},
    {{.host = ""}, false, GATE_WRONG_HOST},
    {{.host = ":8486"}, false, GATE_WRONG_HOST},
    {{.host = "["}, false, GATE_WRONG_HOST},
    {{.host = "[]"}, false, GATE_WRONG_HOST},
    {{.host = "[::1"}, false, GATE_OPEN},
    {{.host = "[::1]evil"}, false, GATE_WRONG_HOST},
    {{.host = "[evil.org]"}, false, GATE_WRONG_HOST},
    {{.host = "evil.org"}, false, GATE_WRONG_HOST},
    {{.host = "localhost.evil.org"}, false, GATE_WRONG_HOST},
    {{.host = "pi.evil.org"}, false, GATE_WRONG_HOST},
    {{.host = "pi.local.evil.org"}, false, GATE_WRONG_HOST},
    {{.host = "127.0.0.1.evil.org"}, false, GATE_WRONG_HOST},
    {{.host = "p"}, false, GATE_WRONG_HOST},
    /* Pages: from this very place, or none. */
    {{.host = "localhost:1", .origin = "http://localhost:1"}, false, GATE_OPEN},
    {{.host = "pi.local", .origin = "https://pi.local"}, false, GATE_OPEN},
    {{.host = "localhost:1", .origin = "http://localhost:2"},
     false,
     GATE_FOREIGN},
    {{.host = "localhost:1", .origin = "http://evil.org"}, false, GATE_FOREIGN},
    {{.host = "localhost:1", .origin = "null"}, false, GATE_FOREIGN},
    {{.host = "localhost:1", .origin = ""}, false, GATE_FOREIGN},
    {{.host = "localhost:1", .origin = "file://localhost:1"},
     false,
     GATE_FOREIGN},
    {{.host = "localhost", .fetch_site = "same-origin"}, false, GATE_OPEN},
    {{.host = "localhost", .fetch_site = "none"}, false, GATE_OPEN},
    {{.host = "localhost", .fetch_site = "cross-site"}, false, GATE_FOREIGN},
    {{.host = "localhost", .fetch_site = "same-site"}, false, GATE_FOREIGN},
    {{.host = "localhost", .fetch_site = "cross-site", .is_page = true},
     false,
     GATE_OPEN},
    {{.host = "localhost",
      .fetch_site = "cross-site",
      .origin = "http://evil.org",
      .is_page = true},
     false,
     GATE_FOREIGN},
    /* Tokens: by address, header and cookie; whole. */
    {{.host = "pi"}, true, GATE_NO_TOKEN},
    {{.host = "pi", .token = "abcdefghijklmnop-_.~"}, true, GATE_GREETED},
    {{.host = "pi", .token = "abcdefghijklmnop-_."}, true, GATE_NO_TOKEN},
    {{.host = "pi", .token = "abcdefghijklmnop-_.~x"}, true, GATE_NO_TOKEN},
    {{.host = "pi", .token = ""}, true, GATE_NO_TOKEN},
    {{.host = "evil.org", .token = "abcdefghijklmnop-_.~"},
     true,
     GATE_WRONG_HOST},
    {{.host = "pi", .authorization = "Bearer abcdefghijklmnop-_.~"},
     true,
     GATE_OPEN},
    {{.host = "pi", .authorization = "bearer abcdefghijklmnop-_.~"},
     true,
     GATE_OPEN},
    {{.host = "pi", .authorization = "Basic abcdefghijklmnop-_.~"},
     true,
     GATE_NO_TOKEN},
    {{.host = "pi", .authorization = "Bearer "}, true, GATE_NO_TOKEN},
    {{.host = "pi", .cookies = "f4e-8486=abcdefghijklmnop-_.~"},
     true,
     GATE_OPEN},
    {{.host = "pi", .cookies = "a=b; f4e-8486=abcdefghijklmnop-_.~; c=d"},
     true,
     GATE_OPEN},
    {{.host = "pi", .cookies = "f4e-8486=stale; f4e-8486=abcdefghijklmnop-_.~"},
     true,
     GATE_OPEN},
    {{.host = "pi", .cookies = "f4e-8487=abcdefghijklmnop-_.~"},
     true,
     GATE_NO_TOKEN},
    {{.host = "pi", .cookies = "xf4e-8486=abcdefghijklmnop-_.~"},
     true,
     GATE_NO_TOKEN},
    {{.host = "pi", .cookies = "f4e-8486"}, true, GATE_NO_TOKEN},
    {{.host = "pi", .cookies = "f4e-8486="}, true, GATE_NO_TOKEN},
    {{.host = "pi", .cookies = ";;; ;"}, true, GATE_NO_TOKEN},
};

START_TEST(judges)
{
    struct gate gate;
    gate_init(&gate, cases[_i].has_token ? token : none, "pi", 8486);
    ck_assert_int_eq(gate_judge(&gate, &cases[_i].request), cases[_i].verdict);
}
END_TEST

START_TEST(knows_only_localhost_without_a_name)
{
    struct gate gate;
    gate_init(&gate, none, "", 8486);
    ck_assert_int_eq(
        gate_judge(&gate, &(struct gate_request){.host = ".local"}),
        GATE_WRONG_HOST);
    ck_assert_int_eq(gate_judge(&gate, &(struct gate_request){.host = "pi"}),
                     GATE_WRONG_HOST);
}
END_TEST

START_TEST(knows_loopback)
{
    ck_assert(gate_is_loopback("127.0.0.1") && gate_is_loopback("127.9.8.7") &&
              gate_is_loopback("::1"));
    ck_assert(!gate_is_loopback("0.0.0.0") && !gate_is_loopback("::") &&
              !gate_is_loopback("10.0.0.1") && !gate_is_loopback("") &&
              !gate_is_loopback("localhost"));
}
END_TEST

START_TEST(knows_tokens)
{
    char longest[LINK_TOKEN_MAX + 1];
    memset(longest, 'a', sizeof(longest));
    longest[LINK_TOKEN_MAX] = '\0';
    ck_assert(!gate_is_token(longest));
    longest[LINK_TOKEN_MAX - 1] = '\0';
    ck_assert(gate_is_token(longest));
    longest[LINK_TOKEN_MIN] = '\0';
    ck_assert(gate_is_token(longest));
    longest[LINK_TOKEN_MIN - 1] = '\0';
    ck_assert(!gate_is_token(longest));
    ck_assert(!gate_is_token("aaaaaaaaaaaaaaaaaaaaaaaa b"));
    ck_assert(!gate_is_token("aaaaaaaaaaaaaaaaaaaaaaaa\n"));
    ck_assert(!gate_is_token("aaaaaaaaaaaaaaaaaaaaaaaa;"));
}
END_TEST

/* Pieces of headers in any order, and other bytes. */
static char *random_text(void)
{
    static const char *const pieces[] = {"abcdefghijklmnop-_.",
                                         "~",
                                         "f4e-8486",
                                         "=",
                                         ";",
                                         " ",
                                         "Bearer ",
                                         "http://",
                                         "pi",
                                         ".local",
                                         "[",
                                         "]",
                                         ":",
                                         "localhost",
                                         "::1",
                                         "\x01",
                                         "\xff",
                                         ""};
    static char texts[6][512];
    static unsigned next;
    char *text = texts[next++ % 6];
    size_t used = 0;
    for (int i = rand() % 4; i >= 0; i--) {
        const char *piece =
            pieces[(size_t)rand() % (sizeof(pieces) / sizeof(*pieces))];
        memcpy(text + used, piece, strlen(piece));
        used += strlen(piece);
    }
    text[used] = '\0';
    return rand() % 4 == 0 ? NULL : text;
}

START_TEST(opens_to_nobody_without_the_token)
{
    struct gate gate;
    unsigned opened = 0;
    gate_init(&gate, token, "pi", 8486);
    srand(1);
    for (unsigned i = 0; i < suite_rounds(2000000); i++) {
        const struct gate_request request = {
            random_text(), random_text(), random_text(),  random_text(),
            random_text(), random_text(), rand() % 2 == 0};
        enum gate_verdict verdict = gate_judge(&gate, &request);
        if (verdict == GATE_OPEN || verdict == GATE_GREETED) {
            opened++;
            const char *last = request.token;
            ck_assert((request.authorization != NULL &&
                       strstr(request.authorization, token) != NULL) ||
                      (request.cookies != NULL &&
                       strstr(request.cookies, token) != NULL) ||
                      (last != NULL && strcmp(last, token) == 0));
            ck_assert_ptr_nonnull(request.host);
        }
    }
    ck_assert_uint_gt(opened, 0);
}
END_TEST

START_TEST(bounds_the_rate)
{
    struct rate rate;
    uint64_t now_ns = UINT64_C(5000000000);
    unsigned taken = 0;
    rate_init(&rate, 500, now_ns);
    while (rate_take(&rate, now_ns)) { /* a burst */
        taken++;
    }
    ck_assert_uint_eq(taken, 500);
    for (int i = 0; i < 10000; i++) { /* ten seconds, twice as fast */
        now_ns += 1000000;
        taken += rate_take(&rate, now_ns);
    }
    ck_assert_uint_eq(taken, 5500);
    now_ns += UINT64_C(1) << 60; /* nothing is saved up for ever */
    for (taken = 0; rate_take(&rate, now_ns);) {
        taken++;
    }
    ck_assert_uint_eq(taken, 500);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("gate");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, judges, 0, sizeof(cases) / sizeof(*cases));
    tcase_add_test(tcase, knows_only_localhost_without_a_name);
    tcase_add_test(tcase, knows_loopback);
    tcase_add_test(tcase, knows_tokens);
    tcase_add_test(tcase, opens_to_nobody_without_the_token);
    tcase_add_test(tcase, bounds_the_rate);
    suite_add_tcase(suite, tcase);
    return suite;
}
