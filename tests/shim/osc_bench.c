/* SPDX-License-Identifier: MIT */
#include "osc_bench.h"

#include "osc_client.h"
#include "program.h"
#include "suite.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

pid_t play(const char *options)
{
    char arguments[512];
    (void)snprintf(arguments, sizeof(arguments), PLAY "%s", options);
    pid_t pid = program_start(NULL, NULL, arguments);
    (void)osc_port();
    return pid;
}

struct program_result end(pid_t pid)
{
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    struct program_result result = program_wait(pid);
    ck_assert_msg(result.status == 0, "%s", result.err);
    ck_assert_msg(strstr(result.err, "started again") == NULL, "%s",
                  result.err);
    return result;
}

struct program_result end_counted(pid_t pid)
{
    const struct timespec pause = {1, 600000000};
    (void)nanosleep(&pause, NULL);
    return end(pid);
}

void check_counts(const struct program_result *result,
                  unsigned long most_received, unsigned long refused,
                  unsigned long dropped, unsigned long late)
{
    unsigned long numbers[4] = {0};
    const char *line = strstr(result->err, ": osc     ");
    while (line != NULL && strstr(line + 1, ": osc     ") != NULL) {
        line = strstr(line + 1, ": osc     ");
    }
    ck_assert_msg(line != NULL && sscanf(line,
                                         ": osc %lu messages, %lu refused, %lu "
                                         "dropped, %lu bundles late",
                                         &numbers[0], &numbers[1], &numbers[2],
                                         &numbers[3]) == 4,
                  "%s", result->err);
    ck_assert_uint_le(numbers[0], most_received);
    ck_assert_uint_eq(numbers[1], refused);
    ck_assert_uint_eq(numbers[2], dropped);
    ck_assert_uint_eq(numbers[3], late);
}
