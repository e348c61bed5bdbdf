/* SPDX-License-Identifier: MIT */
#include "vector.h"

#include "base/file.h"
#include "base/process.h"
#include "suite.h"
#include "wasm/validate.h"

#include <unistd.h>

enum { FILE_LIMIT = 64 << 20 };

const char *const vector_names[VECTOR_COUNT] = {VECTOR_LIST};

unsigned vector_index(const char *name)
{
    unsigned i = 0;
    while (i < VECTOR_COUNT && strcmp(vector_names[i], name) != 0) {
        i++;
    }
    ck_assert_msg(i < VECTOR_COUNT, "no vector '%s'", name);
    return i;
}

const uint8_t *vector_file(const char *vector, const char *file, size_t *size,
                           struct arena *arena)
{
    const char *folder = getenv("F4E_VECTORS");
    ck_assert_msg(folder != NULL, "F4E_VECTORS is not set");
    const char *path = arena_format(arena, "%s/%s/%s", folder, vector, file);
    struct diag diag;
    diag_init(&diag, path);
    const uint8_t *bytes = NULL;
    return file_read(path, FILE_LIMIT, &bytes, size, arena, &diag) ? bytes
                                                                   : NULL;
}

cJSON *vector_json(const char *vector, const char *file, struct arena *arena)
{
    size_t size = 0;
    const uint8_t *bytes = vector_file(vector, file, &size, arena);
    if (bytes == NULL) {
        return NULL;
    }
    cJSON *json = cJSON_ParseWithLength((const char *)bytes, size);
    ck_assert_msg(json != NULL, "%s/%s is not JSON", vector, file);
    return json;
}

static void read_module(struct wasm_module *module, const char *name,
                        const uint8_t *bytes, size_t size, struct arena *arena)
{
    struct diag diag;
    diag_init(&diag, name);
    struct wasm_unsupported *list = NULL;
    ck_assert_msg(wasm_read(module, bytes, size, arena, &diag), "%s: %s", name,
                  diag.text);
    if (wasm_unsupported(module, &list, arena) == 0) {
        ck_assert_msg(wasm_validate(module, arena, &diag), "%s: %s", name,
                      diag.text);
    }
}

void vector_module(struct wasm_module *module, const char *vector,
                   bool is_shared, struct arena *arena)
{
    size_t size = 0;
    const uint8_t *bytes =
        is_shared ? NULL : vector_file(vector, "plain.wasm", &size, arena);
    if (bytes == NULL) {
        bytes = vector_file(vector, "shared.wasm", &size, arena);
    }
    ck_assert_msg(bytes != NULL, "%s has no module", vector);
    read_module(module, vector, bytes, size, arena);
}

void wat_module(struct wasm_module *module, const char *text,
                struct arena *arena)
{
    char source[] = "/tmp/f4e-test-XXXXXX";
    int file = mkstemp(source);
    ck_assert(file >= 0);
    size_t length = strlen(text);
    ck_assert(write(file, text, length) == (ssize_t)length);
    ck_assert(close(file) == 0);

    struct diag diag;
    diag_init(&diag, NULL);
    const char *target = arena_format(arena, "%s.wasm", source);
    const char *tool = process_find("wat2wasm", arena);
    ck_assert_msg(tool != NULL, "wat2wasm is not installed");
    const char *const argv[] = {
        tool,
        "--enable-threads",
        "--enable-multi-memory",
        "-o",
        target,
        "--enable-memory64",
        source,
        "--enable-tail-call",
        "--enable-exceptions",
        NULL,
    };
    struct process process;
    bool has_run = process_run(&process, argv, NULL, 0, arena, &diag);
    const uint8_t *bytes = NULL;
    size_t size = 0;
    bool is_read = has_run && process_succeeded(&process) &&
                   file_read(target, FILE_LIMIT, &bytes, &size, arena, &diag);
    (void)unlink(source);
    (void)unlink(target);
    ck_assert_msg(is_read, "wat2wasm: %s%s", diag.text,
                  has_run ? buf_string(&process.text) : "");
    read_module(module, "test module", bytes, size, arena);
}

uint32_t fnv1a(const uint8_t *bytes, size_t size)
{
    uint32_t hash = 0x811c9dc5;
    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ bytes[i]) * 0x01000193;
    }
    return hash;
}
