/* SPDX-License-Identifier: MIT */
/* --emit deb and --emit systemd, looked at with the tools that take them. */
#include "suite.h"

#include "builder.h"
#include "release.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void set_up(void)
{
    builder_setup();
    builder_wat("ramp.wasm", builder_ramp);
}

static struct child expect_success(struct child child)
{
    ck_assert_msg(child.status == 0, "status %d\n%s%s", child.status, child.out,
                  child.err);
    return child;
}

static void expect_line(const char *content, const char *line)
{
    char *wanted = text("\n%s\n", line);
    char *all = text("\n%s\n", content);
    ck_assert_msg(strstr(all, wanted) != NULL, "'%s' is not in\n%s", line,
                  content);
    free(all);
    free(wanted);
}

static void build_package(const char *name, const char *compiler)
{
    struct child child = BUILD("ramp.wasm", "-q", "--out", "0=16", "--emit",
                               "deb", "-o", "p.deb", "--name", name, "--cc",
                               compiler, "--package-version", "2.1~rc1");
    child_free(&child);
}

START_TEST(dpkg_unpacks_a_package_that_plays)
{
    builder_environment[0] = "DEBFULLNAME=Ada L";
    builder_environment[1] = "DEBEMAIL=ada@example.org";
    build_package("My Synth", F4E_CLANG);
    struct child child = expect_success(RUN_PROGRAM("dpkg-deb", "-f", "p.deb"));
    static const char *const fields[] = {
        "Package: f4e-my-synth", "Version: 2.1~rc1",
        "Maintainer: Ada L <ada@example.org>", "Section: sound"};
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        expect_line(child.out, fields[i]);
    }
    ck_assert_ptr_nonnull(strstr(child.out, ", libasound2t64 | libasound2\n"));
    ck_assert_ptr_nonnull(strstr(child.out, "Depends: libc6 (>= 2."));
    ck_assert_ptr_nonnull(strstr(child.out, "\nRecommends: libmicrohttpd12"));
    child_free(&child);
    child = expect_success(RUN_PROGRAM("dpkg-deb", "-R", "p.deb", "root"));
    ck_assert_str_eq(child.err, "");
    child_free(&child);
    builder_expect_ramp("root/usr/bin/f4e-my-synth", 1);
    static const char *const files[] = {
        "root/etc/default/f4e-my-synth",
        "root/usr/lib/systemd/system/f4e-my-synth.service",
        "root/DEBIAN/postinst",
        "root/DEBIAN/prerm",
        "root/usr/share/doc/f4e-my-synth/copyright",
        "root/usr/share/doc/f4e-my-synth/avahi.service",
        "root/usr/share/man/man1/f4e-my-synth.1.gz",
        "root/usr/share/doc/f4e-my-synth/changelog.gz",
        "root/usr/share/bash-completion/completions/f4e-my-synth",
        "root/usr/share/zsh/vendor-completions/_f4e-my-synth"};
    size_t unit_size = 0;
    char *unit = (char *)slurp(builder_path(files[1]), &unit_size);
    expect_line(unit, "Documentation=man:f4e-my-synth(1)");
    free(unit);
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        ck_assert_msg(access(builder_path(files[i]), R_OK) == 0, "no %s",
                      files[i]);
    }
    for (size_t i = 2; i < 4; i++) {
        child = expect_success(RUN_PROGRAM("/bin/sh", "-n", files[i]));
        child_free(&child);
    }
    size_t size = 0;
    char *conffiles =
        (char *)slurp(builder_path("root/DEBIAN/conffiles"), &size);
    ck_assert_str_eq(conffiles, "/etc/default/f4e-my-synth\n");
    free(conffiles);
}
END_TEST

START_TEST(tar_and_ar_read_it_without_a_word)
{
    build_package("x", F4E_GCC);
    struct child child = expect_success(RUN_PROGRAM("ar", "t", "p.deb"));
    ck_assert_str_eq(child.out, "debian-binary\ncontrol.tar.gz\ndata.tar.gz\n");
    child_free(&child);
    child = expect_success(
        RUN_PROGRAM("/bin/sh", "-c", "ar p p.deb data.tar.gz | tar tzvf -"));
    ck_assert_str_eq(child.err, "");
    ck_assert_ptr_nonnull(strstr(child.out, "-rwxr-xr-x root/root"));
    ck_assert_ptr_nonnull(strstr(child.out, " ./usr/bin/f4e-x\n"));
    child_free(&child);
}
END_TEST

/* An epoch belongs to the version; with a revision the changes are Debian's. */
START_TEST(takes_any_version_of_debian)
{
    struct child child =
        BUILD("ramp.wasm", "-q", "--out", "0=16", "--emit", "deb", "-o",
              "p.deb", "--name", "x", "--package-version", "1:2.1-3");
    child_free(&child);
    child = expect_success(RUN_PROGRAM("dpkg-deb", "-f", "p.deb", "Version"));
    ck_assert_str_eq(child.out, "1:2.1-3\n");
    child_free(&child);
    child = expect_success(RUN_PROGRAM("dpkg-deb", "-c", "p.deb"));
    ck_assert_ptr_nonnull(
        strstr(child.out, " ./usr/share/doc/f4e-x/changelog.Debian.gz\n"));
    child_free(&child);
}
END_TEST

/* A name is no way into the control file, the unit or a path. */
START_TEST(names_are_harmless)
{
    build_package("../../x\nDepends: y\n%n $(touch z) \"", F4E_CLANG);
    struct child child =
        expect_success(RUN_PROGRAM("dpkg-deb", "-f", "p.deb", "Package"));
    ck_assert_str_eq(child.out, "f4e-x-depends-y-n-touch-z\n");
    child_free(&child);
}
END_TEST

/* The maintainer's name neither. */
START_TEST(a_bad_maintainer_is_nobody)
{
    builder_environment[0] = "DEBFULLNAME=Ada\nDepends: y";
    build_package("x", F4E_CLANG);
    struct child child =
        expect_success(RUN_PROGRAM("dpkg-deb", "-f", "p.deb", "Maintainer"));
    ck_assert_str_eq(child.out, "nobody <nobody@localhost>\n");
    child_free(&child);
}
END_TEST

static const struct {
    const char *target;
    const char *architecture;
} targets[] = {
    {"rpi4", "arm64\n"},
    {"arm-linux-gnueabihf", "armhf\n"},
    {"riscv64", "riscv64\n"},
};

/* The architecture is the executable's, whatever made it. */
START_TEST(cross_built_packages_name_their_architecture)
{
    struct child child = expect_success(
        RUN("ramp.wasm", "-q", "-O1", "--out", "0=16", "--emit", "deb", "-o",
            "p.deb", "--target", targets[_i].target));
    child_free(&child);
    child =
        expect_success(RUN_PROGRAM("dpkg-deb", "-f", "p.deb", "Architecture"));
    ck_assert_str_eq(child.out, targets[_i].architecture);
    child_free(&child);
    child = expect_success(RUN_PROGRAM("dpkg-deb", "-f", "p.deb", "Depends"));
    ck_assert_ptr_nonnull(strstr(child.out, "libc6 (>= 2."));
    ck_assert_ptr_nonnull(strstr(child.out, "libasound2"));
    child_free(&child);
}
END_TEST

/* ---- What apt makes of the names of other packages ---- */

/* Each entry of a Depends or Recommends field, split at commas. */
static void expect_installable(const char *release, const char *field)
{
    char *copy = text("%s", field);
    for (char *entry = strtok(copy, ",\n"); entry != NULL;
         entry = strtok(NULL, ",\n")) {
        const char *choice =
            release_choice(release, entry + strspn(entry, " "));
        if (strstr(entry, "asound2") != NULL && strstr(entry, "-dev") == NULL) {
            ck_assert_msg(strcmp(choice, "libasound2") == 0 ||
                              strcmp(choice, "libasound2t64") == 0,
                          "%s: %s is no alsa-lib", release, choice);
        }
    }
    free(copy);
}

START_TEST(patches_can_be_installed_everywhere)
{
    static const char *const built_for[] = {"amd64", "rpi4", "armhf"};
    for (size_t i = 0; i < sizeof(built_for) / sizeof(built_for[0]); i++) {
        struct child child = expect_success(
            RUN("ramp.wasm", "-q", "-O1", "--out", "0=16", "--emit", "deb",
                "-o", "p.deb", "--target", built_for[i]));
        child_free(&child);
        child =
            expect_success(RUN_PROGRAM("dpkg-deb", "-f", "p.deb", "Depends"));
        ck_assert_ptr_nonnull(strstr(child.out, "asound2"));
        for (size_t k = 0; k < RELEASE_COUNT; k++) {
            expect_installable(release_names[k], child.out);
        }
        child_free(&child);
    }
}
END_TEST

/* f4e-build's own; what dpkg-shlibdeps adds is of the release it is made on. */
START_TEST(the_tool_can_be_installed_everywhere)
{
    static const char *const fields[] = {
        "set(CPACK_DEBIAN_PACKAGE_DEPENDS \"",
        "set(CPACK_DEBIAN_PACKAGE_RECOMMENDS \"",
    };
    size_t size = 0;
    char *config = (char *)slurp(F4E_BINARY_DIR "/CPackConfig.cmake", &size);
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        const char *value = strstr(config, fields[i]);
        ck_assert_msg(value != NULL, "no %s", fields[i]);
        value += strlen(fields[i]);
        char *field = text("%.*s", (int)strcspn(value, "\""), value);
        for (size_t k = 0; k < RELEASE_COUNT; k++) {
            expect_installable(release_names[k], field);
        }
        free(field);
    }
    free(config);
}
END_TEST

static void build_unit(void)
{
    struct child child = BUILD("ramp.wasm", "-q", "--emit", "systemd", "--name",
                               "My 100% Synth");
    child_free(&child);
}

START_TEST(systemd_takes_the_unit)
{
    build_unit();
    /* 'verify' wants the program to be there. */
    size_t size = 0;
    char *unit = (char *)slurp(builder_path("ramp.service"), &size);
    char *start =
        strstr(unit, "ExecStart=/usr/local/bin/My-100-Synth $OPTIONS");
    ck_assert_ptr_nonnull(start);
    char *changed =
        text("%.*sExecStart=/bin/true%s", (int)(start - unit), unit,
             start + strlen("ExecStart=/usr/local/bin/My-100-Synth"));
    spit(builder_path("ramp.service"), changed, strlen(changed));
    struct child child = expect_success(
        RUN_PROGRAM("systemd-analyze", "verify", "--man=no", "./ramp.service"));
    ck_assert_str_eq(child.err, "");
    child_free(&child);
    child = expect_success(RUN_PROGRAM("systemd-analyze", "security",
                                       "--offline=true", "--no-pager",
                                       "--threshold=25", "./ramp.service"));
    child_free(&child);
    free(changed);
    free(unit);
}
END_TEST

/* What the patch needs must not be forbidden. */
static const char *const granted[] = {
    "Type=notify",
    "WatchdogSec=10",
    "Restart=on-failure",
    "RestartPreventExitStatus=2 4",
    "LimitRTPRIO=95",
    "LimitMEMLOCK=infinity",
    "DynamicUser=yes",
    "SupplementaryGroups=audio",
    "DeviceAllow=char-alsa rw",
    "StateDirectory=My-100-Synth",
    "RuntimeDirectory=My-100-Synth",
    "Documentation=man:f4e-patch(1)",
    ("SystemCallFilter=@system-service landlock_create_ruleset "
     "landlock_restrict_self"),
    "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK",
};
static const char *const forbidding[] = {
    "RestrictRealtime=yes",
    "PrivateDevices=yes",
    "PrivateUsers=yes",
    "ProcSubset=pid",
};

START_TEST(unit_lets_a_patch_play)
{
    build_unit();
    size_t size = 0;
    char *unit = (char *)slurp(builder_path("ramp.service"), &size);
    for (size_t i = 0; i < sizeof(granted) / sizeof(granted[0]); i++) {
        expect_line(unit, granted[i]);
    }
    for (size_t i = 0; i < sizeof(forbidding) / sizeof(forbidding[0]); i++) {
        ck_assert_msg(strstr(unit, forbidding[i]) == NULL, "%s", forbidding[i]);
    }
    free(unit);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("packages");
    TCase *tcase = tcase_create("packages");
    tcase_set_timeout(tcase, 600);
    tcase_add_checked_fixture(tcase, set_up, builder_teardown);
    tcase_add_test(tcase, dpkg_unpacks_a_package_that_plays);
    tcase_add_test(tcase, tar_and_ar_read_it_without_a_word);
    tcase_add_test(tcase, takes_any_version_of_debian);
    tcase_add_test(tcase, names_are_harmless);
    tcase_add_test(tcase, a_bad_maintainer_is_nobody);
    tcase_add_loop_test(tcase, cross_built_packages_name_their_architecture, 0,
                        sizeof(targets) / sizeof(targets[0]));
    tcase_add_test(tcase, patches_can_be_installed_everywhere);
    tcase_add_test(tcase, the_tool_can_be_installed_everywhere);
    tcase_add_test(tcase, systemd_takes_the_unit);
    tcase_add_test(tcase, unit_lets_a_patch_play);
    suite_add_tcase(suite, tcase);
    return suite;
}
