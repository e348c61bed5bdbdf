/* SPDX-License-Identifier: MIT */
#include "tune/benchmark.h"

#include "base/process.h"
#include "base/strict_number.h"
#include "common/failure.h"

enum {
    TIMEOUT_MS = 120 * 1000,
};

/* "NAME number": moves '*text' behind it. */
static bool take(const char **text, const char *name, unsigned base,
                 uint64_t *value)
{
    size_t length = strlen(name);
    if (strncmp(*text, name, length) != 0 || (*text)[length] != ' ') {
        return false;
    }
    const char *number = *text + length + 1;
    size_t digits = strcspn(number, " \n");
    *text = number + digits;
    return strict_number_u64(number, digits, base, UINT64_MAX, value);
}

bool benchmark_parse(struct benchmark_result *result, const char *text)
{
    uint64_t traps = 0;
    if (!take(&text, "hash", 16, &result->hash) ||
        !take(&text, "\ntraps", 10, &traps) || traps > UINT32_MAX ||
        strncmp(text, "\nns", 3) != 0) {
        return false;
    }
    result->traps = (uint32_t)traps;
    text += 3;
    for (size_t i = 0; i < BENCHMARK_SLICES; i++) {
        if (!take(&text, "", 10, &result->ns[i])) {
            return false;
        }
    }
    return strcmp(text, "\n") == 0;
}

static bool failed(const struct process *process, const char *const *argv,
                   const struct benchmark *benchmark, struct arena *arena,
                   struct diag *diag)
{
    const char *said = buf_string(&process->text);
    int length = (int)strcspn(said, "\n");
    if (process->has_exited && benchmark->is_script_given &&
        (process->status == STATUS_USAGE || process->status == STATUS_FILE)) {
        return diag_input(diag, -1, "%.*s", length, said);
    }
    if (process->has_exited && process->status == STATUS_TRAP) {
        return diag_tool(diag, "it ends with a %.*s", length, said);
    }
    if (process->has_timed_out) {
        return diag_tool(diag, "it did not end in %d s", TIMEOUT_MS / 1000);
    }
    return process_failed(process, argv, arena, diag);
}

bool benchmark_run(struct benchmark_result *result, const char *name,
                   const struct benchmark *benchmark, bool is_flushing,
                   struct arena *arena, struct diag *diag)
{
    struct process process;
    const char *const argv[] = {
        arena_format(arena, "%s/%s", benchmark->directory, name),
        arena_format(arena, "%u", benchmark->blocks),
        arena_format(arena, "%d", BENCHMARK_SLICES),
        is_flushing ? "flush" : "ieee",
        benchmark->script,
        NULL};
    if (!process_run(&process, argv, NULL, TIMEOUT_MS, arena, diag)) {
        return false;
    }
    if (!process_succeeded(&process)) {
        return failed(&process, argv, benchmark, arena, diag);
    }
    return benchmark_parse(result, buf_string(&process.text)) ||
           diag_tool(diag, "it printed something else than times");
}

void benchmark_keep_best(struct benchmark_result *best,
                         const struct benchmark_result *other)
{
    for (size_t i = 0; i < BENCHMARK_SLICES; i++) {
        best->ns[i] = other->ns[i] < best->ns[i] ? other->ns[i] : best->ns[i];
    }
}

uint64_t benchmark_ns(const struct benchmark_result *result)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < BENCHMARK_SLICES; i++) {
        sum += result->ns[i];
    }
    return sum;
}
