/* SPDX-License-Identifier: MIT */
#include "project/layout/widget_internal.h"

/*
 * @midiNoteOutput gate note [channel [velocity [port]]]
 * @midiCCOutput controller value [channel]
 */
static const struct {
    const char *name;
    bool is_controller;
    uint32_t most; /* names */
} directives[] = {
    {"midiNoteOutput", false, 5},
    {"midiCCOutput", true, 3},
};

enum { DIRECTIVES = sizeof(directives) / sizeof(directives[0]), LEAST = 2 };

/* DIRECTIVES: none of them. */
static size_t find_directive(const struct directive *directive)
{
    size_t i = 0;
    while (i < DIRECTIVES &&
           (directive->is_trailing ||
            !span_equals(directive->name, directives[i].name))) {
        i++;
    }
    return i;
}

bool sender_is_known(const struct directive *directive)
{
    return find_directive(directive) < DIRECTIVES;
}

static void ignore(struct widget_list *list, const struct directive *directive,
                   const char *why)
{
    notices_add(&list->notices, list->line, "@%s is ignored: %s",
                span_print(directive->name, list->layout->arena), why);
}

/* A 32-bit integer, or a pointer to one. */
static bool is_word(const struct patch_item *item)
{
    return !item->is_array && item->element == F4E_I32 &&
           (item->pointer_depth == 0 ||
            (item->pointer_depth == 1 && item->pointee == F4E_I32));
}

static void add(struct widget_list *list, const struct patch_sender *sender)
{
    if (list->senders == NULL) {
        list->senders = arena_alloc(list->layout->arena, F4E_SENDERS_MAX,
                                    sizeof(*list->senders));
        list->sender_lines = arena_alloc(list->layout->arena, F4E_SENDERS_MAX,
                                         sizeof(*list->sender_lines));
    }
    list->sender_lines[list->sender_count] = list->line;
    list->senders[list->sender_count++] = *sender;
}

void sender_read(struct widget_list *list, const struct directive *directive)
{
    size_t row = find_directive(directive);
    struct patch_sender sender = {.is_controller =
                                      directives[row].is_controller};
    if (directive->argument_count < LEAST ||
        directive->argument_count > directives[row].most) {
        ignore(list, directive,
               directives[row].is_controller
                   ? "it needs a controller, a value and perhaps a channel"
                   : "it needs a gate, a note and perhaps channel, velocity "
                     "and port");
        return;
    }
    if (list->sender_count == F4E_SENDERS_MAX) {
        ignore(list, directive, "there are 64 already");
        return;
    }
    for (uint32_t i = 0; i < F4E_SENDER_WORDS; i++) {
        sender.items[i] = F4E_NO_ITEM;
        if (i >= directive->argument_count) {
            continue;
        }
        struct widget_id id = widget_id_read(directive->arguments[i]);
        if (!widget_find_item(list, directive, id.name, &sender.items[i])) {
            return;
        }
        if (!is_word(&list->layout->project->items[sender.items[i]])) {
            ignore(list, directive, "not all of its variables are integers");
            return;
        }
    }
    add(list, &sender);
}
