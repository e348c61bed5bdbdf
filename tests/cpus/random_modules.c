/* SPDX-License-Identifier: MIT */
/*
 * random_modules --count N --seed S [--first I] DIR
 *
 * Modules made up at random, as DIR/I.wasm, and what the interpreter leaves in
 * their memories after initDefaults and BLOCKS calls of buffer, as DIR/I.0 and
 * DIR/I.1: what any compiler of any CPU has to leave there too. Every other one
 * is all defaults, in the patterns that a compiler may copy as vectors. The
 * import returns 0. Module number i of seed s is always the same.
 */
#include "interp/interp.h"
#include "random_code.h"
#include "tables/indirect.h"
#include "wasm/validate.h"
#include "wasm/wasm_write.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    BLOCKS = 20,
    CALL_FUEL = 200000,
    MEMORIES = 2,
    SEGMENTS = 120,     /* of a module that is all defaults */
    SEGMENT_WORDS = 40, /* at most */
    PATTERN_WORDS = 8,  /* repeated, at most */
    PLACE_BYTES = 256,  /* from one segment to the next */
    MEMORY_INIT = 8,    /* behind the prefix 0xfc */
};

static void add_section(struct buf *out, unsigned id, const struct buf *content)
{
    buf_byte(out, id);
    wasm_write_u32(out, (uint32_t)content->length);
    buf_add(out, content->bytes, content->length);
}

/* A few words, many of them 0 or equal, again and again. */
static void add_pattern(struct buf *out, struct random_numbers *numbers)
{
    uint32_t words[PATTERN_WORDS];
    uint32_t length = 1 + random_any(numbers, PATTERN_WORDS);
    uint32_t count = 1 + random_any(numbers, SEGMENT_WORDS);
    uint32_t bytes = count * 4 - random_any(numbers, 4);
    for (uint32_t i = 0; i < length; i++) {
        uint32_t kind = random_any(numbers, 4);
        words[i] = kind == 0            ? random_word(numbers)
                   : kind == 1 && i > 0 ? words[i - 1]
                   : kind == 2 && i > 1 ? words[i - 2]
                                        : 0;
    }
    buf_byte(out, 1);
    wasm_write_u32(out, bytes);
    for (uint32_t i = 0; i < bytes; i++) {
        buf_byte(out, words[i / 4 % length] >> i % 4 * 8 & 0xff);
    }
}

/* (memory.init k (i32.const place) (i32.const 0) (i32.const length)) */
static void add_init(struct buf *out, struct random_numbers *numbers,
                     uint32_t segment, uint32_t bytes)
{
    const uint32_t operands[] = {
        PLACE_BYTES * (segment + 1) + 4 * random_any(numbers, 16) +
            (random_any(numbers, 8) == 0 ? random_any(numbers, 4) : 0),
        0, bytes};
    for (int i = 0; i < 3; i++) {
        buf_byte(out, 0x41);
        wasm_write_s32(out, (int32_t)operands[i]);
    }
    buf_byte(out, 0xfc);
    wasm_write_u32(out, MEMORY_INIT);
    wasm_write_u32(out, segment);
    buf_byte(out, 0);
}

static uint32_t read_length(const struct buf *segment)
{
    /* Behind the byte that says that it is passive; below 2^14. */
    uint32_t low = segment->bytes[1];
    return low < 0x80 ? low : (low & 0x7f) | (uint32_t)segment->bytes[2] << 7;
}

/* A module of segments: initDefaults, and a buffer that does nothing. */
static struct buf defaults(struct random_numbers *numbers, struct arena *arena)
{
    static const char head[] = "\0asm\1\0\0\0"
                               "\x01\x04\x01\x60\0\0" /* the type of all */
                               "\x02\x1c\x02\x04host\x03"
                               "any\0\0\x04host\x06memory\x02\x01\x01\x01"
                               "\x03\x03\x02\0\0"
                               "\x07\x19\x02\x0cinitDefaults\0\1\x06"
                               "buffer\0\2";
    struct buf out;
    struct buf code;
    struct buf body;
    struct buf data;
    struct buf count;
    buf_init(&out, arena);
    buf_init(&code, arena);
    buf_init(&body, arena);
    buf_init(&data, arena);
    buf_init(&count, arena);
    wasm_write_u32(&count, SEGMENTS);
    buf_add(&data, count.bytes, count.length);
    buf_byte(&body, 0);
    for (uint32_t i = 0; i < SEGMENTS; i++) {
        struct buf segment;
        buf_init(&segment, arena);
        add_pattern(&segment, numbers);
        buf_add(&data, segment.bytes, segment.length);
        add_init(&body, numbers, i, read_length(&segment));
    }
    buf_byte(&body, 0x0b);
    wasm_write_u32(&code, 2);
    wasm_write_u32(&code, (uint32_t)body.length);
    buf_add(&code, body.bytes, body.length);
    buf_add(&code, "\x02\0\x0b", 3);
    buf_add(&out, head, sizeof(head) - 1);
    add_section(&out, 12, &count);
    add_section(&out, 10, &code);
    add_section(&out, 11, &data);
    return out;
}

static bool write_file(const char *folder, uint64_t index, const char *suffix,
                       const void *bytes, size_t size)
{
    char path[4096];
    (void)snprintf(path, sizeof(path), "%s/%" PRIu64 ".%s", folder, index,
                   suffix);
    FILE *file = fopen(path, "wb");
    bool is_good = file != NULL && fwrite(bytes, 1, size, file) == size;
    is_good = file != NULL && fclose(file) == 0 && is_good;
    if (!is_good) {
        perror(path);
    }
    return is_good;
}

/* False when a call takes too long; a trap is an end as good as any. */
static bool play(struct interp *interp, const struct wasm_module *module)
{
    struct interp_stop stop;
    enum interp_result result = INTERP_DONE;
    const struct wasm_export *init =
        wasm_find_export(module, WASM_FUNCTION, "initDefaults");
    const struct wasm_export *block =
        wasm_find_export(module, WASM_FUNCTION, "buffer");
    for (int i = 0; i <= BLOCKS && result == INTERP_DONE; i++) {
        uint64_t fuel = CALL_FUEL;
        result = interp_call(interp, i == 0 ? init->index : block->index, &fuel,
                             &stop);
    }
    return result != INTERP_OUT_OF_FUEL;
}

static bool make(const char *folder, uint64_t index, uint64_t seed,
                 struct arena *arena, uint64_t *made)
{
    struct random_numbers numbers = {seed * UINT64_C(0x2545f4914f6cdd1d) ^
                                     index * UINT64_C(0xd1342543de82ef95)};
    struct wasm_module module;
    struct interp *interp = NULL;
    struct diag diag;
    uint64_t sizes[MEMORIES] = {0};
    diag_init(&diag, "random.wasm");
    struct buf bytes = index % 2 == 0 ? random_code(&numbers, arena)
                                      : defaults(&numbers, arena);
    struct wasm_module file;
    if (!wasm_read(&file, bytes.bytes, bytes.length, arena, &diag) ||
        !wasm_validate(&file, arena, &diag) ||
        !indirect_resolve(&module, &file, arena, &diag) ||
        !interp_create(&interp, &module, arena, &diag)) {
        (void)fprintf(stderr, "module %" PRIu64 ": %s\n", index, diag.text);
        return false;
    }
    bool is_good = true;
    if (play(interp, &module)) {
        is_good = write_file(folder, index, "wasm", bytes.bytes, bytes.length);
        for (uint32_t i = 0; i < module.memory_count && i < MEMORIES; i++) {
            const uint8_t *memory = interp_memory(interp, i, &sizes[i]);
            is_good = is_good && write_file(folder, index, i == 0 ? "0" : "1",
                                            memory, (size_t)sizes[i]);
        }
        (*made)++;
    }
    interp_destroy(interp);
    return is_good;
}

int main(int argc, char **argv)
{
    uint64_t count = 0;
    uint64_t seed = 1;
    uint64_t first = 0;
    uint64_t made = 0;
    struct arena arena;
    int at = 1;
    for (; at + 1 < argc && strncmp(argv[at], "--", 2) == 0; at += 2) {
        uint64_t *number = strcmp(argv[at], "--count") == 0   ? &count
                           : strcmp(argv[at], "--seed") == 0  ? &seed
                           : strcmp(argv[at], "--first") == 0 ? &first
                                                              : NULL;
        if (number == NULL) {
            break;
        }
        *number = strtoull(argv[at + 1], NULL, 10);
    }
    if (at + 1 != argc || count == 0) {
        (void)fprintf(stderr, "usage: random_modules --count N --seed S "
                              "[--first I] DIR\n");
        return EXIT_FAILURE;
    }
    arena_init(&arena, 0);
    bool is_good = true;
    for (uint64_t i = first; i < first + count && is_good; i++) {
        is_good = make(argv[at], i, seed, &arena, &made);
        arena_deinit(&arena);
        arena_init(&arena, 0);
    }
    arena_deinit(&arena);
    (void)printf("%" PRIu64 "\n", made);
    return is_good && made > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
