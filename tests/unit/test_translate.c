/* SPDX-License-Identifier: MIT */
/*
 * Stage 4 on the C of three versions of wasm2c, which stand-ins under
 * tests/fake-tools write, and on C of shapes that nobody knows.
 */
#include "translate/translate.h"

#include "base/file.h"
#include "base/process.h"
#include "child.h"
#include "folder_fixture.h"
#include "suite.h"
#include "vector.h"

/* The module whose translation the stand-ins have by heart. */
static const char original[] =
    "(module\n"
    " (import \"host\" \"level\"\n"
    "  (func $level (param i32 f32) (result i32 f64)))\n"
    " (import \"host\" \"memory\" (memory $a 1 1 shared))\n"
    " (import \"host\" \"samples\" (memory $b 2 2 shared))\n"
    " (data $d \"xy\")\n"
    " (func $main (export \"main\") (local i32 f64)\n"
    "  (call $level (i32.const 3) (f32.const 1)) local.set 1 local.set 0\n"
    "  (i32.store $a (i32.const 4) (local.get 0))\n"
    "  (f64.store $b (i32.const 8) (local.get 1))\n"
    "  (memory.copy $a $b (i32.const 0) (i32.const 1) (i32.const 2))\n"
    "  (memory.init $b $d (i32.const 0) (i32.const 0) (i32.const 2)))\n"
    " (export \"memory\" (memory $a))\n"
    " (func (export \"a b*/\") (param i32) (result i32) local.get 0))\n";

static const struct {
    const char *version;
    const char *instance_type;
    const char *init_module; /* NULL: none */
    const char *instantiate;
    const char *exports[2];
    const char *import;
    const char *in_source[4];
    bool is_source_first; /* memory.copy */
    bool is_told_of_memories;
} dialects[] = {
    {"1.0.32",
     "Z_patch_instance_t",
     "Z_patch_init_module",
     "Z_patch_instantiate",
     {"Z_patchZ_x0", "Z_patchZ_x1"},
     "struct wasm_multi_id Z_f4eZ_i0(struct Z_f4e_instance_t*, u32, f32)",
     {"i32_store(F4E_M0, (u64)(w2c_i0), w2c_i1);",
      "f64_store(F4E_M1, (u64)(w2c_i0), w2c_d1);",
      "memory_copy(F4E_M1, F4E_M0, ", "memory_init(F4E_M1, data_segment"},
     true,
     true},
    {"1.0.36",
     "w2c_patch",
     NULL,
     "wasm2c_patch_instantiate",
     {"w2c_patch_x0", "w2c_patch_x1"},
     "struct wasm_multi_id w2c_f4e_i0(struct w2c_f4e*, u32, f32)",
     {"i32_store(F4E_M0, (u64)(var_i0), var_i1);",
      "f64_store(F4E_M1, (u64)(var_i0), var_d1);",
      "memory_copy(F4E_M0, F4E_M1, ", "memory_init(F4E_M1, data_segment"},
     false,
     false},
    {"1.0.42",
     "w2c_patch",
     NULL,
     "wasm2c_patch_instantiate",
     {"w2c_patch_x0", "w2c_patch_x1"},
     "struct wasm_multi_id w2c_f4e_i0(struct w2c_f4e*, u32, f32)",
     {"i32_store_default32(wasm_rt_local_memory_base, "
      "wasm_rt_local_memory_size, F4E_M0, ",
      "wasm_rt_local_memory_size, F4E_M1, ", "memory_copy(F4E_M0, F4E_M1, ",
      "memory_init(F4E_M1, data_segment"},
     false,
     false},
};
enum { DIALECT_COUNT = sizeof(dialects) / sizeof(dialects[0]) };

static bool translate(struct translation *translation, const char *fake,
                      const char *drop)
{
    static const char tool[] = F4E_FAKE_TOOLS "/wasm2c";
    struct wasm_module module;
    struct normalised normalised;
    wat_module(&module, original, &arena);
    ck_assert(wasm_normalise(&normalised, &module, NULL, &arena, &diag));
    const char *log = arena_format(&arena, "%s/log", folder);
    ck_assert_int_eq(setenv("F4E_FAKE", fake, 1), 0);
    ck_assert_int_eq(setenv("F4E_FAKE_DROP", drop, 1), 0);
    ck_assert_int_eq(setenv("F4E_FAKE_LOG", log, 1), 0);
    return wasm_translate(translation, &module, &normalised, tool, folder,
                          &arena, &diag);
}

START_TEST(reads_the_names_of_each_dialect)
{
    struct translation made;
    ck_assert_msg(translate(&made, dialects[_i].version, ""), "%s", diag.text);
    ck_assert_str_eq(made.wabt_version, dialects[_i].version);
    ck_assert_str_eq(made.instance_type, dialects[_i].instance_type);
    ck_assert_str_eq(made.instantiate, dialects[_i].instantiate);
    ck_assert(made.instantiate_takes_host);
    if (dialects[_i].init_module == NULL) {
        ck_assert_ptr_null(made.init_module);
    } else {
        ck_assert_str_eq(made.init_module, dialects[_i].init_module);
    }
    /* By the index in the original, where a memory stands between. */
    ck_assert_str_eq(made.export_symbols[0], dialects[_i].exports[0]);
    ck_assert_ptr_null(made.export_symbols[1]);
    ck_assert_str_eq(made.export_symbols[2], dialects[_i].exports[1]);
    ck_assert_str_eq(made.import_prototypes[0], dialects[_i].import);
}
END_TEST

START_TEST(rewrites_the_text_of_each_dialect)
{
    struct translation made;
    ck_assert(translate(&made, dialects[_i].version, ""));
    for (size_t i = 0; i < 4; i++) {
        ck_assert_msg(strstr(made.source, dialects[_i].in_source[i]) != NULL,
                      "%s: no %s", dialects[_i].version,
                      dialects[_i].in_source[i]);
    }
    /* Nothing is left of the pasted prologue and of memory pointers. */
    static const char *const gone[] = {
        "#define UNREACHABLE", "DEFINE_TABLE_FILL", "instance->w2c_f4e_m",
        "instance->Z_f4eZ_m", "wasm2c.h"};
    for (size_t i = 0; i < sizeof(gone) / sizeof(gone[0]); i++) {
        ck_assert_msg(strstr(made.source, gone[i]) == NULL, "%s: %s",
                      dialects[_i].version, gone[i]);
    }
    ck_assert_int_eq(strstr(made.source, "#define F4E_COPY_SOURCE_FIRST 1") !=
                         NULL,
                     dialects[_i].is_source_first);
    ck_assert_ptr_nonnull(strstr(made.source,
                                 "#define F4E_M0_BYTES 65536ull\n"
                                 "#define F4E_M1_BYTES 131072ull\n"));
    ck_assert_ptr_null(strstr(made.header, "wasm-rt.h"));
    const char *declarations[3] = {
        dialects[_i].exports[0], dialects[_i].exports[1], dialects[_i].import};
    for (size_t i = 0; i < 3; i++) {
        const char *at = strstr(made.header, declarations[i]);
        ck_assert_ptr_nonnull(at);
        while (at > made.header && at[-1] != '\n') {
            at--;
        }
        ck_assert_msg(strncmp(at, "static ", 7) == 0, "%s: %.60s",
                      dialects[_i].version, at);
    }
}
END_TEST

START_TEST(tells_of_several_memories_only_who_wants_to_know)
{
    struct translation made;
    ck_assert(translate(&made, dialects[_i].version, ""));
    char *path = text("%s/log", folder);
    size_t size = 0;
    unsigned char *log = slurp(path, &size);
    ck_assert_int_eq(strstr((char *)log, "-o wasm2c.c --enable-multi-memory") !=
                         NULL,
                     dialects[_i].is_told_of_memories);
    ck_assert_ptr_nonnull(strstr((char *)log, "-n patch module.wasm"));
    free(log);
    free(path);
}
END_TEST

START_TEST(makes_c_that_compiles_on_our_header)
{
    struct translation made;
    ck_assert(translate(&made, dialects[_i].version, ""));
    char *source = text("%s/module.c", folder);
    char *header = text("%s/module.h", folder);
    char *glue = text("%s/glue.c", folder);
    spit(source, made.source, strlen(made.source));
    spit(header, made.header, strlen(made.header));
    char *body = text("#include \"module.c\"\n"
                      "static %s instance;\n"
                      "static %s { struct wasm_multi_id r = {0};"
                      " return r; }\n"
                      "int main(void) { %s%s %s(&instance, 0);"
                      " %s(&instance); return (int)%s(&instance, 0); }\n",
                      made.instance_type, made.import_prototypes[0],
                      made.init_module != NULL ? made.init_module : "",
                      made.init_module != NULL ? "();" : "", made.instantiate,
                      made.export_symbols[0], made.export_symbols[2]);
    /* The parameters of a definition need names. */
    const char *host = strstr(body, "*, u32, f32)");
    ck_assert_ptr_nonnull(host);
    char *named = text("%.*s* h, u32 a, f32 b)%s", (int)(host - body), body,
                       host + strlen("*, u32, f32)"));
    spit(glue, named, strlen(named));
    const char *argv[] = {process_find("cc", &arena),
                          "-std=c17",
                          "-fsyntax-only",
                          "-w",
                          "-I" F4E_SHIM,
                          glue,
                          NULL};
    struct process process;
    ck_assert(process_run(&process, argv, NULL, 0, &arena, &diag));
    ck_assert_msg(process_succeeded(&process), "%s: %s", dialects[_i].version,
                  buf_string(&process.text));
    free(named);
    free(body);
    free(glue);
    free(header);
    free(source);
}
END_TEST

#define UNKNOWN "wasm2c wrote C of a shape that is not known: "

static const struct {
    const char *fake;
    const char *drop;
    const char *text; /* how the message begins */
    const char *hint; /* what is in the hint, "" for none */
} failures[] = {
    {"1.0.32", "externref", UNKNOWN "no 'DEFINE_TABLE_FILL(externref)' line",
     "1.0.32 to 1.0.42; pick one with --wasm2c PATH"},
    {"1.0.36", "externref", UNKNOWN "no 'DEFINE_TABLE_FILL(externref)' line",
     "--wasm2c PATH"},
    {"1.0.32", "instantiate", UNKNOWN "no function 'instantiate'",
     "--wasm2c PATH"},
    {"1.0.42", "export: 'x1'", UNKNOWN "no declaration of an export",
     "--wasm2c PATH"},
    {"1.0.42", "x1(w2c_patch", UNKNOWN "no declaration of an export",
     "--wasm2c PATH"},
    {"1.0.36", "import: 'f4e' 'i0'", UNKNOWN "no declaration of an import",
     "--wasm2c PATH"},
    {"1.0.36", "import: 'f4e' 'm1'", UNKNOWN "no member for a memory",
     "--wasm2c PATH"},
    {"garbage", "", UNKNOWN "no function 'instantiate'", "--wasm2c PATH"},
    {"nothing", "", "wasm2c wrote no usable 'wasm2c.c': cannot open '", ""},
    {"no-c", "", "wasm2c wrote no usable 'wasm2c.c': cannot open '", ""},
    {"no-version", "",
     "'" F4E_FAKE_TOOLS "/wasm2c --version' prints no version",
     "sudo apt install wabt"},
    {"fail", "", "'wasm2c' exited with status 7",
     "-n patch module.wasm -o wasm2c.c"},
    {"die", "", "'wasm2c' was killed by signal 11", "module.wasm"},
};

START_TEST(refuses_what_it_does_not_know)
{
    struct translation made;
    ck_assert_msg(!translate(&made, failures[_i].fake, failures[_i].drop),
                  "%s %s", failures[_i].fake, failures[_i].drop);
    ck_assert_int_eq(diag.kind, DIAG_TOOL);
    ck_assert_msg(
        strncmp(diag.text, failures[_i].text, strlen(failures[_i].text)) == 0,
        "%s %s: %s", failures[_i].fake, failures[_i].drop, diag.text);
    ck_assert_msg(strstr(diag.hint, failures[_i].hint) != NULL, "%s: %s",
                  failures[_i].fake, diag.hint);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("translate");
    TCase *tcase = tcase_create("dialects");
    tcase_add_checked_fixture(tcase, setup_folder, teardown_folder);
    tcase_set_timeout(tcase, 30);
    tcase_add_loop_test(tcase, reads_the_names_of_each_dialect, 0,
                        DIALECT_COUNT);
    tcase_add_loop_test(tcase, rewrites_the_text_of_each_dialect, 0,
                        DIALECT_COUNT);
    tcase_add_loop_test(tcase, tells_of_several_memories_only_who_wants_to_know,
                        0, DIALECT_COUNT);
    tcase_add_loop_test(tcase, makes_c_that_compiles_on_our_header, 0,
                        DIALECT_COUNT);
    tcase_add_loop_test(tcase, refuses_what_it_does_not_know, 0,
                        sizeof(failures) / sizeof(failures[0]));
    suite_add_tcase(suite, tcase);
    return suite;
}
