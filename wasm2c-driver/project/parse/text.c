/* SPDX-License-Identifier: MIT */
#include "project/parse/text.h"

/* What brackets what, and where. */
static const struct bracket {
    const char *opener;
    const char *closer;
    enum text_kind kind;
    bool has_id;
} brackets[] = {
    {"entry", "entryEnd", TEXT_ENTRY, true},
    {"group", "groupEnd", TEXT_GROUP, true},
    {"module", "moduleEnd", TEXT_MODULE, true},
    {"function", "functionEnd", TEXT_FUNCTION, true},
    {"constants", "constantsEnd", TEXT_CONSTANTS, true},
    {"prototype", "prototypeEnd", TEXT_PROTOTYPE, true},
    {"note", "noteEnd", TEXT_NOTE, false},
    {"includes", "includesEnd", TEXT_INCLUDES, false},
};
enum { BRACKETS = sizeof(brackets) / sizeof(brackets[0]) };

struct parser {
    struct project_text *text;
    struct text_block *blocks;
    const char **entries;
    struct code_reader code;
    struct arena *arena;
    struct diag *diag;
    /* Open brackets: an entry, groups in it, a block. */
    const struct bracket *open[PROJECT_MAX_GROUPS + 2];
    uint32_t open_lines[PROJECT_MAX_GROUPS + 2]; /* 1-based */
    uint32_t depth;
    uint32_t groups;
    struct text_block block; /* the one being read */
    uint32_t line;           /* 1-based, the current one */
};

/* A keyword counts alone, or before a space or a tab. */
static bool starts_with_keyword(struct span line, const char *keyword)
{
    size_t length = strlen(keyword);
    return span_starts(line, keyword) &&
           (line.length == length || line.bytes[length] == ' ' ||
            line.bytes[length] == '\t');
}

static const struct bracket *find_opener(struct span line)
{
    for (size_t i = 0; line.length > 0 && i < BRACKETS; i++) {
        if (line.bytes[0] == brackets[i].opener[0] &&
            starts_with_keyword(line, brackets[i].opener)) {
            return &brackets[i];
        }
    }
    return NULL;
}

static const struct bracket *find_closer(struct span line)
{
    for (size_t i = 0; line.length > 0 && i < BRACKETS; i++) {
        if (line.bytes[0] == brackets[i].closer[0] &&
            starts_with_keyword(line, brackets[i].closer)) {
            return &brackets[i];
        }
    }
    return NULL;
}

static bool is_gap(struct span line)
{
    return line.length == 0 || line.bytes[0] == '#' || line.bytes[0] == ';' ||
           span_starts(line, "//");
}

static const struct bracket *innermost(const struct parser *parser)
{
    return parser->depth == 0 ? NULL : parser->open[parser->depth - 1];
}

/* A comment such as "; ~sampleRate 44100": settings before @config. */
static bool has_old_settings(const struct project_text *text)
{
    for (uint32_t i = 0; i < text->line_count; i++) {
        struct span line = span_trim_left(text_line(text, i));
        if (line.length == 0 || line.bytes[0] != ';') {
            continue;
        }
        line = span_trim_left(span_from(line, 1));
        if (span_starts(line, "~") || span_starts(line, "@runtime") ||
            span_starts(line, "@exportFileName")) {
            return true;
        }
    }
    return false;
}

static bool refuse_old_text(struct parser *parser)
{
    const struct project_text *text = parser->text;
    if (text->entry_count == 0) {
        bool has_settings = has_old_settings(text);
        diag_line(parser->diag, text->file, parser->line,
                  "module outside of an entry%s: the dialect of before 18 June "
                  "2026",
                  has_settings ? ", settings like '; ~sampleRate'" : "");
    } else {
        diag_line(parser->diag, text->file, parser->line,
                  "module outside of an entry");
    }
    return diag_hint(parser->diag,
                     "open the project in the current 8f4e editor and save "
                     "both files again, or build without names: --no-project");
}

/* Whether 'bracket' may be opened where we are. */
static bool check_place(struct parser *parser, const struct bracket *bracket)
{
    const struct bracket *outer = innermost(parser);
    const char *file = parser->text->file;
    if (outer == NULL) {
        if (bracket->kind == TEXT_MODULE) {
            return refuse_old_text(parser);
        }
        return bracket->kind != TEXT_GROUP ||
               diag_line(parser->diag, file, parser->line,
                         "group outside of an entry");
    }
    bool fits = outer->kind == TEXT_ENTRY ? bracket->kind == TEXT_MODULE ||
                                                bracket->kind == TEXT_GROUP
                : outer->kind == TEXT_GROUP ? bracket->kind != TEXT_ENTRY
                                            : false;
    return fits ||
           diag_line(parser->diag, file, parser->line,
                     "'%s' inside of the %s of line %u", bracket->opener,
                     outer->opener, parser->open_lines[parser->depth - 1]);
}

static bool add_entry(struct parser *parser, const char *name)
{
    struct project_text *text = parser->text;
    for (uint32_t i = 0; i < text->entry_count; i++) {
        if (strcmp(parser->entries[i], name) == 0) {
            return diag_line(parser->diag, text->file, parser->line,
                             "second entry '%s'",
                             span_print(span_of(name), parser->arena));
        }
    }
    parser->entries[text->entry_count++] = name;
    return true;
}

/* The name behind an opener. */
static bool read_id(struct parser *parser, const struct bracket *bracket,
                    struct span line, const char **id)
{
    const char *file = parser->text->file;
    struct span tokens[3] = {{NULL, 0}, {NULL, 0}, {NULL, 0}};
    for (size_t i = 0; i < 3; i++) {
        bool has_comment = false;
        if (!code_token(&line, &tokens[i], &has_comment)) {
            return diag_line(parser->diag, file, parser->line,
                             "string without closing quote");
        }
    }
    if (tokens[1].length == 0 || tokens[1].bytes[0] == '"') {
        return diag_line(parser->diag, file, parser->line, "%s without a name",
                         bracket->opener);
    }
    if (bracket->kind == TEXT_ENTRY && tokens[2].length > 0) {
        return diag_line(parser->diag, file, parser->line,
                         "entry with more than one name");
    }
    *id = span_copy(tokens[1], parser->arena);
    return true;
}

static bool open_bracket(struct parser *parser, const struct bracket *bracket,
                         struct span line)
{
    const char *id = NULL;
    struct project_text *text = parser->text;
    if (!check_place(parser, bracket) ||
        (bracket->has_id && !read_id(parser, bracket, line, &id))) {
        return false;
    }
    if (text->block_count == TEXT_MAX_BLOCKS ||
        text->entry_count == TEXT_MAX_ENTRIES) {
        return diag_line(parser->diag, text->file, parser->line,
                         "more than %d blocks or %d entries", TEXT_MAX_BLOCKS,
                         TEXT_MAX_ENTRIES);
    }
    if (bracket->kind == TEXT_GROUP && ++parser->groups > PROJECT_MAX_GROUPS) {
        return diag_line(parser->diag, text->file, parser->line,
                         "more than %d groups inside of each other",
                         PROJECT_MAX_GROUPS);
    }
    if (bracket->kind == TEXT_ENTRY && id != NULL && !add_entry(parser, id)) {
        return false;
    }
    parser->open[parser->depth] = bracket;
    parser->open_lines[parser->depth++] = parser->line;
    parser->block = (struct text_block){
        .kind = bracket->kind,
        .id = id,
        .first_line = parser->line - 1,
        .entry = text->entry_count - 1,
    };
    return true;
}

static bool close_bracket(struct parser *parser, const struct bracket *bracket)
{
    const struct bracket *outer = innermost(parser);
    if (outer == NULL || outer != bracket) {
        diag_line(parser->diag, parser->text->file, parser->line,
                  "'%s' without '%s'", bracket->closer, bracket->opener);
        return outer == NULL
                   ? false
                   : diag_hint(parser->diag, "the %s of line %u is still open",
                               outer->opener,
                               parser->open_lines[parser->depth - 1]);
    }
    parser->depth--;
    if (bracket->kind == TEXT_GROUP) {
        parser->groups--;
    }
    /* Neither compiler nor editor looks into groups. */
    if (bracket->kind != TEXT_ENTRY && bracket->kind != TEXT_GROUP &&
        parser->groups == 0) {
        parser->block.line_count = parser->line - parser->block.first_line;
        parser->blocks[parser->text->block_count++] = parser->block;
    }
    return true;
}

static bool parse_line(struct parser *parser, struct span line)
{
    const struct bracket *outer = innermost(parser);
    const struct bracket *opener = find_opener(line);
    const struct bracket *closer = find_closer(line);
    bool is_block =
        outer != NULL && outer->kind != TEXT_ENTRY && outer->kind != TEXT_GROUP;
    if (opener != NULL) {
        return open_bracket(parser, opener, line);
    }
    if (closer != NULL) {
        return close_bracket(parser, closer);
    }
    bool fits = is_block ? outer->kind != TEXT_INCLUDES || is_gap(line) ||
                               starts_with_keyword(line, "include")
                         : is_gap(line);
    return fits || diag_line(parser->diag, parser->text->file, parser->line,
                             is_block ? "'%s' among includes"
                                      : "'%s' outside of any block",
                             span_print(line, parser->arena));
}

/* The two directives that decide what is read, and when. */
static void read_marks(const struct project_text *text,
                       struct text_block *block)
{
    for (uint32_t row = 0; row < block->line_count; row++) {
        struct span line =
            span_trim_left(text_line(text, block->first_line + row));
        if (line.length == 0 || line.bytes[0] != ';') {
            continue;
        }
        struct span rest = span_from(line, 1);
        struct span word = span_word(&rest);
        /* A comment whose first word is no directive has none. */
        if (word.length == 0 || word.bytes[0] != '@') {
            continue;
        }
        for (; word.length > 0; word = span_word(&rest)) {
            block->is_disabled =
                block->is_disabled || span_equals(word, "@disabled");
            block->is_on_top =
                block->is_on_top || span_equals(word, "@alwaysOnTop");
        }
    }
}

static bool read_blocks(struct parser *parser)
{
    struct project_text *text = parser->text;
    parser->code = (struct code_reader){
        .arena = parser->arena,
        /* Two tokens need a byte between them, or are a string's two. */
        .tokens = arena_alloc(parser->arena, text->bytes.length / 2 + 2,
                              sizeof(struct text_token)),
    };
    for (uint32_t i = 0; i < text->block_count; i++) {
        struct text_block *block = &parser->blocks[i];
        read_marks(text, block);
        if (block->kind != TEXT_NOTE && block->kind != TEXT_INCLUDES &&
            !code_read(&parser->code, text, block, parser->diag)) {
            return false;
        }
    }
    text->tokens = parser->code.tokens;
    return true;
}

const struct project_text *project_parse(const uint8_t *bytes, size_t size,
                                         const char *file, struct arena *arena,
                                         struct diag *diag)
{
    struct project_text *text = arena_alloc(arena, 1, sizeof(*text));
    text->file = file;
    text->bytes = (struct span){(const char *)bytes, size};
    if (!text_open(text, arena, diag)) {
        return NULL;
    }
    uint32_t blocks =
        text->line_count < TEXT_MAX_BLOCKS ? text->line_count : TEXT_MAX_BLOCKS;
    struct parser parser = {
        .text = text,
        /* A block has two lines at least. */
        .blocks = arena_alloc(arena, blocks, sizeof(*parser.blocks)),
        .entries =
            arena_alloc(arena, TEXT_MAX_ENTRIES, sizeof(*parser.entries)),
        .arena = arena,
        .diag = diag,
    };
    text->blocks = parser.blocks;
    text->entries = parser.entries;
    for (parser.line = 2; parser.line <= text->line_count; parser.line++) {
        if (!parse_line(&parser, span_trim(text_line(text, parser.line - 1)))) {
            return NULL;
        }
    }
    if (parser.depth > 0) {
        const struct bracket *open = innermost(&parser);
        diag_line(diag, file, parser.open_lines[parser.depth - 1],
                  "%s without '%s'", open->opener, open->closer);
        return NULL;
    }
    return read_blocks(&parser) ? text : NULL;
}
