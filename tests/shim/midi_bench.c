/* SPDX-License-Identifier: MIT */
#include "midi_bench.h"

#include "fake_patch.h"
#include "json_check.h"
#include "program.h"
#include "suite.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

unsigned char *memory; /* as dumped at the end */

void setup(void)
{
    program_setup();
    (void)unsetenv("LD_PRELOAD");
}

void teardown(void)
{
    free(memory);
    memory = NULL;
    (void)unsetenv("LD_PRELOAD");
    program_teardown();
}

void pause_ms(long ms)
{
    const struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    (void)nanosleep(&time, NULL);
}

int32_t cell(unsigned address)
{
    int32_t value;
    memcpy(&value, memory + address, sizeof(value));
    return value;
}

void take_memory(void)
{
    size_t bytes;
    free(memory);
    memory = program_read_file("m", &bytes);
    ck_assert_uint_eq(bytes, FAKE_MEMORY_BYTES);
}

pid_t start(const char *arguments)
{
    char line[256];
    (void)snprintf(line, sizeof(line),
                   "--dummy --dump-memory m --record r.wav %s", arguments);
    pid_t pid = program_start(NULL, NULL, line);
    program_wait_for("policy");
    return pid;
}

/* Until it has played some blocks more, by what it has recorded: what was on
 * its way to the patch has arrived. */
void play_on(pid_t pid)
{
    enum { BYTES = 32 * FAKE_BLOCK_FRAMES * 2 * sizeof(float) };
    char path[64];
    struct stat status = {0};
    (void)snprintf(path, sizeof(path), "r.wav.%ld.tmp", (long)pid);
    ck_assert_int_eq(stat(path, &status), 0);
    program_wait_for_bytes(path, (long)status.st_size + BYTES);
}

/* Until its statistics, on SIGUSR1, know of so many messages. */
void wait_for_messages(pid_t pid, const char *count)
{
    char text[64];
    bool is_there = false;
    (void)snprintf(text, sizeof(text), "midi    %s messages", count);
    for (int i = 0; i < 3000 && !is_there; i++) {
        size_t bytes;
        ck_assert_int_eq(kill(pid, SIGUSR1), 0);
        pause_ms(20);
        char *err = (char *)program_read_file("child.err", &bytes);
        is_there = strstr(err, text) != NULL;
        free(err);
    }
    ck_assert_msg(is_there, "never %s", text);
    play_on(pid);
}

struct program_result end(pid_t pid)
{
    (void)kill(pid, SIGINT);
    struct program_result result = program_wait(pid);
    ck_assert_msg(result.status == 0, "%d: %s", result.status, result.err);
    take_memory();
    return result;
}

/* In the file of --stats-json. */
void expect_counts(double messages, double lost)
{
    size_t bytes;
    char *json = (char *)program_read_file("j", &bytes);
    ck_assert_msg(json_check(json) == NULL, "%s", json);
    ck_assert_double_eq(json_number(json, "midiMessages"), messages);
    ck_assert_double_eq(json_number(json, "midiLost"), lost);
    free(json);
}

void expect_notes(const unsigned char *want, int count)
{
    ck_assert_int_eq(cell(FAKE_NOTE_COUNT), count);
    for (int i = 0; i < 3 * count; i++) {
        ck_assert_msg(memory[FAKE_NOTE_LOG + i] == want[i],
                      "byte %d of the notes is %d, not %d", i,
                      memory[FAKE_NOTE_LOG + i], want[i]);
    }
}

const unsigned char song[] = {0x90, 60, 100, 62, 0xf8, 90, 0x80, 60, 0};
const unsigned char heard[] = {0x90, 60, 100, 0xf8, 0,  0,
                               0x90, 62, 90,  0x80, 60, 0};
