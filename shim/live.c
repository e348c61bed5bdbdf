/* SPDX-License-Identifier: MIT */
#include "live.h"

#include "common/json.h"
#include "common/wakeup.h"
#include "common/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Is what follows the word "list" and nothing else? */
static bool is_list(const char *rest)
{
    static const char verb[] = "list";
    rest += strspn(rest, words_blanks);
    if (strncmp(rest, verb, strlen(verb)) != 0) {
        return false;
    }
    rest += strlen(verb);
    rest += strspn(rest, words_blanks);
    return *rest == '\0' || *rest == '#';
}

/* The answer to a word is text; a client that wants JSON gets it as a member.
 */
static bool run_word(const struct command_word *word, struct request *request,
                     struct failure *failure)
{
    char *text = NULL;
    size_t size = 0;
    if (request->is_text) {
        return word->run(word->context, request->rest, 0, request->events,
                         request->file, failure);
    }
    FILE *file = open_memstream(&text, &size);
    if (file == NULL) {
        return failure_set_memory(failure);
    }
    bool is_good = word->run(word->context, request->rest, 0, request->events,
                             file, failure);
    is_good = fclose(file) == 0 && is_good;
    if (is_good && size > 0) {
        json_member_string(request->json, "text", text);
    }
    free(text);
    return is_good;
}

static bool run_preset(struct request *request, struct failure *failure)
{
    struct live *live = request->context;
    return !request->is_text && is_list(request->rest)
               ? presets_write(&live->presets, request->json, failure)
               : run_word(&live->words[0], request, failure);
}

static bool run_cc(struct request *request, struct failure *failure)
{
    struct live *live = request->context;
    return !request->is_text && is_list(request->rest)
               ? cc_map_write(&live->map, request->json, failure)
               : run_word(&live->words[1], request, failure);
}

static const struct word channel_words[] = {
    {"preset", WORD_ASKS,
     "save NAME [all] | load NAME [over TIME] | list | delete NAME | rename "
     "OLD NEW",
     run_preset},
    {"cc", WORD_ASKS,
     "list | set SOURCE NAME [MIN MAX] [TAKEOVER] | learn NAME | learn off | "
     "clear "
     "NAME",
     run_cc}};

const struct word_table live_vocabulary = {
    channel_words, sizeof(channel_words) / sizeof(*channel_words), NULL, NULL};

bool live_open(struct live *live, const struct f4e_patch *patch,
               const struct options *options, int wake_fd,
               struct sender *sender, struct failure *failure)
{
    live->presets.sender = sender;
    live->wake_fd = wake_fd;
    live->is_open = true;
    bool is_good = presets_open(&live->presets, patch, options, failure);
    /* Without its file the words still work, and say why nothing is there. */
    is_good = cc_map_open(&live->map, patch, options, failure) && is_good;
    live->words[0] = presets_word(&live->presets);
    live->words[1] = cc_map_word(&live->map);
    live->table = live_vocabulary;
    live->table.context = live;
    return is_good;
}

static bool hear(void *context, struct inbox *inbox,
                 const struct midi_message *message)
{
    struct live *live = context;
    if (!cc_map_hear(&live->map, inbox, message)) {
        return false;
    }
    if (presets_hear(&live->presets, message->bytes) ||
        atomic_load(&live->map.has_learnt)) {
        wakeup_send(live->wake_fd);
    }
    return true;
}

struct midi_tap live_tap(struct live *live)
{
    const struct options *options = live->map.options;
    live->map.is_heard =
        options->render == NULL &&
        (!options->is_midi_off || options->midi_raw.text != NULL) &&
        (live->map.patch->midi_count > 0 || options->has_programs ||
         cc_map_wants_midi(&live->map));
    return live->map.is_heard ? (struct midi_tap){hear, live}
                              : (struct midi_tap){NULL, NULL};
}

int live_wait_ms(const struct live *live, int most_ms)
{
    enum { ROOM_MS = 5 }; /* the audio thread will have taken some of it */
    bool is_waiting = live->presets.waiting_next < live->presets.waiting.count;
    return is_waiting && most_ms > ROOM_MS ? ROOM_MS : most_ms;
}

void live_pump(struct live *live)
{
    (void)presets_pump(&live->presets);
    cc_map_pump(&live->map);
}

bool live_is_idle(const struct live *live)
{
    return !live->is_open || presets_is_idle(&live->presets);
}

void live_follow(struct live *live, const struct f4e_patch *patch)
{
    if (live->is_open) {
        presets_follow(&live->presets, patch);
        cc_map_follow(&live->map, patch);
    }
}

void live_close(struct live *live)
{
    if (live->is_open) {
        presets_close(&live->presets);
        cc_map_close(&live->map);
        live->is_open = false;
    }
}
