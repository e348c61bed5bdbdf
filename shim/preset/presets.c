/* SPDX-License-Identifier: MIT */
#include "preset/presets.h"

#include "common/print.h"
#include "common/words.h"
#include "message/message.h"
#include "preset/preset_apply.h"
#include "preset/preset_name.h"

#include <stdlib.h>
#include <string.h>

static const char what[] = "presets";

/* What the file holds now. False: it cannot be read, and must not be written.
 */
static bool refresh(struct presets *presets, struct failure *failure)
{
    char *text = NULL;
    size_t size = 0;
    struct json_read read;
    if (presets->is_read && !config_has_changed(&presets->config)) {
        return true;
    }
    preset_list_free(&presets->list);
    presets->is_read = false;
    if (!config_read(&presets->config, what, &text, &size, failure)) {
        return false;
    }
    json_read_init(&read, text, size);
    bool is_good = text == NULL || preset_list_read(&presets->list, &read) ||
                   config_fail(&presets->config, &read, failure);
    if (!is_good) {
        preset_list_free(&presets->list);
    }
    free(text);
    presets->is_read = is_good;
    return is_good;
}

static bool write_back(struct presets *presets, struct failure *failure)
{
    struct outfile out;
    presets->is_read = false; /* until the file holds the same */
    if (!config_begin(&presets->config, what, &out, failure)) {
        return false;
    }
    preset_list_write(&presets->list, out.file);
    presets->is_read = config_end(&presets->config, &out, failure);
    return presets->is_read;
}

bool presets_open(struct presets *presets, const struct f4e_patch *patch,
                  const struct options *options, struct failure *failure)
{
    presets->patch = patch;
    presets->options = options;
    atomic_init(&presets->wanted, 0);
    config_init(&presets->config, options->presets, patch->name,
                "presets.json");
    return options->presets == NULL || refresh(presets, failure);
}

static bool fail_unknown(const struct presets *presets, const char *name,
                         struct failure *failure)
{
    (void)failure_set(failure, STATUS_USAGE, "there is no preset '%s' in '%s'",
                      name, presets->config.path);
    return failure_hint(failure, "preset list");
}

static struct preset *find(struct presets *presets, const char *name,
                           struct failure *failure)
{
    if (!refresh(presets, failure)) {
        return NULL;
    }
    struct preset *preset = preset_list_find(&presets->list, name);
    if (preset == NULL) {
        (void)fail_unknown(presets, name, failure);
    }
    return preset;
}

bool presets_load(struct presets *presets, const char *name, uint32_t blocks,
                  uint64_t block, struct event_list *list,
                  struct failure *failure)
{
    struct preset *preset = find(presets, name, failure);
    return preset != NULL &&
           preset_apply(preset, presets->patch, blocks, block, list,
                        presets->options->is_quiet, failure);
}

static bool make(struct presets *presets, const char *name,
                 struct preset **preset, struct failure *failure)
{
    *preset = preset_list_make(&presets->list, name);
    return *preset != NULL ||
           failure_set(failure, STATUS_INTERNAL,
                       "there is no room for preset '%s': at most %d", name,
                       PRESETS_MAX);
}

bool presets_save(struct presets *presets, const char *name, bool is_all,
                  struct failure *failure)
{
    struct preset *preset;
    if (!refresh(presets, failure) || !make(presets, name, &preset, failure)) {
        return false;
    }
    presets->is_read = false;
    return preset_capture(preset, presets->patch, is_all, failure) &&
           write_back(presets, failure);
}

static bool delete_preset(struct presets *presets, const char *name,
                          struct failure *failure)
{
    struct preset *preset = find(presets, name, failure);
    if (preset == NULL) {
        return false;
    }
    preset_list_remove(&presets->list, preset);
    return write_back(presets, failure);
}

static bool rename_preset(struct presets *presets, const char *name,
                          const char *now, struct failure *failure)
{
    struct preset *made;
    if (find(presets, name, failure) == NULL) {
        return false;
    }
    if (strcmp(name, now) == 0) {
        return true;
    }
    if (preset_list_find(&presets->list, now) != NULL) {
        return failure_set(failure, STATUS_USAGE,
                           "there is a preset '%s' already", now);
    }
    if (!make(presets, now, &made, failure)) {
        return false;
    }
    struct preset *old = preset_list_find(&presets->list, name);
    struct preset taken = *old;
    old->values = made->values;
    old->count = made->count;
    old->capacity = made->capacity;
    made->values = taken.values;
    made->count = taken.count;
    made->capacity = taken.capacity;
    preset_list_remove(&presets->list, old);
    return write_back(presets, failure);
}

const struct preset_list *presets_list(struct presets *presets,
                                       struct failure *failure)
{
    return refresh(presets, failure) ? &presets->list : NULL;
}

bool presets_write(struct presets *presets, struct json *json,
                   struct failure *failure)
{
    const struct preset_list *list = presets_list(presets, failure);
    if (list == NULL) {
        return false;
    }
    json_open_member(json, "presets", '[');
    for (size_t i = 0; i < list->count; i++) {
        json_open(json, '{');
        json_member_unsigned(json, "number", i);
        json_member_string(json, "name", list->presets[i].name);
        json_close(json, '}');
    }
    json_close(json, ']');
    return true;
}

static bool list_presets(struct presets *presets, FILE *answers,
                         struct failure *failure)
{
    const struct preset_list *list = presets_list(presets, failure);
    if (list == NULL) {
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        (void)fprintf(answers, "%zu ", i);
        print_name(list->presets[i].name, answers);
        (void)fputc('\n', answers);
    }
    return true;
}

/* Nothing but a comment is left, or 'word' alone, which '*is_there' says. */
static bool take_end(char *rest, const char *word, bool *is_there,
                     struct failure *failure)
{
    const char *found = preset_name_take(&rest);
    *is_there = found != NULL && word != NULL && strcmp(found, word) == 0;
    if (*is_there) {
        found = preset_name_take(&rest);
    }
    if (found != NULL) {
        (void)failure_set(failure, STATUS_USAGE, "'%s' is one word too many",
                          found);
        return failure_hint(failure, "a name with blanks stands in \"quotes\"");
    }
    return true;
}

static bool run_load(struct presets *presets, char *rest, uint64_t block,
                     struct event_list *events, struct failure *failure)
{
    uint32_t blocks = 0;
    bool is_there;
    const char *name = preset_name_need(
        &rest, "load", "a name, such as: preset load soft over 2s", failure);
    return name != NULL &&
           command_take_over(presets->patch, rest, &blocks, failure) &&
           take_end(rest, NULL, &is_there, failure) &&
           presets_load(presets, name, blocks, block, events, failure);
}

static bool run_rest(struct presets *presets, const char *verb, char *rest,
                     FILE *answers, struct failure *failure)
{
    bool is_all = false;
    bool is_save = strcmp(verb, "save") == 0;
    bool is_rename = strcmp(verb, "rename") == 0;
    if (strcmp(verb, "list") == 0) {
        return take_end(rest, NULL, &is_all, failure) &&
               list_presets(presets, answers, failure);
    }
    if (!is_save && !is_rename && strcmp(verb, "delete") != 0) {
        return words_fail("preset load, save, list, delete or rename",
                          *verb != '\0' ? verb : NULL, failure);
    }
    const char *needs = is_rename ? "two names" : "a name";
    const char *name = preset_name_need(&rest, verb, needs, failure);
    const char *now = is_rename && name != NULL
                          ? preset_name_need(&rest, verb, needs, failure)
                          : name;
    if (now == NULL ||
        !take_end(rest, is_save ? "all" : NULL, &is_all, failure) ||
        ((is_save || is_rename) && !preset_name_check(now, failure))) {
        return false;
    }
    int lock = config_lock(&presets->config);
    bool is_good = is_save     ? presets_save(presets, name, is_all, failure)
                   : is_rename ? rename_preset(presets, name, now, failure)
                               : delete_preset(presets, name, failure);
    config_unlock(lock);
    return is_good;
}

static bool run_word(void *context, char *rest, uint64_t block,
                     struct event_list *events, FILE *answers,
                     struct failure *failure)
{
    struct presets *presets = context;
    const char *verb = preset_name_take(&rest);
    if (verb != NULL && strcmp(verb, "load") == 0) {
        return run_load(presets, rest, block, events, failure);
    }
    if (answers == NULL) {
        return failure_set(failure, STATUS_USAGE,
                           "a script can load presets, nothing else");
    }
    return run_rest(presets, verb != NULL ? verb : "", rest, answers, failure);
}

struct command_word presets_word(struct presets *presets)
{
    return (struct command_word){"preset", run_word, presets};
}

void presets_want_program(struct presets *presets, unsigned number)
{
    atomic_store(&presets->wanted, number + 1);
}

bool presets_hear(struct presets *presets, const uint8_t *bytes)
{
    enum { PROGRAM = 0xc0 };
    const unsigned wanted = presets->options->program_channel;
    const unsigned channel = (bytes[0] & 0xfU) + 1;
    bool is_program = presets->options->has_programs &&
                      (bytes[0] & 0xf0) == PROGRAM &&
                      (wanted == 0 || wanted == channel);
    if (is_program) {
        presets_want_program(presets, bytes[1]);
    }
    return is_program;
}

static void load_program(struct presets *presets, unsigned number)
{
    struct failure failure = {0};
    if (refresh(presets, &failure)) {
        if (number < presets->list.count) {
            const char *name = presets->list.presets[number].name;
            (void)presets_load(presets, name, 0, 0, &presets->waiting,
                               &failure);
        } else {
            (void)failure_set(&failure, STATUS_USAGE,
                              "program %u: there are %zu presets, from 0",
                              number, presets->list.count);
        }
    }
    if (failure.status != STATUS_OK && !presets->options->is_quiet) {
        message(PRIORITY_WARNING, "preset  %s", failure.text);
    }
}

bool presets_pump(struct presets *presets)
{
    if (presets->sender == NULL) {
        return false;
    }
    if (!sender_send(presets->sender, &presets->waiting,
                     &presets->waiting_next)) {
        return true;
    }
    event_list_free(&presets->waiting);
    presets->waiting_next = 0;
    unsigned wanted = atomic_exchange(&presets->wanted, 0);
    if (wanted > 0) {
        load_program(presets, wanted - 1);
        return !sender_send(presets->sender, &presets->waiting,
                            &presets->waiting_next);
    }
    return false;
}

bool presets_is_idle(const struct presets *presets)
{
    return presets->waiting_next == presets->waiting.count &&
           (presets->sender == NULL || sender_pending(presets->sender) == 0);
}

void presets_follow(struct presets *presets, const struct f4e_patch *patch)
{
    presets->patch = patch;
}

void presets_close(struct presets *presets)
{
    event_list_free(&presets->waiting);
    preset_list_free(&presets->list);
    config_deinit(&presets->config);
}
