/* SPDX-License-Identifier: MIT */
#include "results.h"

#include <math.h>

static const double quantiles[] = {0.5, 0.99, 0.999, 1.0};
static const char *const quantile_names[] = {"p50", "p99", "p99.9", "max"};
enum { QUANTILES = sizeof(quantiles) / sizeof(quantiles[0]) };

static const struct figures *good(const struct results *results, size_t module,
                                  size_t engine)
{
    const struct figures *figures = &results->figures[module][engine];
    return figures->is_good ? figures : NULL;
}

double results_ratio(const struct results *results, size_t module,
                     size_t engine)
{
    const struct figures *ours = good(results, module, 0);
    const struct figures *other = good(results, module, engine);
    return ours == NULL || other == NULL ? 0 : other->best_ns / ours->best_ns;
}

double results_mean(const struct results *results, size_t engine)
{
    double sum = 0;
    size_t count = 0;
    for (size_t m = 0; m < results->module_count; m++) {
        double ratio = results_ratio(results, m, engine);
        if (ratio > 0) {
            sum += log(ratio);
            count++;
        }
    }
    return count == 0 ? 0 : exp(sum / (double)count);
}

bool results_agree(const struct results *results, size_t module)
{
    const struct figures *first = NULL;
    for (size_t e = 0; e < results->engine_count; e++) {
        const struct figures *figures = good(results, module, e);
        first = first == NULL ? figures : first;
        if (figures != NULL && figures->hash != first->hash) {
            return false;
        }
    }
    return true;
}

static void print_head(const struct results *results, const char *title,
                       FILE *file)
{
    (void)fprintf(file, "%-16s", title);
    for (size_t e = 0; e < results->engine_count; e++) {
        (void)fprintf(file, " %16.16s", results->engines[e]);
    }
    (void)fputc('\n', file);
}

static void print_times(const struct results *results, FILE *file)
{
    print_head(results, "ns per block", file);
    for (size_t m = 0; m < results->module_count; m++) {
        (void)fprintf(file, "%-16.16s", results->modules[m]);
        for (size_t e = 0; e < results->engine_count; e++) {
            const struct figures *figures = good(results, m, e);
            if (figures == NULL) {
                (void)fprintf(file, " %16s", "-");
            } else {
                (void)fprintf(file, " %8.0f (%4.2fx)", figures->best_ns,
                              results_ratio(results, m, e));
            }
        }
        (void)fprintf(file, "%s\n",
                      results_agree(results, m) ? "" : "  MEMORY DIFFERS");
    }
    (void)fprintf(file, "%-16s", "geometric mean");
    for (size_t e = 0; e < results->engine_count; e++) {
        (void)fprintf(file, " %15.2fx", results_mean(results, e));
    }
    (void)fputs("\n\n", file);
}

/* The middle of one figure over all modules that have it. */
enum { FIGURES = 5 };
static const char *const figure_names[FIGURES] = {
    "build, ms", "executable, KiB", "start, ms", "first block, us",
    "resident, KiB"};

static double figure(const struct figures *figures, size_t which)
{
    const double values[FIGURES] = {
        figures->build_ns / 1e6, (double)figures->size_bytes / 1024,
        figures->start_ns / 1e6, figures->cold_ns / 1e3,
        (double)figures->resident_kib};
    return values[which];
}

static double median_figure(const struct results *results, size_t engine,
                            size_t which)
{
    double list[MAX_MODULES];
    size_t count = 0;
    for (size_t m = 0; m < results->module_count; m++) {
        const struct figures *figures = good(results, m, engine);
        if (figures == NULL) {
            continue;
        }
        double value = figure(figures, which);
        size_t at = count++;
        for (; at > 0 && list[at - 1] > value; at--) {
            list[at] = list[at - 1];
        }
        list[at] = value;
    }
    return count == 0 ? 0 : list[count / 2];
}

static void print_medians(const struct results *results, FILE *file)
{
    print_head(results, "median of all", file);
    for (size_t which = 0; which < FIGURES; which++) {
        (void)fprintf(file, "%-16s", figure_names[which]);
        for (size_t e = 0; e < results->engine_count; e++) {
            double value = median_figure(results, e, which);
            if (value > 0) {
                (void)fprintf(file, " %16.2f", value);
            } else {
                (void)fprintf(file, " %16s", "-");
            }
        }
        (void)fputc('\n', file);
    }
}

static void print_quantiles(const struct results *results, FILE *file)
{
    for (size_t m = 0; m < results->module_count; m++) {
        for (size_t e = 0; e < results->engine_count; e++) {
            const struct figures *figures = good(results, m, e);
            if (figures == NULL || figures->times == NULL) {
                continue;
            }
            (void)fprintf(file, "\n%-16.16s %-16.16s", results->modules[m],
                          results->engines[e]);
            for (size_t q = 0; q < QUANTILES; q++) {
                (void)fprintf(file, "  %s %.0f", quantile_names[q],
                              histogram_quantile(figures->times, quantiles[q]));
            }
            (void)fprintf(file, "  of %llu",
                          (unsigned long long)figures->times->count);
        }
    }
    (void)fputc('\n', file);
}

static void print_flushed(const struct results *results, FILE *file)
{
    for (size_t m = 0; m < results->module_count; m++) {
        for (size_t e = 0; e < results->engine_count; e++) {
            const struct figures *figures = good(results, m, e);
            if (figures != NULL && figures->flushed_ns > 0) {
                (void)fprintf(file,
                              "%-16.16s %-16.16s  denormals kept %.0f  "
                              "flushed %.0f\n",
                              results->modules[m], results->engines[e],
                              figures->best_ns, figures->flushed_ns);
            }
        }
    }
}

/* Where the claim "the fastest on every module" does not hold. */
static void print_losses(const struct results *results, FILE *file)
{
    static const double noise = 0.98;
    for (size_t e = 1; e < results->engine_count; e++) {
        for (size_t m = 0; m < results->module_count; m++) {
            double ratio = results_ratio(results, m, e);
            if (ratio > 0 && ratio < noise) {
                (void)fprintf(file, "%s is faster on %s: %.2fx\n",
                              results->engines[e], results->modules[m], ratio);
            }
        }
    }
}

void results_print(const struct results *results, FILE *file)
{
    print_times(results, file);
    print_medians(results, file);
    print_quantiles(results, file);
    print_flushed(results, file);
    print_losses(results, file);
}

static void print_json_figures(const struct figures *figures,
                               const char *engine, FILE *file)
{
    (void)fprintf(file,
                  "{\"engine\": \"%s\", \"nsPerBlock\": %.2f, "
                  "\"nsPerBlockFlushed\": %.2f, \"firstBlockNs\": %.0f, "
                  "\"startNs\": %.0f, \"buildNs\": %.0f, "
                  "\"executableBytes\": %llu, \"residentKiB\": %llu, "
                  "\"memoryHash\": \"%08x\"",
                  engine, figures->best_ns, figures->flushed_ns,
                  figures->cold_ns, figures->start_ns, figures->build_ns,
                  (unsigned long long)figures->size_bytes,
                  (unsigned long long)figures->resident_kib,
                  (unsigned)figures->hash);
    for (size_t q = 0; figures->times != NULL && q < QUANTILES; q++) {
        (void)fprintf(file, ", \"%sNs\": %.0f", quantile_names[q],
                      histogram_quantile(figures->times, quantiles[q]));
    }
    (void)fputc('}', file);
}

/* Names are letters, digits, '-', '_' and '.': bench.c checks them. */
void results_print_json(const struct results *results, FILE *file)
{
    (void)fputs("{\"modules\": [", file);
    for (size_t m = 0; m < results->module_count; m++) {
        const char *comma = "";
        (void)fprintf(file,
                      "%s\n  {\"module\": \"%s\", \"memoryAgrees\": %s, "
                      "\"engines\": [",
                      m == 0 ? "" : ",", results->modules[m],
                      results_agree(results, m) ? "true" : "false");
        for (size_t e = 0; e < results->engine_count; e++) {
            const struct figures *figures = good(results, m, e);
            if (figures != NULL) {
                (void)fprintf(file, "%s\n    ", comma);
                print_json_figures(figures, results->engines[e], file);
                comma = ",";
            }
        }
        (void)fputs("]}", file);
    }
    (void)fputs("],\n \"geometricMeans\": {", file);
    for (size_t e = 0; e < results->engine_count; e++) {
        (void)fprintf(file, "%s\"%s\": %.4f", e == 0 ? "" : ", ",
                      results->engines[e], results_mean(results, e));
    }
    (void)fputs("}}\n", file);
}
