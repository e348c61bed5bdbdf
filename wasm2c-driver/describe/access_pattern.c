/* SPDX-License-Identifier: MIT */
#include "describe/access_pattern.h"

enum {
    MIN_BLOCK_FRAMES = 8,
    CHUNK_WORDS = 64,
    /* Copies and fills beyond this are no audio buffers, and long to note. */
    MAX_BULK_BYTES = 1 << 20,
};

enum kind { READ, WRITE };

enum place { IN_MAIN, ELSEWHERE };

/* Accesses of one kind, made in one place, to one word. */
struct track {
    uint32_t last_block;
    uint32_t block_count; /* blocks with such an access */
    uint32_t first_call;  /* the lowest and highest call seen in any block: */
    uint32_t last_call;   /* of all writes, or of the first read of a block */
    uint32_t site;        /* of the first access of all */
    bool is_f32;
    bool starts_run;   /* was touched before its left neighbour */
    bool is_revisited; /* was touched after its right neighbour */
};

struct word {
    struct track tracks[2][2]; /* by kind and place */
    uint8_t lane;              /* byte within the word where accesses start */
    bool has_lane;
    bool is_odd;     /* accesses start at different bytes */
    bool is_written; /* by anything, other widths and fills included */
    bool is_blurred; /* written by a store of another width */
};

struct access_pattern_chunk {
    struct word words[CHUNK_WORDS];
};

void access_pattern_init(struct access_pattern *pattern, uint64_t memory_bytes,
                         struct arena *arena)
{
    const uint64_t chunk_bytes = UINT64_C(4) * CHUNK_WORDS;
    *pattern = (struct access_pattern){
        .arena = arena,
        .chunk_count =
            (uint32_t)((memory_bytes + chunk_bytes - 1) / chunk_bytes),
    };
    pattern->chunks = (struct access_pattern_chunk **)arena_alloc(
        arena, pattern->chunk_count, sizeof(*pattern->chunks));
}

void access_pattern_begin_block(struct access_pattern *pattern)
{
    pattern->block++;
    pattern->call_count = 0;
    pattern->depth = 0;
}

void access_pattern_end_block(struct access_pattern *pattern)
{
    pattern->block_count = pattern->block;
}

void access_pattern_enter(void *user)
{
    struct access_pattern *pattern = user;
    pattern->call_count++;
    pattern->depth++;
}

void access_pattern_leave(void *user)
{
    struct access_pattern *pattern = user;
    pattern->depth--;
}

/* NULL for a word that was never touched or does not exist. */
static struct word *find_word(const struct access_pattern *pattern,
                              uint32_t index)
{
    uint32_t chunk = index / CHUNK_WORDS;
    if (chunk >= pattern->chunk_count || pattern->chunks[chunk] == NULL) {
        return NULL;
    }
    return &pattern->chunks[chunk]->words[index % CHUNK_WORDS];
}

static struct word *make_word(struct access_pattern *pattern, uint32_t index)
{
    struct access_pattern_chunk **chunk = &pattern->chunks[index / CHUNK_WORDS];
    if (*chunk == NULL) {
        *chunk = arena_alloc(pattern->arena, 1, sizeof(**chunk));
    }
    return &(*chunk)->words[index % CHUNK_WORDS];
}

static bool is_touched(const struct access_pattern *pattern, uint32_t index,
                       enum kind kind, enum place place)
{
    const struct word *word = find_word(pattern, index);
    return word != NULL &&
           word->tracks[kind][place].last_block == pattern->block;
}

/* A 4-byte access, to be put on record. */
static void note(struct access_pattern *pattern, uint32_t address,
                 enum kind kind, enum place place,
                 const struct interp_access *access)
{
    uint32_t index = address / 4;
    struct word *word = make_word(pattern, index);
    struct track *track = &word->tracks[kind][place];
    uint8_t lane = address & 3;
    if (word->has_lane && word->lane != lane) {
        word->is_odd = true;
    }
    word->has_lane = true;
    word->lane = lane;
    word->is_written = word->is_written || kind == WRITE;

    bool is_first = track->last_block != pattern->block;
    uint32_t call = pattern->call_count - 1;
    if (track->block_count == 0) {
        track->first_call = call;
        track->last_call = call;
        track->site = access->site;
    }
    if (is_first || kind == WRITE) {
        track->first_call = call < track->first_call ? call : track->first_call;
        track->last_call = call > track->last_call ? call : track->last_call;
    }
    track->is_f32 = track->is_f32 || access->is_f32 || access->is_bulk;
    if (place == ELSEWHERE && is_first) {
        track->starts_run = track->starts_run || index == 0 ||
                            !is_touched(pattern, index - 1, kind, ELSEWHERE);
    }
    if (place == ELSEWHERE) {
        track->is_revisited = track->is_revisited ||
                              is_touched(pattern, index + 1, kind, ELSEWHERE);
    }
    if (is_first) {
        track->last_block = pattern->block;
        track->block_count++;
    }
}

/* Every word that a store of another width than 4, or a fill, reaches. */
static void blur(struct access_pattern *pattern, uint32_t address,
                 uint64_t bytes, bool is_blurred)
{
    uint32_t last = (uint32_t)((address + bytes - 1) / 4);
    for (uint32_t index = address / 4; index <= last; index++) {
        struct word *word = make_word(pattern, index);
        word->is_written = true;
        word->is_blurred = word->is_blurred || is_blurred;
    }
}

void access_pattern_access(void *user, const struct interp_access *access)
{
    struct access_pattern *pattern = user;
    if (pattern->block == 0 || access->memory != 0 ||
        access->bytes > MAX_BULK_BYTES) {
        return;
    }
    bool is_in_main = pattern->is_main_clock && pattern->depth > 0;
    enum kind kind = access->is_store ? WRITE : READ;
    if (access->is_bulk) {
        if (access->is_fill) {
            blur(pattern, access->address, access->bytes, false);
        } else if (access->is_store) {
            for (uint64_t done = 0; access->bytes - done >= 4; done += 4) {
                note(pattern, (uint32_t)(access->address + done), WRITE,
                     ELSEWHERE, access);
            }
        }
        return;
    }
    if (access->bytes == 4) {
        note(pattern, access->address, kind, is_in_main ? IN_MAIN : ELSEWHERE,
             access);
    } else if (access->is_store) {
        blur(pattern, access->address, access->bytes, true);
    }
}

/* In every complete block; the incomplete one at the end does not count. */
static bool is_in_every_block(const struct access_pattern *pattern,
                              const struct track *track)
{
    uint32_t count = track->block_count;
    if (track->last_block > pattern->block_count) {
        count--;
    }
    return count > 0 && count == pattern->block_count;
}

static bool may_be(const struct word *word, enum kind kind)
{
    return word != NULL && !word->is_odd && !word->is_blurred &&
           (kind == WRITE || !word->is_written);
}

/* Found so far. */
struct hits {
    const struct access_pattern *pattern;
    uint32_t block_frames;
    bool is_unread_only; /* leave out what the patch reads, a delay line say */
    struct access_pattern_buffer *list;
    uint32_t capacity;
    uint32_t count;
};

/* Whether a word of the buffer at 'address' is read, by anything. */
static bool is_read(const struct hits *hits, uint32_t address)
{
    for (uint32_t i = 0; i < hits->block_frames; i++) {
        const struct word *word = find_word(hits->pattern, address / 4 + i);
        if (word->tracks[READ][IN_MAIN].block_count > 0 ||
            word->tracks[READ][ELSEWHERE].block_count > 0) {
            return true;
        }
    }
    return false;
}

static void add_hit(struct hits *hits, uint32_t address, bool is_f32)
{
    if (hits->is_unread_only && is_read(hits, address)) {
        return;
    }
    if (hits->count < hits->capacity) {
        uint32_t at = hits->count;
        while (at > 0 && hits->list[at - 1].address > address) {
            hits->list[at] = hits->list[at - 1];
            at--;
        }
        hits->list[at] = (struct access_pattern_buffer){address, is_f32};
    }
    hits->count++;
}

/* By the first clock: is 'index' element 'i' of a buffer? */
static const struct track *track_at_call(const struct access_pattern *pattern,
                                         uint32_t index, enum kind kind,
                                         uint32_t i, uint32_t calls_per_frame,
                                         uint8_t lane)
{
    const struct word *word = find_word(pattern, index);
    if (!may_be(word, kind) || word->lane != lane) {
        return NULL;
    }
    const struct track *track = &word->tracks[kind][IN_MAIN];
    bool is_hit = is_in_every_block(pattern, track) &&
                  track->first_call / calls_per_frame == i &&
                  track->last_call / calls_per_frame == i;
    return is_hit ? track : NULL;
}

static void find_at_call(const struct access_pattern *pattern, uint32_t start,
                         enum kind kind, uint32_t block_frames,
                         uint32_t calls_per_frame, struct hits *hits)
{
    bool is_f32 = true;
    uint8_t lane = find_word(pattern, start)->lane;
    for (uint32_t i = 0; i < block_frames; i++) {
        const struct track *track =
            track_at_call(pattern, start + i, kind, i, calls_per_frame, lane);
        if (track == NULL) {
            return;
        }
        is_f32 = is_f32 && track->is_f32;
    }
    if (is_f32 || kind == WRITE) {
        add_hit(hits, start * 4 + lane, is_f32);
    }
}

/* By the second clock: the track of a word that may be in a run, or NULL. */
static const struct track *track_in_order(const struct access_pattern *pattern,
                                          uint32_t index, enum kind kind)
{
    const struct word *word = find_word(pattern, index);
    if (!may_be(word, kind) || word->tracks[kind][IN_MAIN].block_count > 0) {
        return NULL;
    }
    const struct track *track = &word->tracks[kind][ELSEWHERE];
    bool is_hit =
        is_in_every_block(pattern, track) && (kind == WRITE || track->is_f32);
    return is_hit ? track : NULL;
}

static bool is_continued(const struct access_pattern *pattern, uint32_t index,
                         enum kind kind, bool is_one_site)
{
    const struct track *left = track_in_order(pattern, index, kind);
    const struct track *right = track_in_order(pattern, index + 1, kind);
    return right != NULL && !right->starts_run && !left->is_revisited &&
           find_word(pattern, index)->lane ==
               find_word(pattern, index + 1)->lane &&
           (!is_one_site || left->site == right->site);
}

/* The run that starts at 'start', cut into blocks; returns its length. */
static uint32_t find_in_order(const struct access_pattern *pattern,
                              uint32_t start, enum kind kind,
                              uint32_t block_frames, bool is_one_site,
                              struct hits *hits)
{
    if (track_in_order(pattern, start, kind) == NULL) {
        return 1;
    }
    uint32_t length = 1;
    while (is_continued(pattern, start + length - 1, kind, is_one_site)) {
        length++;
    }
    if (length % block_frames != 0) {
        return length;
    }
    uint8_t lane = find_word(pattern, start)->lane;
    for (uint32_t i = 0; i < length; i += block_frames) {
        bool is_f32 = true;
        for (uint32_t k = 0; k < block_frames; k++) {
            is_f32 =
                is_f32 && track_in_order(pattern, start + i + k, kind)->is_f32;
        }
        add_hit(hits, (start + i) * 4 + lane, is_f32);
    }
    return length;
}

static uint32_t find_all_in_order(const struct access_pattern *pattern,
                                  enum kind kind, uint32_t block_frames,
                                  bool is_one_site, struct hits *hits)
{
    uint32_t before = hits->count;
    uint32_t end = pattern->chunk_count * CHUNK_WORDS;
    for (uint32_t index = 0; index < end;) {
        if (pattern->chunks[index / CHUNK_WORDS] == NULL) {
            index = (index / CHUNK_WORDS + 1) * CHUNK_WORDS;
            continue;
        }
        index += find_in_order(pattern, index, kind, block_frames, is_one_site,
                               hits);
    }
    return hits->count - before;
}

static uint32_t find(struct hits *hits, enum kind kind, uint32_t main_calls)
{
    const struct access_pattern *pattern = hits->pattern;
    uint32_t block_frames = hits->block_frames;
    /* A shorter run could be any variable. */
    if (block_frames < MIN_BLOCK_FRAMES) {
        return 0;
    }
    if (main_calls > 0 && main_calls % block_frames == 0) {
        for (uint32_t c = 0; c < pattern->chunk_count; c++) {
            for (uint32_t i = 0; pattern->chunks[c] != NULL && i < CHUNK_WORDS;
                 i++) {
                find_at_call(pattern, c * CHUNK_WORDS + i, kind, block_frames,
                             main_calls / block_frames, hits);
            }
        }
    }
    /* One buffer is usually written by one instruction, which tells it from
     * what is written before and after; unrolled code has many. */
    if (find_all_in_order(pattern, kind, block_frames, true, hits) == 0) {
        (void)find_all_in_order(pattern, kind, block_frames, false, hits);
    }
    return hits->count;
}

uint32_t access_pattern_outputs(const struct access_pattern *pattern,
                                uint32_t block_frames, uint32_t main_calls,
                                struct access_pattern_buffer *list,
                                uint32_t capacity)
{
    enum { STEREO = 2 };
    struct hits hits = {.pattern = pattern,
                        .block_frames = block_frames,
                        .list = list,
                        .capacity = capacity};
    uint32_t all = find(&hits, WRITE, main_calls);
    if (all <= STEREO) {
        return all;
    }
    hits.count = 0;
    hits.is_unread_only = true;
    if (find(&hits, WRITE, main_calls) > 0) {
        return hits.count;
    }
    hits.is_unread_only = false;
    return find(&hits, WRITE, main_calls);
}

uint32_t access_pattern_inputs(const struct access_pattern *pattern,
                               uint32_t block_frames, uint32_t main_calls,
                               struct access_pattern_buffer *list,
                               uint32_t capacity)
{
    struct hits hits = {.pattern = pattern,
                        .block_frames = block_frames,
                        .list = list,
                        .capacity = capacity};
    return find(&hits, READ, main_calls);
}
