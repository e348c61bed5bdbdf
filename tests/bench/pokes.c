/* SPDX-License-Identifier: MIT */
#include "pokes.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

bool pokes_is_line(const char *text)
{
    static const char digits[] = "0123456789";
    size_t address = strspn(text, digits);
    size_t value =
        text[address] == ' ' ? strspn(text + address + 1, digits) : 0;
    return address > 0 && value > 0 && text[address + 1 + value] == '\0' &&
           strlen(text) < 32;
}

/* Past a decimal number and what is behind it, or NULL. */
static const char *pass_number(const char *text, char after)
{
    size_t length = text == NULL ? 0 : strspn(text, "0123456789");
    if (length == 0 || length > 10 || text[length] != after) {
        return NULL;
    }
    return after == '\0' ? text + length : text + length + 1;
}

bool pokes_is_event(const char *text)
{
    static const char verb[] = "event ";
    enum { NAME_MAX_BYTES = 128 };
    if (strncmp(text, verb, sizeof(verb) - 1) != 0) {
        return false;
    }
    const char *name = pass_number(text + sizeof(verb) - 1, ' ');
    size_t length = name == NULL ? 0 : strcspn(name, " ");
    if (length == 0 || length > NAME_MAX_BYTES || name[length] == '\0') {
        return false;
    }
    const char *end = pass_number(name + length + 1, ' ');
    end = pass_number(end, ' ');
    return pass_number(end, '\0') != NULL;
}

bool pokes_send(struct speaker *speaker, const char *line, unsigned timeout_s)
{
    char text[64];
    (void)snprintf(text, sizeof(text), "poke %s", line);
    return speaker_ask(speaker, text, timeout_s, "ok", 10, NULL);
}

bool pokes_send_all(struct speaker *speaker, const char *folder,
                    const char *module, unsigned timeout_s)
{
    char line[256];
    char path[PATH_MAX];
    (void)snprintf(path, sizeof(path), "%s/%s", folder, module);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return true; /* it sounds by itself */
    }
    bool ok = true;
    while (ok && fgets(line, sizeof(line), file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        ok = pokes_is_event(line)
                 ? speaker_ask(speaker, line, timeout_s, "ok", 10, NULL)
                 : pokes_is_line(line) && pokes_send(speaker, line, timeout_s);
    }
    (void)fclose(file);
    return ok;
}
