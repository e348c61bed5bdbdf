/* SPDX-License-Identifier: MIT */
/* Declared in control/command.h. */
#include "control/command.h"

#include "common/number.h"
#include "common/words.h"

#include <math.h>
#include <string.h>

static const double FRAMES_MAX = 281474976710656.0; /* 2^48 */

/* Frames, and whether blocks were meant. */
struct span {
    uint64_t frames; /* or blocks */
    bool is_blocks;
};

/* "12b", "1536f", "1.5s" or "50ms". */
static bool parse_span(const struct f4e_patch *patch, const char *word,
                       struct span *span)
{
    char number[32];
    size_t length = strlen(word);
    if (length < 2 || length > sizeof(number)) {
        return false;
    }
    char unit = word[length - 1];
    bool is_ms = unit == 's' && word[length - 2] == 'm';
    length -= is_ms ? 2 : 1;
    memcpy(number, word, length);
    number[length] = '\0';
    span->is_blocks = unit == 'b';
    if (unit == 'b' || unit == 'f') {
        return number_in_range(number, NUMBER_HEX, 0, UINT64_C(1) << 48,
                               &span->frames);
    }
    double seconds = 0.0;
    if (unit != 's' || !number_real(number, number + length, &seconds)) {
        return false;
    }
    double rate =
        patch->tick_ms > 0 ? 1000.0 / patch->tick_ms : patch->sample_rate;
    double frame = (is_ms ? seconds / 1000.0 : seconds) * rate + 0.5;
    if (!(seconds >= 0.0) || !(frame <= FRAMES_MAX)) {
        return false;
    }
    span->frames = (uint64_t)frame;
    return true;
}

bool command_time(const struct f4e_patch *patch, const char *word,
                  uint64_t *block)
{
    struct span span;
    if (!parse_span(patch, word, &span)) {
        return false;
    }
    *block = span.is_blocks ? span.frames : span.frames / patch->block_frames;
    return true;
}

bool command_duration(const struct f4e_patch *patch, const char *word,
                      uint32_t *blocks, struct failure *failure)
{
    struct span span;
    if (!parse_span(patch, word, &span)) {
        return failure_set(failure, STATUS_USAGE,
                           "time '%s' after over is not like 50ms, 1.5s, 12b "
                           "(blocks) or 1536f (frames)",
                           word);
    }
    uint64_t count = span.is_blocks
                         ? span.frames
                         : span.frames / patch->block_frames +
                               (span.frames % patch->block_frames > 0);
    if (count > UINT32_MAX) {
        return failure_set(failure, STATUS_USAGE,
                           "'%s' is %llu blocks; over takes at most %lu", word,
                           (unsigned long long)count,
                           (unsigned long)UINT32_MAX);
    }
    *blocks = (uint32_t)count;
    return true;
}

bool command_take_over(const struct f4e_patch *patch, char *line,
                       uint32_t *blocks, struct failure *failure)
{
    static const char over[] = "over";
    char *at = line;
    *blocks = 0;
    for (;;) {
        at += strspn(at, words_blanks);
        size_t length = strcspn(at, words_blanks);
        if (length == 0 || *at == '#') {
            return true;
        }
        if (length == sizeof(over) - 1 && strncmp(at, over, length) == 0) {
            break;
        }
        at += length;
    }
    char *rest = at + sizeof(over) - 1;
    *at = '\0';
    const char *time = words_next(&rest);
    if (time == NULL) {
        return failure_set(failure, STATUS_USAGE,
                           "over needs a time, such as: over 50ms");
    }
    const char *more = words_next(&rest);
    if (more != NULL) {
        return failure_set(failure, STATUS_USAGE,
                           "'%s' follows the time after over", more);
    }
    return command_duration(patch, time, blocks, failure);
}
