/* SPDX-License-Identifier: MIT */
#include "keyboard/key_term.h"

#include "common/key_codes.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ESCAPE = 0x1b, CONTROL_BIT = 4, NUMBER_MAX = 0x10ffff };

static struct key_term_event event_of(enum key_term_kind kind, unsigned key)
{
    return (struct key_term_event){kind, key};
}

/* "CSI number ~", and "CSI letter" or "SS3 letter", by the name of the key. */
static const struct sequence {
    unsigned char number; /* or the letter */
    char name[12];
} sequences[] = {
    {1, "Home"},         {2, "Insert"},      {3, "Delete"},
    {4, "End"},          {5, "PageUp"},      {6, "PageDown"},
    {7, "Home"},         {8, "End"},         {11, "F1"},
    {12, "F2"},          {13, "F3"},         {14, "F4"},
    {15, "F5"},          {17, "F6"},         {18, "F7"},
    {19, "F8"},          {20, "F9"},         {21, "F10"},
    {23, "F11"},         {24, "F12"},        {25, "F13"},
    {26, "F14"},         {28, "F15"},        {29, "ContextMenu"},
    {31, "F17"},         {32, "F18"},        {33, "F19"},
    {34, "F20"},         {'A', "ArrowUp"},   {'B', "ArrowDown"},
    {'C', "ArrowRight"}, {'D', "ArrowLeft"}, {'E', "Numpad5"},
    {'F', "End"},        {'H', "Home"},      {'M', "NumpadEnter"},
    {'P', "F1"},         {'Q', "F2"},        {'R', "F3"},
    {'S', "F4"},         {'Z', "Tab"},
};

/* False when no key sends it. */
static bool find_sequence(unsigned number, unsigned *key)
{
    for (size_t i = 0; i < sizeof(sequences) / sizeof(*sequences); i++) {
        if (sequences[i].number == number) {
            return key_from_name(sequences[i].name, key);
        }
    }
    return false;
}

/* A byte that stands alone. */
static struct key_term_event plain(struct key_term *term, unsigned char byte)
{
    if (term->skip > 0) {
        term->skip -= (byte & 0xc0) == 0x80 ? 1 : term->skip;
        if ((byte & 0xc0) == 0x80) {
            return event_of(KEY_TERM_NONE, 0);
        }
    }
    if (byte >= 0xc0) {
        term->skip = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
        return event_of(KEY_TERM_TAP, 0);
    }
    unsigned key = key_from_character(byte);
    if (key == 0 && byte < 0x20) {
        key = key_from_character(byte == 0 ? ' ' : byte + 0x60U); /* Control */
    }
    return event_of(KEY_TERM_TAP, key);
}

/* The numbers of a sequence; fields that are not there are 0. */
struct fields {
    unsigned code;
    unsigned base; /* the key's character on a US layout */
    unsigned modifiers;
    unsigned phase; /* 1 pressed, 2 repeated, 3 released */
};

static unsigned take_number(const char **at)
{
    unsigned number = 0;
    while (**at >= '0' && **at <= '9') {
        number =
            number > NUMBER_MAX ? number : number * 10 + (unsigned)(**at - '0');
        ++*at;
    }
    return number;
}

/* "code:shifted:base;modifiers:phase", which ends in 'last'. */
static struct fields parse_fields(const char *at)
{
    struct fields fields = {.code = take_number(&at)};
    if (*at == ':') {
        at++;
        (void)take_number(&at);
    }
    if (*at == ':') {
        at++;
        fields.base = take_number(&at);
    }
    if (*at == ';') {
        at++;
        fields.modifiers = take_number(&at);
    }
    if (*at == ':') {
        at++;
        fields.phase = take_number(&at);
    }
    return fields;
}

/* Of the kitty protocol: "CSI ... u", every key, with its release. */
static struct key_term_event kitty(const struct fields *fields)
{
    unsigned character = fields->base != 0 ? fields->base : fields->code;
    bool is_control =
        fields->modifiers > 0 && ((fields->modifiers - 1) & CONTROL_BIT) != 0;
    if (is_control && fields->phase != 3) {
        if (fields->code == 'c') {
            return event_of(KEY_TERM_INTERRUPT, 0);
        }
        if (fields->code == 'z') {
            return event_of(KEY_TERM_SUSPEND, 0);
        }
    }
    return event_of(fields->phase == 3 ? KEY_TERM_UP : KEY_TERM_DOWN,
                    key_from_character(character));
}

/* A whole "CSI ..."; 'bytes' are what follows it, terminated. */
static struct key_term_event sequence(const char *bytes, char last)
{
    unsigned key = 0;
    if (bytes[0] == '?') {
        return event_of(last == 'u' ? KEY_TERM_RELEASES : KEY_TERM_NONE, 0);
    }
    if (bytes[0] == 'O' || bytes[0] == 'I') {
        return event_of(bytes[0] == 'O' ? KEY_TERM_BLUR : KEY_TERM_NONE, 0);
    }
    struct fields fields = parse_fields(bytes);
    if (last == 'u') {
        return kitty(&fields);
    }
    if (!find_sequence(last == '~' ? fields.code : (unsigned char)last, &key)) {
        return event_of(KEY_TERM_NONE, 0);
    }
    /* Only the protocol tells a phase; a first press may go without. */
    return event_of(fields.phase == 3   ? KEY_TERM_UP
                    : fields.phase != 0 ? KEY_TERM_DOWN
                                        : KEY_TERM_TAP,
                    key);
}

struct key_term_event key_term_byte(struct key_term *term, unsigned char byte)
{
    struct key_term_event event = {KEY_TERM_NONE, 0};
    unsigned key = 0;
    if (term->count == 0) {
        if (byte != ESCAPE) {
            return plain(term, byte);
        }
        term->bytes[term->count++] = (char)byte;
        return event;
    }
    if (term->count == 1 && byte != '[' && byte != 'O') {
        /* Alt and a key, or Escape twice. */
        term->count = byte == ESCAPE;
        return byte == ESCAPE ? event_of(KEY_TERM_TAP, key_from_character(byte))
                              : plain(term, byte);
    }
    if (term->count >= 2 && term->bytes[1] == 'O') {
        term->count = 0;
        return find_sequence(byte, &key) ? event_of(KEY_TERM_TAP, key) : event;
    }
    /* Of sequences that are too long the end is waited for. */
    if (term->count < KEY_TERM_MAX - 1) {
        term->bytes[term->count++] = (char)byte;
    } else {
        term->bytes[2] = '?';
    }
    if (term->count > 2 && byte >= 0x40 && byte <= 0x7e) {
        bool is_whole = term->count < KEY_TERM_MAX - 1;
        term->bytes[term->count] = '\0';
        term->count = 0;
        return is_whole ? sequence(term->bytes + 2, (char)byte) : event;
    }
    return event;
}

bool key_term_is_waiting(const struct key_term *term)
{
    return term->count > 0;
}

struct key_term_event key_term_timeout(struct key_term *term)
{
    bool is_key = term->count == 1;
    term->count = 0;
    return is_key ? event_of(KEY_TERM_TAP, key_from_character(ESCAPE))
                  : event_of(KEY_TERM_NONE, 0);
}
