/* SPDX-License-Identifier: MIT */
#include "state/state_keep.h"

#include "files/outfile.h"
#include "message/message.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ASIDE_NAMES = 10 }; /* FILE.old, FILE.old.1 to FILE.old.9 */

static const char *save_path(const struct state_keep *keep)
{
    const struct options *options = keep->options;
    return options->state != NULL ? options->state : options->save_state;
}

static const char *load_path(const struct state_keep *keep)
{
    const struct options *options = keep->options;
    if (options->is_state_reset) {
        return NULL;
    }
    if (options->state == NULL) {
        return options->load_state;
    }
    /* The first time there is none yet; other errors are reported later. */
    return access(options->state, F_OK) != 0 && errno == ENOENT
               ? NULL
               : options->state;
}

static void tell_match(const struct state_keep *keep, const char *path,
                       const struct state_match *match)
{
    if (!match->is_by_name || keep->options->is_quiet) {
        return;
    }
    message(PRIORITY_INFO,
            "state   %u variables of '%s' restored by name; %u are new here, "
            "%u are gone",
            match->restored, path, match->missing, match->gone);
    if (match->pointers > 0) {
        message(PRIORITY_WARNING,
                "state   %u pointers keep their defaults: what they pointed at "
                "is gone",
                match->pointers);
    }
}

/* FILE.old, or FILE.old.1 and so on where a folder has that name. */
static bool give_name(const char *path, bool is_copy, char *aside, size_t size)
{
    bool is_done = false;
    for (int i = 0; i < ASIDE_NAMES && !is_done; i++) {
        (void)snprintf(aside, size, i == 0 ? "%s.old" : "%s.old.%d", path, i);
        (void)unlink(aside);
        is_done =
            (is_copy && link(path, aside) == 0) || rename(path, aside) == 0;
        if (!is_done && errno != EISDIR) {
            break;
        }
    }
    return is_done;
}

/*
 * Give the file that --state names another name under which it stays when the
 * state is saved; 'is_copy': and its own as well, if the file system has hard
 * links, since a program that is killed does not save. False when there is a
 * file with something in it, which nothing but its own name keeps.
 */
static bool put_aside(const struct state_keep *keep, bool is_copy,
                      const char *why, const char *then)
{
    struct stat status;
    char *path = outfile_follow(keep->options->state);
    size_t size = path != NULL ? strlen(path) + sizeof ".old.0" : 1;
    char *aside = malloc(size);
    bool is_done = false;
    bool is_file = false;
    errno = path != NULL ? EINVAL : errno;
    if (path != NULL && aside != NULL && stat(path, &status) == 0 &&
        S_ISREG(status.st_mode)) {
        is_file = status.st_size > 0;
        is_done = give_name(path, is_copy, aside, size);
    }
    message(PRIORITY_WARNING,
            is_done && is_copy ? "state   %s; kept as '%s'; %s"
            : is_done          ? "state   %s; put aside as '%s'; %s"
                               : "state   %s; cannot be put aside: %s; %s",
            why, is_done ? aside : strerror(errno), then);
    free(path);
    free(aside);
    return is_done || !is_file;
}

/*
 * --load-state takes a state or refuses it. --state is for machines that are
 * left alone: what does not fit must not keep the patch from playing, today
 * and at every start to come.
 */
static bool load(struct state_keep *keep, struct failure *failure)
{
    const char *path = load_path(keep);
    bool is_kept = keep->options->state != NULL;
    struct state_match match;
    struct failure misfit = {.status = STATUS_OK};
    if (path == NULL) {
        return true;
    }
    if (!state_load(keep->engine, path,
                    is_kept || keep->options->is_state_by_name, &match,
                    &misfit)) {
        if (!is_kept || misfit.status != STATUS_FILE) {
            *failure = misfit;
            return false;
        }
        keep->is_barred = !put_aside(keep, false, misfit.text,
                                     "the patch starts without a state");
        return true;
    }
    if (is_kept && match.is_by_name) {
        char why[512];
        (void)snprintf(why, sizeof(why),
                       "'%s' is the state of another build of this patch",
                       path);
        (void)put_aside(keep, true, why, "variables are restored by name");
    }
    tell_match(keep, path, &match);
    return true;
}

/* What was refused and could not be put aside is for somebody to look at. */
static bool check_bar(const struct state_keep *keep, struct failure *failure)
{
    if (!keep->is_barred) {
        return true;
    }
    (void)failure_set(failure, STATUS_FILE,
                      "the state is not saved: '%s' holds what was refused and "
                      "could not be put aside",
                      keep->options->state);
    return failure_hint(failure, "move it, or give another --state");
}

bool state_keep_begin(struct state_keep *keep, struct failure *failure)
{
    const char *path = save_path(keep);
    struct failure trouble = {.status = STATUS_OK};
    if (!load(keep, failure)) {
        return false;
    }
    if (path != NULL && !state_probe(path, &trouble)) {
        bool is_kept = keep->options->state != NULL || keep->is_service;
        if (!is_kept || trouble.status != STATUS_FILE) {
            *failure = trouble;
            return false;
        }
        message(PRIORITY_WARNING,
                "state   %s; the patch plays, and tries again when it saves",
                trouble.text);
    }
    /* A render may take its time, should it be asked to save meanwhile. */
    return path == NULL || keep->options->render != NULL ||
           state_make_room(&keep->snapshot, keep->engine->patch, failure);
}

bool state_keep_to(struct state_keep *keep, const char *path,
                   struct failure *failure)
{
    struct engine *engine = keep->engine;
    return (keep->snapshot.bytes != NULL ||
            state_make_room(&keep->snapshot, engine->patch, failure)) &&
           state_take(&keep->snapshot, engine, failure) &&
           state_save(engine, &keep->snapshot, path, failure);
}

void state_keep_now(struct state_keep *keep)
{
    const char *path = save_path(keep);
    struct failure failure = {.status = STATUS_OK};
    bool is_quiet = keep->options->is_quiet;
    if (path == NULL) {
        message(PRIORITY_WARNING,
                "SIGUSR2: no --save-state FILE was given to save to");
    } else if (!check_bar(keep, &failure) ||
               !state_keep_to(keep, path, &failure)) {
        message(PRIORITY_ERROR, "%s", failure.text);
    } else if (!is_quiet) {
        message(PRIORITY_INFO, "state after block %" PRIu64 " saved%s",
                keep->snapshot.block,
                keep->snapshot.is_costly
                    ? "; the audio thread had to stop for the copy"
                    : "");
    }
}

void state_keep_follow(struct state_keep *keep)
{
    struct failure failure = {.status = STATUS_OK};
    if (keep->snapshot.bytes != NULL) {
        state_free(&keep->snapshot);
        /* Without memory now, it is asked for again when a state is saved. */
        (void)!state_make_room(&keep->snapshot, keep->engine->patch, &failure);
    }
}

bool state_keep_end(struct state_keep *keep, bool has_run,
                    struct failure *failure)
{
    const char *path = save_path(keep);
    state_free(&keep->snapshot);
    return !has_run || path == NULL ||
           (check_bar(keep, failure) &&
            state_save(keep->engine, NULL, path, failure));
}
