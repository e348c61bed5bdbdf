/* SPDX-License-Identifier: MIT */
/*
 * wamrc [--enable-segue] -o OUTPUT MODULE: WAMR's ahead-of-time compiler on
 * this machine's CPU, with the options and the defaults of its own program that
 * the bench needs. CMakeLists.txt tells what this is for.
 */
#include "aot_export.h"
#include "wasm_export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_BYTES = 64 * 1024 * 1024, ALL_OF_SEGUE = 0x1f1f };

static bool fail(const char *what, const char *why)
{
    (void)fprintf(stderr, "wamrc: %s: %s\n", what, why);
    return false;
}

static unsigned char *read_module(const char *path, uint32_t *size)
{
    unsigned char *bytes = malloc(MOST_BYTES);
    FILE *file = fopen(path, "rb");
    size_t read =
        file != NULL && bytes != NULL ? fread(bytes, 1, MOST_BYTES, file) : 0;
    if (file != NULL) {
        (void)fclose(file);
    }
    if (read == 0 || read == MOST_BYTES) {
        free(bytes);
        return NULL;
    }
    *size = (uint32_t)read;
    return bytes;
}

static bool compile(wasm_module_t module, uint32_t segue, const char *output)
{
    /* 2 leaves bounds checks to the platform: guard pages on 64 bits. */
    AOTCompOption option = {.opt_level = 3,
                            .size_level = 3,
                            .output_format = AOT_FORMAT_FILE,
                            .bounds_checks = 2,
                            .stack_bounds_checks = 2,
                            .enable_simd = true,
                            .enable_aux_stack_check = true,
                            .enable_bulk_memory = true,
                            .enable_bulk_memory_opt = true,
                            .enable_ref_types = true,
                            .segue_flags = segue};
    aot_call_stack_features_init_default(&option.call_stack_features);
    aot_comp_data_t data = aot_create_comp_data(module, NULL, false);
    aot_comp_context_t context =
        data != NULL ? aot_create_comp_context(data, &option) : NULL;
    bool ok = context != NULL && aot_compile_wasm(context) &&
              aot_emit_aot_file(context, data, output);
    if (!ok) {
        (void)fail(output, aot_get_last_error());
    }
    if (context != NULL) {
        aot_destroy_comp_context(context);
    }
    if (data != NULL) {
        aot_destroy_comp_data(data);
    }
    return ok;
}

static bool run(const char *path, uint32_t segue, const char *output)
{
    char error[128] = "";
    uint32_t size = 0;
    RuntimeInitArgs args = {.mem_alloc_type = Alloc_With_System_Allocator};
    unsigned char *bytes = read_module(path, &size);
    if (bytes == NULL) {
        return fail(path, "cannot be read");
    }
    bool ok = wasm_runtime_full_init(&args) ||
              fail(path, "the runtime does not start");
    if (ok) {
        wasm_module_t module =
            wasm_runtime_load(bytes, size, error, sizeof(error));
        ok =
            module != NULL ? compile(module, segue, output) : fail(path, error);
        if (module != NULL) {
            wasm_runtime_unload(module);
        }
        wasm_runtime_destroy();
    }
    free(bytes);
    return ok;
}

int main(int argc, char **argv)
{
    uint32_t segue = 0;
    if (argc > 1 && strcmp(argv[1], "--enable-segue") == 0) {
        segue = ALL_OF_SEGUE;
        argc--;
        argv++;
    }
    if (argc != 4 || strcmp(argv[1], "-o") != 0) {
        (void)fputs("usage: wamrc [--enable-segue] -o OUTPUT MODULE\n", stderr);
        return 2;
    }
    return run(argv[3], segue, argv[2]) ? 0 : 1;
}
