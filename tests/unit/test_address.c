/* SPDX-License-Identifier: MIT */
/* Which addresses are public, and how web addresses are taken apart. */
#include "fetch/address.h"

#include "fixture.h"
#include "suite.h"

#include <arpa/inet.h>

static const struct {
    const char *text;
    bool is_public;
} rows[] = {
    {"8.8.8.8", true},
    {"1.1.1.1", true},
    {"9.255.255.255", true},
    {"10.0.0.0", false},
    {"10.255.255.255", false},
    {"11.0.0.0", true},
    {"100.63.255.255", true},
    {"100.64.0.0", false},
    {"100.127.255.255", false},
    {"100.128.0.0", true},
    {"126.255.255.255", true},
    {"127.0.0.1", false},
    {"128.0.0.0", true},
    {"169.253.255.255", true},
    {"169.254.169.254", false},
    {"169.255.0.0", true},
    {"172.15.255.255", true},
    {"172.16.0.0", false},
    {"172.31.255.255", false},
    {"172.32.0.0", true},
    {"192.0.0.1", false},
    {"192.0.2.1", false},
    {"192.0.3.1", true},
    {"192.167.255.255", true},
    {"192.168.0.0", false},
    {"192.169.0.0", true},
    {"198.17.255.255", true},
    {"198.18.0.0", false},
    {"198.19.255.255", false},
    {"198.20.0.0", true},
    {"198.51.100.1", false},
    {"203.0.113.1", false},
    {"223.255.255.255", true},
    {"224.0.0.1", false},
    {"240.0.0.1", false},
    {"255.255.255.255", false},
    {"0.0.0.0", false},
    {"0.1.2.3", false},
    {"::", false},
    {"::1", false},
    {"::ffff:8.8.8.8", true},
    {"::ffff:127.0.0.1", false},
    {"::8.8.8.8", false},
    {"64:ff9b::808:808", false},
    {"fe80::1", false},
    {"fc00::1", false},
    {"fd12::1", false},
    {"ff02::1", false},
    {"2001::1", false},
    {"2001:db8::1", false},
    {"2001:4860:4860::8888", true},
    {"2002:7f00:1::", false},
    {"2a00:1450::1", true},
    {"3fff::1", false},
    {"3ffe::1", true},
    {"1fff::1", false},
    {"4000::1", false},
};

START_TEST(knows_what_is_public)
{
    unsigned char bytes[16];
    bool is_long = strchr(rows[_i].text, ':') != NULL;
    ck_assert_int_eq(
        inet_pton(is_long ? AF_INET6 : AF_INET, rows[_i].text, bytes), 1);
    ck_assert_msg(address_is_public(bytes, is_long ? 16 : 4) ==
                      rows[_i].is_public,
                  "%s", rows[_i].text);
}
END_TEST

static const struct {
    const char *text;
    const char *host; /* NULL: refused */
    const char *port;
} urls[] = {
    {"http://example.org/a", "example.org", "80"},
    {"HTTPS://example.org", "example.org", "443"},
    {"http://example.org:8080?x", "example.org", "8080"},
    {"http://[::1]:99/a@b", "::1", "99"},
    {"https://[2a00::1]/", "2a00::1", "443"},
    {"http://a_b.c-d/", "a_b.c-d", "80"},
    {"http://h#@evil/", "h", "80"},
    {"ftp://h/", NULL, NULL},
    {"httpx://h/", NULL, NULL},
    {"http:/h/", NULL, NULL},
    {"http://", NULL, NULL},
    {"http:///a", NULL, NULL},
    {"http://:80/", NULL, NULL},
    {"http://h:/", NULL, NULL},
    {"http://h:80x/", NULL, NULL},
    {"http://h:800000/", NULL, NULL},
    {"http://user@h/", NULL, NULL},
    {"http://h@", NULL, NULL},
    {"http://h\\@i/", NULL, NULL},
    {"http://h /", NULL, NULL},
    {"http://h/a b", NULL, NULL},
    {"http://h/\x01", NULL, NULL},
    {"http://h\xc3\xa9/", NULL, NULL},
    {"http://[::1", NULL, NULL},
    {"http://[]/", NULL, NULL},
    {"http://[::1%25lo]/", NULL, NULL},
    {"http://-h/", NULL, NULL},
    {"http://h%2fi/", NULL, NULL},
};

START_TEST(takes_addresses_apart)
{
    struct url url;
    const char *why = NULL;
    bool ok = url_parse(&url, urls[_i].text, &why, &arena);
    ck_assert_msg(ok == (urls[_i].host != NULL), "%s", urls[_i].text);
    if (ok) {
        ck_assert_str_eq(url.host, urls[_i].host);
        ck_assert_str_eq(url.port, urls[_i].port);
    } else {
        ck_assert_ptr_nonnull(why);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("address");
    TCase *tcase = tcase_create("address");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, knows_what_is_public, 0,
                        sizeof(rows) / sizeof(rows[0]));
    tcase_add_loop_test(tcase, takes_addresses_apart, 0,
                        sizeof(urls) / sizeof(urls[0]));
    suite_add_tcase(suite, tcase);
    return suite;
}
