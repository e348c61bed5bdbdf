/* SPDX-License-Identifier: MIT */
#include "front_bench.h"

#include "browser.h"
#include "program.h"
#include "suite.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

uint16_t port;

pid_t play(const char *options)
{
    char arguments[256];
    (void)snprintf(arguments, sizeof(arguments), PLAY "%s", options);
    pid_t pid = program_start(NULL, NULL, arguments);
    port = browser_port();
    return pid;
}

struct program_result end(pid_t pid)
{
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    struct program_result result = program_wait(pid);
    ck_assert_msg(result.status == 0, "%s", result.err);
    return result;
}

void pause_ms(long ms)
{
    const struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
    (void)nanosleep(&pause, NULL);
}

void await(const char *request, int status)
{
    for (int i = 0; i < PAUSES; i++) {
        int fd = browser_connect(port);
        if (fd >= 0) {
            (void)close(fd);
            if (browser_ask(port, request, "", NULL)->status == status) {
                return;
            }
        }
        pause_ms(PAUSE_MS);
    }
    ck_abort_msg("%s never gave %d but %s", request, status,
                 browser_ask(port, request, "", NULL)->text);
}

pid_t front_of(pid_t pid)
{
    DIR *folder = opendir("/proc");
    pid_t found = 0;
    const struct dirent *entry;
    ck_assert_ptr_nonnull(folder);
    while (found == 0 && (entry = readdir(folder)) != NULL) {
        char path[300];
        char line[512] = "";
        int parent = 0;
        (void)snprintf(path, sizeof(path), "/proc/%s/stat", entry->d_name);
        FILE *file = fopen(path, "r");
        if (file != NULL && fgets(line, sizeof(line), file) != NULL &&
            strstr(line, "(f4e-front)") != NULL &&
            sscanf(strrchr(line, ')'), ") %*c %d", &parent) == 1 &&
            parent == pid) {
            found = (pid_t)strtol(entry->d_name, NULL, 10);
        }
        if (file != NULL) {
            (void)fclose(file);
        }
    }
    (void)closedir(folder);
    return found;
}

int open_events(const char *session)
{
    char request[160];
    int fd = browser_connect(port);
    ck_assert_int_ge(fd, 0);
    int length = snprintf(request, sizeof(request),
                          "GET /api/events?session=%s HTTP/1.1\r\n"
                          "Host: 127.0.0.1:%u\r\n\r\n",
                          session, port);
    ck_assert_int_eq(send(fd, request, (size_t)length, 0), length);
    return fd;
}
