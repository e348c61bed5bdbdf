/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* pipe2, SCHED_RESET_ON_FORK */
#include "speaker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ANSWER_BYTES = 256 };

static _Noreturn void become(const char *path, int in, int out, bool is_fifo)
{
    if (is_fifo) {
        const struct sched_param lowest = {.sched_priority = 1};
        (void)sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &lowest);
    }
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)signal(SIGPIPE, SIG_DFL);
    /* A module that an engine cannot run is a dash in the table. */
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (null >= 0) {
        (void)dup2(null, STDERR_FILENO);
    }
    if (dup2(in, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0) {
        (void)execl(path, path, (char *)NULL);
    }
    _exit(127);
}

bool speaker_start(struct speaker *speaker, const char *path, bool is_fifo)
{
    int down[2];
    int up[2];
    *speaker = (struct speaker){.pid = 0};
    if (pipe2(down, O_CLOEXEC) != 0) {
        return false;
    }
    if (pipe2(up, O_CLOEXEC) != 0) {
        (void)close(down[0]);
        (void)close(down[1]);
        return false;
    }
    pid_t pid = fork();
    if (pid == 0) {
        become(path, down[0], up[1], is_fifo);
    }
    (void)close(down[0]);
    (void)close(up[1]);
    if (pid < 0) {
        (void)close(down[1]);
        (void)close(up[0]);
        return false;
    }
    *speaker = (struct speaker){.pid = pid, .to = down[1], .from = up[0]};
    return true;
}

/* One line without its end; false at the end of the stream or of the time. */
static bool read_line(const struct speaker *speaker, unsigned timeout_s,
                      char line[ANSWER_BYTES])
{
    for (size_t length = 0; length < ANSWER_BYTES - 1; length++) {
        struct pollfd ready = {.fd = speaker->from, .events = POLLIN};
        if (poll(&ready, 1, (int)timeout_s * 1000) != 1 ||
            read(speaker->from, &line[length], 1) != 1) {
            return false;
        }
        if (line[length] == '\n') {
            line[length] = '\0';
            return true;
        }
    }
    return false;
}

static bool parse(const char *line, const char *word, int base, uint64_t *value)
{
    size_t length = strlen(word);
    if (strncmp(line, word, length) != 0) {
        return false;
    }
    if (value == NULL) {
        return line[length] == '\0';
    }
    char *end = NULL;
    errno = 0;
    *value = strtoull(line + length, &end, base);
    return line[length] == ' ' && end != line + length + 1 && *end == '\0' &&
           errno == 0;
}

bool speaker_ask(struct speaker *speaker, const char *line, unsigned timeout_s,
                 const char *word, int base, uint64_t *value)
{
    char answer[ANSWER_BYTES];
    size_t length = strlen(line);
    bool ok = speaker->pid > 0 &&
              write(speaker->to, line, length) == (ssize_t)length &&
              write(speaker->to, "\n", 1) == 1 &&
              read_line(speaker, timeout_s, answer) &&
              parse(answer, word, base, value);
    if (!ok) {
        speaker_stop(speaker);
    }
    return ok;
}

uint64_t speaker_resident_kib(const struct speaker *speaker)
{
    char path[64];
    char line[256];
    unsigned long long kib = 0;
    (void)snprintf(path, sizeof(path), "/proc/%ld/status", (long)speaker->pid);
    FILE *file = fopen(path, "re");
    while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
        if (sscanf(line, "VmHWM: %llu kB", &kib) == 1) {
            break;
        }
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return kib;
}

void speaker_stop(struct speaker *speaker)
{
    if (speaker->pid > 0) {
        (void)kill(speaker->pid, SIGKILL);
        (void)close(speaker->to);
        (void)close(speaker->from);
        while (waitpid(speaker->pid, NULL, 0) < 0 && errno == EINTR) {
        }
    }
    speaker->pid = 0;
}
