/* SPDX-License-Identifier: MIT */
#include "config/json_read.h"

#include <stdint.h>
#include <string.h>

/* Bytes of U+FEFF at the start. */
static size_t mark_bytes(const char *text, size_t size)
{
    static const char mark[] = "\xef\xbb\xbf";
    size_t length = sizeof(mark) - 1;
    return size >= length && memcmp(text, mark, length) == 0 ? length : 0;
}

void json_read_init(struct json_read *read, const char *text, size_t size)
{
    *read = (struct json_read){
        .text = text, .size = size, .at = mark_bytes(text, size)};
}

bool json_read_fail(struct json_read *read, size_t at, const char *error)
{
    if (read->error == NULL) {
        read->error = error;
        read->error_at = at;
    }
    return false;
}

static bool fail(struct json_read *read, const char *error)
{
    return json_read_fail(read, read->at, error);
}

/* The next byte that is no blank, or -1. */
static int peek(struct json_read *read)
{
    while (read->at < read->size && read->text[read->at] != '\0' &&
           strchr(" \t\n\r", read->text[read->at]) != NULL) {
        read->at++;
    }
    return read->error == NULL && read->at < read->size
               ? (unsigned char)read->text[read->at]
               : -1;
}

size_t json_read_place(struct json_read *read)
{
    (void)peek(read);
    return read->at;
}

enum json_type json_read_type(struct json_read *read)
{
    int byte = peek(read);
    switch (byte) {
    case '{':
        return JSON_OBJECT;
    case '[':
        return JSON_ARRAY;
    case '"':
        return JSON_STRING;
    case 't':
    case 'f':
        return JSON_BOOL;
    case 'n':
        return JSON_NULL;
    default:
        return byte == '-' || (byte >= '0' && byte <= '9') ? JSON_NUMBER
                                                           : JSON_NOTHING;
    }
}

static bool expect(struct json_read *read, enum json_type type)
{
    static const char *const texts[] = {
        [JSON_NOTHING] = "a value is missing",
        [JSON_NULL] = "expected null",
        [JSON_BOOL] = "expected true or false",
        [JSON_NUMBER] = "expected a number",
        [JSON_STRING] = "expected a string",
        [JSON_ARRAY] = "expected a list",
        [JSON_OBJECT] = "expected an object",
    };
    return json_read_type(read) == type || fail(read, texts[type]);
}

static bool enter(struct json_read *read, enum json_type type)
{
    if (!expect(read, type)) {
        return false;
    }
    if (read->depth == JSON_READ_DEPTH_MAX) {
        return fail(read, "more than 32 lists and objects inside each other");
    }
    read->at++;
    read->depth++;
    read->is_first = true;
    return true;
}

bool json_read_object(struct json_read *read)
{
    return enter(read, JSON_OBJECT);
}

bool json_read_array(struct json_read *read)
{
    return enter(read, JSON_ARRAY);
}

/* Past a comma to what comes next; false at 'end', which is passed. */
static bool advance(struct json_read *read, char end)
{
    int byte = peek(read);
    if (byte == end) {
        read->at++;
        read->depth--;
        read->is_first = false;
        return false;
    }
    if (read->is_first) {
        read->is_first = false;
        return read->error == NULL;
    }
    if (byte != ',') {
        return fail(read,
                    end == '}' ? "expected ',' or '}'" : "expected ',' or ']'");
    }
    read->at++;
    return true;
}

bool json_read_key(struct json_read *read, char *key, size_t size)
{
    if (!advance(read, '}')) {
        return false;
    }
    if (json_read_type(read) != JSON_STRING) {
        return fail(read, "expected a name in quotes");
    }
    read->key_at = read->at;
    if (!json_read_string(read, key, size)) {
        return false;
    }
    if (peek(read) != ':') {
        return fail(read, "expected ':'");
    }
    read->at++;
    return true;
}

bool json_read_item(struct json_read *read)
{
    return advance(read, ']');
}

/* Bytes of the character at the cursor, 0 when it is not UTF-8. */
static unsigned measure(const struct json_read *read)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *at = (const unsigned char *)read->text + read->at;
    unsigned count = *at < 0x80             ? 1
                     : (*at & 0xe0) == 0xc0 ? 2
                     : (*at & 0xf0) == 0xe0 ? 3
                     : (*at & 0xf8) == 0xf0 ? 4
                                            : 0;
    if (count < 2 || count > read->size - read->at) {
        return count == 1;
    }
    uint32_t point = *at & (0x7fU >> count);
    for (unsigned i = 1; i < count; i++) {
        if ((at[i] & 0xc0) != 0x80) {
            return 0;
        }
        point = point << 6 | (at[i] & 0x3fU);
    }
    return point >= least[count] && point <= 0x10ffff &&
                   (point < 0xd800 || point > 0xdfff)
               ? count
               : 0;
}

/* Where a string is decoded to; 'text' NULL: nowhere. */
struct string_out {
    char *text;
    size_t size;
    size_t used;
};

static bool put(struct json_read *read, struct string_out *out,
                const char *bytes, size_t count)
{
    if (out->text == NULL) {
        return true;
    }
    if (count >= out->size - out->used) {
        return fail(read, "a string that is too long");
    }
    memcpy(out->text + out->used, bytes, count);
    out->used += count;
    return true;
}

/* The four digits after "\u"; UINT32_MAX for anything else. */
static uint32_t read_digits(struct json_read *read)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < 4; i++) {
        static const char digits[] = "0123456789abcdefABCDEF";
        const char *digit =
            read->at < read->size && read->text[read->at] != '\0'
                ? strchr(digits, read->text[read->at])
                : NULL;
        if (digit == NULL) {
            (void)fail(read, "expected four hexadecimal digits");
            return UINT32_MAX;
        }
        uint32_t place = (uint32_t)(digit - digits);
        value = value * 16 + (place < 16 ? place : place - 6);
        read->at++;
    }
    return value;
}

static bool put_point(struct json_read *read, struct string_out *out,
                      uint32_t point)
{
    static const unsigned char marks[] = {0, 0, 0xc0, 0xe0, 0xf0};
    unsigned char bytes[4];
    unsigned count = point < 0x80      ? 1
                     : point < 0x800   ? 2
                     : point < 0x10000 ? 3
                                       : 4;
    for (unsigned i = count; i-- > 1;) {
        bytes[i] = (unsigned char)(0x80 | (point & 0x3f));
        point >>= 6;
    }
    bytes[0] = (unsigned char)(marks[count] | point);
    return put(read, out, (const char *)bytes, count);
}

/* After "\u". Halves of a character come in pairs. */
static bool read_unicode(struct json_read *read, struct string_out *out)
{
    const size_t start = read->at;
    uint32_t point = read_digits(read);
    if (point >= 0xd800 && point < 0xdc00 && read->size - read->at >= 2 &&
        read->text[read->at] == '\\' && read->text[read->at + 1] == 'u') {
        read->at += 2;
        uint32_t low = read_digits(read);
        point = low >= 0xdc00 && low < 0xe000
                    ? 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00)
                    : 0xd800;
    }
    if (read->error == NULL && point >= 0xd800 && point < 0xe000) {
        return json_read_fail(read, start, "half a character");
    }
    if (point == 0) {
        return json_read_fail(read, start, "a character 0");
    }
    return read->error == NULL && put_point(read, out, point);
}

/* After a backslash. */
static bool read_escape(struct json_read *read, struct string_out *out)
{
    static const char letters[] = "\"\\/bfnrtu";
    static const char meant[] = "\"\\/\b\f\n\r\t";
    const int letter =
        read->at < read->size ? (unsigned char)read->text[read->at] : 0;
    const char *found = letter != 0 ? strchr(letters, letter) : NULL;
    if (found == NULL) {
        return fail(read, "an escape that JSON does not have");
    }
    read->at++;
    return *found == 'u' ? read_unicode(read, out)
                         : put(read, out, &meant[found - letters], 1);
}

bool json_read_string(struct json_read *read, char *text, size_t size)
{
    struct string_out out = {text, size, 0};
    const size_t start = json_read_place(read);
    if (!expect(read, JSON_STRING)) {
        return false;
    }
    read->at++;
    while (read->at < read->size && read->text[read->at] != '"') {
        const char *byte = read->text + read->at;
        if (*byte == '\\') {
            read->at++;
            if (!read_escape(read, &out)) {
                return false;
            }
            continue;
        }
        const unsigned count = measure(read);
        if (count == 0 || (unsigned char)*byte < 0x20) {
            return fail(read, count == 0 ? "bytes that are not UTF-8"
                                         : "a control character in a string");
        }
        if (!put(read, &out, byte, count)) {
            return false;
        }
        read->at += count;
    }
    if (read->at == read->size) {
        return json_read_fail(read, start, "a string without an end");
    }
    read->at++;
    if (text != NULL) {
        text[out.used] = '\0';
    }
    return true;
}

static size_t skip_digits(struct json_read *read)
{
    const size_t start = read->at;
    while (read->at < read->size && read->text[read->at] >= '0' &&
           read->text[read->at] <= '9') {
        read->at++;
    }
    return read->at - start;
}

/* Is the next byte one of these? Then pass it. */
static bool take(struct json_read *read, const char *bytes)
{
    bool is_one = read->at < read->size && read->text[read->at] != '\0' &&
                  strchr(bytes, read->text[read->at]) != NULL;
    read->at += is_one;
    return is_one;
}

bool json_read_number(struct json_read *read, struct json_span *number)
{
    if (!expect(read, JSON_NUMBER)) {
        return false;
    }
    const size_t start = read->at;
    (void)take(read, "-");
    const bool is_zero = read->at < read->size && read->text[read->at] == '0';
    const size_t digits = skip_digits(read);
    bool is_good = digits > 0 && (digits == 1 || !is_zero);
    if (is_good && take(read, ".")) {
        is_good = skip_digits(read) > 0;
    }
    if (is_good && take(read, "eE")) {
        (void)take(read, "+-");
        is_good = skip_digits(read) > 0;
    }
    *number = (struct json_span){read->text + start, read->at - start};
    return is_good || json_read_fail(read, start, "not a number of JSON");
}

/* A word of letters. */
static bool read_word(struct json_read *read, const char *word)
{
    const size_t length = strlen(word);
    if (read->error != NULL || length > read->size - read->at ||
        memcmp(read->text + read->at, word, length) != 0) {
        return fail(read, "expected true, false or null");
    }
    read->at += length;
    return true;
}

bool json_read_bool(struct json_read *read, bool *value)
{
    if (!expect(read, JSON_BOOL)) {
        return false;
    }
    *value = read->text[read->at] == 't';
    return read_word(read, *value ? "true" : "false");
}

/* A value, or the beginning of a list or an object. */
static bool skip_one(struct json_read *read, enum json_type type)
{
    struct json_span number;
    bool flag;
    switch (type) {
    case JSON_NULL:
        return read_word(read, "null");
    case JSON_BOOL:
        return json_read_bool(read, &flag);
    case JSON_NUMBER:
        return json_read_number(read, &number);
    case JSON_STRING:
        return json_read_string(read, NULL, 0);
    case JSON_ARRAY:
    case JSON_OBJECT:
        return enter(read, type);
    case JSON_NOTHING:
        break;
    }
    return fail(read, "a value is missing");
}

bool json_read_skip(struct json_read *read, struct json_span *value)
{
    const size_t start = json_read_place(read);
    const unsigned depth = read->depth;
    uint64_t are_objects = 0; /* a bit for each level */
    bool has_more = true;
    while (has_more) {
        const enum json_type type = json_read_type(read);
        if (!skip_one(read, type)) {
            return false;
        }
        if (type == JSON_OBJECT || type == JSON_ARRAY) {
            const uint64_t bit = UINT64_C(1) << read->depth;
            are_objects =
                type == JSON_OBJECT ? are_objects | bit : are_objects & ~bit;
        }
        has_more = false;
        while (!has_more && read->depth > depth && read->error == NULL) {
            has_more = (are_objects >> read->depth & 1) != 0
                           ? json_read_key(read, NULL, 0)
                           : json_read_item(read);
        }
    }
    *value = (struct json_span){read->text + start, read->at - start};
    return read->error == NULL;
}

bool json_read_end(struct json_read *read)
{
    if (read->error == NULL && json_read_place(read) < read->size) {
        (void)fail(read, "something follows the end");
    }
    return read->error == NULL;
}

void json_read_locate(const struct json_read *read, unsigned *line,
                      unsigned *column)
{
    *line = 1;
    *column = 1;
    for (size_t i = mark_bytes(read->text, read->size);
         i < read->error_at && i < read->size; i++) {
        const bool is_inside = ((unsigned char)read->text[i] & 0xc0) == 0x80;
        if (read->text[i] == '\n') {
            ++*line;
            *column = 1;
        } else {
            *column += !is_inside;
        }
    }
}
