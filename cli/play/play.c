/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* ppoll */
#include "play/play.h"

#include "base/file.h"
#include "base/process.h"
#include "base/workdir.h"
#include "play/builder.h"
#include "play/file_watch.h"
#include "play/leftovers.h"
#include "play/player_process.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    QUIET_MS = 15,  /* without a change: whoever saved is done */
    BURST_MS = 150, /* of changes without a pause: long enough */
    RETRY_MS = 200, /* for folders that are gone */
    MAX_REPORT_BYTES = 1 << 20,
};

/* A version on its way from a change of a file to the ear. */
struct save {
    bool is_pending;  /* changes were seen */
    int64_t first_ms; /* when */
    int64_t last_ms;
};

struct play {
    const struct options *options;
    play_build *build;
    struct arena *arena;
    struct workdir workdir;
    const char *name; /* of the patch */
    const char *player_path;
    struct player player;
    struct file_watch files;
    struct builder quick;  /* of what was changed last */
    struct builder better; /* of what plays */
    struct buf said;       /* by the last one of those that went well */
    struct save save;
    sigset_t signals; /* those that are blocked but while it waits */
    int64_t saved_ms; /* of the version that is built or waited for */
    int64_t built_ms;
    uint32_t id; /* of the last build */
    uint32_t quick_id;
    uint32_t better_id;
    uint32_t offered_id; /* which the player has not answered yet; 0: none */
    bool is_single;      /* it, or what plays, is as good as can be */
    uint32_t shown_id;   /* whose time to sound is to be told */
};

static int64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static const char *path_of(const struct play *play, uint32_t id,
                           const char *suffix)
{
    return arena_format(play->arena, "%s/%u.%s", play->workdir.path, id,
                        suffix);
}

static bool start_build(struct play *play, bool is_quick, struct diag *diag)
{
    const uint32_t id = ++play->id;
    const struct play_job job = {.version = path_of(play, id, "so"),
                                 .player = id == 1 ? play->player_path : NULL,
                                 .report = path_of(play, id, "report"),
                                 .is_quick = is_quick,
                                 .is_checked = is_quick && id > 1,
                                 .is_quiet = play->options->is_quiet};
    *(is_quick ? &play->quick_id : &play->better_id) = id;
    return builder_start(is_quick ? &play->quick : &play->better, play->options,
                         play->build, &job, !is_quick, play->arena, diag);
}

/* What a build was made of is watched from now on. True: it is as good as a
 * build can be. */
static bool take_report(struct play *play, uint32_t id)
{
    static const char file[] = "file ";
    const uint8_t *bytes = NULL;
    size_t size = 0;
    struct diag ignored;
    bool is_single = false;
    const char *path = path_of(play, id, "report");
    diag_init(&ignored, NULL);
    if (!file_read(path, MAX_REPORT_BYTES, &bytes, &size, play->arena,
                   &ignored)) {
        return false;
    }
    for (const char *line = (const char *)bytes; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        if (strncmp(line, file, sizeof(file) - 1) == 0 &&
            play->options->is_watching) {
            file_watch_add(&play->files,
                           arena_copy(play->arena, line + sizeof(file) - 1,
                                      length - (sizeof(file) - 1)),
                           play->arena);
        }
        is_single = is_single || strncmp(line, "single", length) == 0;
        line += length + (line[length] == '\n');
    }
    (void)remove(path);
    return is_single;
}

/* What it has said, but for the first so many bytes. */
static void print_text(const struct builder *builder, size_t shown)
{
    if (builder->text.length > shown) {
        (void)fwrite(builder->text.bytes + shown, 1,
                     builder->text.length - shown, stderr);
    }
    (void)fflush(stderr);
}

/* What a build that went well has said; once, not with each save. */
static void print_news(struct play *play, const struct builder *builder)
{
    const struct buf *text = &builder->text;
    const struct buf *said = &play->said;
    bool is_same = text->length == said->length &&
                   (text->length == 0 ||
                    memcmp(text->bytes, said->bytes, text->length) == 0);
    if (play->options->is_verbose || !is_same) {
        print_text(builder, 0);
    }
    play->said = *text;
}

/* The first build, and the player with it. Also false when a signal has come,
 * which main() knows. */
static bool build_first(struct play *play, struct diag *diag)
{
    if (!start_build(play, true, diag)) {
        return false;
    }
    bool is_over = false;
    for (size_t shown = 0; !is_over; shown = play->quick.text.length) {
        struct pollfd fd = {.fd = play->quick.output, .events = POLLIN};
        (void)ppoll(&fd, 1, NULL, &play->signals);
        if (process_interrupted() != 0) {
            return false;
        }
        is_over = fd.revents != 0 && builder_read(&play->quick);
        print_text(&play->quick, shown);
    }
    play->is_single = take_report(play, play->quick_id);
    play->said = play->quick.text;
    if (play->quick.status != 0) {
        /* It has said why. */
        diag->kind = (enum diag_kind)play->quick.status;
        diag->is_printed = true;
        return false;
    }
    return true;
}

static void start_better(struct play *play)
{
    struct diag diag;
    diag_init(&diag, NULL);
    builder_cancel(&play->better);
    if (!start_build(play, false, &diag)) {
        diag_print(&diag, "f4e-build", stderr);
    }
}

/* Somebody has saved: what is built to be heard next is old. */
static void rebuild(struct play *play)
{
    struct diag diag;
    diag_init(&diag, NULL);
    /* The better build of what plays goes on: nothing else may come. */
    builder_cancel(&play->quick);
    play->saved_ms = play->save.first_ms;
    play->save.is_pending = false;
    if (!start_build(play, true, &diag)) {
        diag_print(&diag, "f4e-build", stderr);
    }
}

static void finish_quick(struct play *play)
{
    const uint32_t id = play->quick_id;
    const bool is_single = take_report(play, id);
    if (play->quick.status != 0) {
        print_text(&play->quick, 0);
        (void)fprintf(stderr, "f4e-build: what was saved cannot be built; what "
                              "was there before plays on\n");
        return;
    }
    print_news(play, &play->quick);
    play->built_ms = now_ms();
    play->shown_id = id;
    play->offered_id = id;
    play->is_single = is_single;
    player_swap(&play->player, id, play->options->crossfade_ms,
                play->options->is_fresh ? PLAYER_NONE : PLAYER_SAME,
                path_of(play, id, "so"));
}

static void finish_better(struct play *play)
{
    (void)take_report(play, play->better_id);
    if (play->better.status != 0 || play->options->is_verbose) {
        print_text(&play->better, 0);
    }
    if (play->better.status == 0) {
        player_swap(&play->player, play->better_id, 0, PLAYER_ALL,
                    path_of(play, play->better_id, "so"));
    }
}

static void take_answer(struct play *play, const struct player_answer *answer)
{
    (void)remove(path_of(play, answer->id, "so"));
    if (answer->id == play->offered_id) {
        play->offered_id = 0;
        if (answer->is_playing && !play->is_single) {
            start_better(play);
        }
    }
    if (answer->is_playing && answer->id == play->shown_id &&
        play->options->is_verbose) {
        const int64_t now = now_ms();
        (void)fprintf(stderr,
                      "f4e-build: save to sound %lld ms, of them building %lld "
                      "ms\n",
                      (long long)(now - play->saved_ms),
                      (long long)(play->built_ms - play->saved_ms));
    }
}

/* Until when the next change is waited for; -1: for ever. */
static int64_t wait_ms(const struct play *play)
{
    const struct save *save = &play->save;
    int64_t wait = play->files.has_lost ? RETRY_MS : -1;
    if (save->is_pending) {
        int64_t quiet = save->last_ms + QUIET_MS;
        int64_t burst = save->first_ms + BURST_MS;
        wait = (quiet < burst ? quiet : burst) - now_ms();
        wait = wait > 0 ? wait : 0;
    }
    return wait;
}

static void note_change(struct play *play, bool is_change)
{
    struct save *save = &play->save;
    const int64_t now = now_ms();
    if (is_change) {
        save->first_ms = save->is_pending ? save->first_ms : now;
        save->last_ms = now;
        save->is_pending = true;
    }
    if (save->is_pending && wait_ms(play) == 0) {
        rebuild(play);
    }
}

/* While a version waits the player would take this for its better build. */
static bool is_better_due(const struct play *play)
{
    return play->offered_id == 0;
}

/* One wait, and what came of it. False: the player has ended. */
static bool turn(struct play *play)
{
    struct pollfd fds[] = {
        {.fd = play->player.link, .events = POLLIN},
        {.fd = play->files.fd, .events = POLLIN},
        {.fd = play->quick.output, .events = POLLIN},
        {.fd = is_better_due(play) ? play->better.output : -1,
         .events = POLLIN}};
    const int64_t wait = wait_ms(play);
    const struct timespec time = {(time_t)(wait / 1000),
                                  (long)(wait % 1000) * 1000000L};
    struct player_answer answer;
    bool is_ended = false;
    if (ppoll(fds, sizeof(fds) / sizeof(*fds), wait < 0 ? NULL : &time,
              &play->signals) < 0) {
        return true;
    }
    /* Before changes, which would give these builds up. */
    if (fds[2].revents != 0 && builder_read(&play->quick)) {
        finish_quick(play);
    }
    if (is_better_due(play) && fds[3].revents != 0 &&
        builder_read(&play->better)) {
        finish_better(play);
    }
    bool is_change = file_watch_retry(&play->files);
    note_change(play, file_watch_read(&play->files) || is_change);
    while (player_read(&play->player, &answer, &is_ended)) {
        take_answer(play, &answer);
    }
    return !is_ended;
}

/* A signal comes while something is waited for, and never just before. */
static void block_signals(sigset_t *before)
{
    sigset_t blocked;
    (void)sigemptyset(&blocked);
    (void)sigaddset(&blocked, SIGINT);
    (void)sigaddset(&blocked, SIGTERM);
    (void)sigaddset(&blocked, SIGHUP);
    (void)sigprocmask(SIG_BLOCK, &blocked, before);
}

static bool open_all(struct play *play, struct diag *diag)
{
    leftovers_remove(play->arena);
    if (!workdir_create(&play->workdir, play->arena, diag) ||
        !leftovers_lock(play->workdir.path, play->arena, diag)) {
        return false;
    }
    play->player_path = workdir_path(&play->workdir, "player", play->arena);
    play->name = file_base_name(play->options->output);
    if (play->options->is_watching) {
        file_watch_open(&play->files);
        if (play->files.fd < 0) {
            (void)fprintf(stderr,
                          "f4e-build: notice: no file can be watched: "
                          "%s\n",
                          strerror(errno));
        }
        file_watch_add(&play->files, play->options->input, play->arena);
    }
    return true;
}

bool play_run(const struct options *options, play_build *build, int *status,
              struct arena *arena, struct diag *diag)
{
    struct play *play = arena_alloc(arena, 1, sizeof(*play));
    *play = (struct play){.options = options,
                          .build = build,
                          .arena = arena,
                          .player = {.link = -1},
                          .quick = {.output = -1},
                          .better = {.output = -1},
                          .files = {.fd = -1}};
    block_signals(&play->signals);
    bool ok =
        open_all(play, diag) && build_first(play, diag) &&
        player_start(&play->player, play->player_path, play->name,
                     path_of(play, play->quick_id, "so"), options, arena, diag);
    if (ok) {
        if (!play->is_single) {
            start_better(play);
        }
        while (process_interrupted() == 0 && turn(play)) {
        }
        *status = player_end(&play->player);
    }
    (void)sigprocmask(SIG_SETMASK, &play->signals, NULL);
    if (ok) {
        process_forgive();
    }
    builder_cancel(&play->quick);
    builder_cancel(&play->better);
    file_watch_close(&play->files);
    workdir_remove(&play->workdir);
    return ok;
}
