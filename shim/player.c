/* SPDX-License-Identifier: MIT */
/*
 * The player of `f4e-build play`: a patch whose code is loaded, and exchanged
 * while it plays. In place of main.c. Its first arguments are
 *
 *     PLAYER_ARGUMENT FD PATH
 *
 * the socket of swap/director.h and the library of the first version; options
 * of a finished patch follow.
 */
#include "player.h"

#include "audio/audio.h"
#include "common/json.h"
#include "common/number.h"
#include "front/front_process.h"
#include "front/front_versions.h"
#include "information.h"
#include "load/load.h"
#include "message/message.h"
#include "options/options.h"
#include "rebind.h"
#include "session.h"
#include "swap/director.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct player {
    struct session *session;
    struct director director;
    struct word_table table;
    float **other_out;
};

static void keep(void *context, const struct f4e_patch *patch)
{
    const struct player *player = context;
    /* A copy: the control thread reads the numbers of the original. */
    struct rtsetup setup = player->session->rtsetup;
    rtsetup_keep(&setup, patch);
}

static bool meet(void *context, const struct version *version)
{
    const struct player *player = context;
    return rebind_meet(player->session, version->patch);
}

static bool is_idle(void *context)
{
    const struct player *player = context;
    return rebind_is_idle(player->session);
}

static void follow(void *context, const struct version *version)
{
    const struct player *player = context;
    rebind_session(player->session, version);
    rtsetup_promote(&player->session->rtsetup);
}

/* ---- Words of the channel ---- */

static bool run_undo(struct request *request, struct failure *failure)
{
    struct player *player = request->context;
    return director_undo(&player->director, failure);
}

static bool run_version(struct request *request, struct failure *failure)
{
    const struct player *player = request->context;
    const struct director *director = &player->director;
    (void)failure;
    if (request->is_text) {
        (void)fprintf(request->file, "version %u, module %.12s\n",
                      (unsigned)director->current->number,
                      director->current->patch->wasm_sha256);
        return true;
    }
    json_member_unsigned(request->json, "version", director->current->number);
    json_member_string(request->json, "sha256",
                       director->current->patch->wasm_sha256);
    if (director->last != NULL) {
        json_member_unsigned(request->json, "before", director->last->number);
    }
    return true;
}

static const struct word words[] = {
    {"undo", WORD_ASKS, "", run_undo},
    {"version", WORD_READS, "", run_version},
};

/* ---- What the session calls ---- */

static bool prepare(void *context, struct session *session,
                    struct failure *failure)
{
    struct player *player = context;
    struct director *director = &player->director;
    struct version *first = director->current;
    player->session = session;
    player->other_out = audio_make_outputs(first->patch);
    if (player->other_out == NULL) {
        return failure_set_memory(failure);
    }
    session->engine.patch = first->patch;
    session->engine.guard = first->guard;
    session->engine.sender = first->sender;
    session->control.keeps_defaults = true;
    director->options = session->options;
    director->engine = &session->engine;
    director_init(director, first, player->other_out);
    midi_in_attach(&session->midi, &session->engine);
    player->table = (struct word_table){.words = words,
                                        .count = sizeof(words) / sizeof(*words),
                                        .context = player};
    return true;
}

static void start(void *context)
{
    struct player *player = context;
    struct session *session = player->session;
    channel_add_words(&session->channel, &player->table);
    player->director.current->defaults = session->control.defaults;
    session->control.defaults = NULL;
}

static int fd(const void *context)
{
    const struct player *player = context;
    return director_fd(&player->director);
}

static int wait_ms(const void *context, int most_ms)
{
    const struct player *player = context;
    return director_wait_ms(&player->director, most_ms);
}

static bool pump(void *context)
{
    struct player *player = context;
    return director_pump(&player->director);
}

static void play(struct player *player, const struct f4e_patch *shape,
                 const char *program, const struct options *options,
                 struct failure *failure)
{
    const struct loading_host loading_host = {.context = player,
                                              .stack_bytes = load_stack_bytes,
                                              .load = load_patch,
                                              .keep = keep,
                                              .wake = session_wake,
                                              .meet = meet,
                                              .is_idle = is_idle,
                                              .follow = follow};
    const struct session_host host = {.context = player,
                                      .front_versions = &front_versions,
                                      .prepare = prepare,
                                      .start = start,
                                      .fd = fd,
                                      .wait_ms = wait_ms,
                                      .pump = pump};
    player->director.host = &loading_host;
    player->director.shape = shape;
    session_run(shape, program, options, &host, failure);
    director_close(&player->director);
    audio_free_outputs(player->other_out);
}

/* Whatever version comes: what the device was opened for. Threads get a stack
 * for code that recurses. */
static struct f4e_patch shape_of(const struct f4e_patch *patch)
{
    struct f4e_patch shape = *patch;
    shape.is_recursive = true;
    return shape;
}

static void run(const char *program, int argc, char **argv,
                struct failure *failure)
{
    static struct player player;
    struct options options;
    uint64_t link = 0;
    struct version *first = calloc(1, sizeof(*first));
    if (argc < 4 || first == NULL ||
        !number_in_range(argv[2], NUMBER_DECIMAL, 0, 1024, &link) ||
        fcntl((int)link, F_SETFD, FD_CLOEXEC) != 0) {
        (void)failure_set(failure, STATUS_USAGE,
                          "%s is what f4e-build calls its player with",
                          PLAYER_ARGUMENT);
        free(first);
        return;
    }
    if (!version_open(first, argv[3], failure)) {
        free(first);
        return;
    }
    static struct f4e_patch shape;
    shape = shape_of(first->patch);
    player.director.link = (int)link;
    player.director.current = first;
    argv[3] = argv[0];
    if (!options_parse_versions(&options, first->patch, argc - 3, argv + 3,
                                failure)) {
        version_close(first);
        free(first);
    } else if (options_is_information(&options)) {
        information_print(first->patch, program, &options, failure);
    } else {
        play(&player, &shape, program, &options, failure);
    }
}

int main(int argc, char **argv)
{
    struct failure failure = {0};
    const char *path = argc > 0 ? argv[0] : "player";
    const char *slash = strrchr(path, '/');
    const char *program = slash != NULL ? slash + 1 : path;
    message_start(program, stderr);
    if (argc == 2 && strcmp(argv[1], FRONT_ARGUMENT) == 0) {
        front_process_run(NULL, &front_versions, &failure);
    } else if (argc > 1 && strcmp(argv[1], PLAYER_ARGUMENT) == 0) {
        run(program, argc, argv, &failure);
    } else {
        (void)failure_set(&failure, STATUS_USAGE,
                          "this is started by f4e-build play");
    }
    if (failure.status != STATUS_OK) {
        message_failure(&failure);
    }
    return (int)failure.status;
}
