/* SPDX-License-Identifier: MIT */
/*
 * State files: what is saved comes back, what is broken or foreign is refused
 * and touches nothing, and a snapshot taken while blocks run is of one moment.
 */
#include "state/state.h"

#include "common/outfile.h"
#include "fake_patch.h"
#include "program.h"
#include "state/crc32.h"
#include "state/state_file.h"
#include "suite.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 65536, LARGE_BYTES = 64 << 20 };

static const char hash_a[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
static const char hash_b[] = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
                             "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

static uint8_t memory0[2 * PAGE];
static uint8_t memory1[PAGE];
static const struct f4e_memory memories[] = {
    {"memory", memory0, sizeof(memory0)}, {"region", memory1, sizeof(memory1)}};

/* Two builds: in the second, variables have moved, changed, come and gone. */
static const struct f4e_item items_a[] = {
    {"a:same", "float", 0, 4, 1, 4, F4E_F32, false},
    {"a:moved", "int", 0, 8, 1, 4, F4E_I32, false},
    {"a:list", "int16[]", 0, 12, 5, 12, F4E_I16, true},
    {"a:type", "int", 0, 24, 1, 4, F4E_I32, false},
    {"a:count", "float[]", 0, 28, 3, 12, F4E_F32, true},
    {"a:gone", "int", 0, 40, 1, 4, F4E_I32, false},
    {"a:into", "int*", 0, 44, 1, 4, F4E_I32, false},
    {"a:lost", "int*", 0, 48, 1, 4, F4E_I32, false},
    {"a:null", "int**", 0, 52, 1, 4, F4E_I32, false},
    {"b:double", "float64", 0, 56, 1, 8, F4E_F64, false},
};
static const struct f4e_item items_b[] = {
    {"a:same", "float", 0, 4, 1, 4, F4E_F32, false},
    {"a:new", "int", 0, 8, 1, 4, F4E_I32, false},
    {"a:moved", "int", 0, 12, 1, 4, F4E_I32, false},
    {"a:list", "int16[]", 0, 100, 5, 12, F4E_I16, true},
    {"a:type", "float", 0, 112, 1, 4, F4E_F32, false},
    {"a:count", "float[]", 0, 116, 4, 16, F4E_F32, true},
    {"a:into", "int*", 0, 132, 1, 4, F4E_I32, false},
    {"a:lost", "int*", 0, 136, 1, 4, F4E_I32, false},
    {"a:null", "int**", 0, 140, 1, 4, F4E_I32, false},
    {"b:double", "float64", 0, 144, 1, 8, F4E_F64, false},
};

static const struct f4e_patch patch_a = {.wasm_sha256 = hash_a,
                                         .memories = memories,
                                         .memory_count = 2,
                                         .items = items_a,
                                         .item_count = 10};
/* One memory: pointers can be followed. */
static const struct f4e_patch patch_one = {.wasm_sha256 = hash_a,
                                           .memories = memories,
                                           .memory_count = 1,
                                           .items = items_a,
                                           .item_count = 10};
static const struct f4e_patch patch_b = {.wasm_sha256 = hash_b,
                                         .memories = memories,
                                         .memory_count = 1,
                                         .items = items_b,
                                         .item_count = 10};
static const struct f4e_patch patch_small = {
    .wasm_sha256 = hash_a, .memories = memories, .memory_count = 1};

static struct engine engine;

static uint64_t random_next(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static struct engine *engine_of(const struct f4e_patch *patch)
{
    engine_init(&engine, patch, TRAP_STOP, 65536);
    return &engine;
}

static void save(const struct f4e_patch *patch, const char *path)
{
    struct failure failure = {0};
    ck_assert_msg(state_save(engine_of(patch), NULL, path, &failure), "%s",
                  failure.text);
}

static bool load(const struct f4e_patch *patch, const char *path,
                 bool is_by_name, struct state_match *match,
                 struct failure *failure)
{
    *failure = (struct failure){0};
    return state_load(engine_of(patch), path, is_by_name, match, failure);
}

START_TEST(computes_the_crc_of_zip)
{
    ck_assert_uint_eq(crc32_add(0, "123456789", 9), 0xcbf43926);
    ck_assert_uint_eq(crc32_add(crc32_add(0, "1234", 4), "56789", 5),
                      0xcbf43926);
    ck_assert_uint_eq(crc32_add(0, "", 0), 0);
}
END_TEST

/* Memories from all zero to full, with runs that begin and end anywhere. */
START_TEST(what_is_saved_comes_back)
{
    static uint8_t before0[sizeof(memory0)];
    static uint8_t before1[sizeof(memory1)];
    uint64_t seed = (uint64_t)_i + 1;
    memset(memory0, 0, sizeof(memory0));
    memset(memory1, 0, sizeof(memory1));
    for (int run = 0; run < _i; run++) {
        size_t at = random_next(&seed) % sizeof(memory0);
        size_t length = random_next(&seed) % 20000;
        for (size_t i = at; i < at + length && i < sizeof(memory0); i++) {
            memory0[i] = (uint8_t)random_next(&seed);
        }
        memory1[random_next(&seed) % sizeof(memory1)] = (uint8_t)run;
    }
    memcpy(before0, memory0, sizeof(memory0));
    memcpy(before1, memory1, sizeof(memory1));
    save(&patch_a, "s");
    memset(memory0, 0xa5, sizeof(memory0));
    memset(memory1, 0x5a, sizeof(memory1));
    struct failure failure;
    struct state_match match;
    ck_assert_msg(load(&patch_a, "s", false, &match, &failure), "%s",
                  failure.text);
    ck_assert(!match.is_by_name);
    ck_assert_msg(memcmp(before0, memory0, sizeof(memory0)) == 0 &&
                      memcmp(before1, memory1, sizeof(memory1)) == 0,
                  "%d runs", _i);
}
END_TEST

START_TEST(leaves_pages_of_zeros_out)
{
    uint8_t *large = calloc(1, LARGE_BYTES);
    struct stat status;
    ck_assert_ptr_nonnull(large);
    const struct f4e_memory memory = {"memory", large, LARGE_BYTES};
    const struct f4e_patch patch = {
        .wasm_sha256 = hash_a, .memories = &memory, .memory_count = 1};
    large[0] = 1;
    large[LARGE_BYTES / 2] = 2;
    large[LARGE_BYTES - 1] = 3;
    save(&patch, "s");
    ck_assert_int_eq(stat("s", &status), 0);
    ck_assert_int_eq(status.st_size,
                     STATE_HEADER_BYTES + 8 + 3 * (16 + 4096) + 16 + 4);
    memset(large, 9, LARGE_BYTES);
    struct failure failure;
    struct state_match match;
    ck_assert(load(&patch, "s", false, &match, &failure));
    ck_assert(large[0] == 1 && large[1] == 0 && large[LARGE_BYTES / 2] == 2);
    ck_assert(large[LARGE_BYTES - 1] == 3 && large[LARGE_BYTES - 2] == 0);
    free(large);
}
END_TEST

/* A small file with everything in it. */
static unsigned char *make_file(size_t *size)
{
    memset(memory0, 0, sizeof(memory0));
    memset(memory1, 0, sizeof(memory1));
    memory0[5] = 1;
    memory0[70000] = 2;
    memory1[9] = 3;
    save(&patch_a, "whole");
    return program_read_file("whole", size);
}

static bool is_untouched(void)
{
    for (size_t i = 0; i < sizeof(memory0); i++) {
        if (memory0[i] != 0xee || memory1[i % sizeof(memory1)] != 0xee) {
            return false;
        }
    }
    return true;
}

START_TEST(refuses_every_part_of_a_file)
{
    size_t size;
    unsigned char *bytes = make_file(&size);
    struct failure failure;
    struct state_match match;
    memset(memory0, 0xee, sizeof(memory0));
    memset(memory1, 0xee, sizeof(memory1));
    for (size_t i = 0; i < size; i += i < 150 ? 1 : 499) {
        program_write_file("part", bytes, i);
        ck_assert_msg(!load(&patch_a, "part", false, &match, &failure), "%zu",
                      i);
        ck_assert_int_eq(failure.status, STATUS_FILE);
    }
    ck_assert(is_untouched());
    free(bytes);
}
END_TEST

static void seal(unsigned char *bytes, size_t size)
{
    uint32_t crc = crc32_add(0, bytes, size - 4);
    for (int i = 0; i < 4; i++) {
        bytes[size - 4 + (size_t)i] = (unsigned char)(crc >> (8 * i));
    }
}

/*
 * A wrong byte is found by the checksum. A forger mends that: then the file is
 * refused with nothing touched, or it is another right one.
 */
START_TEST(refuses_changed_files)
{
    size_t size;
    unsigned char *bytes = make_file(&size);
    struct failure failure;
    struct state_match match;
    unsigned refused = 0;
    memset(memory0, 0xee, sizeof(memory0));
    memset(memory1, 0xee, sizeof(memory1));
    for (size_t i = 0; i < size; i += i < 150 ? 1 : 499) {
        bytes[i] ^= (unsigned char)(1U << (i % 8));
        program_write_file("part", bytes, size);
        ck_assert_msg(!load(&patch_a, "part", true, &match, &failure), "%zu",
                      i);
        ck_assert(is_untouched());
        seal(bytes, size);
        program_write_file("part", bytes, size);
        if (load(&patch_a, "part", true, &match, &failure)) {
            memset(memory0, 0xee, sizeof(memory0));
            memset(memory1, 0xee, sizeof(memory1));
        } else {
            refused++;
            ck_assert_int_eq(failure.status, STATUS_FILE);
            ck_assert_msg(is_untouched(), "%zu: %s", i, failure.text);
        }
        bytes[i] ^= (unsigned char)(1U << (i % 8));
    }
    ck_assert_uint_gt(refused, 50);
    free(bytes);
}
END_TEST

static const struct {
    const char *name;
    size_t at;
    unsigned char bytes[8];
    const char *message;
} forged[] = {
    {"magic", 0, {'F'}, "'part' is not a state file"},
    {"version", 8, {2}, "'part' is of version 2, this program reads 1"},
    {"memories", 12, {0xff, 0xff, 0xff, 0xff}, "is damaged"},
    {"no memory", 12, {0, 0, 0, 0}, "is damaged"},
    {"items", 16, {0xff, 0xff, 0xff, 0xff}, "is damaged"},
    {"escape in the hash", 32, {'\033', '['}, "is damaged"},
    {"item's memory", 112, {9}, "is damaged"},
    {"item's address", 116, {0, 0, 2, 1}, "is damaged"},
    {"item's count", 120, {0xff, 0xff, 0xff, 0xff}, "is damaged"},
    {"item's element", 124, {8}, "is damaged"},
    {"item's name", 128, {0xff, 0xff}, "is damaged"},
};

START_TEST(says_what_is_wrong)
{
    size_t size;
    unsigned char *bytes = make_file(&size);
    struct failure failure;
    struct state_match match;
    /* 112 is where the first item's record starts. */
    size_t length = forged[_i].at == 12 || forged[_i].at >= 116 ? 4 : 1;
    length = forged[_i].at == 16 ? 4 : length;
    length = forged[_i].at == 32 || forged[_i].at == 128 ? 2 : length;
    memcpy(bytes + forged[_i].at, forged[_i].bytes, length);
    seal(bytes, size);
    program_write_file("part", bytes, size);
    ck_assert_msg(!load(&patch_a, "part", true, &match, &failure), "%s",
                  forged[_i].name);
    ck_assert_msg(strstr(failure.text, forged[_i].message) != NULL, "%s: %s",
                  forged[_i].name, failure.text);
    free(bytes);
}
END_TEST

START_TEST(refuses_the_state_of_another_patch)
{
    struct failure failure;
    struct state_match match;
    save(&patch_one, "s");
    ck_assert(!load(&patch_b, "s", false, &match, &failure));
    ck_assert_str_eq(failure.text,
                     "'s' is the state of another patch or another build of "
                     "it: module aaaaaaaaaaaa, this is bbbbbbbbbbbb");
    ck_assert_ptr_nonnull(strstr(failure.hint, "--state-by-name"));
    ck_assert(!load(&patch_a, "s", false, &match, &failure));
    ck_assert_ptr_nonnull(strstr(failure.text, "with other memories"));
    ck_assert(load(&patch_small, "s", false, &match, &failure));
    save(&patch_small, "s");
    ck_assert(!load(&patch_b, "s", true, &match, &failure));
    ck_assert_ptr_nonnull(strstr(failure.hint, "the file has no names"));
    ck_assert(!load(&patch_a, ".", false, &match, &failure));
    ck_assert(!load(&patch_a, "none", false, &match, &failure));
    ck_assert_str_eq(failure.text,
                     "cannot read 'none': No such file or directory");
}
END_TEST

static void set_i32(unsigned address, int32_t value)
{
    memcpy(memory0 + address, &value, sizeof(value));
}

static int32_t get_i32(unsigned address)
{
    int32_t value;
    memcpy(&value, memory0 + address, sizeof(value));
    return value;
}

START_TEST(restores_by_name)
{
    struct failure failure;
    struct state_match match;
    memset(memory0, 0, sizeof(memory0));
    for (int i = 0; i < 10; i++) {
        set_i32((unsigned)(4 + 4 * i), 100 + i);
    }
    set_i32(44, 12 + 4); /* into a:list */
    set_i32(48, 40);     /* at a:gone */
    const double number = 0.1;
    memcpy(memory0 + 56, &number, sizeof(number));
    save(&patch_one, "s");
    memset(memory0, 0, sizeof(memory0));
    for (unsigned at = 4; at < 152; at += 4) {
        set_i32(at, -7);
    }
    ck_assert_msg(load(&patch_b, "s", true, &match, &failure), "%s",
                  failure.text);
    ck_assert(match.is_by_name);
    ck_assert_uint_eq(match.restored, 6);
    ck_assert_uint_eq(match.missing, 3); /* a:new, a:type, a:count */
    ck_assert_uint_eq(match.gone, 3);    /* a:gone, a:type, a:count */
    ck_assert_uint_eq(match.pointers, 1);
    ck_assert_int_eq(get_i32(4), 100);
    ck_assert_int_eq(get_i32(8), -7);
    ck_assert_int_eq(get_i32(12), 101);
    ck_assert_int_eq(get_i32(100), 102);
    ck_assert_int_eq(get_i32(104), 103);
    ck_assert_int_eq(get_i32(108) & 0xffff, 104);
    ck_assert_int_eq(get_i32(112), -7);
    ck_assert_int_eq(get_i32(132), 104); /* a:list moved from 12 to 100 */
    ck_assert_int_eq(get_i32(136), -7);
    ck_assert_int_eq(get_i32(140), 0);
    ck_assert_mem_eq(memory0 + 144, &number, sizeof(number));
}
END_TEST

/* ---- Pictures ---- */

enum { WORDS = 16384 };
static uint32_t words[WORDS];
static const struct f4e_memory word_memory = {"memory", (uint8_t *)words,
                                              sizeof(words)};
static atomic_bool is_ending;
static long pause_ns;

static void count_everywhere(void)
{
    for (size_t i = 0; i < WORDS; i++) {
        ((volatile uint32_t *)words)[i]++;
    }
}

static const struct f4e_patch counter = {.wasm_sha256 = hash_a,
                                         .memories = &word_memory,
                                         .memory_count = 1,
                                         .block_frames = 1,
                                         .block = count_everywhere};

static void *run_blocks(void *arg)
{
    while (!atomic_load(&is_ending)) {
        const struct timespec time = {0, pause_ns};
        (void)engine_process(arg, NULL, NULL);
        if (pause_ns > 0) {
            (void)nanosleep(&time, NULL);
        }
    }
    return NULL;
}

/* With time between the blocks, and without any. */
START_TEST(takes_pictures_of_one_moment)
{
    struct memory_snapshot snapshot;
    struct failure failure = {0};
    pthread_t thread;
    unsigned costly = 0;
    uint64_t last = 0;
    pause_ns = _i == 0 ? 2000000 : 0;
    memset(words, 0, sizeof(words));
    atomic_store(&is_ending, false);
    engine_init(&engine, &counter, TRAP_STOP, 65536);
    ck_assert(state_make_room(&snapshot, &counter, &failure));
    ck_assert_int_eq(pthread_create(&thread, NULL, run_blocks, &engine), 0);
    for (int i = 0; i < 40; i++) {
        ck_assert_msg(state_take(&snapshot, &engine, &failure), "%s",
                      failure.text);
        costly += snapshot.is_costly;
        for (size_t k = 0; k < WORDS; k++) {
            uint32_t word;
            memcpy(&word, snapshot.bytes + 4 * k, sizeof(word));
            ck_assert_msg(word == snapshot.block,
                          "word %zu is %u, the snapshot of block %u", k,
                          (unsigned)word, (unsigned)snapshot.block);
        }
        ck_assert_uint_ge(snapshot.block, last);
        last = snapshot.block;
    }
    atomic_store(&is_ending, true);
    (void)pthread_join(thread, NULL);
    ck_assert_msg(_i == 0 ? costly < 20 : costly > 0,
                  "%u copies by the "
                  "audio thread",
                  costly);
    state_free(&snapshot);
}
END_TEST

START_TEST(gives_up_on_a_block_that_hangs)
{
    struct memory_snapshot snapshot;
    struct failure failure = {0};
    engine_init(&engine, &counter, TRAP_STOP, 65536);
    snapshot_enter(&engine.snapshot);
    ck_assert(state_make_room(&snapshot, &counter, &failure));
    ck_assert(!state_take(&snapshot, &engine, &failure));
    ck_assert_str_eq(failure.text,
                     "the state cannot be saved: a block does not end");
    snapshot_leave(&engine.snapshot);
    ck_assert(engine_process(&engine, NULL, NULL));
    failure = (struct failure){0};
    ck_assert(state_take(&snapshot, &engine, &failure));
    ck_assert(!snapshot.is_costly);
    state_free(&snapshot);
}
END_TEST

/* ---- Programs ---- */

static struct program_result expect(const char *arguments, int status,
                                    const char *message)
{
    struct program_result result = program_run(NULL, NULL, arguments);
    ck_assert_msg(result.status == status &&
                      strstr(result.err, message) != NULL,
                  "%s: status %d: %s", arguments, result.status, result.err);
    return result;
}

START_TEST(goes_on_where_it_was)
{
    size_t bytes;
    size_t others;
    expect("--render /dev/null --blocks 30 --dump-memory all", 0, "");
    expect("--render /dev/null --blocks 10 --save-state s", 0, "");
    expect("--render /dev/null --blocks 20 --load-state s --dump-memory two", 0,
           "");
    unsigned char *all = program_read_file("all", &bytes);
    unsigned char *two = program_read_file("two", &others);
    ck_assert(bytes == others && memcmp(all, two, bytes) == 0);
    free(all);
    free(two);
    /* The file is as it was. */
    expect("--render /dev/null --blocks 0 --load-state s --dump-memory m", 0,
           "");
    ck_assert_int_eq(program_dumped("m", FAKE_BLOCKS), 10);
}
END_TEST

START_TEST(keeps_a_state_from_run_to_run)
{
    for (int run = 1; run <= 3; run++) {
        expect("--render /dev/null --blocks 5 --state s --dump-memory m", 0,
               "");
        ck_assert_int_eq(program_dumped("m", FAKE_BLOCKS), 5 * run);
    }
    expect("--render /dev/null --blocks 1 --state s --reset-state "
           "--dump-memory m",
           0, "");
    ck_assert_int_eq(program_dumped("m", FAKE_BLOCKS), 1);
    expect("--render /dev/null --blocks 1 --state s --dump-memory m", 0, "");
    ck_assert_int_eq(program_dumped("m", FAKE_BLOCKS), 2);
}
END_TEST

START_TEST(does_not_save_what_trapped)
{
    program_write_file("t", "0b set 8 i32 7\n", 15);
    expect("--render /dev/null --blocks 2 --state s", 0, "");
    expect("--render /dev/null --blocks 20 --state s --script t", 6, "trap");
    expect("--render /dev/null --blocks 0 --load-state s --dump-memory m", 0,
           "");
    ck_assert_int_eq(program_dumped("m", FAKE_BLOCKS), 2);
    /* Nor what never played. */
    struct program_result result =
        program_run(getenv("FAKE_MUTE"), NULL, "--save-state s");
    ck_assert_int_eq(result.status, 2);
    expect("--render /dev/null --blocks 0 --load-state s --dump-memory m", 0,
           "");
    ck_assert_int_eq(program_dumped("m", FAKE_BLOCKS), 2);
}
END_TEST

START_TEST(reports_files_before_it_plays)
{
    expect("--render /dev/null --blocks 1 --save-state no/s", 9,
           "cannot write 'no/s': No such file or directory");
    expect("--render /dev/null --blocks 1 --load-state s", 9,
           "cannot read 's': No such file or directory");
    program_write_file("s", "nonsense", 8);
    expect("--render x.wav --blocks 1 --load-state s", 9,
           "'s' is not a state file");
    ck_assert(!program_has_file("x.wav"));
    expect("--render /dev/null --blocks 1 --state s --reset-state", 0, "");
    expect("--render /dev/null --blocks 1 --state s", 0, "");
}
END_TEST

/* The state 's' as another build would have left it. */
static void make_foreign(void)
{
    size_t bytes;
    unsigned char *file = program_read_file("s", &bytes);
    memcpy(file + 32, hash_b, strlen(hash_b));
    uint32_t crc = crc32_add(0, file, bytes - 4);
    for (size_t i = 0; i < 4; i++) {
        file[bytes - 4 + i] = (unsigned char)(crc >> (8 * i));
    }
    program_write_file("s", file, bytes);
    free(file);
}

static void make_misfit(const char *kind)
{
    size_t bytes;
    expect("--render none --blocks 10 --state s", 0, "");
    if (strcmp(kind, "foreign") == 0) {
        make_foreign();
        return;
    }
    unsigned char *file = program_read_file("s", &bytes);
    file[8] += strcmp(kind, "version") == 0;
    file[bytes / 2] ^= strcmp(kind, "damaged") == 0;
    bytes = strcmp(kind, "empty") == 0 ? 0
            : strcmp(kind, "cut") == 0 ? bytes / 2
                                       : bytes;
    program_write_file("s", file, bytes);
    free(file);
}

static const struct {
    const char *kind;
    const char *program; /* in the environment, NULL: the usual one */
    const char *says;
    const char *refusal; /* of --load-state */
    int blocks;          /* the patch begins with */
} misfits[] = {
    {"empty", NULL, "'s' is not a state file; put aside as 's.old'",
     "'s' is not a state file", 0},
    {"cut", NULL, "put aside as 's.old'", "is damaged", 0},
    {"damaged", NULL, "'s' is damaged: its checksum does not fit; put aside",
     "is damaged", 0},
    {"version", NULL, "'s' is of version 2, this program reads 1; put aside",
     "is of version 2", 0},
    {"foreign", NULL, "another build of this patch; kept as 's.old'",
     "--state-by-name", 10},
    {"foreign", "FAKE_NAMELESS", "put aside as 's.old'",
     "--reset-state starts without it", 0},
};
enum { MISFITS = sizeof(misfits) / sizeof(*misfits) };

START_TEST(a_misfit_does_not_keep_a_patch_from_playing)
{
    size_t bytes;
    size_t others;
    const char *program =
        misfits[_i].program != NULL ? getenv(misfits[_i].program) : NULL;
    make_misfit(misfits[_i].kind);
    unsigned char *before = program_read_file("s", &bytes);
    struct program_result result =
        program_run(program, NULL, "--render none --blocks 1 --load-state s");
    ck_assert_msg(result.status == 9 &&
                      strstr(result.err, misfits[_i].refusal) != NULL,
                  "%s: %d, %s", misfits[_i].kind, result.status, result.err);
    result = program_run(
        program, NULL, "-q --render none --blocks 2 --state s --dump-memory m");
    ck_assert_msg(result.status == 0 &&
                      strstr(result.err, misfits[_i].says) != NULL,
                  "%s: %d, %s", misfits[_i].kind, result.status, result.err);
    ck_assert_int_eq(program_dumped("m", FAKE_BLOCKS), misfits[_i].blocks + 2);
    unsigned char *after = program_read_file("s.old", &others);
    ck_assert(bytes == others && memcmp(before, after, bytes) == 0);
    free(before);
    free(after);
    /* From now on all is well again. */
    result = program_run(program, NULL,
                         "--render none --blocks 1 --state s --dump-memory m");
    ck_assert_int_eq(result.status, 0);
    ck_assert_ptr_null(strstr(result.err, "s.old"));
    ck_assert_int_eq(program_dumped("m", FAKE_BLOCKS), misfits[_i].blocks + 3);
}
END_TEST

/* Who is killed does not save: what fits by name must be there next time. */
START_TEST(keeps_a_foreign_state_until_it_has_saved)
{
    make_misfit("foreign");
    for (int i = 0; i < 2; i++) {
        pid_t pid = program_start(NULL, NULL, "--dummy --state s");
        program_wait_for("kept as 's.old'");
        program_wait_for("policy");
        (void)kill(pid, SIGKILL);
        (void)waitpid(pid, NULL, 0);
        (void)unlink("child.err");
    }
    expect("--render none --blocks 0 --state s --dump-memory m", 0,
           "restored by name");
    ck_assert_int_eq(program_dumped("m", FAKE_BLOCKS), 10);
}
END_TEST

START_TEST(puts_aside_where_the_link_leads)
{
    struct stat status;
    make_misfit("empty");
    ck_assert_int_eq(mkdir("other", 0700), 0);
    ck_assert_int_eq(rename("s", "other/file"), 0);
    ck_assert_int_eq(symlink("other/file", "s"), 0);
    expect("--render none --blocks 2 --state s", 0,
           "put aside as 'other/file.old'");
    ck_assert(lstat("s", &status) == 0 && S_ISLNK(status.st_mode));
    ck_assert(stat("other/file", &status) == 0 && status.st_size > 0);
    ck_assert_int_eq(unlink("other/file"), 0);
    ck_assert_int_eq(unlink("other/file.old"), 0);
    ck_assert_int_eq(rmdir("other"), 0);
}
END_TEST

/* The patch plays; that it could not save is the exit status. */
START_TEST(plays_where_it_cannot_save)
{
    static const char *const places[] = {"no/s", "file/s", "loop"};
    char arguments[128];
    program_write_file("file", "", 0);
    ck_assert_int_eq(symlink("loop", "loop"), 0);
    for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
        (void)snprintf(arguments, sizeof(arguments),
                       "--render none --blocks 2 --state %s --dump-memory m",
                       places[i]);
        expect(arguments, 9, "the patch plays, and tries again");
        (void)unlink("m");
    }
    /* Neither does a pipe, which nobody writes to, hold it up. */
    ck_assert_int_eq(mkfifo("pipe", 0600), 0);
    expect("--render none --blocks 2 --load-state pipe", 9,
           "'pipe' is not a regular file");
    expect("--render none --blocks 2 --state pipe", 9,
           "'pipe': a pipe keeps no state");
}
END_TEST

static void pause_us(long us)
{
    const struct timespec time = {0, us * 1000};
    (void)nanosleep(&time, NULL);
}

START_TEST(saves_while_it_plays)
{
    pid_t pid = program_start(NULL, NULL, "--dummy --save-state s");
    program_wait_for("policy");
    pause_us(100000);
    ck_assert_int_eq(kill(pid, SIGUSR2), 0);
    program_wait_for("saved");
    ck_assert(program_has_file("s"));
    expect("--render /dev/null --blocks 0 --load-state s --dump-memory m", 0,
           "");
    ck_assert_int_gt(program_dumped("m", FAKE_BLOCKS), 10);
    (void)unlink("s");
    ck_assert_int_eq(kill(pid, SIGINT), 0);
    pause_us(300000);
    ck_assert(program_has_file("s"));
    (void)waitpid(pid, NULL, 0);
}
END_TEST

START_TEST(saves_when_the_console_says_so)
{
    ck_assert_int_eq(mkfifo("pipe", 0600), 0);
    pid_t pid =
        program_start(NULL, NULL, "--dummy --seconds 20 --control pipe");
    FILE *pipe = fopen("pipe", "w");
    ck_assert_ptr_nonnull(pipe);
    (void)fprintf(pipe, "save\nsave no/s\nset keys:note 42\n"
                        "save my state \nquit\n");
    (void)fclose(pipe);
    struct program_result result = program_wait(pid);
    ck_assert_int_eq(result.status, 0);
    ck_assert_msg(strstr(result.err, "pipe:1: save needs a file") != NULL &&
                      strstr(result.err, "pipe:2: cannot write 'no/s'") != NULL,
                  "%s", result.err);
    ck_assert_int_eq(rename("my state", "s"), 0);
    expect("--render none --blocks 0 --load-state s --dump-memory m", 0, "");
    ck_assert_int_eq(program_dumped("m", FAKE_LAST_NOTE), 42);
    /* What is set on the command line wins over the state. */
    expect("--render none --blocks 0 --load-state s --dump-memory m "
           "--set keys:note=7",
           0, "");
    ck_assert_int_eq(program_dumped("m", FAKE_LAST_NOTE), 7);
}
END_TEST

START_TEST(says_where_to_save_is_not_known)
{
    pid_t pid = program_start(NULL, NULL, "--dummy");
    program_wait_for("policy");
    ck_assert_int_eq(kill(pid, SIGUSR2), 0);
    program_wait_for("no --save-state FILE was given");
    ck_assert_int_eq(kill(pid, SIGINT), 0);
    ck_assert_int_eq(program_wait(pid).status, 0);
}
END_TEST

/* After a loss of power the next process may have the same number. */
START_TEST(takes_over_what_a_namesake_left)
{
    char temporary[64];
    struct outfile first;
    struct outfile second;
    struct failure failure = {0};
    (void)snprintf(temporary, sizeof(temporary), "s.%ld.tmp", (long)getpid());
    FILE *left = fopen(temporary, "w");
    ck_assert(left != NULL && fputs("half a state", left) >= 0);
    ck_assert_int_eq(fclose(left), 0);
    ck_assert_msg(outfile_open(&first, "s", &failure), "%s", failure.text);
    /* But not what is being written, spared or not. */
    ck_assert(!outfile_open(&second, "s", &failure));
    outfile_spare(&first);
    ck_assert(!outfile_open(&second, "s", &failure));
    ck_assert(outfile_write(&first, "new", 3, &failure));
    ck_assert(outfile_close(&first, &failure));
    ck_assert_int_ne(access(temporary, F_OK), 0);
    struct stat status;
    ck_assert(stat("s", &status) == 0 && status.st_size == 3);
    ck_assert_int_eq(unlink("s"), 0);
}
END_TEST

START_TEST(a_killed_program_leaves_a_whole_file)
{
    uint64_t seed = 4;
    char temporary[64];
    expect("--render /dev/null --blocks 3 --state s", 0, "");
    for (int i = 0; i < 12; i++) {
        pid_t pid = program_start(NULL, NULL, "--dummy --state s");
        program_wait_for("policy");
        (void)kill(pid, SIGUSR2);
        pause_us((long)(random_next(&seed) % 6000));
        (void)kill(pid, SIGKILL);
        (void)waitpid(pid, NULL, 0);
        (void)snprintf(temporary, sizeof(temporary), "s.%ld.tmp", (long)pid);
        (void)unlink(temporary);
        expect("--render /dev/null --blocks 0 --load-state s "
               "--dump-memory m",
               0, "");
        ck_assert_int_ge(program_dumped("m", FAKE_BLOCKS), 3);
        (void)unlink("child.err");
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("state");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, computes_the_crc_of_zip);
    tcase_add_loop_test(tcase, what_is_saved_comes_back, 0, 12);
    tcase_add_test(tcase, leaves_pages_of_zeros_out);
    tcase_add_test(tcase, refuses_every_part_of_a_file);
    tcase_add_test(tcase, refuses_changed_files);
    tcase_add_loop_test(tcase, says_what_is_wrong, 0,
                        sizeof(forged) / sizeof(*forged));
    tcase_add_test(tcase, refuses_the_state_of_another_patch);
    tcase_add_test(tcase, restores_by_name);
    tcase_add_loop_test(tcase, takes_pictures_of_one_moment, 0, 2);
    tcase_add_test(tcase, gives_up_on_a_block_that_hangs);
    tcase_add_test(tcase, goes_on_where_it_was);
    tcase_add_test(tcase, keeps_a_state_from_run_to_run);
    tcase_add_test(tcase, does_not_save_what_trapped);
    tcase_add_test(tcase, reports_files_before_it_plays);
    tcase_add_loop_test(tcase, a_misfit_does_not_keep_a_patch_from_playing, 0,
                        MISFITS);
    tcase_add_test(tcase, keeps_a_foreign_state_until_it_has_saved);
    tcase_add_test(tcase, puts_aside_where_the_link_leads);
    tcase_add_test(tcase, plays_where_it_cannot_save);
    tcase_add_test(tcase, saves_while_it_plays);
    tcase_add_test(tcase, saves_when_the_console_says_so);
    tcase_add_test(tcase, says_where_to_save_is_not_known);
    tcase_add_test(tcase, takes_over_what_a_namesake_left);
    tcase_add_test(tcase, a_killed_program_leaves_a_whole_file);
    suite_add_tcase(suite, tcase);
    return suite;
}
