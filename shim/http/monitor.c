/* SPDX-License-Identifier: MIT */
#include "http/monitor.h"

#include "common/words.h"
#include "rt/stats.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint64_t SECOND_NS = UINT64_C(1000000000);
static const uint64_t PATIENCE_NS = UINT64_C(3000000000);

/* From the channel's names to Prometheus's; MONITOR_NUMBERS of them. */
#define NUMBERS(ROW)                                                          \
    ROW("blocks", "f4e_blocks_total", false, "Blocks computed.", 1.0)         \
    ROW("xruns", "f4e_xruns_total", false,                                    \
        "Times that the device found no samples.", 1.0)                       \
    ROW("loadPercent", "f4e_load_ratio", true,                                \
        "Time to compute a block by the time that it lasts, over half a "     \
        "second.",                                                            \
        0.01)                                                                 \
    ROW("lostMs", "f4e_lost_seconds_total", false, "Time lost in xruns.",     \
        0.001)                                                                \
    ROW("traps", "f4e_traps_total", false, "Times that the patch trapped.",   \
        1.0)                                                                  \
    ROW("midiMessages", "f4e_midi_received_total", false,                     \
        "MIDI messages that came.", 1.0)                                      \
    ROW("midiSent", "f4e_midi_sent_total", false, "MIDI messages that left.", \
        1.0)                                                                  \
    ROW("midiNotSent", "f4e_midi_not_sent_total", false,                      \
        "MIDI messages that found no room or nobody.", 1.0)                   \
    ROW("changes", "f4e_changes_total", false,                                \
        "Changes from outside that blocks have made.", 1.0)                   \
    ROW("changesMerged", "f4e_changes_merged_total", false,                   \
        "Those that were overwritten before a block took them.", 1.0)         \
    ROW("crowdedBlocks", "f4e_crowded_blocks_total", false,                   \
        "Blocks that left changes to the next.", 1.0)                         \
    ROW("seconds", "f4e_up_seconds", true,                                    \
        "Time since the patch started to play.", 1.0)                         \
    ROW("oscReceived", "f4e_osc_received_total", false,                       \
        "Messages that came by OSC.", 1.0)                                    \
    ROW("oscRefused", "f4e_osc_refused_total", false,                         \
        "Those to unknown addresses, or that the patch does not take.", 1.0)  \
    ROW("oscDropped", "f4e_osc_dropped_total", false,                         \
        "Those that were broken, too many, or without the token.", 1.0)       \
    ROW("oscLate", "f4e_osc_late_total", false,                               \
        "Bundles that came after their time.", 1.0)

static const char texts[] =
#define TEXTS(member, name, is_gauge, help, unit) \
    "\"" member "\":\0" name "\0" help "\0"
    NUMBERS(TEXTS);
#undef TEXTS

static const struct {
    bool is_gauge;
    double unit;
} numbers[] = {
#define ROW(member, name, is_gauge, help, unit) {is_gauge, unit},
    NUMBERS(ROW)
#undef ROW
};

_Static_assert(sizeof(numbers) / sizeof(*numbers) == MONITOR_NUMBERS,
               "a place for each");

static bool take_event(void *context, char *line, size_t length)
{
    struct monitor *monitor = context;
    const char *text = texts;
    double before = monitor->numbers[0];
    (void)length;
    if (strncmp(line, "{\"event\":", strlen("{\"event\":")) != 0) {
        return true;
    }
    for (unsigned i = 0; i < MONITOR_NUMBERS; i++) {
        const char *member = strstr(line, text);
        if (member != NULL) {
            monitor->numbers[i] =
                strtod(member + strlen(text), NULL) * numbers[i].unit;
        }
        text = words_behind(words_behind(words_behind(text)));
    }
    if (monitor->told > 0 && monitor->numbers[0] > before) {
        monitor->advanced_ns = stats_now_ns();
    }
    monitor->told++;
    return true;
}

/* The next tick connects again. */
static void ended(void *context)
{
    struct monitor *monitor = context;
    monitor->told = 0;
}

void monitor_tick(struct monitor *monitor, uint64_t now_ns)
{
    static const char line[] = "subscribe 2 stats\n";
    if (monitor->wire.is_open ||
        (monitor->tried_ns != 0 && now_ns - monitor->tried_ns < SECOND_NS)) {
        return;
    }
    monitor->tried_ns = now_ns;
    monitor->wire = (struct wire){.loop = monitor->loop,
                                  .link = monitor->link,
                                  .take = take_event,
                                  .ended = ended,
                                  .context = monitor};
    if (wire_open(&monitor->wire) &&
        !wire_send(&monitor->wire, line, sizeof(line) - 1)) {
        wire_close(&monitor->wire);
    }
}

bool monitor_is_playing(const struct monitor *monitor, uint64_t now_ns)
{
    uint64_t tick_ns = (uint64_t)monitor->config->tick_ms * 1000000;
    return monitor->advanced_ns != 0 &&
           now_ns - monitor->advanced_ns < PATIENCE_NS + 3 * tick_ns;
}

void monitor_health(struct exchange *exchange, const struct monitor *monitor)
{
    bool is_playing = monitor_is_playing(monitor, stats_now_ns());
    const char *text = is_playing ? "playing\n" : "silent\n";
    http_answer(exchange, is_playing ? 200 : 503, "text/plain; charset=utf-8",
                text, strlen(text));
}

/* A label's value: any bytes of the patch's name. */
static void write_label(const char *text, FILE *file)
{
    for (; *text != '\0'; text++) {
        if (*text == '\n') {
            (void)fputs("\\n", file);
        } else {
            if (*text == '"' || *text == '\\') {
                (void)fputc('\\', file);
            }
            (void)fputc(*text, file);
        }
    }
}

static void write_number(const struct monitor *monitor, const char *name,
                         bool is_gauge, const char *help, double value,
                         FILE *file)
{
    (void)fprintf(file, "# HELP %s %s\n# TYPE %s %s\n%s{patch=\"", name, help,
                  name, is_gauge ? "gauge" : "counter", name);
    write_label(monitor->config->patch, file);
    (void)fprintf(file, "\"} %.15g\n", value);
}

void monitor_metrics(struct exchange *exchange, const struct monitor *monitor)
{
    const char *known = texts;
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    if (file == NULL) {
        http_refuse(exchange, 503, "out of memory");
        return;
    }
    unsigned count = monitor->config->has_osc
                         ? MONITOR_NUMBERS
                         : MONITOR_NUMBERS - MONITOR_NUMBERS_OF_OSC;
    for (unsigned i = 0; monitor->told > 0 && i < count; i++) {
        const char *name = words_behind(known);
        const char *help = words_behind(name);
        write_number(monitor, name, numbers[i].is_gauge, help,
                     monitor->numbers[i], file);
        known = words_behind(help);
    }
    write_number(monitor, "f4e_playing", true, "1 while blocks are computed.",
                 monitor_is_playing(monitor, stats_now_ns()), file);
    write_number(monitor, "f4e_front_restarts_total", false,
                 "Times that the process that serves this was started again.",
                 (double)monitor->config->restarts, file);
    if (fclose(file) == 0) {
        http_answer(exchange, 200, "text/plain; version=0.0.4; charset=utf-8",
                    text, size);
    }
    free(text);
}
