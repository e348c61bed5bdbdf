/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* unshare */
/* Whole files in and out, and the directory that goes when the run ends. */
#include "base/file.h"
#include "base/workdir.h"
#include "child.h"
#include "folder_fixture.h"
#include "suite.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- file ---- */

static const char *in_folder(const char *name)
{
    return arena_format(&arena, "%s/%s", folder, name);
}

START_TEST(file_round_trips_any_size)
{
    static const size_t sizes[] = {0, 1, 65536, 1000003};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        uint8_t *bytes = arena_alloc(&arena, sizes[i] + 1, 1);
        for (size_t k = 0; k < sizes[i]; k++) {
            bytes[k] = (uint8_t)(k * 7);
        }
        const char *path = in_folder("x");
        ck_assert(file_write(path, bytes, sizes[i], 0600, &diag));
        const uint8_t *read = NULL;
        size_t size = 1;
        ck_assert(file_read(path, sizes[i], &read, &size, &arena, &diag));
        ck_assert_uint_eq(size, sizes[i]);
        ck_assert_int_eq(memcmp(read, bytes, size), 0);
        ck_assert_int_eq(read[size], 0);
    }
    ck_assert_uint_eq(directory_count(folder), 1);
}
END_TEST

static unsigned mode_of(const char *path)
{
    struct stat status;
    ck_assert_int_eq(lstat(path, &status), 0);
    return status.st_mode & 07777;
}

static bool is_link(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0 && S_ISLNK(status.st_mode);
}

static void expect_saved(const char *path, const char *content)
{
    size_t size = 0;
    unsigned char *bytes = slurp(path, &size);
    ck_assert_str_eq((const char *)bytes, content);
    free(bytes);
}

/* Links relative and absolute, to links, to nothing yet, to other folders. */
START_TEST(file_save_writes_where_a_link_leads)
{
    static const struct {
        const char *to; /* "%": the folder */
        const char *file;
    } links[] = {
        {"file", "file"},           {"sub/file", "sub/file"},
        {"%/sub/file", "sub/file"}, {"other", "sub/file"},
        {"sub/back", "file"},       {"sub/../new", "new"},
    };
    umask(022);
    ck_assert_int_eq(mkdir(in_folder("sub"), 0700), 0);
    ck_assert_int_eq(symlink("sub/file", in_folder("other")), 0);
    ck_assert_int_eq(symlink("../file", in_folder("sub/back")), 0);
    for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
        const char *to =
            links[i].to[0] == '%' ? in_folder(links[i].to + 2) : links[i].to;
        const char *link = in_folder("link");
        ck_assert_int_eq(symlink(to, link), 0);
        ck_assert(file_save(link, "12345", 6, 0666, &diag));
        ck_assert_msg(is_link(link), "%s", to);
        expect_saved(in_folder(links[i].file), "12345");
        ck_assert(is_link(in_folder("other")));
        ck_assert(is_link(in_folder("sub/back")));
        ck_assert_int_eq(unlink(link), 0);
        ck_assert_int_eq(unlink(in_folder(links[i].file)), 0);
    }
    /* other, sub; nothing beside them */
    ck_assert_uint_eq(directory_count(folder), 2);
    ck_assert_uint_eq(directory_count(in_folder("sub")), 1);
}
END_TEST

START_TEST(file_save_refuses_links_without_end)
{
    ck_assert_int_eq(symlink("b", in_folder("a")), 0);
    ck_assert_int_eq(symlink("a", in_folder("b")), 0);
    ck_assert(!file_save(in_folder("a"), "x", 1, 0666, &diag));
    ck_assert_int_eq(diag.kind, DIAG_SYSTEM);
    ck_assert(is_link(in_folder("a")) && is_link(in_folder("b")));
}
END_TEST

START_TEST(file_save_writes_to_what_is_no_file)
{
    const char *fifo = in_folder("fifo");
    char got[8] = "";
    struct stat status;
    ck_assert_int_eq(mkfifo(fifo, 0600), 0);
    ck_assert_int_eq(symlink("fifo", in_folder("link")), 0);
    int fd = open(fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    ck_assert(file_save(in_folder("link"), "text", 4, 0666, &diag));
    ck_assert_int_eq(read(fd, got, sizeof(got)), 4);
    ck_assert_str_eq(got, "text");
    ck_assert_int_eq(close(fd), 0);
    ck_assert_int_eq(stat(fifo, &status), 0);
    ck_assert(S_ISFIFO(status.st_mode));
    /* A folder takes no bytes, and stays one. */
    ck_assert_int_eq(mkdir(in_folder("sub"), 0700), 0);
    ck_assert(!file_save(in_folder("sub"), "text", 4, 0666, &diag));
    ck_assert_int_eq(diag.kind, DIAG_SYSTEM);
    ck_assert_ptr_nonnull(strstr(diag.text, "Is a directory"));
    ck_assert_uint_eq(directory_count(folder), 3);
}
END_TEST

START_TEST(file_save_keeps_the_mode)
{
    static const struct {
        unsigned before; /* 0: no file */
        unsigned asked;
        unsigned after;
    } modes[] = {
        {0, 0777, 0755},     {0, 0666, 0644},    {0600, 0666, 0600},
        {0666, 0666, 0666},  {0640, 0666, 0640}, {0644, 0777, 0755},
        {0600, 0777, 0700},  {0750, 0777, 0750}, {0755, 0666, 0755},
        {04755, 0777, 0755}, {0200, 0666, 0200},
    };
    umask(022);
    const char *path = in_folder("x");
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        (void)unlink(path);
        if (modes[i].before != 0) {
            spit(path, "old", 3);
            ck_assert_int_eq(chmod(path, modes[i].before), 0);
        }
        ck_assert(file_save(path, "new", 4, modes[i].asked, &diag));
        ck_assert_msg(mode_of(path) == modes[i].after, "row %zu: %o", i,
                      mode_of(path));
    }
}
END_TEST

START_TEST(file_save_keeps_the_owner)
{
    enum { OTHER = 12345 };
    struct stat status;
    const char *path = in_folder("x");
    spit(path, "old", 3);
    bool is_root = chown(path, OTHER, OTHER) == 0;
    ck_assert(file_save(path, "new", 4, 0666, &diag));
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_uint_eq(status.st_uid, is_root ? OTHER : getuid());
    ck_assert_uint_eq(status.st_gid, is_root ? OTHER : getgid());
}
END_TEST

START_TEST(file_write_replaces_by_rename_with_the_mode_asked)
{
    const char *path = in_folder("x");
    const char *link_path = in_folder("old");
    spit(path, "before", 6);
    ck_assert_int_eq(link(path, link_path), 0);
    mode_t mask = umask(027);
    ck_assert(file_write(path, "after", 5, 0777, &diag));
    (void)umask(mask);
    size_t size = 0;
    unsigned char *old = slurp(link_path, &size);
    ck_assert_str_eq((char *)old, "before"); /* the old file is as it was */
    free(old);
    struct stat status;
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_int_eq((int)(status.st_mode & 0777), 0750);
}
END_TEST

START_TEST(file_write_leaves_nothing_when_it_fails)
{
    const char *blocked = in_folder("directory");
    ck_assert_int_eq(mkdir(blocked, 0700), 0);
    const char *const paths[] = {
        blocked,
        in_folder("missing/x"),
        "",
        "/proc/x",
    };
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        diag_init(&diag, NULL);
        ck_assert_msg(!file_write(paths[i], "x", 1, 0600, &diag), "'%s'",
                      paths[i]);
        ck_assert_int_eq(diag.kind, DIAG_SYSTEM);
        ck_assert_msg(strstr(diag.text, paths[i]) != NULL, "%s", diag.text);
        ck_assert_uint_eq(directory_count(folder), 1);
    }
}
END_TEST

/* As a full disk does it. */
START_TEST(file_write_keeps_the_old_file_when_the_disk_is_full)
{
    const char *path = in_folder("x");
    spit(path, "before", 6);
    struct rlimit before;
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    const struct rlimit small = {100, before.rlim_max};
    (void)signal(SIGXFSZ, SIG_IGN);
    uint8_t bytes[5000] = {0};
    /* No assertion while it holds: Check writes files too. */
    (void)setrlimit(RLIMIT_FSIZE, &small);
    bool ok = file_write(path, bytes, sizeof(bytes), 0600, &diag);
    (void)setrlimit(RLIMIT_FSIZE, &before);
    ck_assert(!ok);
    ck_assert_int_eq(diag.kind, DIAG_SYSTEM);
    size_t size = 0;
    unsigned char *old = slurp(path, &size);
    ck_assert_str_eq((char *)old, "before");
    free(old);
    ck_assert_uint_eq(directory_count(folder), 1);
}
END_TEST

START_TEST(file_read_names_what_it_cannot_read)
{
    const char *fifo = in_folder("fifo");
    const char *large = in_folder("large");
    ck_assert_int_eq(mkfifo(fifo, 0600), 0);
    spit(large, "0123456789", 10);
    const struct {
        const char *path;
        const char *text;
    } rows[] = {
        {in_folder("none"), "No such file"},
        {folder, "is not a regular file"},
        {fifo, "is not a regular file"},
        {"/dev/null", "is not a regular file"},
        {large, "has 10 bytes, more than the limit of 9"},
        {"", "No such file"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const uint8_t *bytes = NULL;
        size_t size = 0;
        diag_init(&diag, NULL);
        ck_assert_msg(!file_read(rows[i].path, 9, &bytes, &size, &arena, &diag),
                      "%s", rows[i].path);
        ck_assert_int_eq(diag.kind, DIAG_INPUT);
        ck_assert_msg(strstr(diag.text, rows[i].text) != NULL &&
                          strstr(diag.text, rows[i].path) != NULL,
                      "%s: %s", rows[i].path, diag.text);
    }
}
END_TEST

START_TEST(base_name_is_after_the_last_slash)
{
    ck_assert_str_eq(file_base_name("a/b/c.wasm"), "c.wasm");
    ck_assert_str_eq(file_base_name("c"), "c");
    ck_assert_str_eq(file_base_name("a/"), "");
}
END_TEST

START_TEST(directory_is_what_holds_the_file)
{
    static const struct {
        const char *path;
        const char *directory;
    } rows[] = {{"a/b/c.wasm", "a/b"}, {"a/c", "a"},  {"/c", "/"},
                {"/a/c", "/a"},        {"c", "."},    {"", "."},
                {"a/", "a"},           {"./c", "."},  {"../c", ".."},
                {"//c", "/"},          {"a//c", "a/"}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        ck_assert_str_eq(file_directory(rows[i].path, &arena),
                         rows[i].directory);
    }
}
END_TEST

/* ---- workdir ---- */

START_TEST(workdir_is_private_and_goes_with_all_that_is_in_it)
{
    ck_assert_int_eq(setenv("TMPDIR", folder, 1), 0);
    struct workdir workdir;
    ck_assert(workdir_create(&workdir, &arena, &diag));
    struct stat status;
    ck_assert_int_eq(stat(workdir.path, &status), 0);
    ck_assert_int_eq((int)(status.st_mode & 0777), 0700);
    ck_assert_str_eq(getenv("TMPDIR"), workdir.path);
    spit(workdir_path(&workdir, "a", &arena), "a", 1);
    ck_assert_int_eq(mkdir(workdir_path(&workdir, "b", &arena), 0700), 0);
    spit(workdir_path(&workdir, "b/c", &arena), "c", 1);
    /* A link out of it is removed, not followed. */
    const char *outside = in_folder("outside");
    ck_assert_int_eq(mkdir(outside, 0700), 0);
    spit(in_folder("outside/kept"), "k", 1);
    ck_assert_int_eq(symlink(outside, workdir_path(&workdir, "l", &arena)), 0);
    workdir_remove(&workdir);
    workdir_remove(&workdir);
    ck_assert_uint_eq(directory_count(folder), 1);
    ck_assert_uint_eq(directory_count(outside), 1);
}
END_TEST

START_TEST(workdir_stays_when_it_is_kept)
{
    ck_assert_int_eq(setenv("TMPDIR", folder, 1), 0);
    struct workdir workdir;
    ck_assert(workdir_create(&workdir, &arena, &diag));
    const char *path = workdir_keep(&workdir);
    workdir_remove(&workdir);
    ck_assert_int_eq(access(path, R_OK), 0);
}
END_TEST

START_TEST(workdir_names_the_parent_that_refuses)
{
    const char *missing = in_folder("missing");
    ck_assert_int_eq(setenv("TMPDIR", missing, 1), 0);
    struct workdir workdir;
    ck_assert(!workdir_create(&workdir, &arena, &diag));
    ck_assert_int_eq(diag.kind, DIAG_SYSTEM);
    ck_assert_ptr_nonnull(strstr(diag.text, missing));
    workdir_remove(&workdir);
}
END_TEST

/* A file system that this process alone sees; only root may make one. */
static bool mount_small(const char *path)
{
    return unshare(CLONE_NEWNS) == 0 &&
           mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("none", path, "tmpfs", 0, "size=256k") == 0;
}

START_TEST(workdir_tells_of_a_full_file_system)
{
    struct workdir workdir;
    const char *parent = in_folder("small");
    ck_assert_int_eq(mkdir(parent, 0700), 0);
    const bool is_small = mount_small(parent);
    ck_assert_int_eq(setenv("TMPDIR", parent, 1), 0);
    ck_assert(workdir_create(&workdir, &arena, &diag));
    (void)diag_input(&diag, -1, "the module is bad");
    workdir_explain(&workdir, &diag);
    ck_assert_str_eq(diag.text, "the module is bad");
    diag_init(&diag, NULL);
    diag.tool_output = "PLEASE submit a bug report";
    (void)diag_tool(&diag, "'clang' failed");
    workdir_explain(&workdir, &diag);
    if (is_small) {
        ck_assert_str_eq(diag.text,
                         arena_format(&arena,
                                      "no space left in '%s', where a build "
                                      "has its files until it ends",
                                      parent));
        ck_assert_int_eq(diag.kind, DIAG_SYSTEM);
        ck_assert_ptr_null(diag.tool_output);
    } else {
        ck_assert_str_eq(diag.text, "'clang' failed");
    }
    workdir_remove(&workdir);
    if (is_small) {
        ck_assert_int_eq(umount(parent), 0);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("file");
    TCase *file = tcase_create("file");
    tcase_add_checked_fixture(file, setup_folder, teardown_folder);
    tcase_add_test(file, file_round_trips_any_size);
    tcase_add_test(file, file_write_replaces_by_rename_with_the_mode_asked);
    tcase_add_test(file, file_save_writes_where_a_link_leads);
    tcase_add_test(file, file_save_refuses_links_without_end);
    tcase_add_test(file, file_save_writes_to_what_is_no_file);
    tcase_add_test(file, file_save_keeps_the_mode);
    tcase_add_test(file, file_save_keeps_the_owner);
    tcase_add_test(file, file_write_leaves_nothing_when_it_fails);
    tcase_add_test(file, file_write_keeps_the_old_file_when_the_disk_is_full);
    tcase_add_test(file, file_read_names_what_it_cannot_read);
    tcase_add_test(file, base_name_is_after_the_last_slash);
    tcase_add_test(file, directory_is_what_holds_the_file);
    tcase_add_test(file, workdir_is_private_and_goes_with_all_that_is_in_it);
    tcase_add_test(file, workdir_stays_when_it_is_kept);
    tcase_add_test(file, workdir_names_the_parent_that_refuses);
    tcase_add_test(file, workdir_tells_of_a_full_file_system);
    suite_add_tcase(suite, file);
    return suite;
}
