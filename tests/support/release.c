/* SPDX-License-Identifier: MIT */
#include "release.h"

#include "child.h"

#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const release_names[] = {
    "debian-12",       "raspberry-pi-os-12", "debian-13",
    "debian-13-armhf", "ubuntu-22.04",       "ubuntu-24.04",
};

/* One name of an entry: "libc6 (>= 2.34)". */
struct wanted {
    char name[128];
    char relation[4]; /* "" for any version */
    char version[128];
};

static bool is_new_enough(const char *version, const struct wanted *wanted)
{
    if (wanted->relation[0] == '\0') {
        return true;
    }
    ck_assert_str_eq(wanted->relation, ">=");
    const char *const argv[] = {"dpkg", "--compare-versions", version,
                                "ge",   wanted->version,      NULL};
    struct child child;
    child_run(&child, argv, NULL);
    bool is_enough = child.status == 0;
    child_free(&child);
    return is_enough;
}

/* "name (= 1)" or "name", among others between commas. */
static bool provides(const char *list, const struct wanted *wanted)
{
    size_t length = strlen(wanted->name);
    for (const char *at = list; at != NULL; at = strchr(at, ',')) {
        at += strspn(at, ", ");
        if (strncmp(at, wanted->name, length) == 0 &&
            strchr(", (", at[length]) != NULL) {
            const char *bracket = at + length + strspn(at + length, " ");
            char version[128] = "";
            /* One without a version meets no condition on it. */
            if (sscanf(bracket, "(= %127[^)])", version) != 1) {
                return wanted->relation[0] == '\0';
            }
            return is_new_enough(version, wanted);
        }
    }
    return false;
}

/* The value of the field that 'line' starts with, or NULL. */
static const char *field(const char *line, const char *name)
{
    size_t length = strlen(name);
    return strncmp(line, name, length) == 0 ? line + length : NULL;
}

/* Packages of that name, else those that provide it; the last in 'choice'. */
static unsigned find(const char *text, const struct wanted *wanted,
                     char choice[128])
{
    char package[128] = "";
    char version[128] = "";
    char line[256];
    unsigned providers = 0;
    for (const char *at = text; *at != '\0';) {
        size_t length = strcspn(at, "\n");
        ck_assert_uint_lt(length, sizeof(line));
        memcpy(line, at, length);
        line[length] = '\0';
        at += length + (at[length] == '\n');
        const char *value = NULL;
        if ((value = field(line, "Package: ")) != NULL) {
            (void)snprintf(package, sizeof(package), "%s", value);
        } else if ((value = field(line, "Version: ")) != NULL) {
            (void)snprintf(version, sizeof(version), "%s", value);
            if (strcmp(package, wanted->name) == 0 &&
                is_new_enough(version, wanted)) {
                (void)snprintf(choice, 128, "%s", package);
                return 1;
            }
        } else if ((value = field(line, "Provides: ")) != NULL &&
                   provides(value, wanted)) {
            (void)snprintf(choice, 128, "%s", package);
            providers++;
        }
    }
    return providers;
}

const char *release_choice(const char *release, const char *entry)
{
    static char choice[128];
    char *path = text("%s/releases/%s", F4E_TEST_DATA, release);
    size_t size = 0;
    char *list = (char *)slurp(path, &size);
    unsigned found = 0;
    for (const char *at = entry; found == 0 && at != NULL;
         at = strchr(at, '|')) {
        struct wanted wanted = {"", "", ""};
        at += strspn(at, "| ");
        ck_assert_int_ge(sscanf(at, "%127[^ |,] (%3s %127[^)]", wanted.name,
                                wanted.relation, wanted.version),
                         1);
        found = find(list, &wanted, choice);
    }
    ck_assert_msg(found > 0, "%s: nothing for '%s'", release, entry);
    ck_assert_msg(found == 1, "%s: %u packages for '%s', such as %s", release,
                  found, entry, choice);
    free(list);
    free(path);
    return choice;
}
