/* SPDX-License-Identifier: MIT */
#include "inspect/inspect_error.h"

#include "metadata/json_text.h"

void inspect_print_error(const struct diag *diag, FILE *stream,
                         struct arena *arena)
{
    cJSON *root = cJSON_CreateObject();
    const char *message = arena_format(
        arena, "%s%s", diag->tool_output != NULL ? diag->tool_output : "",
        diag->text);
    json_add_text(root, "file", diag->file, arena);
    json_add_known(root, "line", diag->line, diag->line > 0);
    json_add_known(root, "offset", (uint64_t)diag->offset, diag->offset >= 0);
    json_add_text(root, "message", message, arena);
    json_add_text(root, "hint", diag->hint[0] != '\0' ? diag->hint : NULL,
                  arena);
    char *text = cJSON_Print(root);
    if (text != NULL) {
        (void)fprintf(stream, "%s\n", text);
    }
    cJSON_free(text);
    cJSON_Delete(root);
}
