/* SPDX-License-Identifier: MIT */
#include "results.h"

#include <math.h>

/* Pixels; not enumerators, since they meet floating-point numbers. */
static const int LEFT = 150;
static const int TOP = 40;
static const int BAR_WIDTH = 640;
static const int CURVE_WIDTH = 760;
static const int CURVE_HEIGHT = 420;

enum { ROW = 12, GAP = 10, POINTS = 300, COLOURS = 10 };

/* Told apart by people who confuse red and green, too. */
static const char *const colours[COLOURS] = {
    "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9",
    "#d55e00", "#555555", "#b0a000", "#8000a0", "#80c0a0"};

static void open_svg(FILE *file, unsigned width, unsigned height,
                     const char *title)
{
    (void)fprintf(file,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" "
                  "height=\"%u\" font-family=\"sans-serif\" "
                  "font-size=\"11\">\n"
                  "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n"
                  "<text x=\"10\" y=\"18\" font-size=\"14\">%s</text>\n",
                  width, height, title);
}

static void legend(const struct results *results, unsigned x, FILE *file)
{
    for (size_t e = 0; e < results->engine_count; e++) {
        unsigned y = (unsigned)TOP + (unsigned)e * 16;
        (void)fprintf(file,
                      "<rect x=\"%u\" y=\"%u\" width=\"10\" height=\"10\" "
                      "fill=\"%s\"/><text x=\"%u\" y=\"%u\">%s</text>\n",
                      x, y, colours[e % COLOURS], x + 16, y + 9,
                      results->engines[e]);
    }
}

static double longest_ratio(const struct results *results)
{
    double longest = 2;
    for (size_t m = 0; m < results->module_count; m++) {
        for (size_t e = 0; e < results->engine_count; e++) {
            double ratio = results_ratio(results, m, e);
            longest = ratio > longest ? ratio : longest;
        }
    }
    return longest;
}

static void bar(FILE *file, double ratio, double scale, unsigned y,
                size_t engine)
{
    if (ratio > 0) {
        (void)fprintf(file,
                      "<rect x=\"%d\" y=\"%u\" width=\"%.1f\" height=\"%d\" "
                      "fill=\"%s\"/><text x=\"%.1f\" y=\"%u\" "
                      "font-size=\"9\">%.2f</text>\n",
                      LEFT, y, ratio * scale, ROW - 2,
                      colours[engine % COLOURS], LEFT + ratio * scale + 3,
                      y + ROW - 4, ratio);
    }
}

void results_plot_ratios(const struct results *results, FILE *file)
{
    unsigned group = (unsigned)results->engine_count * ROW + GAP;
    unsigned height =
        (unsigned)TOP + (unsigned)(results->module_count + 1) * group + 30;
    double scale = BAR_WIDTH / longest_ratio(results);
    open_svg(file, (unsigned)(LEFT + BAR_WIDTH) + 220, height,
             "Time per block over ours; shorter is faster");
    legend(results, (unsigned)(LEFT + BAR_WIDTH) + 60, file);
    for (size_t m = 0; m <= results->module_count; m++) {
        bool is_mean = m == results->module_count;
        unsigned y = (unsigned)TOP + (unsigned)m * group;
        (void)fprintf(
            file, "<text x=\"%d\" y=\"%u\" text-anchor=\"end\"%s>%s</text>\n",
            LEFT - 8, y + group / 2, is_mean ? " font-weight=\"bold\"" : "",
            is_mean ? "geometric mean" : results->modules[m]);
        for (size_t e = 0; e < results->engine_count; e++) {
            bar(file,
                is_mean ? results_mean(results, e)
                        : results_ratio(results, m, e),
                scale, y + (unsigned)e * ROW, e);
        }
    }
    (void)fprintf(file,
                  "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%u\" "
                  "stroke=\"black\" stroke-dasharray=\"3 3\"/>\n</svg>\n",
                  LEFT + scale, LEFT + scale, TOP - 8, height - 20);
}

/* The axes of the curves, both logarithmic. */
struct axes {
    double least_ns;
    double most_ns;
    double decades; /* of the share, from 1 down */
};

static double at_x(const struct axes *axes, double share_above)
{
    return LEFT + CURVE_WIDTH * -log10(share_above) / axes->decades;
}

static double at_y(const struct axes *axes, double ns)
{
    return TOP + CURVE_HEIGHT * (1 - log(ns / axes->least_ns) /
                                         log(axes->most_ns / axes->least_ns));
}

static struct axes find_axes(const struct results *results, size_t module)
{
    struct axes axes = {1e12, 1, 1};
    for (size_t e = 0; e < results->engine_count; e++) {
        const struct histogram *times = results->figures[module][e].times;
        if (times == NULL || times->count == 0) {
            continue;
        }
        double least = histogram_quantile(times, 0) * 0.8 + 1;
        double most = times->most * 1.25 + 2;
        axes.least_ns = least < axes.least_ns ? least : axes.least_ns;
        axes.most_ns = most > axes.most_ns ? most : axes.most_ns;
        axes.decades = fmax(axes.decades, log10((double)times->count));
    }
    return axes;
}

static void draw_axes(const struct axes *axes, FILE *file)
{
    for (double ns = 1; ns < axes->most_ns; ns *= 10) {
        if (ns > axes->least_ns) {
            (void)fprintf(file,
                          "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" "
                          "stroke=\"#ddd\"/><text x=\"%d\" y=\"%.1f\" "
                          "text-anchor=\"end\">%.0f ns</text>\n",
                          LEFT, LEFT + CURVE_WIDTH, at_y(axes, ns),
                          at_y(axes, ns), LEFT - 6, at_y(axes, ns) + 4, ns);
        }
    }
    double share = 1;
    for (int nines = 0; nines <= (int)axes->decades; nines++) {
        (void)fprintf(file,
                      "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" "
                      "stroke=\"#ddd\"/><text x=\"%.1f\" y=\"%d\" "
                      "text-anchor=\"middle\">%.6g %%</text>\n",
                      at_x(axes, share), at_x(axes, share), TOP,
                      TOP + CURVE_HEIGHT, at_x(axes, share),
                      TOP + CURVE_HEIGHT + 16, 100 * (1 - share));
        share /= 10;
    }
}

static void curve(const struct axes *axes, const struct histogram *times,
                  const char *colour, FILE *file)
{
    double decades = log10((double)times->count);
    (void)fprintf(file,
                  "<polyline fill=\"none\" stroke=\"%s\" "
                  "stroke-width=\"1.5\" points=\"",
                  colour);
    for (int i = 0; i <= POINTS; i++) {
        double above = pow(10, -decades * (double)i / (double)POINTS);
        double ns = histogram_quantile(times, 1 - above);
        (void)fprintf(file, "%.1f,%.1f ", at_x(axes, above),
                      at_y(axes, ns > 1 ? ns : 1));
    }
    (void)fprintf(file, "%.1f,%.1f\"/>\n", at_x(axes, 1 / (double)times->count),
                  at_y(axes, times->most));
}

void results_plot_times(const struct results *results, size_t module,
                        FILE *file)
{
    char title[NAME_BYTES + 80];
    struct axes axes = find_axes(results, module);
    (void)snprintf(title, sizeof(title),
                   "%s: what this share of the blocks does not exceed",
                   results->modules[module]);
    open_svg(file, (unsigned)(LEFT + CURVE_WIDTH) + 220,
             (unsigned)(TOP + CURVE_HEIGHT) + 40, title);
    draw_axes(&axes, file);
    legend(results, (unsigned)(LEFT + CURVE_WIDTH) + 40, file);
    for (size_t e = 0; e < results->engine_count; e++) {
        const struct histogram *times = results->figures[module][e].times;
        if (times != NULL && times->count > 0) {
            curve(&axes, times, colours[e % COLOURS], file);
        }
    }
    (void)fputs("</svg>\n", file);
}
