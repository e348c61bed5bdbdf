/* SPDX-License-Identifier: MIT */
/* Packets of OSC, and addresses, by tables. */
#include "osc/packet.h"

#include "f4e_patch.h"
#include "osc/feedback.h"
#include "osc/liblo.h"
#include "osc/outcome.h"
#include "osc/query.h"
#include "osc/space.h"
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BUNDLE "#bundle\0\0\0\0\0\0\0\0\1"
#define ABC    "/abc\0\0\0\0"

static const struct {
    const char *name;
    const char *bytes;
    size_t size;
    bool is_sound;
} packets[] = {
#define PACKET(name, bytes, is_sound) {name, bytes, sizeof(bytes) - 1, is_sound}
    PACKET("nothing", "", false),
    PACKET("zeros", "\0\0\0\0", false),
    PACKET("no types", ABC, true),
    PACKET("no arguments", ABC ",\0\0\0", true),
    PACKET("an int", ABC ",i\0\0\0\0\0\1", true),
    PACKET("half an int", ABC ",i\0\0\0\0", false),
    PACKET("no int", ABC ",i\0\0", false),
    PACKET("too much", ABC ",i\0\0\0\0\0\1\0\0\0\1", false),
    PACKET("a double", ABC ",d\0\0\0\0\0\0\0\0\0\1", true),
    PACKET("half a double", ABC ",d\0\0\0\0\0\1", false),
    PACKET("signs", ABC ",TFNI\0\0\0", true),
    PACKET("unknown type", ABC ",x\0\0\0\0\0\1", false),
    PACKET("no comma", ABC "i\0\0\0\0\0\0\1", false),
    PACKET("types without an end", ABC ",TTT", false),
    PACKET("brackets", ABC ",[i]\0\0\0\0\0\0\0\1", true),
    PACKET("open bracket", ABC ",[i\0\0\0\0\1", false),
    PACKET("closed bracket", ABC ",]i\0\0\0\0\1", false),
    PACKET("turned brackets", ABC ",][\0", false),
    PACKET("a text", ABC ",s\0\0abc\0", true),
    PACKET("an empty text", ABC ",s\0\0\0\0\0\0", true),
    PACKET("a text without an end", ABC ",s\0\0abcd", false),
    PACKET("a text with a tail", ABC ",s\0\0a\0b\0", false),
    PACKET("a blob", ABC ",b\0\0\0\0\0\5abcde\0\0\0", true),
    PACKET("an empty blob", ABC ",b\0\0\0\0\0\0", true),
    PACKET("a blob without an end", ABC ",b\0\0\0\0\0\5abcd", false),
    PACKET("a blob of 4 GiB",
           ABC ",b\0\0\xff\xff\xff\xff"
               "abcd",
           false),
    PACKET("a blob of -4",
           ABC ",b\0\0\xff\xff\xff\xfc"
               "abcd",
           false),
    PACKET("a MIDI message", ABC ",m\0\0\0\x90\x3c\x64", true),
    PACKET("no slash", "abcd\0\0\0\0", false),
    PACKET("an address without an end", "/abc", false),
    PACKET("an address with a tail", "/a\0b", false),
    PACKET("a blank in it", "/a b\0\0\0\0", false),
    PACKET("a hash in it", "/a#b\0\0\0\0", false),
    PACKET("a byte above ASCII", "/a\xc3\xa9\0\0\0\0", false),
    PACKET("odd size", ABC ",\0\0\0\0", false),
    PACKET("a bundle", BUNDLE, true),
    PACKET("half a bundle", "#bundle\0\0\0\0\0", false),
    PACKET("no bundle", "#bundlx\0\0\0\0\0\0\0\0\1", false),
    PACKET("a message in a bundle", BUNDLE "\0\0\0\x8" ABC, true),
    PACKET("two of them", BUNDLE "\0\0\0\x8" ABC "\0\0\0\x8" ABC, true),
    PACKET("an empty element", BUNDLE "\0\0\0\0", false),
    PACKET("an element that is too long", BUNDLE "\0\0\0\xc" ABC, false),
    PACKET("one that is too short", BUNDLE "\0\0\0\x4" ABC, false),
    PACKET("one of 4 GiB", BUNDLE "\xff\xff\xff\xfc" ABC, false),
    PACKET("one of an odd size", BUNDLE "\0\0\0\x7" ABC, false),
    PACKET("half a size", BUNDLE "\0\0", false),
    PACKET("a bundle in a bundle", BUNDLE "\0\0\0\x10" BUNDLE "\0\0\0\x8" ABC,
           true),
    PACKET("a bundle that holds its own end",
           BUNDLE "\0\0\0\x14" BUNDLE "\0\0\0\x8" ABC, false),
#undef PACKET
};

/* Each where memory ends, so that a sanitizer sees any read beyond. */
START_TEST(judges)
{
    size_t size = packets[_i].size;
    uint8_t *bytes = malloc(size + (size == 0));
    ck_assert_ptr_nonnull(bytes);
    memcpy(bytes, packets[_i].bytes, size);
    ck_assert_msg(packet_is_sound(bytes, size) == packets[_i].is_sound, "%s",
                  packets[_i].name);
    free(bytes);
}
END_TEST

START_TEST(bounds_the_depth)
{
    uint8_t bytes[20 * 16] = {0};
    for (size_t depth = 1; depth <= 16; depth++) {
        size_t size = 20 * depth - 4;
        for (size_t i = 0; i < depth; i++) {
            memcpy(bytes + 20 * i, BUNDLE, 16);
            size_t left = size - 20 * (i + 1);
            bytes[20 * i + 18] = (uint8_t)(left >> 8);
            bytes[20 * i + 19] = (uint8_t)left;
        }
        ck_assert_int_eq(packet_is_sound(bytes, size),
                         depth <= PACKET_DEPTH_MAX + 1);
    }
}
END_TEST

START_TEST(takes_brackets_out)
{
    static const uint8_t nested[] = ABC ",[i[T]f]\0\0\0\0\0\0\0\1\0\0\0\2";
    static const uint8_t plain[] = ABC ",iTf\0\0\0\0\0\0\0\1\0\0\0\2";
    uint8_t bytes[64];
    struct packet_part part = {nested, sizeof(nested) - 1};
    ck_assert(packet_is_sound(part.bytes, part.size));
    ck_assert_uint_eq(packet_plain(&part, bytes), sizeof(plain) - 1);
    ck_assert_int_eq(memcmp(bytes, plain, sizeof(plain) - 1), 0);
    part = (struct packet_part){(const uint8_t *)ABC, 8};
    ck_assert_uint_eq(packet_plain(&part, bytes), 12);
    ck_assert_int_eq(memcmp(bytes, ABC ",\0\0\0", 12), 0);
}
END_TEST

static struct liblo lo;
static struct space space;

static void build(void)
{
    struct failure failure = {0};
    ck_assert_msg(
        liblo_open(&lo, &failure) &&
            space_build(&space, &f4e_patch, SPACE_UNVERSIONED, &lo, &failure),
        "%s", failure.text);
}

/* Sorted as a tree, each once, each found by its address and its source. */
START_TEST(finds_every_address)
{
    build();
    for (size_t i = 0; i < space.node_count; i++) {
        const struct space_node *node = &space.nodes[i];
        ck_assert_ptr_eq(space_find(&space, node->path), node);
        ck_assert(!space_has_wildcards(node->path));
        ck_assert(i == 0 ||
                  space_compare(space.nodes[i - 1].path, node->path) < 0);
        if (node->source != SPACE_NONE) {
            const char *key = space.sources[node->source].key;
            const struct space_source *source =
                space_find_source(&space, key, strlen(key));
            ck_assert_str_eq(source->key, key);
        }
    }
    ck_assert_ptr_null(space_find(&space, ""));
    ck_assert_ptr_null(space_find(&space, "/zzz"));
    ck_assert_ptr_null(space_find_source(&space, "amp:gai", 7));
    ck_assert_ptr_null(space_find_source(&space, "amp:gainx", 9));
    ck_assert_ptr_nonnull(space_find_source(&space, "amp:gainx", 8));
}
END_TEST

static const struct {
    const char *pattern;
    const char *path;
    bool is_match;
    bool is_start; /* with the first parts only */
} matches[] = {
    {"/a/b", "/a/b", true, true},       {"/a", "/a/b", false, true},
    {"/a/b", "/a", false, false},       {"/*", "/a", true, true},
    {"/*", "/a/b", false, true},        {"/*/*", "/a/b", true, true},
    {"/a*/b", "/a/b", true, true},      {"/*b", "/aab", true, true},
    {"/?", "/a", true, true},           {"/?", "/ab", false, false},
    {"/[a-c]x", "/bx", true, true},     {"/[!a-c]x", "/bx", false, false},
    {"/[!a-c]x", "/dx", true, true},    {"/{ab,cd}e", "/cde", true, true},
    {"/{ab,cd}e", "/ce", false, false}, {"a", "/a", false, false},
    {"", "/a", false, false},
};

START_TEST(matches_part_by_part)
{
    char pattern[64];
    build();
    (void)snprintf(pattern, sizeof(pattern), "%s", matches[_i].pattern);
    ck_assert(space_is_pattern(pattern));
    ck_assert_int_eq(space_matches(&space, pattern, matches[_i].path, false),
                     matches[_i].is_match);
    ck_assert_int_eq(space_matches(&space, pattern, matches[_i].path, true),
                     matches[_i].is_start);
    ck_assert_str_eq(pattern, matches[_i].pattern);
}
END_TEST

static const struct {
    const char *pattern;
    bool is_good;
} patterns[] = {
    {"/a*b*c", true},   {"/a*b*c*", false}, {"/**/**", true},
    {"/***", false},    {"/[a]", true},     {"/[a", false},
    {"/[", false},      {"/[]", false},     {"/[a-]", false},
    {"/[a/b]", false},  {"/{a,b}", true},   {"/{a", false},
    {"/{}", false},     {"/{a/b}", false},  {"/{a{b}}", false},
    {"/[a[b]]", false}, {"/a]", false},     {"/a}", false},
    {"/{a]", false},    {"/[a}", false},    {"/[*]", false},
};

START_TEST(knows_whole_patterns)
{
    ck_assert_msg(space_is_pattern(patterns[_i].pattern) ==
                      patterns[_i].is_good,
                  "%s", patterns[_i].pattern);
}
END_TEST

START_TEST(encodes_what_osc_does_not_allow)
{
    static const char text[] = "a b#c*d,e/f?g[h]i{j}k%l\"m\xc3\xa9\x1f";
    char to[128];
    char small[8];
    space_encode(text, strlen(text), false, to, sizeof(to));
    ck_assert_str_eq(to, "a%20b%23c%2Ad%2Ce%2Ff%3Fg%5Bh%5Di%7Bj%7Dk%25l%22m"
                         "%C3%A9%1F");
    space_encode("a%20/b c", 8, true, to, sizeof(to));
    ck_assert_str_eq(to, "a%20/b%20c");
    space_encode(text, strlen(text), false, small, sizeof(small));
    ck_assert_uint_lt(strlen(small), sizeof(small));
}
END_TEST

/* Too many names: others go on, and he is told so. */
START_TEST(forgets_listeners_that_the_channel_refuses)
{
    static const struct link_config config;
    static const struct loop loop;
    static const struct link_report report;
    struct failure failure = {0};
    struct peer from = {.four = {.sin_family = AF_INET}};
    static struct osc own; /* its addresses last as long as the program */
    struct osc *osc = &own;
    osc->config = &config;
    osc->loop = &loop;
    osc->report = &report;
    osc->patch = &f4e_patch;
    osc->version = SPACE_UNVERSIONED;
    ck_assert_msg(osc_load(osc, &failure), "%s", failure.text);
    osc->wire.is_open = true; /* nothing is sent */
    for (unsigned i = 1; i <= 2; i++) {
        char path[64];
        (void)snprintf(path, sizeof(path), "%s/listeners/add", osc->space.root);
        uint8_t bytes[64] = {0};
        memcpy(bytes, path, strlen(path));
        ck_assert(peer_set_port(&from, i));
        osc_take(osc, &from, bytes, (strlen(path) / 4 + 1) * 4, 1);
        ck_assert_uint_eq(osc->asked_count, 1);
        ck_assert(osc->listeners[i - 1].is_used);
        if (i == 1) {
            outcome_take(osc, "{\"ok\":true,\"names\":7}");
            feedback_event(osc, "{\"event\":\"values\",\"values\":{}}", 1);
        }
    }
    outcome_take(osc, "{\"ok\":false,\"error\":\"more than 1024 names\"}");
    ck_assert(osc->listeners[0].is_used);
    ck_assert(!osc->listeners[1].is_used);
    ck_assert_uint_eq(osc->asked_count, 1); /* what the first one wants */
    ck_assert_uint_eq(osc->counts.refused, 1);
    outcome_take(osc, "{\"ok\":false,\"error\":\"x\"}");
    ck_assert_uint_eq(osc->asked_count, 0); /* and not for ever */
    bytes_free(&osc->out);
    bytes_free(&osc->line);
}
END_TEST

/* ---- Another version of the patch ---- */

static const char nothing_said[] =
    "{\"ok\":true,\"values\":{\"amp:gain\":0.5}}";

/* Its requests go to a socket that nobody reads. */
static int unread[2];

static struct osc *open_osc(void)
{
    static const struct link_config config;
    static const struct link_report report;
    static struct loop loop;
    struct failure failure = {0};
    struct osc *osc = calloc(1, sizeof(*osc));
    ck_assert_ptr_nonnull(osc);
    ck_assert(loop_open(&loop, &failure));
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, unread), 0);
    osc->config = &config;
    osc->loop = &loop;
    osc->report = &report;
    osc->patch = &f4e_patch;
    osc->version = 0;
    ck_assert_msg(osc_load(osc, &failure), "%s", failure.text);
    osc->wire.loop = &loop;
    osc->wire.is_open = true;
    osc->wire.watcher.fd = unread[0];
    return osc;
}

static void close_osc(struct osc *osc)
{
    for (unsigned i = 0; i < OSC_LISTENERS_MAX; i++) {
        bytes_free(&osc->listeners[i].wanted);
    }
    space_free(&osc->space);
    bytes_free(&osc->out);
    bytes_free(&osc->wire.out);
    bytes_free(&osc->line);
    (void)close(osc->loop->epoll_fd);
    (void)close(unread[0]);
    (void)close(unread[1]);
    free(osc);
}

/* The fake patch with other names for what begins with this. */
static struct f4e_patch rename_items(const char *start, const char *name)
{
    static struct f4e_item items[512];
    struct f4e_patch patch = f4e_patch;
    ck_assert_uint_le(patch.item_count, 512);
    memcpy(items, f4e_patch.items, patch.item_count * sizeof(*items));
    for (unsigned i = 0; i < patch.item_count; i++) {
        if (strncmp(items[i].name, start, strlen(start)) == 0) {
            items[i].name = name;
        }
    }
    patch.items = items;
    return patch;
}

static void say(struct osc *osc, const char *path, const char *pattern)
{
    uint8_t bytes[256] = {0};
    struct peer from = {.four = {.sin_family = AF_INET}};
    ck_assert(peer_set_port(&from, 7));
    (void)snprintf((char *)bytes, sizeof(bytes), "%s%s", osc->space.root, path);
    size_t at = (strlen((const char *)bytes) / 4 + 1) * 4;
    bytes[at] = ',';
    bytes[at + 1] = pattern != NULL ? 's' : '\0';
    at += 4;
    if (pattern != NULL) {
        (void)snprintf((char *)bytes + at, sizeof(bytes) - at, "%s%s",
                       osc->space.root, pattern);
        at += (strlen((const char *)bytes + at) / 4 + 1) * 4;
    }
    osc_take(osc, &from, bytes, at, 1);
}

static const struct space_node *node_of(const struct osc *osc, const char *path)
{
    char whole[256];
    (void)snprintf(whole, sizeof(whole), "%s%s", osc->space.root, path);
    return space_find(&osc->space, whole);
}

START_TEST(a_version_has_its_own_addresses)
{
    struct osc *osc = open_osc();
    const struct f4e_patch patch = rename_items("amp:gain", "new:gain");
    say(osc, "/listeners/add", "/vars/*/gain");
    outcome_take(osc, "{\"ok\":true}");
    say(osc, "/vars/amp/gain", NULL);
    say(osc, "/vars/far/gain", NULL);
    ck_assert_uint_eq(osc->asked_count, 2);
    ck_assert(osc_renew(osc, &patch, 5));
    ck_assert_ptr_null(node_of(osc, "/vars/amp/gain"));
    const struct space_node *found = node_of(osc, "/vars/new/gain");
    ck_assert_ptr_nonnull(found);
    ck_assert_uint_eq(found->listeners, 1); /* by its pattern */
    ck_assert_uint_eq(node_of(osc, "/vars/far/gain")->listeners, 1);
    ck_assert_ptr_nonnull(node_of(osc, "/info/version"));
    /* What was asked before: one has gone, one means the same. */
    const struct osc_asked *asked = &osc->asked[osc->asked_start];
    ck_assert_ptr_null(asked[0].node);
    ck_assert_ptr_eq(asked[1].node, node_of(osc, "/vars/far/gain"));
    outcome_take(osc, nothing_said);
    ck_assert_uint_eq(osc->counts.dropped, 1);
    outcome_take(osc, nothing_said);
    outcome_take(osc, "{\"ok\":true}"); /* listeners */
    ck_assert_uint_eq(osc->counts.dropped, 1);
    ck_assert_uint_eq(osc->asked_count, 0);
    close_osc(osc);
}
END_TEST

/* Who moved a value, and what was told of it, is known in the next one. */
START_TEST(what_was_told_is_not_told_again)
{
    struct osc *osc = open_osc();
    const struct f4e_patch patch = rename_items("far:", "new:far");
    struct space_source *source = space_find_source(&osc->space, "amp:gain", 8);
    source->hash = 77;
    source->mover = 3;
    ck_assert(osc_renew(osc, &patch, 1));
    source = space_find_source(&osc->space, "amp:gain", 8);
    ck_assert_uint_eq(source->hash, 77);
    ck_assert_uint_eq(source->mover, 3);
    ck_assert_uint_eq(space_find_source(&osc->space, "new:far", 7)->hash, 0);
    close_osc(osc);
}
END_TEST

static unsigned query_status;
static char query_json[1024];

static void end_query(void *context, unsigned status, const char *json,
                      size_t bytes)
{
    (void)context;
    ck_assert_uint_lt(bytes, sizeof(query_json));
    query_status = status;
    memcpy(query_json, json, bytes);
    query_json[bytes] = '\0';
}

/* Values of one version are not shown as those of another. */
START_TEST(a_query_asks_again)
{
    struct osc *osc = open_osc();
    const struct f4e_patch patch = rename_items("amp:gain", "amp:new");
    char path[256];
    (void)snprintf(path, sizeof(path), "%s/vars/amp", osc->space.root);
    query_status = 0;
    query_start(osc, path, NULL, end_query, NULL);
    ck_assert_uint_eq(osc->asked_count, 1);
    ck_assert(osc_renew(osc, &patch, 1));
    outcome_take(osc, nothing_said);
    ck_assert_uint_eq(query_status, 0);
    ck_assert_uint_eq(osc->asked_count, 2); /* listeners, and it */
    outcome_take(osc, "{\"ok\":true}");
    outcome_take(osc, "{\"ok\":true,\"values\":{\"amp:new\":0.25}}");
    ck_assert_uint_eq(query_status, 200);
    ck_assert_msg(strstr(query_json, "amp/new") != NULL &&
                      strstr(query_json, "[0.25]") != NULL &&
                      strstr(query_json, "amp/gain") == NULL,
                  "%s", query_json);
    close_osc(osc);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("packet");
    TCase *tcase = tcase_create("all");
    tcase_add_loop_test(tcase, judges, 0, sizeof(packets) / sizeof(*packets));
    tcase_add_test(tcase, bounds_the_depth);
    tcase_add_test(tcase, takes_brackets_out);
    tcase_add_test(tcase, finds_every_address);
    tcase_add_loop_test(tcase, matches_part_by_part, 0,
                        sizeof(matches) / sizeof(*matches));
    tcase_add_loop_test(tcase, knows_whole_patterns, 0,
                        sizeof(patterns) / sizeof(*patterns));
    tcase_add_test(tcase, encodes_what_osc_does_not_allow);
    tcase_add_test(tcase, forgets_listeners_that_the_channel_refuses);
    tcase_add_test(tcase, a_version_has_its_own_addresses);
    tcase_add_test(tcase, what_was_told_is_not_told_again);
    tcase_add_test(tcase, a_query_asks_again);
    suite_add_tcase(suite, tcase);
    return suite;
}
