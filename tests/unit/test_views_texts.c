/* SPDX-License-Identifier: MIT */
/* No directive of any text there is gets lost without a word. */
#include "project_bench.h"

#include "suite.h"

#include <dirent.h>
#include <stdlib.h>

static const struct {
    const char *name;
    bool may_trail, is_view;
} known[] = {
    {"slider", false, false}, {"button", false, false},
    {"switch", false, false}, {"crossfade", false, false},
    {"watch", true, true},    {"w", true, true},
    {"meter", true, true},    {"plot", false, true},
    {"bars", false, true},    {"wave", false, true},
    {"wave2", false, true},   {"wave4", false, true},
    {"piano", false, true},
};

enum { KNOWN = sizeof(known) / sizeof(known[0]) };

struct tally {
    uint32_t params;
    uint32_t views;
};

/* The directives of one comment, counted on their own. */
static void count_comment(char *comment, bool is_trailing, struct tally *tally)
{
    char *rest = NULL;
    char *word = strtok_r(comment, " \t\r\v\f", &rest);
    if (word == NULL || *word != '@') {
        return;
    }
    for (; word != NULL; word = strtok_r(NULL, " \t\r\v\f", &rest)) {
        for (size_t i = 0; i < KNOWN && *word == '@'; i++) {
            if (strcmp(word + 1, known[i].name) == 0 &&
                (known[i].may_trail || !is_trailing)) {
                tally->views += known[i].is_view;
                tally->params += !known[i].is_view;
            }
        }
    }
}

static bool starts(const char *line, const char *word)
{
    size_t length = strlen(word);
    return strncmp(line, word, length) == 0 &&
           (line[length] == '\0' || strchr(" \t\r", line[length]) != NULL);
}

static struct tally count_text(const char *text)
{
    static const char *const openers[] = {"module", "function", "constants",
                                          "prototype", "note"};
    struct tally tally = {0};
    char *copy = arena_copy(&arena, text, strlen(text));
    unsigned groups = 0;
    const char *block = NULL;
    char *rest = NULL;
    for (char *line = strtok_r(copy, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        char *start = line + strspn(line, " \t");
        groups += block == NULL && starts(start, "group");
        groups -= block == NULL && starts(start, "groupEnd");
        for (size_t i = 0; block == NULL && i < 5; i++) {
            block = starts(start, openers[i]) ? openers[i] : NULL;
        }
        if (block == NULL) {
            continue;
        }
        char *comment = strchr(start, ';');
        bool is_end = starts(start, arena_format(&arena, "%sEnd", block));
        if (comment != NULL && groups == 0) {
            count_comment(comment + 1, comment > start, &tally);
        }
        block = is_end ? NULL : block;
    }
    return tally;
}

static const struct {
    const char *folder;
    bool is_clean; /* examples: nothing is ignored */
} folders[] = {
    {F4E_ROOT "/examples", true},
    {F4E_ROOT "/tests/bench/patches", true},
    {F4E_ROOT "/tests/data/layout", false},
    {F4E_ROOT "/tests/data/config", false},
    {F4E_ROOT "/tests/data/vectors", false},
};

static const char *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "%s", path);
    struct buf buf;
    buf_init(&buf, &arena);
    char part[4096];
    for (size_t got; (got = fread(part, 1, sizeof(part), file)) > 0;) {
        buf_add(&buf, part, got);
    }
    (void)fclose(file);
    *size = buf.length;
    return buf_string(&buf);
}

static bool check_file(const char *path, bool is_clean, struct tally *sum)
{
    size_t size = 0;
    const char *text = read_file(path, &size);
    if (!lay_out_bytes(text, size)) {
        return false;
    }
    const struct tally tally = count_text(text);
    uint32_t ignored = project.dropped_notices;
    for (uint32_t i = 0; i < project.notice_count; i++) {
        ignored += strstr(project.notices[i].text, "ignored") != NULL;
    }
    ck_assert_msg(project.param_count + project.view_count + ignored ==
                      tally.params + tally.views,
                  "%s: %u and %u and %u of %u and %u", path,
                  project.param_count, project.view_count, ignored,
                  tally.params, tally.views);
    ck_assert_msg(project.param_count <= tally.params &&
                      project.view_count <= tally.views,
                  "%s", path);
    ck_assert_msg(!is_clean || project.notice_count == 0, "%s: %s", path,
                  project.notice_count > 0 ? project.notices[0].text : "");
    sum->params += project.param_count;
    sum->views += project.view_count;
    return true;
}

/* Texts in a folder and those below it. */
static unsigned check_folder(const char *folder, bool is_clean,
                             struct tally *sum)
{
    DIR *directory = opendir(folder);
    unsigned files = 0;
    if (directory == NULL) {
        return 0;
    }
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        const char *dot = strrchr(entry->d_name, '.');
        const char *path = arena_format(&arena, "%s/%s", folder, entry->d_name);
        if (dot == NULL) {
            files += check_folder(path, is_clean, sum);
        } else if (strcmp(dot, ".8f4e") == 0) {
            files += check_file(path, is_clean, sum);
        }
    }
    (void)closedir(directory);
    return files;
}

START_TEST(loses_no_directive)
{
    static const struct {
        unsigned files;
        struct tally least;
    } want[] = {
        {5, {8, 5}}, {8, {8, 1}}, {100, {0, 1}}, {50, {9, 12}}, {15, {9, 12}}};
    struct tally sum = {0};
    unsigned files =
        check_folder(folders[_i].folder, folders[_i].is_clean, &sum);
    ck_assert_msg(files >= want[_i].files &&
                      sum.params >= want[_i].least.params &&
                      sum.views >= want[_i].least.views,
                  "%s: %u files, %u and %u", folders[_i].folder, files,
                  sum.params, sum.views);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("views_texts");
    TCase *tcase = tcase_create("views_texts");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, loses_no_directive, 0,
                        sizeof(folders) / sizeof(folders[0]));
    suite_add_tcase(suite, tcase);
    return suite;
}
