/* SPDX-License-Identifier: MIT */
/*
 * Private to project/layout/: the editor's widgets while the directives of a
 * text are read. widget.c has the controls, view.c what is only drawn,
 * widget_id.c the names in both.
 */
#ifndef F4E_WIDGET_INTERNAL_H
#define F4E_WIDGET_INTERNAL_H

#include "project/layout/layout_internal.h"
#include "project/parse/directive.h"
#include "project/parse/notices.h"

struct widget_list {
    struct layout *layout;
    struct patch_param *params;
    uint32_t *param_lines;
    uint32_t param_count;
    uint32_t param_capacity;
    struct patch_view *views;
    uint32_t *view_lines;
    uint32_t view_count;
    uint32_t view_capacity;
    struct patch_sender *senders;
    uint32_t *sender_lines;
    uint32_t sender_count;
    struct notices notices;
    const struct text_block *block; /* being read */
    uint32_t line;                  /* of the directive; 1-based in the file */
    uint32_t seen;                  /* directives so far, with this one */
};

/* --- widget_id.c --- */

/* The name of an item as widgets write it: [0x|0b][&|*][module:]name[&][[n]] */
struct widget_id {
    struct span name;            /* with its module, if that is given */
    enum f4e_view_format format; /* F4E_DECIMAL, F4E_HEX or F4E_BINARY */
    bool is_address;             /* '&' in front */
    bool is_last;                /* '&' behind */
    bool is_pointee;             /* '*' in front */
    uint32_t index;              /* of "[n]", else 0 */
};

struct widget_id widget_id_read(struct span text);

/* The item called 'name' in the block or, with ':', anywhere. False with a
 * notice. 'widget' is its directive. */
F4E_MUST_CHECK bool widget_find_item(struct widget_list *list,
                                     const struct directive *widget,
                                     struct span name, uint32_t *item);

/* The item that the line of a directive behind code declares: its name without
 * the module. False: none. */
F4E_MUST_CHECK bool widget_declared(const struct widget_list *list,
                                    uint32_t row, struct span *name);

/* --- view.c --- */

/* Whether a directive is a view where it stands. */
bool view_is_known(const struct directive *directive);

/* Add it to the list, or a notice that says why not. */
void view_read(struct widget_list *list, const struct directive *directive);

/* --- sender.c --- */

/* Whether a directive names words from which MIDI is sent. */
bool sender_is_known(const struct directive *directive);

/* Add it to the list, or a notice that says why not. */
void sender_read(struct widget_list *list, const struct directive *directive);

#endif
