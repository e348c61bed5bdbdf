/* SPDX-License-Identifier: MIT */
#include "form.h"

#include "base/banned.h"

#include <stddef.h>

static const struct form_row rows[FORM_COUNT] = {
    [FORM_PROGRAM] = {"program", "", "", false},
    [FORM_BUNDLE] = {"bundle", "", "-bundle", true},
    [FORM_OBJECT] = {"object", "", ".o", false},
    [FORM_LIBRARY] = {"library", "lib", ".a", false},
    [FORM_SYSTEMD] = {"systemd", "", ".service", false},
    [FORM_DEB] = {"deb", "", ".deb", false},
};

const struct form_row *form_row(enum form form)
{
    return &rows[form];
}

enum form form_find(const char *name)
{
    enum form form = FORM_PROGRAM;
    while (form < FORM_COUNT && strcmp(rows[form].name, name) != 0) {
        form++;
    }
    return form;
}

const char *form_names(void)
{
    return "program, bundle, object, library, systemd, deb";
}
