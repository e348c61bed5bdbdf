/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* SOCK_CLOEXEC, environ */
#include "play/player_process.h"

#include "base/strict_number.h"
#include "player.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    LINK_FD_LEAST = 10,
    PATIENCE_MS = 20000, /* to fade out and to save a state */
    NAP_MS = 5,
    SIGNAL_BASE = 128,
};

static int spawn(pid_t *pid, const char *path, const char *const *argv)
{
    posix_spawnattr_t attributes;
    sigset_t none;
    sigset_t defaults;
    union {
        const char *const *in;
        char *const *out; /* posix_spawn does not write to it */
    } arguments = {.in = argv};
    (void)sigemptyset(&none);
    (void)sigemptyset(&defaults);
    (void)sigaddset(&defaults, SIGPIPE);
    (void)sigaddset(&defaults, SIGXFSZ);
    int error = posix_spawnattr_init(&attributes);
    if (error != 0) {
        return error;
    }
    (void)posix_spawnattr_setsigmask(&attributes, &none);
    (void)posix_spawnattr_setsigdefault(&attributes, &defaults);
    (void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK |
                                                    POSIX_SPAWN_SETSIGDEF);
    error = posix_spawn(pid, path, NULL, &attributes, arguments.out, environ);
    (void)posix_spawnattr_destroy(&attributes);
    return error;
}

bool player_start(struct player *player, const char *path, const char *name,
                  const char *version, const struct options *options,
                  struct arena *arena, struct diag *diag)
{
    enum { OWN = 4 };
    int ends[2];
    size_t count = (size_t)options->patch_argc;
    const char **argv = arena_alloc(arena, OWN + count + 1, sizeof(*argv));
    *player = (struct player){.link = -1};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        return diag_system(diag, "cannot make a socket: %s", strerror(errno));
    }
    int theirs = fcntl(ends[1], F_DUPFD, LINK_FD_LEAST);
    argv[0] = name;
    argv[1] = PLAYER_ARGUMENT;
    argv[2] = arena_format(arena, "%d", theirs);
    argv[3] = version;
    for (size_t i = 0; i < count; i++) {
        argv[OWN + i] = options->patch_argv[i];
    }
    int error = theirs < 0 ? errno : spawn(&player->pid, path, argv);
    (void)close(ends[1]);
    if (theirs >= 0) {
        (void)close(theirs);
    }
    if (error != 0) {
        (void)close(ends[0]);
        player->pid = 0;
        return diag_system(diag, "cannot start '%s': %s", path,
                           strerror(error));
    }
    player->link = ends[0];
    return true;
}

void player_swap(const struct player *player, uint32_t id, unsigned fade_ms,
                 enum player_values values, const char *version)
{
    static const char *const names[] = {"same", "all", "none"};
    char line[8192];
    int length = snprintf(line, sizeof(line), "swap %u %u %s %s\n", id, fade_ms,
                          names[values], version);
    if (player->link >= 0 && length > 0 && (size_t)length < sizeof(line)) {
        /* It reads all the time; when it has ended nothing is lost. */
        (void)send(player->link, line, (size_t)length, MSG_NOSIGNAL);
    }
}

/* "playing 3" or "refused 3 why" */
static bool parse_answer(const char *line, struct player_answer *answer)
{
    const char *number = strchr(line, ' ');
    answer->is_playing = strncmp(line, "playing ", 8) == 0;
    return number != NULL &&
           strict_number_u32(number + 1, strcspn(number + 1, " "), UINT32_MAX,
                             &answer->id);
}

bool player_read(struct player *player, struct player_answer *answer,
                 bool *is_ended)
{
    char *line = player->line;
    for (;;) {
        char *end = memchr(line, '\n', player->length);
        if (end != NULL) {
            *end = '\0';
            bool is_good = parse_answer(line, answer);
            player->length -= (size_t)(end + 1 - line);
            memmove(line, end + 1, player->length);
            if (is_good) {
                return true;
            }
            continue;
        }
        if (player->length == sizeof(player->line)) {
            player->length = 0;
        }
        ssize_t got = recv(player->link, line + player->length,
                           sizeof(player->line) - player->length, MSG_DONTWAIT);
        if (got <= 0) {
            *is_ended = got == 0 || (errno != EAGAIN && errno != EINTR);
            return false;
        }
        player->length += (size_t)got;
    }
}

static int64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Before it plays the player dies of what asks it to end afterwards. */
static bool is_asked_for(int number)
{
    return number == SIGINT || number == SIGTERM || number == SIGHUP;
}

int player_end(struct player *player)
{
    static const struct timespec nap = {0, NAP_MS * 1000000L};
    int status = 0;
    if (player->link >= 0) {
        /* A build that runs has it, too: closing alone would be no end. */
        (void)shutdown(player->link, SHUT_RDWR);
        (void)close(player->link);
        player->link = -1;
    }
    if (player->pid == 0) {
        return 0;
    }
    const int64_t end_ms = now_ms() + PATIENCE_MS;
    while (waitpid(player->pid, &status, WNOHANG) == 0) {
        if (now_ms() > end_ms) {
            (void)kill(player->pid, SIGKILL);
        }
        (void)nanosleep(&nap, NULL);
    }
    player->pid = 0;
    if (WIFEXITED(status)) {
        return WEXITSTATUS(status);
    }
    if (is_asked_for(WTERMSIG(status))) {
        return 0;
    }
    (void)fprintf(stderr, "f4e-build: what played was ended by signal %d, %s\n",
                  WTERMSIG(status), strsignal(WTERMSIG(status)));
    return SIGNAL_BASE + WTERMSIG(status);
}
