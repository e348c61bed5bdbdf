/* SPDX-License-Identifier: MIT */
#include "translate/translate.h"

#include "base/file.h"
#include "base/process.h"
#include "ctext/c_line.h"
#include "frames/frame_stages.h"
#include "translate/branch_hints.h"
#include "translate/lanes.h"
#include "translate/loop_sums.h"
#include "translate/round_trips.h"
#include "translate/segments.h"
#include "translate/siblings_text.h"
#include "wasm/callgraph.h"

enum {
    TOOL_TIMEOUT_MS = 120 * 1000,
    OUTPUT_LIMIT = 1 << 30, /* bytes of C that we are ready to read */
};

/* The last line of the helpers that every wasm2c since 1.0.32 pastes into the
 * C file; what is the module's own comes after it. */
static const char prologue_end[] = "\nDEFINE_TABLE_FILL(externref)\n";

static bool unknown_shape(struct diag *diag, const char *what)
{
    diag_tool(diag, "wasm2c wrote C of a shape that is not known: %s", what);
    return diag_hint(diag, "f4e-build knows wasm2c 1.0.32 to 1.0.42; pick one "
                           "with --wasm2c PATH");
}

static bool tool_version(struct translation *translation, const char *wasm2c,
                         struct arena *arena, struct diag *diag)
{
    const char *argv[] = {wasm2c, "--version", NULL};
    struct process process;
    if (!process_run_ok(&process, argv, NULL, TOOL_TIMEOUT_MS, arena, diag)) {
        return false;
    }
    const char *text = buf_string(&process.text);
    size_t length = strspn(text, "0123456789.");
    if (length == 0) {
        diag_tool(diag, "'%s --version' prints no version", wasm2c);
        return diag_hint(diag, "sudo apt install wabt");
    }
    translation->wabt_version = arena_copy(arena, text, length);
    return true;
}

/* Newer versions know several memories without being told, and refuse to be. */
static bool wants_flag(bool *wanted, const char *wasm2c, const char *flag,
                       struct arena *arena, struct diag *diag)
{
    const char *argv[] = {wasm2c, "--help", NULL};
    struct process process;
    if (!process_run_ok(&process, argv, NULL, TOOL_TIMEOUT_MS, arena, diag)) {
        return false;
    }
    *wanted = strstr(buf_string(&process.text), flag) != NULL;
    return true;
}

static bool run_wasm2c(const struct wasm_module *module,
                       const struct normalised *normalised, const char *wasm2c,
                       const char *directory, struct arena *arena,
                       struct diag *diag)
{
    static const char several_memories[] = "--enable-multi-memory";
    bool wants_memories = false;
    if (module->memory_count > 1 &&
        !wants_flag(&wants_memories, wasm2c, several_memories, arena, diag)) {
        return false;
    }
    const char *path = arena_format(arena, "%s/module.wasm", directory);
    if (!file_write(path, normalised->bytes, normalised->size, 0644, diag)) {
        return false;
    }
    const char *argv[] = {
        wasm2c,
        "-n",
        "patch",
        "module.wasm",
        "-o",
        "wasm2c.c",
        wants_memories ? several_memories : NULL,
        NULL,
    };
    struct process process;
    return process_run_ok(&process, argv, directory, TOOL_TIMEOUT_MS, arena,
                          diag);
}

const char *const translate_files[] = {"module.wasm", "wasm2c.c", "wasm2c.h",
                                       NULL};

/* The identifier that ends just before 'end'. */
static const char *word_before(const char *start, const char *end,
                               struct arena *arena)
{
    size_t length = c_word_length_before(start, end);
    return arena_copy(arena, end - length, length);
}

/* The line after the comment "/" "* KIND: 'x3' *" "/", without its ';'. */
static const char *declaration_after(const char *header, const char *comment,
                                     struct arena *arena)
{
    const char *found = strstr(header, comment);
    if (found == NULL) {
        return NULL;
    }
    const char *line = found + strlen(comment);
    size_t length = strcspn(line, ";");
    return line[length] == ';' ? arena_copy(arena, line, length) : NULL;
}

/* The symbol of the function exported as PREFIX<number>, or NULL. */
static const char *export_symbol(const char *header, char prefix,
                                 uint32_t number, struct arena *arena)
{
    const char *line = declaration_after(
        header, arena_format(arena, "/* export: '%c%u' */\n", prefix, number),
        arena);
    const char *bracket = line != NULL ? strchr(line, '(') : NULL;
    return bracket == NULL ? NULL : word_before(line, bracket, arena);
}

static bool read_exports(struct translation *translation, const char *header,
                         const struct wasm_module *module, bool has_ranges,
                         struct arena *arena, struct diag *diag)
{
    translation->export_symbols = arena_alloc(
        arena, module->export_count, sizeof(*translation->export_symbols));
    uint32_t functions = 0;
    for (uint32_t i = 0; i < module->export_count; i++) {
        if (module->exports[i].kind != WASM_FUNCTION) {
            continue;
        }
        translation->export_symbols[i] =
            export_symbol(header, 'x', functions++, arena);
        if (translation->export_symbols[i] == NULL) {
            return unknown_shape(diag, "no declaration of an export");
        }
    }
    if (has_ranges) {
        translation->proven_symbol = export_symbol(header, 'y', 0, arena);
        translation->load_promoted_symbol =
            export_symbol(header, 'y', 1, arena);
        translation->store_promoted_symbol =
            export_symbol(header, 'y', 2, arena);
        if (translation->proven_symbol == NULL ||
            translation->load_promoted_symbol == NULL ||
            translation->store_promoted_symbol == NULL) {
            return unknown_shape(diag, "no declaration of an export");
        }
    }
    return true;
}

static bool read_imports(struct translation *translation, const char *header,
                         const struct wasm_module *module, struct arena *arena,
                         struct diag *diag)
{
    uint32_t count = module->imported_function_count +
                     (translation->proven_symbol != NULL ? 1 : 0);
    translation->import_prototypes =
        arena_alloc(arena, count, sizeof(*translation->import_prototypes));
    for (uint32_t i = 0; i < count; i++) {
        translation->import_prototypes[i] = declaration_after(
            header, arena_format(arena, "/* import: 'f4e' 'i%u' */\n", i),
            arena);
        if (translation->import_prototypes[i] == NULL) {
            return unknown_shape(diag, "no declaration of an import");
        }
    }
    return true;
}

/* "void NAME(TYPE*, struct HOST*);": the function whose name ends in
 * "patch_instantiate", and the one in "patch_init_module" where there is. */
static bool read_instance(struct translation *translation, const char *header,
                          struct arena *arena, struct diag *diag)
{
    const char *bracket = strstr(header, "patch_instantiate(");
    if (bracket == NULL) {
        return unknown_shape(diag, "no function 'instantiate'");
    }
    bracket += strcspn(bracket, "(");
    translation->instantiate = word_before(header, bracket, arena);
    size_t length = strcspn(bracket + 1, "*");
    translation->instance_type = arena_copy(arena, bracket + 1, length);
    size_t rest = strcspn(bracket, ";");
    translation->instantiate_takes_host = memchr(bracket, ',', rest) != NULL;
    const char *init = strstr(header, "patch_init_module(void)");
    translation->init_module =
        init == NULL ? NULL
                     : word_before(header, init + strcspn(init, "("), arena);
    return true;
}

/* The C member that holds memory 'index' of the instance. */
static const char *memory_member(const char *header, uint32_t index,
                                 struct arena *arena)
{
    const char *line = declaration_after(
        header, arena_format(arena, "/* import: 'f4e' 'm%u' */\n", index),
        arena);
    return line == NULL ? NULL : word_before(line, line + strlen(line), arena);
}

/*
 * The header, complete but for wabt's run-time header; imports and exports
 * become static, so that the patch is one translation unit whose parts inline.
 */
static void add_header(struct buf *out, const char *header)
{
    static const char include[] = "#include \"wasm-rt.h\"\n";
    static const char *const comments[] = {"/* export: 'x", "/* export: 'y",
                                           "/* import: 'f4e' 'i"};
    bool is_next_static = false;
    while (*header != '\0') {
        size_t length = strcspn(header, "\n");
        length += header[length] == '\n';
        if (is_next_static) {
            buf_text(out, "static ");
        }
        is_next_static = false;
        for (size_t i = 0; i < sizeof(comments) / sizeof(comments[0]); i++) {
            is_next_static =
                is_next_static ||
                strncmp(header, comments[i], strlen(comments[i])) == 0;
        }
        if (strncmp(header, include, sizeof(include) - 1) != 0) {
            buf_add(out, header, length);
        }
        header += length;
    }
}

/* Which memory the operand "instance->MEMBER" at 'text' names. */
static bool memory_operand(const char *text, const char *const *members,
                           uint32_t count, uint32_t *index, size_t *length)
{
    static const char instance[] = "instance->";
    if (strncmp(text, instance, sizeof(instance) - 1) != 0) {
        return false;
    }
    const char *member = text + sizeof(instance) - 1;
    for (uint32_t i = 0; i < count; i++) {
        size_t size = strlen(members[i]);
        if (strncmp(member, members[i], size) == 0 &&
            c_word_length(member + size) == 0) {
            *index = i;
            *length = sizeof(instance) - 1 + size;
            return true;
        }
    }
    return false;
}

/*
 * The functions, with every memory operand as a token that wasm_rt.h turns into
 * a static array. Lines that bind an imported memory to the instance vanish.
 */
static void add_functions(struct buf *out, const char *text,
                          const char *const *members, uint32_t count)
{
    while (*text != '\0') {
        const char *at = strstr(text, "instance->");
        uint32_t index = 0;
        size_t length = 0;
        if (at == NULL) {
            buf_text(out, text);
            return;
        }
        buf_add(out, text, (size_t)(at - text));
        if (!memory_operand(at, members, count, &index, &length)) {
            buf_add(out, at, 1);
            text = at + 1;
        } else if (strncmp(at + length, " = ", 3) == 0) {
            text = at + strcspn(at, "\n");
        } else {
            buf_format(out, "F4E_M%u", index);
            text = at + length;
        }
    }
}

static void add_stages(struct buf *out, const char *text,
                       const struct wasm_module *module)
{
    uint64_t *bytes =
        arena_alloc(out->arena, module->memory_count + 1, sizeof(*bytes));
    for (uint32_t i = 0; i < module->memory_count; i++) {
        bytes[i] = module->memories[i].limits.min * WASM_PAGE_BYTES;
    }
    const struct frame_stages_module what = {
        .memory_bytes = bytes,
        .memory_count = module->memory_count,
        .range_import = module->imported_function_count,
        .own_globals = module->global_count,
    };
    frame_stages_split(out, text, &what);
}

/* The functions of the module, which is how wasm2c writes them, one rewrite
 * after the other. */
static const char *rewrite_functions(const char *text,
                                     const char *const *members,
                                     const struct wasm_module *module,
                                     struct arena *arena)
{
    struct buf slim;
    struct buf body;
    struct buf joined;
    struct buf staged;
    struct buf split;
    struct buf lanes;
    struct buf hinted;
    buf_init(&slim, arena);
    buf_init(&body, arena);
    buf_init(&joined, arena);
    buf_init(&staged, arena);
    buf_init(&split, arena);
    buf_init(&lanes, arena);
    buf_init(&hinted, arena);
    segments_add(&slim, text, module, TRANSLATE_INLINE_BYTES);
    add_functions(&body, buf_string(&slim), members, module->memory_count);
    round_trips_join(&joined, buf_string(&body));
    if (callgraph_is_recursive(module, arena)) {
        buf_text(&split, buf_string(&joined));
    } else if (callgraph_has_cycle(module, arena)) {
        loop_sums_split(&split, buf_string(&joined), module->global_count);
    } else {
        add_stages(&staged, buf_string(&joined), module);
        loop_sums_split(&split, buf_string(&staged), module->global_count);
    }
    lanes_join(&lanes, buf_string(&split));
    branch_hints_add(&hinted, buf_string(&lanes));
    return buf_string(&hinted);
}

static bool rewrite_source(struct translation *translation, const char *raw,
                           const char *header, const struct wasm_module *module,
                           const struct siblings *siblings, struct arena *arena,
                           struct diag *diag)
{
    const char *functions = strstr(raw, prologue_end);
    if (functions == NULL) {
        return unknown_shape(diag, "no 'DEFINE_TABLE_FILL(externref)' line");
    }
    const char **members =
        arena_alloc(arena, module->memory_count, sizeof(*members));
    struct buf out;
    buf_init(&out, arena);
    buf_format(&out,
               "/* Generated: what wasm2c %s made of the patch, on "
               "f4e-build's run-time header. */\n",
               translation->wabt_version);
    for (uint32_t i = 0; i < module->memory_count; i++) {
        members[i] = memory_member(header, i, arena);
        if (members[i] == NULL) {
            return unknown_shape(diag, "no member for a memory");
        }
        buf_format(&out, "#define F4E_M%u_BYTES %lluull\n", i,
                   (unsigned long long)module->memories[i].limits.min *
                       WASM_PAGE_BYTES);
    }
    if (strcmp(translation->wabt_version, "1.0.32") == 0) {
        /* It names the operands of memory.copy in the wrong order. */
        buf_text(&out, "#define F4E_COPY_SOURCE_FIRST 1\n");
    }
    buf_text(&out, "#include \"rt/wasm_rt.h\"\n");
    for (uint32_t i = 0; i < module->memory_count; i++) {
        buf_format(&out, "F4E_DEFINE_MEMORY(F4E_M%u)\n", i);
    }
    buf_text(&out, "#include \"module.h\"\n");
    const char *body = rewrite_functions(functions + sizeof(prologue_end) - 1,
                                         members, module, arena);
    siblings_add_functions(&out, body, siblings, translation->instance_type);
    translation->source = buf_string(&out);
    return true;
}

static bool read_text(const char **text, const char *directory,
                      const char *name, struct arena *arena, struct diag *diag)
{
    const uint8_t *bytes = NULL;
    size_t size = 0;
    struct diag missing;
    diag_init(&missing, NULL);
    if (!file_read(arena_format(arena, "%s/%s", directory, name), OUTPUT_LIMIT,
                   &bytes, &size, arena, &missing)) {
        return diag_tool(diag, "wasm2c wrote no usable '%s': %s", name,
                         missing.text);
    }
    *text = (const char *)bytes;
    return true;
}

bool wasm_translate(struct translation *translation,
                    const struct wasm_module *module,
                    const struct normalised *normalised, const char *wasm2c,
                    const char *directory, struct arena *arena,
                    struct diag *diag)
{
    *translation = (struct translation){0};
    const char *raw = "";
    const char *header = "";
    struct siblings siblings = {.module = module, .arena = arena};
    if (!tool_version(translation, wasm2c, arena, diag) ||
        !run_wasm2c(module, normalised, wasm2c, directory, arena, diag) ||
        !read_text(&raw, directory, "wasm2c.c", arena, diag) ||
        !read_text(&header, directory, "wasm2c.h", arena, diag) ||
        !read_instance(translation, header, arena, diag) ||
        !read_exports(translation, header, module, normalised->has_ranges,
                      arena, diag) ||
        !read_imports(translation, header, module, arena, diag) ||
        (normalised->has_ranges &&
         !siblings_find(&siblings, normalised->bytes, normalised->size, arena,
                        diag))) {
        return false;
    }
    struct buf plain;
    struct buf out;
    buf_init(&plain, arena);
    buf_init(&out, arena);
    add_header(&plain, header);
    siblings_add_members(&out, buf_string(&plain), &siblings);
    translation->header = buf_string(&out);
    return rewrite_source(translation, raw, header, module, &siblings, arena,
                          diag);
}
