/* SPDX-License-Identifier: MIT */
#include "emit/manual.h"

#include "base/utf8.h"
#include "embedded.h"

#include <ctype.h>
#include <string.h>

/* The code point of a well-formed sequence. */
static uint32_t code_point(const uint8_t *bytes, size_t length)
{
    uint32_t point = length == 1 ? bytes[0] : bytes[0] & (0x7fU >> length);
    for (size_t i = 1; i < length; i++) {
        point = point << 6 | (bytes[i] & 0x3fU);
    }
    return point;
}

/* As text that no macro and no request of roff begins with, in ASCII. */
static void add_escaped(struct buf *page, const char *text)
{
    const uint8_t *at = (const uint8_t *)utf8_print_text(text, page->arena);
    buf_text(page, "\\&");
    for (size_t left = strlen((const char *)at); left > 0;) {
        size_t length = utf8_sequence(at, left);
        if (length > 1) {
            buf_format(page, "\\[u%04X]", code_point(at, length));
        } else if (*at == '\\') {
            buf_text(page, "\\e");
        } else if (*at == '-') {
            buf_text(page, "\\-");
        } else if (*at == '"') {
            buf_text(page, "\\(dq");
        } else {
            buf_byte(page, *at);
        }
        length = length > 0 ? length : 1;
        at += length;
        left -= length;
    }
    buf_text(page, "\\&"); /* a '.' at the end is no full stop */
}

static void add_plural(struct buf *page, unsigned count, const char *thing,
                       const char *after)
{
    buf_format(page, "%u %s%s%s", count, thing, count == 1 ? "" : "s", after);
}

static void add_item(struct buf *page, const char *name)
{
    buf_text(page, ".It ");
    add_escaped(page, name);
    buf_byte(page, '\n');
}

static void add_param(struct buf *page, const struct patch *patch,
                      const struct patch_param *param)
{
    add_item(page, patch->items[param->item].name);
    switch (param->kind) {
    case F4E_SLIDER:
        buf_format(page, "Slider from %.9g to %.9g", param->min, param->max);
        if (param->step > 0) {
            buf_format(page, " in steps of %.9g", param->step);
        }
        buf_text(page, ".\n");
        break;
    case F4E_BUTTON:
    case F4E_SWITCH:
        buf_format(page, "%s: %.9g is off, %.9g is on.\n",
                   param->kind == F4E_BUTTON ? "Button" : "Switch", param->off,
                   param->on);
        break;
    case F4E_CROSSFADE:
        buf_text(page, "Crossfade from this one to\n.Sq ");
        add_escaped(page, patch->items[param->item2].name);
        buf_text(page, " .\n");
        break;
    }
}

static void add_midi(struct buf *page, const struct patch *patch)
{
    if (patch->midi_count == 0) {
        return;
    }
    buf_text(page, ".Pp\nMIDI messages call exported functions:\n"
                   ".Bl -tag -width Ds\n");
    for (uint32_t i = 0; i < patch->midi_count; i++) {
        add_item(page, patch->midi[i].callback);
        buf_format(page, "Port %u.\n", patch->midi[i].port);
    }
    buf_text(page, ".El\n");
}

/* What only this patch has. */
static void add_patch(struct buf *page, const struct patch *patch,
                      const char *id)
{
    buf_text(page, ".Sh THE PATCH\n.Sq ");
    add_escaped(page, patch->name);
    if (patch->runtime == RUNTIME_TIMER) {
        buf_format(page, "\nruns every %u ms and has no audio.\n",
                   patch->tick_ms);
    } else {
        buf_format(page, "\nhas %u Hz, blocks of %u frames, ",
                   patch->sample_rate, patch->block_frames);
        add_plural(page, patch->output_count, "output", " and ");
        add_plural(page, patch->input_count, "input", ".\n");
    }
    buf_text(page, "It has ");
    add_plural(page, patch->item_count, "named variable", ";\n");
    buf_text(page, "the page of\n.Fl -http\nshows ");
    add_plural(page, patch->param_count, "control", " and ");
    add_plural(page, patch->view_count, "view", ".\n");
    if (patch->param_count > 0) {
        buf_text(page, ".Bl -tag -width Ds\n");
        for (uint32_t i = 0; i < patch->param_count; i++) {
            add_param(page, patch, &patch->params[i]);
        }
        buf_text(page, ".El\n");
    }
    add_midi(page, patch);
    buf_text(page, ".Pp\nThe service\n");
    buf_format(page,
               ".Pa %s.service\nplays it at boot, with the options in\n"
               ".Pa /etc/default/%s .\n",
               id, id);
}

/* 'text' up to 'end', with the program's name in place of "./patch". */
static void add_common(struct buf *page, const char *text, const char *end,
                       const char *id)
{
    static const char program[] = "./patch";
    while (text < end) {
        const char *next = strstr(text, program);
        if (next == NULL || next >= end) {
            buf_add(page, text, (size_t)(end - text));
            return;
        }
        buf_add(page, text, (size_t)(next - text));
        buf_text(page, id);
        text = next + strlen(program);
    }
}

void manual_write(struct buf *page, const struct patch *patch, const char *id)
{
    const char *all = template_manual;
    const char *title = strstr(all, ".Dt ");
    const char *os = strstr(all, ".Os\n");
    const char *synopsis = strstr(all, ".Sh SYNOPSIS\n");
    const char *options = strstr(all, ".Sh OPTIONS\n");
    buf_add(page, all, (size_t)(title - all));
    buf_text(page, ".Dt ");
    for (const char *at = id; *at != '\0'; at++) {
        buf_byte(page, (unsigned)toupper((unsigned char)*at));
    }
    buf_text(page, " 1\n");
    buf_add(page, os, strlen(".Os\n"));
    buf_format(page, ".Sh NAME\n.Nm %s\n.Nd play the 8f4e patch ", id);
    add_escaped(page, patch->name);
    buf_byte(page, '\n');
    add_common(page, synopsis, options, id);
    add_patch(page, patch, id);
    add_common(page, options, options + strlen(options), id);
}
