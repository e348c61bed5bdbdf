/* SPDX-License-Identifier: MIT */
/* options_internal.h: the table and the help. */
#include "options/options_internal.h"

static const char general[] = "General";
static const char patch[] = "The patch (each overrides what was found)";
static const char fetch[] = "Fetching assets";
static const char imports[] = "Functions that the patch imports";
static const char compile[] = "Compiling";
static const char play[] = "Playing, with play";

static const struct option_row table[OPTION_COUNT] = {
    [OPTION_OUTPUT] = {'o', "output", "FILE",
                       "executable to write (default: the input's name)",
                       general},
    [OPTION_VERBOSE] = {'v', "verbose", NULL,
                        "show each stage and command, with times", general},
    [OPTION_QUIET] = {'q', "quiet", NULL, "no progress, no notices", general},
    [OPTION_VERSION] = {0, "version", NULL, "print the version", general},
    [OPTION_HELP] = {'h', "help", NULL, "print this help", general},
    [OPTION_COMPLETION] = {0, "completion", "SHELL",
                           "print what bash or zsh loads to complete words",
                           general},
    [OPTION_JSON] = {0, "json", NULL, "with inspect: print JSON", general},
    [OPTION_NAME] = {0, "name", "NAME", "name of the patch", patch},
    [OPTION_OUT] = {0, "out", "CH=WHERE",
                    "output channel CH (0 = left): a byte or a variable",
                    patch},
    [OPTION_IN] = {0, "in", "CH=WHERE", "input channel CH, in the same way",
                   patch},
    [OPTION_BLOCK] = {0, "block", "FRAMES", "frames that one block renders",
                      patch},
    [OPTION_RATE] = {0, "rate", "HZ", "sample rate the patch was written for",
                     patch},
    [OPTION_ENTRY] = {0, "entry", "NAME",
                      "export to call for each frame, not buffer or main",
                      patch},
    [OPTION_ASSET] = {0, "asset", "WHAT=FILE",
                      "raw bytes for an asset, a variable or a byte", patch},
    [OPTION_ASSETS] = {0, "assets", "DIR",
                       "folder with the files of all assets", patch},
    [OPTION_NO_ASSETS] = {0, "no-assets", NULL,
                          "do without the assets that are not here", patch},
    [OPTION_PROJECT] = {0, "project", "FILE",
                        "the 8f4e text of the patch (default: NAME.8f4e)",
                        patch},
    [OPTION_NO_PROJECT] = {0, "no-project", NULL, "take nothing but the module",
                           patch},
    [OPTION_PROJECT_CHECK] = {0, "project-check", "MODE",
                              "when text and module disagree: strict or warn",
                              patch},
    [OPTION_MANIFEST] = {0, "manifest", "FILE",
                         "what inspect --json printed, not a project", patch},
    [OPTION_COMPILER] = {0, "compiler", "COMMAND",
                         "makes {out}, a module, of {in}, a text", patch},
    [OPTION_ALLOW_PRIVATE] = {0, "allow-private", NULL,
                              "also from this machine and private networks",
                              fetch},
    [OPTION_UPDATE] = {0, "update", NULL,
                       "take files that changed since they were locked", fetch},
    [OPTION_MAX_BYTES] = {0, "max-bytes", "N", "of a file (default: 64 MiB)",
                          fetch},
    [OPTION_MAX_SECONDS] = {0, "max-seconds", "N", "for a file (default: 120)",
                            fetch},
    [OPTION_IMPORT_STUB] = {0, "import-stub", "NAME",
                            "let import NAME do nothing and return 0", imports},
    [OPTION_IMPORT_C] = {0, "import-c", "FILE",
                         "C file that defines the other imports", imports},
    [OPTION_LEVEL] = {'O', NULL, "LEVEL", "optimise: 0, 1, 2 or 3 (default 3)",
                      compile},
    [OPTION_TARGET] = {0, "target", "NAME",
                       "build for another machine; list prints them", compile},
    [OPTION_SYSROOT] = {0, "sysroot", "DIR",
                        "root folder with the target's libraries", compile},
    [OPTION_ALSA] = {0, "alsa", "DIR",
                     "prefix of another alsa-lib: DIR/include, DIR/lib",
                     compile},
    [OPTION_STATIC] = {0, "static", NULL,
                       "no shared libraries; needs a libasound.a", compile},
    [OPTION_RANGES] = {0, "ranges", "MODE",
                       "use of address proofs: off, on, check", compile},
    [OPTION_CPU] = {0, "cpu", "NAME", "native, baseline, or a compiler's name",
                    compile},
    [OPTION_PGO] = {0, "pgo", "[=SECONDS]",
                    "run the patch, then compile it by what was seen", compile},
    [OPTION_PGO_SCRIPT] = {0, "pgo-script", "FILE",
                           "what happens to the patch while it runs for that",
                           compile},
    [OPTION_TUNE] = {0, "tune", NULL,
                     "compile it in several ways and keep the fastest",
                     compile},
    [OPTION_MEMORY] = {0, "memory", "HOW",
                       "checked (default) or unchecked: no bounds checks",
                       compile},
    [OPTION_CC] = {0, "cc", "PATH",
                   "C compiler (default: the newest clang, else gcc)", compile},
    [OPTION_LAUNCHER] = {0, "launcher", "WORD",
                         "start the compiler through WORD, e.g. ccache",
                         compile},
    [OPTION_WASM2C] = {0, "wasm2c", "PATH", "wabt's wasm2c (default: in PATH)",
                       compile},
    [OPTION_EMIT_C] = {0, "emit-c", "DIR",
                       "keep the C and the compile commands in DIR", compile},
    [OPTION_EMIT] = {0, "emit", "KIND",
                     "bundle, object, library, systemd or deb", compile},
    [OPTION_KEEP] = {0, "keep", NULL, "keep the work directory", compile},
    [OPTION_NO_CACHE] = {0, "no-cache", NULL,
                         "compile the shim again, keep nothing of it", compile},
    [OPTION_DEPFILE] = {0, "depfile", "FILE",
                        "write what was read as a rule for make or ninja",
                        compile},
    [OPTION_JOBS] = {'j', "jobs", "N",
                     "compile N files at a time (default: one per CPU)",
                     compile},
    [OPTION_PACKAGE_VERSION] = {0, "package-version", "VERSION",
                                "version of --emit deb (default 1.0)", compile},
    [OPTION_WATCH] = {0, "watch", NULL,
                      "build again when a file changes (a terminal: yes)",
                      play},
    [OPTION_NO_WATCH] = {0, "no-watch", NULL, "build once", play},
    [OPTION_CROSSFADE] = {0, "crossfade", "MS",
                          "from old code to new in so many ms (default 10)",
                          play},
    [OPTION_FRESH] = {0, "fresh", NULL, "let new code start from its defaults",
                      play},
};

const struct option_row *options_table(size_t *count)
{
    if (count != NULL) {
        *count = OPTION_COUNT;
    }
    return table;
}

/* "  -o, --output PATH         what it does" */
static void print_row(const struct option_row *option, FILE *stream)
{
    char left[64];
    char letter[4] = {'-', option->letter, '\0', '\0'};
    (void)snprintf(left, sizeof(left), "%s%s%s%s%s%s",
                   option->letter != 0 ? letter : "   ",
                   option->name == NULL ? ""
                   : option->letter     ? ", "
                                        : " ",
                   option->name != NULL ? "--" : "",
                   option->name != NULL ? option->name : "",
                   option->argument == NULL     ? ""
                   : option->argument[0] == '[' ? ""
                   : option->name != NULL       ? " "
                                                : "",
                   option->argument != NULL ? option->argument : "");
    (void)fprintf(stream, "  %-26s %s\n", left, option->help);
}

void options_print_help(FILE *stream)
{
    (void)fprintf(
        stream,
        "Usage: f4e-build [OPTION]... PATCH.wasm|PATCH.8f4e [-o PATCH]\n"
        "       f4e-build inspect [--json] [OPTION]... PATCH.wasm\n"
        "       f4e-build embed [OPTION]... PATCH.wasm -o OTHER.wasm\n"
        "       f4e-build fetch [OPTION]... PATCH.8f4e\n"
        "       f4e-build play [OPTION]... PATCH.wasm [PATCH OPTION]...\n\n"
        "Turn a WebAssembly module compiled from 8f4e into one native Linux\n"
        "executable that plays through ALSA.\n");
    const char *group = NULL;
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const struct option_row *option = &table[i];
        if (group == NULL || strcmp(group, option->group) != 0) {
            group = option->group;
            (void)fprintf(stream, "\n%s:\n", group);
        }
        print_row(option, stream);
    }
    (void)fprintf(
        stream,
        "\nExamples:\n"
        "  f4e-build sine.wasm && ./sine\n"
        "  f4e-build patch.wasm -o patch --out 0=0x8 --out 1=0x210\n"
        "  f4e-build drum.wasm --project drum.8f4e --asset hit=hit.raw\n"
        "  f4e-build inspect --json patch.wasm\n"
        "  f4e-build play patch.wasm --device hw:0\n"
        "\nExit status: 0 done, 1 input, 2 usage, 3 a tool, "
        "4 the system.\n");
}
