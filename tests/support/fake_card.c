/* SPDX-License-Identifier: MIT */
#include "fake_card.h"

#include <check.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void set_path(char *path, const char *folder, const char *name)
{
    int length = snprintf(path, FAKE_CARD_PATH_MAX, "%s/%s", folder, name);
    ck_assert_int_lt(length, FAKE_CARD_PATH_MAX);
}

static void write_entry(FILE *file, const struct fake_card *card,
                        const char *name, const char *settings)
{
    int length = fprintf(file,
                         "pcm.%s {\n    type f4e_fake\n    card \"%s\"\n"
                         "    file \"%s\"\n    log \"%s\"\n    state \"%s\"\n"
                         "    %s\n}\n",
                         name, card->folder, card->played, card->log,
                         card->state, settings == NULL ? "" : settings);
    ck_assert_int_gt(length, 0);
}

void fake_card_make(struct fake_card *card, const char *settings,
                    const char *in_settings)
{
    const char *library = getenv("F4E_FAKE_CARD_LIBRARY");
    const char *base = getenv("TMPDIR");
    ck_assert_msg(library != NULL, "F4E_FAKE_CARD_LIBRARY is not set");
    set_path(card->folder, base != NULL ? base : "/tmp", "fake_card-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(card->folder));
    char folder[FAKE_CARD_PATH_MAX - 32];
    ck_assert_uint_lt(strlen(card->folder), sizeof(folder));
    (void)snprintf(folder, sizeof(folder), "%s", card->folder);
    set_path(card->conf, folder, "asound.conf");
    set_path(card->played, folder, "played.raw");
    set_path(card->log, folder, "log");
    set_path(card->state, folder, "state");
    FILE *file = fopen(card->conf, "we");
    ck_assert_ptr_nonnull(file);
    int length = fprintf(file, "pcm_type.f4e_fake { lib \"%s\" }\n", library);
    ck_assert_int_gt(length, 0);
    write_entry(file, card, "fake", settings);
    write_entry(file, card, "fake_in", in_settings);
    ck_assert_int_ge(fputs("pcm.plugfake { type plug slave.pcm fake }\n", file),
                     0);
    ck_assert_int_eq(fclose(file), 0);
}

void fake_card_use(const struct fake_card *card)
{
    ck_assert_int_eq(setenv("ALSA_CONFIG_PATH", card->conf, 1), 0);
}

void fake_card_remove(const struct fake_card *card)
{
    char path[FAKE_CARD_PATH_MAX + 16];
    (void)unlink(card->conf);
    (void)unlink(card->played);
    (void)unlink(card->log);
    (void)snprintf(path, sizeof(path), "%s.playback", card->state);
    (void)unlink(path);
    (void)snprintf(path, sizeof(path), "%s.capture", card->state);
    (void)unlink(path);
    ck_assert_msg(rmdir(card->folder) == 0, "%s is not empty", card->folder);
}

/* A whole file and a NUL; empty when there is no file. */
static char *read_all(const char *path, size_t *bytes)
{
    struct stat status = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ck_assert(fd < 0 || fstat(fd, &status) == 0);
    size_t size = (size_t)status.st_size;
    char *text = calloc(size + 1, 1);
    ck_assert_ptr_nonnull(text);
    *bytes = 0;
    while (*bytes < size) {
        ssize_t part = read(fd, text + *bytes, size - *bytes);
        ck_assert_msg(part > 0, "cannot read %s", path);
        *bytes += (size_t)part;
    }
    if (fd >= 0) {
        ck_assert_int_eq(close(fd), 0);
    }
    return text;
}

unsigned char *fake_card_played(const struct fake_card *card, size_t *bytes)
{
    return (unsigned char *)read_all(card->played, bytes);
}

char *fake_card_log(const struct fake_card *card)
{
    size_t bytes;
    return read_all(card->log, &bytes);
}

/* The line's text from the frame on when it is of that stream and event. */
static const char *match(const char *line, const char *stream,
                         const char *event)
{
    size_t length = strlen(stream);
    if (strncmp(line, stream, length) != 0 || line[length] != ' ') {
        return NULL;
    }
    const char *frame = line + length + 1;
    const char *word = frame + strcspn(frame, " \n");
    if (*word != ' ') {
        return NULL;
    }
    word++;
    length = strcspn(word, " \n");
    bool is_same = strlen(event) == length && strncmp(word, event, length) == 0;
    return is_same ? frame : NULL;
}

const char *fake_card_event(const char *log, const char *stream,
                            const char *event, unsigned nth)
{
    for (const char *line = log; *line != '\0'; line++) {
        const char *frame = match(line, stream, event);
        if (frame != NULL && nth-- == 0) {
            return frame;
        }
        line += strcspn(line, "\n");
        if (*line == '\0') {
            break;
        }
    }
    return NULL;
}

int64_t fake_card_frame(const char *log, const char *stream, const char *event,
                        unsigned nth)
{
    const char *frame = fake_card_event(log, stream, event, nth);
    return frame != NULL ? strtoll(frame, NULL, 10) : -1;
}

int64_t fake_card_number(const char *log, const char *stream, const char *event,
                         unsigned nth, const char *key)
{
    const char *frame = fake_card_event(log, stream, event, nth);
    size_t length = strlen(key);
    for (const char *at = frame; at != NULL && *at != '\n' && *at != '\0';
         at++) {
        if (at[0] == ' ' && strncmp(at + 1, key, length) == 0 &&
            at[1 + length] == '=') {
            return strtoll(at + length + 2, NULL, 10);
        }
    }
    return -1;
}
