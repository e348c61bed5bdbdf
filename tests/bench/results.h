/* SPDX-License-Identifier: MIT */
/* What the bench has measured, and the ways to show it. */
#ifndef F4E_RESULTS_H
#define F4E_RESULTS_H

#include "histogram.h"

#include <stdbool.h>
#include <stdio.h>

enum { MAX_MODULES = 256, MAX_ENGINES = 32, NAME_BYTES = 48 };

/* One engine with one module. */
struct figures {
    bool is_present; /* else the engine cannot run the module */
    bool is_good;    /* it got to the end */
    char path[512];  /* of its program */
    double build_ns;
    uint64_t size_bytes; /* of the executable; 0: it has none */
    double cold_ns;      /* the first block */
    double start_ns;     /* from fork() to the end of the first block */
    double best_ns;      /* per block, denormals kept */
    double flushed_ns;   /* the same with denormals flushed; 0: not measured */
    uint64_t resident_kib;
    uint32_t hash;
    struct histogram *times; /* of single blocks, or NULL */
};

struct results {
    char modules[MAX_MODULES][NAME_BYTES];
    char engines[MAX_ENGINES][NAME_BYTES]; /* the first is ours */
    size_t module_count;
    size_t engine_count;
    struct figures figures[MAX_MODULES][MAX_ENGINES];
};

/* best_ns over that of the first engine; 0 when one of them has none. */
double results_ratio(const struct results *results, size_t module,
                     size_t engine);

/* Geometric mean over the modules that both run; 0 without any. */
double results_mean(const struct results *results, size_t engine);

/* True when every engine that got to the end left the first one's memory. */
bool results_agree(const struct results *results, size_t module);

/* Text for a terminal. */
void results_print(const struct results *results, FILE *file);

/* All of it as one JSON object. */
void results_print_json(const struct results *results, FILE *file);

/* Bars: each engine's time over ours, for each module and on average. */
void results_plot_ratios(const struct results *results, FILE *file);

/* Curves: time against the share of blocks that take longer; one module. */
void results_plot_times(const struct results *results, size_t module,
                        FILE *file);

#endif
