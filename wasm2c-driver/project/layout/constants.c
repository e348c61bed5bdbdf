/* SPDX-License-Identifier: MIT */
#include "project/layout/layout_internal.h"

#include <ctype.h>
#include <math.h>

static bool use_namespace(struct layout *layout, uint32_t line, struct span id)
{
    const uint32_t *index = table_get(&layout->namespace_ids, 0, id);
    if (index == NULL) {
        return layout_error(layout, line,
                            "no constants and no module called '%s'",
                            span_print(id, layout->arena));
    }
    const struct namespace *namespace = &layout->namespaces[*index];
    if (!layout_work(layout, line, (uint64_t)namespace->count + 1)) {
        return false;
    }
    for (uint32_t i = 0; i < namespace->count; i++) {
        environment_put(layout, namespace->list[i]);
    }
    return true;
}

static bool read_constant(struct layout *layout, uint32_t line,
                          const struct text_code *code)
{
    if (code->token_count < 3) {
        return layout_error(layout, line, "'const' needs a name and a value");
    }
    struct constant constant = {.name = text_token(layout->text, code, 1)};
    if (!argument_is_constant(constant.name)) {
        layout_error(layout, line, "'%s' cannot be a constant's name",
                     span_print(constant.name, layout->arena));
        return diag_hint(layout->diag, "such names start with A-Z and have no "
                                       "small letters");
    }
    struct argument argument = argument_read(text_token(layout->text, code, 2));
    if (!layout_work(layout, line, 1) ||
        !argument_value(layout, line, UINT32_MAX, &argument,
                        &constant.number)) {
        return false;
    }
    environment_put(layout, constant);
    return true;
}

bool constants_step(struct layout *layout, const struct text_block *block,
                    const struct text_code *code)
{
    uint32_t line = text_row_line(block, code->row);
    struct span instruction = text_token(layout->text, code, 0);
    if (span_equals(instruction, "const")) {
        return read_constant(layout, line, code);
    }
    if (!span_equals(instruction, "use")) {
        return true;
    }
    return code->token_count < 2
               ? layout_error(layout, line, "'use' without a name")
               : use_namespace(layout, line, text_token(layout->text, code, 1));
}

/* The next line from '*at' on that says 'use' of a namespace not yet read;
 * '*used' is its index. */
static bool find_use(struct layout *layout, const struct namespace *namespace,
                     uint32_t *at, uint32_t *used)
{
    const struct text_block *block = namespace->block;
    for (; *at < block->code_count; (*at)++) {
        const struct text_code *code = &block->code[*at];
        if (code->token_count < 2 ||
            !span_equals(text_token(layout->text, code, 0), "use")) {
            continue;
        }
        const uint32_t *index = table_get(&layout->namespace_ids, 0,
                                          text_token(layout->text, code, 1));
        if (index != NULL &&
            layout->namespaces[*index].state != NAMESPACE_DONE) {
            *used = *index;
            return true;
        }
    }
    return false;
}

/* All that it uses is there: read its own lines. */
static bool finish(struct layout *layout, struct namespace *namespace)
{
    environment_clear(layout);
    const struct text_block *block = namespace->block;
    for (uint32_t i = 0; i < block->code_count; i++) {
        if (!constants_step(layout, block, &block->code[i])) {
            return false;
        }
    }
    const struct environment *environment = &layout->environment;
    namespace->state = NAMESPACE_DONE;
    namespace->count = environment->count;
    namespace->list = arena_alloc(layout->arena, environment->count,
                                  sizeof(*namespace->list));
    for (uint32_t i = 0; i < environment->count; i++) {
        namespace->list[i] = environment->list[i];
    }
    return true;
}

/* Depth first, with a stack of our own: chains can be long. */
static bool resolve(struct layout *layout, uint32_t first, uint32_t *stack,
                    uint32_t *lines)
{
    uint32_t depth = 1;
    stack[0] = first;
    lines[0] = 0;
    while (depth > 0) {
        uint32_t top = depth - 1;
        struct namespace *namespace = &layout->namespaces[stack[top]];
        uint32_t used = 0;
        namespace->state = NAMESPACE_OPEN;
        if (!find_use(layout, namespace, &lines[top], &used)) {
            if (!finish(layout, namespace)) {
                return false;
            }
            depth--;
            continue;
        }
        if (layout->namespaces[used].state == NAMESPACE_OPEN) {
            uint32_t row = namespace->block->code[lines[top]].row;
            return layout_error(layout, text_row_line(namespace->block, row),
                                "'use %s' goes round in a circle",
                                span_print(span_of(layout->namespaces[used].id),
                                           layout->arena));
        }
        stack[depth] = used;
        lines[depth++] = 0;
    }
    return true;
}

static char *asset_constant(const char *id, struct arena *arena)
{
    char *name = arena_format(arena, "ASSET_%s_SIZE", id);
    for (char *at = name; *at != '\0'; at++) {
        *at = (char)toupper((unsigned char)*at);
    }
    return name;
}

/* What the editor keeps in its block 'env'. */
static void make_env(struct layout *layout, struct namespace *env)
{
    const struct project_config *config = layout->config;
    env->id = "env";
    env->state = NAMESPACE_DONE;
    env->list = arena_alloc(layout->arena, (size_t)layout->size_count + 2,
                            sizeof(*env->list));
    if (config->runtime == PROJECT_RUNTIME_NONE) {
        return;
    }
    double rate = config->rate_hz;
    env->list[env->count++] =
        (struct constant){span_of("SAMPLE_RATE"), {rate, rate == trunc(rate)}};
    if (config->runtime == PROJECT_RUNTIME_AUDIO) {
        env->list[env->count++] =
            (struct constant){span_of("AUDIO_BUFFER_SIZE"), {128, true}};
    }
    for (uint32_t i = 0; i < layout->size_count; i++) {
        env->list[env->count++] = (struct constant){
            span_of(asset_constant(layout->sizes[i].id, layout->arena)),
            {(double)layout->sizes[i].bytes, true}};
    }
}

static bool add_namespace(struct layout *layout, const struct text_block *block)
{
    struct namespace *namespace = &layout->namespaces[layout->namespace_count];
    *namespace = (struct namespace){.id = block->id, .block = block};
    bool is_new = false;
    const uint32_t *index =
        table_put(&layout->namespace_ids, 0, span_of(block->id),
                  layout->namespace_count++, &is_new);
    return is_new ||
           layout_error(layout, text_row_line(block, 0),
                        "second block called '%s', the first is in line %u",
                        span_print(span_of(block->id), layout->arena),
                        text_row_line(layout->namespaces[*index].block, 0));
}

/* A constant of the text's own 'constants env', or NULL. */
static const struct constant *env_constant(const struct layout *layout,
                                           const char *name)
{
    const uint32_t *index =
        table_get(&layout->namespace_ids, 0, span_of("env"));
    const struct namespace *env = &layout->namespaces[*index];
    for (uint32_t i = 0; env->block != NULL && i < env->count; i++) {
        if (span_equals(env->list[i].name, name)) {
            return &env->list[i];
        }
    }
    return NULL;
}

/* What the text was compiled with, for comparison with settings and files. */
static void publish_env(struct layout *layout)
{
    struct project *project = layout->project;
    const struct constant *rate = env_constant(layout, "SAMPLE_RATE");
    struct project_asset_size *sizes =
        arena_alloc(layout->arena, layout->size_count, sizeof(*sizes));
    project->env_rate_hz = rate != NULL ? rate->number.value : 0;
    project->env_sizes = sizes;
    project->env_size_count = 0;
    for (uint32_t i = 0; i < layout->size_count; i++) {
        const struct constant *size = env_constant(
            layout, asset_constant(layout->sizes[i].id, layout->arena));
        if (size != NULL && size->number.value >= 0 &&
            size->number.value < (double)UINT32_MAX) {
            sizes[project->env_size_count++] = (struct project_asset_size){
                layout->sizes[i].id, (uint64_t)size->number.value};
        }
    }
}

bool constants_resolve(struct layout *layout)
{
    const struct project_text *text = layout->text;
    size_t room = (size_t)text->block_count + 1;
    layout->namespaces =
        arena_alloc(layout->arena, room, sizeof(*layout->namespaces));
    for (uint32_t i = 0; i < text->block_count; i++) {
        const struct text_block *block = &text->blocks[i];
        if ((block->kind == TEXT_CONSTANTS || block->kind == TEXT_MODULE) &&
            layout_has_block(layout, block) && !add_namespace(layout, block)) {
            return false;
        }
    }
    bool is_new = false;
    (void)table_put(&layout->namespace_ids, 0, span_of("env"),
                    layout->namespace_count, &is_new);
    if (is_new) {
        make_env(layout, &layout->namespaces[layout->namespace_count++]);
    }
    uint32_t *stack = arena_alloc(layout->arena, room, sizeof(*stack));
    uint32_t *lines = arena_alloc(layout->arena, room, sizeof(*lines));
    for (uint32_t i = 0; i < layout->namespace_count; i++) {
        if (layout->namespaces[i].state == NAMESPACE_NEW &&
            !resolve(layout, i, stack, lines)) {
            return false;
        }
    }
    publish_env(layout);
    return true;
}
