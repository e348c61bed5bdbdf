/* SPDX-License-Identifier: MIT */
/*
 * The bench: engines that are ready to run take turns on each module. `run`
 * prepares them and calls this program:
 *
 *     bench [OPTION]... LIST
 *
 * Each line of LIST is "MODULE ENGINE BUILD_NS BYTES PATH": what to call them,
 * what building took, how large the executable is, and the program that speaks
 * the lines of engine_protocol.h. The status is 1 when memories differ.
 */
#include "pokes.h"
#include "results.h"
#include "speaker.h"

#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { TIMEOUT_S = 600, CHUNK_BLOCKS = 10000 };

struct settings {
    unsigned long warmup;
    unsigned long blocks; /* of one round */
    unsigned long rounds;
    unsigned long times; /* blocks to time one by one */
    const char *poke;  /* "ADDRESS VALUE" to write after warming up, or NULL */
    const char *pokes; /* folder with more of them for each module, or NULL */
    bool is_flushing;  /* measure with denormals flushed, too */
    bool is_fifo;      /* as an audio thread: with real-time priority */
    bool is_json;
    const char *plots; /* folder for SVG files, or NULL */
    const char *list;
};

static struct results results;

static double now_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static bool is_name(const char *text)
{
    return text[strspn(text, "abcdefghijklmnopqrstuvwxyz"
                             "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")] ==
           '\0';
}

/* The index of a name, added when it is new; SIZE_MAX without room. */
static size_t index_of(char names[][NAME_BYTES], size_t *count, size_t most,
                       const char *name)
{
    for (size_t i = 0; i < *count; i++) {
        if (strcmp(names[i], name) == 0) {
            return i;
        }
    }
    if (*count == most || strlen(name) >= NAME_BYTES) {
        return SIZE_MAX;
    }
    (void)snprintf(names[*count], NAME_BYTES, "%s", name);
    return (*count)++;
}

static bool read_list(const char *path)
{
    char line[1024];
    FILE *file = fopen(path, "re");
    bool ok = file != NULL;
    while (ok && fgets(line, sizeof(line), file) != NULL) {
        struct figures row = {.is_present = true};
        char module[64];
        char engine[64];
        unsigned long long bytes = 0;
        ok = sscanf(line, "%63s %63s %lf %llu %511[^\n]", module, engine,
                    &row.build_ns, &bytes, row.path) == 5 &&
             is_name(module) && is_name(engine);
        row.size_bytes = bytes;
        size_t m = ok ? index_of(results.modules, &results.module_count,
                                 MAX_MODULES, module)
                      : SIZE_MAX;
        size_t e = ok ? index_of(results.engines, &results.engine_count,
                                 MAX_ENGINES, engine)
                      : SIZE_MAX;
        ok = m != SIZE_MAX && e != SIZE_MAX;
        if (ok) {
            results.figures[m][e] = row;
        }
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return ok && results.module_count > 0;
}

static bool ask_blocks(struct speaker *speaker, unsigned long count,
                       double *best)
{
    char line[64];
    uint64_t ns = 0;
    (void)snprintf(line, sizeof(line), "run %lu", count);
    if (!speaker_ask(speaker, line, TIMEOUT_S, "ns", 10, &ns)) {
        return false;
    }
    double each = (double)ns / (double)count;
    *best = *best == 0 || each < *best ? each : *best;
    return true;
}

/* Load the module and play it; also the warm-up. */
static bool begin(struct speaker *speaker, struct figures *figures,
                  const char *module, const struct settings *settings,
                  const char *mode)
{
    char line[64];
    uint64_t first = 0;
    double ignored = 0;
    double start = now_ns();
    (void)snprintf(line, sizeof(line), "start 0 %s", mode);
    if (!speaker_start(speaker, figures->path, settings->is_fifo) ||
        !speaker_ask(speaker, line, TIMEOUT_S, "ready", 10, &first)) {
        return false;
    }
    figures->start_ns = now_ns() - start;
    figures->cold_ns = (double)first;
    return ask_blocks(speaker, settings->warmup, &ignored) &&
           (settings->poke == NULL ||
            pokes_send(speaker, settings->poke, TIMEOUT_S)) &&
           (settings->pokes == NULL ||
            pokes_send_all(speaker, settings->pokes, module, TIMEOUT_S));
}

static bool ask_times(struct speaker *speaker, struct figures *figures,
                      unsigned long count)
{
    static uint32_t list[CHUNK_BLOCKS];
    char path[] = "/tmp/f4e-bench-XXXXXX";
    char line[128];
    int fd = mkstemp(path);
    if (fd < 0) {
        return false;
    }
    (void)snprintf(line, sizeof(line), "times %lu %s", count, path);
    size_t bytes = count * sizeof(list[0]);
    bool ok = speaker_ask(speaker, line, TIMEOUT_S, "ok", 10, NULL) &&
              read(fd, list, bytes) == (ssize_t)bytes;
    (void)close(fd);
    (void)unlink(path);
    if (ok && figures->times == NULL) {
        figures->times = calloc(1, sizeof(*figures->times));
    }
    ok = ok && figures->times != NULL;
    if (ok) {
        histogram_add(figures->times, list, count);
    }
    return ok;
}

static bool finish(struct speaker *speaker, struct figures *figures)
{
    uint64_t hash = 0;
    figures->resident_kib = speaker_resident_kib(speaker);
    bool ok = speaker_ask(speaker, "end", TIMEOUT_S, "hash", 16, &hash);
    figures->hash = (uint32_t)hash;
    return ok;
}

/* All engines on one module. One that fails is left out from there on. */
static void measure(struct figures *row, const char *module,
                    const struct settings *settings)
{
    struct speaker speakers[MAX_ENGINES];
    memset(speakers, 0, sizeof(speakers));
    for (size_t e = 0; e < results.engine_count; e++) {
        row[e].is_good = row[e].is_present &&
                         begin(&speakers[e], &row[e], module, settings, "ieee");
    }
    for (unsigned long round = 0; round < settings->rounds; round++) {
        for (size_t e = 0; e < results.engine_count; e++) {
            row[e].is_good =
                row[e].is_good &&
                ask_blocks(&speakers[e], settings->blocks, &row[e].best_ns);
        }
    }
    for (unsigned long done = 0; done < settings->times;) {
        unsigned long left = settings->times - done;
        unsigned long count = left < CHUNK_BLOCKS ? left : CHUNK_BLOCKS;
        for (size_t e = 0; e < results.engine_count; e++) {
            row[e].is_good =
                row[e].is_good && ask_times(&speakers[e], &row[e], count);
        }
        done += count;
    }
    for (size_t e = 0; e < results.engine_count; e++) {
        row[e].is_good = row[e].is_good && finish(&speakers[e], &row[e]);
        speaker_stop(&speakers[e]);
    }
}

/* A patch that traps in every engine has nothing to show. */
static bool is_empty(const struct figures *row)
{
    for (size_t e = 0; e < results.engine_count; e++) {
        if (row[e].is_good) {
            return false;
        }
    }
    return true;
}

static void drop_module(size_t module)
{
    size_t after = results.module_count - module - 1;
    memmove(results.modules[module], results.modules[module + 1],
            after * sizeof(results.modules[0]));
    memmove(results.figures[module], results.figures[module + 1],
            after * sizeof(results.figures[0]));
    results.module_count--;
}

/* The same work with denormals flushed, for the engines that can. */
static void measure_flushed(struct figures *row, const char *module,
                            const struct settings *settings)
{
    struct speaker speakers[MAX_ENGINES];
    struct figures flushed[MAX_ENGINES];
    memset(speakers, 0, sizeof(speakers));
    for (size_t e = 0; e < results.engine_count; e++) {
        flushed[e] = row[e];
        flushed[e].best_ns = 0;
        flushed[e].is_good = row[e].is_good && begin(&speakers[e], &flushed[e],
                                                     module, settings, "flush");
    }
    for (unsigned long round = 0; round < settings->rounds; round++) {
        for (size_t e = 0; e < results.engine_count; e++) {
            flushed[e].is_good =
                flushed[e].is_good &&
                ask_blocks(&speakers[e], settings->blocks, &flushed[e].best_ns);
        }
    }
    for (size_t e = 0; e < results.engine_count; e++) {
        row[e].flushed_ns = flushed[e].is_good ? flushed[e].best_ns : 0;
        speaker_stop(&speakers[e]);
    }
}

/* A new file of the folder of --plots, or NULL, said on stderr. */
static FILE *open_plot(const char *folder, const char *name)
{
    char path[PATH_MAX];
    (void)snprintf(path, sizeof(path), "%s/%s.svg", folder, name);
    FILE *file = fopen(path, "we");
    if (file == NULL) {
        perror(path);
    }
    return file;
}

static bool plot_all(const struct settings *settings)
{
    char name[NAME_BYTES + 8];
    FILE *file = open_plot(settings->plots, "ratios");
    if (file == NULL) {
        return false;
    }
    results_plot_ratios(&results, file);
    bool ok = fclose(file) == 0;
    for (size_t m = 0; ok && m < results.module_count; m++) {
        if (results.figures[m][0].times == NULL) {
            continue;
        }
        (void)snprintf(name, sizeof(name), "times-%s", results.modules[m]);
        file = open_plot(settings->plots, name);
        if (file == NULL) {
            return false;
        }
        results_plot_times(&results, m, file);
        ok = fclose(file) == 0;
    }
    return ok;
}

static bool parse(struct settings *settings, int argc, char **argv)
{
    const struct {
        const char *name;
        unsigned long *value;
    } numbers[] = {{"--warmup", &settings->warmup},
                   {"--blocks", &settings->blocks},
                   {"--rounds", &settings->rounds},
                   {"--times", &settings->times}};
    for (int i = 1; i < argc; i++) {
        bool is_known = argv[i][0] != '-';
        for (size_t k = 0; k < sizeof(numbers) / sizeof(numbers[0]); k++) {
            if (strcmp(argv[i], numbers[k].name) == 0 && i + 1 < argc) {
                char *end = NULL;
                *numbers[k].value = strtoul(argv[++i], &end, 10);
                is_known = end != argv[i] && *end == '\0';
                break;
            }
        }
        if (strcmp(argv[i], "--poke") == 0 && i + 1 < argc) {
            settings->poke = argv[++i];
            is_known = pokes_is_line(settings->poke);
        }
        if (strcmp(argv[i], "--pokes") == 0 && i + 1 < argc) {
            settings->pokes = argv[++i];
            is_known = true;
        }
        if (strcmp(argv[i], "--denormals") == 0) {
            settings->is_flushing = is_known = true;
        } else if (strcmp(argv[i], "--fifo") == 0) {
            settings->is_fifo = is_known = true;
        } else if (strcmp(argv[i], "--json") == 0) {
            settings->is_json = is_known = true;
        } else if (strcmp(argv[i], "--plots") == 0 && i + 1 < argc) {
            settings->plots = argv[++i];
            is_known = true;
        } else if (argv[i][0] != '-') {
            settings->list = argv[i];
        }
        if (!is_known) {
            return false;
        }
    }
    return settings->list != NULL && settings->blocks > 0 &&
           settings->rounds > 0 && settings->warmup > 0;
}

int main(int argc, char **argv)
{
    struct settings settings = {.warmup = 1000, .blocks = 2000, .rounds = 15};
    (void)signal(SIGPIPE, SIG_IGN); /* an engine may end before it is asked */
    if (!parse(&settings, argc, argv)) {
        (void)fputs("usage: bench [--warmup N] [--blocks N] [--rounds N] "
                    "[--times N] [--poke 'ADDRESS VALUE'] [--pokes FOLDER] "
                    "[--denormals] "
                    "[--fifo] "
                    "[--json] [--plots FOLDER] LIST\n",
                    stderr);
        return 2;
    }
    if (!read_list(settings.list)) {
        (void)fprintf(stderr, "bench: '%s' is no list of engines\n",
                      settings.list);
        return 2;
    }
    bool do_agree = true;
    for (size_t m = 0; m < results.module_count;) {
        measure(results.figures[m], results.modules[m], &settings);
        if (is_empty(results.figures[m])) {
            drop_module(m);
            continue;
        }
        if (settings.is_flushing) {
            measure_flushed(results.figures[m], results.modules[m], &settings);
        }
        do_agree = results_agree(&results, m) && do_agree;
        m++;
    }
    if (settings.is_json) {
        results_print_json(&results, stdout);
    } else {
        results_print(&results, stdout);
    }
    if (settings.plots != NULL && !plot_all(&settings)) {
        return 4;
    }
    return do_agree && fflush(stdout) == 0 ? 0 : 1;
}
