/* SPDX-License-Identifier: MIT */
#include "channel_bench.h"

#include "channel/client.h"
#include "control/list.h"
#include "fake_patch.h"
#include "load/load.h"
#include "told.h"

#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct channel channel;
struct engine engine;
struct stats stats;
struct levels levels;
static uint8_t *defaults;
char *answers;
static size_t answers_size;
static float left[FAKE_BLOCK_FRAMES];
static float right[FAKE_BLOCK_FRAMES];
static float *const out[] = {left, right};

/* A patch that plays when the test says so. */
void start_channel(void)
{
    struct failure failure = {0};
    engine_init(&engine, &f4e_patch, TRAP_STOP, load_stack_bytes(&f4e_patch));
    f4e_patch.instantiate();
    ck_assert_int_eq(engine_restart(&engine, NULL), F4E_TRAP_NONE);
    memset(&channel, 0, sizeof(channel));
    memset(&levels, 0, sizeof(levels));
    levels.stats = &stats;
    levels.channels = 2;
    channel.reader = (struct command_reader){.patch = &f4e_patch};
    channel.engine = &engine;
    channel.levels = &levels;
    defaults = list_remember(&f4e_patch, &failure);
    channel.defaults = defaults;
    channel.answers = open_memstream(&answers, &answers_size);
    told_start();
    ck_assert_msg(channel_init(&channel, &failure), "%s", failure.text);
    engine_attach(&engine, &channel.sender.inbox);
}

/* And a pipe to it. */
int start(void)
{
    struct failure failure = {0};
    start_channel();
    ck_assert_int_eq(mkfifo("pipe", 0600), 0);
    ck_assert_msg(channel_listen(&channel, "pipe", &failure), "%s",
                  failure.text);
    int fd = open("pipe", O_WRONLY);
    ck_assert_int_ge(fd, 0);
    return fd;
}

void stop(int fd)
{
    if (fd >= 0) {
        (void)close(fd);
    }
    free(defaults);
    channel_close(&channel);
    (void)fclose(channel.answers);
    told_stop();
    free(answers);
}

/* Until nothing is left that could be done at once. */
void pump(uint64_t now_ns)
{
    do {
        channel_pump(&channel, now_ns);
    } while (channel.has_work);
    (void)fflush(channel.answers);
}

/* Some client waits for the patch. */
bool is_held(void)
{
    for (unsigned i = 0; i < CHANNEL_CLIENTS_MAX; i++) {
        if (channel.clients[i] != NULL && channel.clients[i]->held_ns != 0) {
            return true;
        }
    }
    return false;
}

/* When all who have sent parts of lines are read again; 0: nobody has. */
static uint64_t rest_end(void)
{
    uint64_t end_ns = 0;
    for (unsigned i = 0; i < CHANNEL_CLIENTS_MAX; i++) {
        const struct client *client = channel.clients[i];
        if (client != NULL && client->rest_ns > end_ns) {
            end_ns = client->rest_ns;
        }
    }
    return end_ns;
}

void say(int fd, const char *text)
{
    uint64_t end_ns;
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    pump(1);
    if ((end_ns = rest_end()) > 0) {
        pump(end_ns);
    }
}

void play(unsigned blocks)
{
    while (blocks-- > 0) {
        ck_assert(engine_process(&engine, NULL, out));
    }
}

int32_t cell(unsigned address)
{
    int32_t value;
    memcpy(&value, f4e_patch.memories[0].data + address, sizeof(value));
    return value;
}
