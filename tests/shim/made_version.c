/* SPDX-License-Identifier: MIT */
#include "made_version.h"

#include "control/list.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { BYTES = 1 << 17, ITEMS = 8, TABLE_AT = 4096 };

struct made {
    uint8_t memory[BYTES];
    struct f4e_memory memories[1];
    struct f4e_channel outputs[1];
    struct f4e_item items[ITEMS];
    struct f4e_export exports[2];
    struct f4e_patch patch;
    int32_t trap_after; /* blocks; -1: never */
};

static struct made all[MADE_VERSIONS];

static const struct {
    const char *name;
    const char *type;
    enum f4e_element element;
    uint32_t even, odd; /* addresses */
    uint32_t count;
} names[ITEMS] = {
    {"v:frame", "int", F4E_I32, 16, 96, 1},
    {"v:gain", "float", F4E_F32, 20, 80, 1},
    {"v:note", "int", F4E_I32, 24, 120, 1},
    {"v:at", "int*", F4E_I32, 28, 64, 1}, /* into the table */
    {"v:torn", "int", F4E_I32, 32, 60, 1},
    {"v:only", "int", F4E_I32, 36, 40, 1}, /* odd ones have a float */
    {"v:out", "float[]", F4E_F32, 1024, 2048, MADE_FRAMES},
    {"v:table", "int[]", F4E_I32, TABLE_AT, 2 * TABLE_AT, MADE_TABLE},
};

static uint32_t address_of(unsigned n, const char *name)
{
    for (unsigned i = 0; i < ITEMS; i++) {
        if (strcmp(names[i].name + 2, name) == 0) {
            return n % 2 == 0 ? names[i].even : names[i].odd;
        }
    }
    ck_abort_msg("no variable '%s'", name);
    return 0;
}

uint8_t *made_cell(unsigned n, const char *name)
{
    return all[n].memory + address_of(n, name);
}

void made_set(unsigned n, const char *name, const void *four_bytes)
{
    memcpy(made_cell(n, name), four_bytes, 4);
}

int32_t made_int(unsigned n, const char *name)
{
    int32_t value;
    memcpy(&value, made_cell(n, name), sizeof(value));
    return value;
}

float made_float(unsigned n, const char *name)
{
    float value;
    memcpy(&value, made_cell(n, name), sizeof(value));
    return value;
}

void made_trap(unsigned n, int32_t blocks)
{
    all[n].trap_after = blocks;
}

float made_ramp(int64_t frame)
{
    return (float)(frame % 997) / 997.0F;
}

static void run(unsigned n)
{
    struct made *made = &all[n];
    int32_t frame = made_int(n, "frame");
    float gain = made_float(n, "gain");
    int32_t block = frame / MADE_FRAMES;
    uint8_t *table = made_cell(n, "table");
    int32_t before = 0;
    if (made->trap_after == 0) {
        /* Halfway, as a real one would. */
        memset(made_cell(n, "out"), 1, MADE_FRAMES);
        f4e_trap(F4E_TRAP_UNREACHABLE, "made");
    }
    made->trap_after -= made->trap_after > 0;
    /* A table that is written bit by bit shows whether it was torn. */
    memcpy(&before, table + 4 * ((block + MADE_TABLE - 1) % MADE_TABLE), 4);
    if (block > 0 && before != block - 1) {
        int32_t torn = made_int(n, "torn") + 1;
        made_set(n, "torn", &torn);
    }
    memcpy(table + 4 * (block % MADE_TABLE), &block, 4);
    for (int32_t i = 0; i < MADE_FRAMES; i++) {
        float value = made_ramp(frame + i) * gain;
        memcpy(made_cell(n, "out") + 4 * i, &value, 4);
    }
    frame += MADE_FRAMES;
    made_set(n, "frame", &frame);
}

static void block0(void)
{
    run(0);
}

static void block1(void)
{
    run(1);
}

static void block2(void)
{
    run(2);
}

static void block3(void)
{
    run(3);
}

static void note(unsigned n, const double *args)
{
    int32_t value = (int32_t)args[0];
    made_set(n, "note", &value);
}

static void note0(const double *args, double *results)
{
    (void)results;
    note(0, args);
}

static void note1(const double *args, double *results)
{
    (void)results;
    note(1, args);
}

static void note2(const double *args, double *results)
{
    (void)results;
    note(2, args);
}

static void note3(const double *args, double *results)
{
    (void)results;
    note(3, args);
}

static void other(const double *args, double *results)
{
    (void)args;
    (void)results;
}

/* As the builder lists them: by address. */
static int compare_items(const void *a, const void *b)
{
    const struct f4e_item *left = a;
    const struct f4e_item *right = b;
    return (left->address > right->address) - (left->address < right->address);
}

void made_version(struct version *version, unsigned n)
{
    static void (*const blocks[])(void) = {block0, block1, block2, block3};
    static void (*const notes[])(const double *, double *) = {note0, note1,
                                                              note2, note3};
    struct failure failure = {0};
    struct made *made = &all[n];
    const float one = 1.0F;
    *made = (struct made){.trap_after = -1};
    made->memories[0] = (struct f4e_memory){"memory", made->memory, BYTES};
    made->outputs[0].address = address_of(n, "out");
    for (unsigned i = 0; i < ITEMS; i++) {
        bool is_other = n % 2 != 0 && strcmp(names[i].name, "v:only") == 0;
        made->items[i] = (struct f4e_item){
            .name = names[i].name,
            .type = is_other ? "float" : names[i].type,
            .address = n % 2 == 0 ? names[i].even : names[i].odd,
            .count = names[i].count,
            .capacity = 4 * names[i].count,
            .element = is_other ? F4E_F32 : names[i].element,
            .is_array = names[i].count > 1};
    }
    qsort(made->items, ITEMS, sizeof(*made->items), compare_items);
    /* Functions in another order, too. */
    made->exports[n % 2] = (struct f4e_export){"note", "i:", 1, notes[n]};
    made->exports[1 - n % 2] =
        (struct f4e_export){n % 2 == 0 ? "even" : "odd", "i:", 1, other};
    made->patch = (struct f4e_patch){.name = "made",
                                     .wasm_sha256 = n % 2 == 0 ? "even" : "odd",
                                     .sample_rate = 48000,
                                     .block_frames = MADE_FRAMES,
                                     .memories = made->memories,
                                     .memory_count = 1,
                                     .outputs = made->outputs,
                                     .output_count = 1,
                                     .items = made->items,
                                     .item_count = ITEMS,
                                     .exports = made->exports,
                                     .export_count = 2,
                                     .block = blocks[n]};
    made_set(n, "gain", &one);
    *version = (struct version){.number = n,
                                .patch = &made->patch,
                                .guard = f4e_guard,
                                .deck = calloc(1, sizeof(*version->deck))};
    ck_assert_ptr_nonnull(version->deck);
    engine_init(&version->deck->engine, version->patch, TRAP_SILENCE, 1 << 16);
    version->deck->version = n;
    version->defaults = list_remember(version->patch, &failure);
    ck_assert_ptr_nonnull(version->defaults);
}
