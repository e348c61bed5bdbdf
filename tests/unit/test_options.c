/* SPDX-License-Identifier: MIT */
/*
 * The command line: every option, every error with its hint, and the table
 * against the help and the man page.
 */
#include "child.h"
#include "options/options.h"
#include "suite.h"

#include <ctype.h>
#include <unistd.h>

enum { MAX_ARGUMENTS = 400 };

static struct arena arena;
static struct diag diag;

static void setup(void)
{
    arena_init(&arena, 0);
    diag_init(&diag, NULL);
}

static void teardown(void)
{
    arena_deinit(&arena);
}

static void say_text(struct buf *out, const char *name, const char *value)
{
    if (value != NULL) {
        buf_format(out, "%s=%s ", name, value);
    }
}

static void say_number(struct buf *out, const char *name, uint32_t value,
                       uint32_t usual)
{
    if (value != usual) {
        buf_format(out, "%s=%u ", name, value);
    }
}

static void say_channels(struct buf *out, const char *name,
                         const struct option_channel *list, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (list[i].item != NULL) {
            buf_format(out, "%s%u=%s ", name, list[i].channel, list[i].item);
        } else {
            buf_format(out, "%s%u=%u ", name, list[i].channel, list[i].address);
        }
    }
}

/* All that differs from the defaults, as text. */
static const char *told(const struct options *options)
{
    struct buf out;
    buf_init(&out, &arena);
    say_number(&out, "command", options->command, COMMAND_BUILD);
    say_text(&out, "input", options->input);
    say_text(&out, "output", options->output);
    say_text(&out, "name", options->name);
    say_text(&out, "entry", options->entry);
    say_number(&out, "block", options->block_frames, 0);
    say_number(&out, "rate", options->sample_rate, 0);
    say_channels(&out, "out", options->outputs, options->output_count);
    say_channels(&out, "in", options->inputs, options->input_count);
    for (uint32_t i = 0; i < options->asset_count; i++) {
        const struct option_asset *asset = &options->assets[i];
        if (asset->is_address) {
            buf_format(&out, "asset%u=%s ", asset->address, asset->file);
        } else {
            say_text(&out, "asset", asset->text);
        }
    }
    say_text(&out, "assets", options->asset_folder);
    say_number(&out, "assetless", options->is_assetless, 0);
    say_text(&out, "project", options->project);
    say_text(&out, "manifest", options->manifest);
    say_text(&out, "compiler", options->compiler);
    say_number(&out, "text", options->is_text, 0);
    say_number(&out, "private", options->is_private, 0);
    say_number(&out, "updating", options->is_updating, 0);
    say_number(&out, "bytes", options->max_bytes, 0);
    say_number(&out, "seconds", options->max_seconds, 0);
    say_number(&out, "projectless", options->is_projectless, 0);
    say_number(&out, "lenient", options->is_lenient, 0);
    for (uint32_t i = 0; i < options->stub_count; i++) {
        say_text(&out, "stub", options->stubs[i]);
    }
    say_text(&out, "import-c", options->import_c);
    say_number(&out, "level", options->level, 3);
    say_number(&out, "ranges", options->ranges, RANGES_DEFAULT);
    say_text(&out, "target", options->target);
    say_text(&out, "sysroot", options->sysroot);
    say_text(&out, "alsa", options->alsa);
    say_number(&out, "static", options->is_static, 0);
    say_text(&out, "cpu", options->cpu);
    say_text(&out, "cc", options->cc);
    say_text(&out, "wasm2c", options->wasm2c);
    for (unsigned i = 0; i < options->launcher_count; i++) {
        say_text(&out, "launcher", options->launcher[i]);
    }
    say_text(&out, "depfile", options->depfile);
    say_number(&out, "jobs", options->jobs, 0);
    say_text(&out, "package-version", options->package_version);
    say_text(&out, "emit-c", options->emit_c);
    say_number(&out, "form", options->emit_kind, EMIT_PROGRAM);
    say_number(&out, "pgo", options->pgo_seconds, 0);
    say_text(&out, "pgo-script", options->pgo_script);
    say_number(&out, "tune", options->is_tuning, 0);
    say_number(&out, "unchecked", options->is_unchecked, 0);
    say_number(&out, "keep", options->is_keeping, 0);
    say_number(&out, "json", options->is_json, 0);
    say_number(&out, "verbose", options->is_verbose, 0);
    say_number(&out, "quiet", options->is_quiet, 0);
    say_number(&out, "watch", options->is_watching, 0);
    say_number(&out, "no-watch", options->is_not_watching, 0);
    say_number(&out, "crossfade", options->crossfade_ms, UINT32_MAX);
    say_number(&out, "fresh", options->is_fresh, 0);
    for (int i = 0; i < options->patch_argc; i++) {
        say_text(&out, "patch", options->patch_argv[i]);
    }
    return buf_string(&out);
}

/* Words are separated by '|', since blanks may be part of one. */
static bool parse(struct options *options, const char *line)
{
    static char *argv[MAX_ARGUMENTS];
    int argc = 0;
    argv[argc++] = arena_copy(&arena, "f4e-build", 9);
    char *copy = arena_copy(&arena, line, strlen(line));
    while (copy != NULL) {
        char *bar = strchr(copy, '|');
        if (bar != NULL) {
            *bar++ = '\0';
        }
        ck_assert_int_lt(argc, MAX_ARGUMENTS - 1);
        argv[argc++] = copy;
        copy = bar;
    }
    argv[argc] = NULL;
    return options_parse(options, argc, argv, &arena, &diag);
}

static const struct {
    const char *line;
    const char *told;
} good[] = {
    {"p.wasm", "input=p.wasm output=p "},
    {"dir/sub/p.wasm", "input=dir/sub/p.wasm output=p "},
    {"p", "input=p output=p.out "},
    {"p.wasm.bak", "input=p.wasm.bak output=p.wasm.bak.out "},
    {".wasm", "input=.wasm output=.wasm.out "},
    {"dir/.wasm", "input=dir/.wasm output=.wasm.out "},
    {"p.wasm|-o|q", "input=p.wasm output=q "},
    {"-oq|p.wasm", "input=p.wasm output=q "},
    {"--output|q|p.wasm", "input=p.wasm output=q "},
    {"--output=q=r|p.wasm", "input=p.wasm output=q=r "},
    {"-o|-strange|p.wasm", "input=p.wasm output=-strange "},
    {"-o|a|-o|b|p.wasm", "input=p.wasm output=b "},
    {"--|--name.wasm", "input=--name.wasm output=--name "},
    {"-q|--|-v", "input=-v output=-v.out quiet=1 "},
    {"-", "input=- output=-.out "},
    {"p.wasm|-v", "input=p.wasm output=p verbose=1 "},
    {"p.wasm|--verbose", "input=p.wasm output=p verbose=1 "},
    {"p.wasm|-q", "input=p.wasm output=p quiet=1 "},
    {"p.wasm|--quiet", "input=p.wasm output=p quiet=1 "},
    {"--version", "command=5 "},
    {"--completion|zsh", "command=7 "},
    {"--help", "command=4 "},
    {"-h", "command=4 "},
    {"p.wasm|--name|a b\"c", "input=p.wasm output=p name=a b\"c "},
    {"p.wasm|--out|0=0x8|--out=1=528",
     "input=p.wasm output=p out0=8 out1=528 "},
    {"p.wasm|--out|63=4294967295", "input=p.wasm output=p out63=4294967295 "},
    {"p.wasm|--out|0=0XfF", "input=p.wasm output=p out0=255 "},
    {"p.wasm|--out|0=010", "input=p.wasm output=p out0=10 "},
    {"p.wasm|--in|0=4|--in|1=0x10", "input=p.wasm output=p in0=4 in1=16 "},
    {"p.wasm|--block|1", "input=p.wasm output=p block=1 "},
    {"p.wasm|--block|65536", "input=p.wasm output=p block=65536 "},
    {"p.wasm|--rate|44100", "input=p.wasm output=p rate=44100 "},
    {"p.wasm|--rate|1000000", "input=p.wasm output=p rate=1000000 "},
    {"p.wasm|--entry|x.y", "input=p.wasm output=p entry=x.y "},
    {"p.wasm|--asset|0x10=a=b c|--asset=4=-",
     "input=p.wasm output=p asset16=a=b c asset4=- "},
    {"p.wasm|--asset|hit=a.raw|--asset|m:x=b=c|--asset=bin.0=f",
     "input=p.wasm output=p asset=hit=a.raw asset=m:x=b=c asset=bin.0=f "},
    {"p.wasm|--asset|hit=", "input=p.wasm output=p asset=hit= "},
    {"p.wasm|--project|q.8f4e", "input=p.wasm output=p project=q.8f4e "},
    {"p.wasm|--manifest=q.json", "input=p.wasm output=p manifest=q.json "},
    {"dir/p.8f4e", "input=dir/p.8f4e output=p project=dir/p.8f4e text=1 "},
    {"p.8f4e|--compiler|c {in} {out}",
     "input=p.8f4e output=p project=p.8f4e compiler=c {in} {out} text=1 "},
    {"p.8f4e|--manifest=m", "input=p.8f4e output=p manifest=m text=1 "},
    {"p.8f4e|--no-project", "input=p.8f4e output=p text=1 projectless=1 "},
    {"inspect|p.8f4e",
     "command=1 input=p.8f4e output=p project=p.8f4e text=1 "},
    {"fetch|p.8f4e", "command=3 input=p.8f4e output=p project=p.8f4e text=1 "
                     "bytes=67108864 seconds=120 "},
    {"fetch|p.8f4e|--allow-private|--update|--max-bytes=9|--max-seconds=8",
     "command=3 input=p.8f4e output=p project=p.8f4e text=1 private=1 "
     "updating=1 bytes=9 seconds=8 "},
    {"p.8f4e|dir|--emit=bundle",
     "input=p.8f4e output=dir project=p.8f4e text=1 form=1 "},
    {"p.wasm|--no-project", "input=p.wasm output=p projectless=1 "},
    {"p.wasm|--project-check|warn", "input=p.wasm output=p lenient=1 "},
    {"p.wasm|--project-check|warn|--project-check=strict",
     "input=p.wasm output=p "},
    {"embed|p.wasm|-o|q.wasm", "command=2 input=p.wasm output=q.wasm "},
    {"-q|embed|p.wasm|-o|q.wasm",
     "command=2 input=p.wasm output=q.wasm quiet=1 "},
    {"-o|q.wasm|embed|p.wasm", "command=2 input=p.wasm output=q.wasm "},
    {"p.wasm|--out|0=audio:left|--in|1=a:b",
     "input=p.wasm output=p out0=audio:left in1=a:b "},
    {"p.wasm|--assets|sounds|--no-assets",
     "input=p.wasm output=p assets=sounds assetless=1 "},
    {"./embed|-o|q", "input=./embed output=q "},
    {"p.wasm|--import-stub|a|--import-stub=odd name.x",
     "input=p.wasm output=p stub=a stub=odd name.x "},
    {"p.wasm|--import-c|i.c", "input=p.wasm output=p import-c=i.c "},
    {"p.wasm|-O0", "input=p.wasm output=p level=0 "},
    {"p.wasm|-O|1", "input=p.wasm output=p level=1 "},
    {"p.wasm|-O2", "input=p.wasm output=p level=2 "},
    {"p.wasm|-O0|-O3", "input=p.wasm output=p "},
    {"p.wasm|--ranges|off", "input=p.wasm output=p ranges=1 "},
    {"--ranges=on|p.wasm", "input=p.wasm output=p ranges=2 "},
    {"p.wasm|--ranges|check", "input=p.wasm output=p ranges=3 "},
    {"inspect|--ranges|p.wasm", "command=1 input=p.wasm output=p ranges=2 "},
    {"inspect|--ranges=off|p.wasm",
     "command=1 input=p.wasm output=p ranges=1 "},
    {"p.wasm|--cpu|baseline", "input=p.wasm output=p cpu=baseline "},
    {"p.wasm|--target|rpi4", "input=p.wasm output=p target=rpi4 "},
    {"p.wasm|--sysroot|/r", "input=p.wasm output=p sysroot=/r "},
    {"p.wasm|--alsa|/a|--static", "input=p.wasm output=p alsa=/a static=1 "},
    {"--target|list", "command=6 target=list "},
    {"p.wasm|--pgo", "input=p.wasm output=p pgo=10 "},
    {"--pgo|p.wasm", "input=p.wasm output=p pgo=10 "},
    {"p.wasm|--pgo=600", "input=p.wasm output=p pgo=600 "},
    {"p.wasm|--pgo=3|--pgo", "input=p.wasm output=p pgo=10 "},
    {"p.wasm|--pgo|--pgo-script|s",
     "input=p.wasm output=p pgo=10 pgo-script=s "},
    {"p.wasm|--tune|--pgo-script=s",
     "input=p.wasm output=p pgo-script=s tune=1 "},
    {"--emit|deb|p.wasm|--pgo", "input=p.wasm output=p.deb form=5 pgo=10 "},
    {"p.wasm|--memory|unchecked", "input=p.wasm output=p unchecked=1 "},
    {"p.wasm|--memory=unchecked|--memory=checked", "input=p.wasm output=p "},
    {"p.wasm|--cc|gcc", "input=p.wasm output=p cc=gcc "},
    {"p.wasm|--wasm2c|/x/w", "input=p.wasm output=p wasm2c=/x/w "},
    {"p.wasm|--launcher|env|--launcher=A=b c",
     "input=p.wasm output=p launcher=env launcher=A=b c "},
    {"p.wasm|--package-version|1:0.9-2",
     "input=p.wasm output=p package-version=1:0.9-2 "},
    {"p.wasm|--package-version|1.2~rc1+x-3",
     "input=p.wasm output=p package-version=1.2~rc1+x-3 "},
    {"p.wasm|-j3", "input=p.wasm output=p jobs=3 "},
    {"p.wasm|--jobs=1000", "input=p.wasm output=p jobs=1000 "},
    {"p.wasm|--depfile|p.d", "input=p.wasm output=p depfile=p.d "},
    {"p.wasm|--emit-c|d", "input=p.wasm output=p emit-c=d "},
    {"p.wasm|--emit|program", "input=p.wasm output=p "},
    {"p.wasm|--emit|bundle", "input=p.wasm output=p-bundle form=1 "},
    {"--emit|bundle|d|x/p.wasm", "input=x/p.wasm output=d form=1 "},
    {"x/p.wasm|--emit=bundle|d", "input=x/p.wasm output=d form=1 "},
    {"--emit|bundle|d//|p.wasm", "input=p.wasm output=d form=1 "},
    {"--emit|bundle|/|p.wasm", "input=p.wasm output=/ form=1 "},
    {"--emit|bundle|-o|d|p.wasm", "input=p.wasm output=d form=1 "},
    {"p.wasm|--emit|object", "input=p.wasm output=p.o form=2 "},
    {"dir/p.wasm|--emit|library", "input=dir/p.wasm output=libp.a form=3 "},
    {"p.wasm|--emit|systemd", "input=p.wasm output=p.service form=4 "},
    {"p|--emit|deb", "input=p output=p.deb form=5 "},
    {"p.wasm|--keep", "input=p.wasm output=p keep=1 "},
    {"inspect|p.wasm", "command=1 input=p.wasm output=p "},
    {"inspect|--json|p.wasm", "command=1 input=p.wasm output=p json=1 "},
    {"inspect|inspect", "command=1 input=inspect output=inspect.out "},
    {"./inspect", "input=./inspect output=inspect.out "},
    {"--help|--json", "command=4 json=1 "},
    {"play|p.wasm|--no-watch",
     "command=8 input=p.wasm output=p no-watch=1 crossfade=10 "},
    {"play|--watch|--crossfade|0|--fresh|p.wasm|-O1",
     "command=8 input=p.wasm output=p level=1 watch=1 crossfade=0 fresh=1 "},
    {"play|p.wasm|--no-watch|-v|--device|hw:0|-v|--seconds=3",
     "command=8 input=p.wasm output=p verbose=1 no-watch=1 crossfade=10 "
     "patch=--device patch=hw:0 patch=-v patch=--seconds=3 "},
    {"play|--no-watch|p.wasm|--|-v|x",
     "command=8 input=p.wasm output=p no-watch=1 crossfade=10 patch=-v "
     "patch=x "},
};

START_TEST(understands)
{
    struct options options;
    ck_assert_msg(parse(&options, good[_i].line), "%s: %s", good[_i].line,
                  diag.text);
    ck_assert_str_eq(told(&options), good[_i].told);
}
END_TEST

static const struct {
    const char *line;
    const char *text;
    const char *hint;
} bad[] = {
    {"-q", "no module given", "f4e-build patch.wasm -o patch"},
    {"inspect", "no module given", "f4e-build inspect patch.wasm"},
    {"embed", "no module given", "f4e-build embed patch.wasm -o other.wasm"},
    {"fetch|-q", "no module given", "f4e-build fetch patch.8f4e"},
    {"inspekt|a b.wasm", "two modules given, 'inspekt' and 'a b.wasm'",
     "did you mean f4e-build inspect 'a b.wasm'?"},
    {"a.8f4e|fecth", "two modules given, 'a.8f4e' and 'fecth'",
     "did you mean f4e-build fetch a.8f4e?"},
    {"a.wasm|b.wasm", "two modules given, 'a.wasm' and 'b.wasm'", ""},
    {"a.wasm|inspect", "two modules given, 'a.wasm' and 'inspect'",
     "did you mean f4e-build inspect a.wasm?"},
    {"inspect|a.wasm|play", "two modules given, 'a.wasm' and 'play'", ""},
    {"a.wasm|b", "two modules given, 'a.wasm' and 'b'", ""},
    {"a|b.wasm|--emit|deb", "two modules given, 'a' and 'b.wasm'", ""},
    {"a.wasm|b.wasm|--emit|bundle", "two modules given, 'a.wasm' and 'b.wasm'",
     ""},
    {"a|b|--emit|bundle", "two modules given, 'a' and 'b'", ""},
    {"a.wasm|b|c|--emit|bundle", "two modules given, 'a.wasm' and 'b'", ""},
    {"a.wasm|b|-o|c|--emit|bundle", "two modules given, 'a.wasm' and 'b'", ""},
    {"a.wasm|--emit|zip",
     "--emit: 'zip' is none of program, bundle, object, library, systemd, deb",
     ""},
    {"a.wasm|--emit|bundle|-o|-",
     "a bundle cannot be written to standard output",
     "-o ./- for a file of that name"},
    {"a.wasm|--json", "--json goes with inspect",
     "f4e-build inspect --json a.wasm"},
    {"embed|a.wasm", "embed writes a module: say which",
     "f4e-build embed a.wasm -o other.wasm"},
    {"a.wasm|--project|p|--manifest|m",
     "--project and --manifest exclude each other",
     "--asset and the other options add to either"},
    {"a.wasm|--project|p|--no-project",
     "--no-project and --project exclude each other", ""},
    {"a.wasm|--no-project|--manifest|m",
     "--no-project and --manifest exclude each other", ""},
    {"a.wasm|--project-check|no",
     "--project-check: 'no' is neither strict nor warn", ""},
    {"a.wasm|--project|", "--project: empty name", ""},
    {"a.wasm|--manifest=", "--manifest: empty name", ""},
    {"a.8f4e|--compiler=", "--compiler: empty name", ""},
    {"a.wasm|--update", "--update goes with fetch", ""},
    {"a.wasm|--allow-private", "--allow-private goes with fetch", ""},
    {"a.wasm|--max-bytes=1", "--max-bytes goes with fetch", ""},
    {"fetch|a.8f4e|--max-bytes=0",
     "--max-bytes: '0' is not a number from 1 to 1073741824", ""},
    {"fetch|a.8f4e|--max-seconds=x",
     "--max-seconds: 'x' is not a number from 1 to 86400", ""},
    {"fetch|a.wasm", "fetch takes a text, and 'a.wasm' is not called so",
     "f4e-build fetch patch.8f4e"},
    {"a.8f4e|--project|b.8f4e", "--project: 'a.8f4e' is its own project",
     "leave --project out"},
    {"play", "no module given", "f4e-build play patch.wasm"},
    {"play|--device|hw:0|a.wasm", "unknown option '--device'",
     "f4e-build --help"},
    {"play|a.wasm|--crossfade|10s",
     "--crossfade: '10s' is not a number of milliseconds from 0 to 10000", ""},
    {"play|a.wasm|--watch|--no-watch",
     "--watch and --no-watch exclude each other", ""},
    {"play|a.wasm|-o|b", "-o does not go with play",
     "play leaves no file behind"},
    {"play|a.wasm|--static", "--static does not go with play",
     "play leaves no file behind"},
    {"a.wasm|--fresh", "--fresh goes with play", "f4e-build play a.wasm"},
    {"a.wasm|--crossfade|3", "--crossfade goes with play",
     "f4e-build play a.wasm"},
    {"--foo", "unknown option '--foo'", "f4e-build --help"},
    {"--x", "unknown option '--x'", "f4e-build --help"},
    {"--cpus|native", "unknown option '--cpus'", "did you mean --cpu?"},
    {"a.wasm|--package-version|1.0-", "--package-version: '1.0-' is no version",
     "--package-version 1.2"},
    {"--ouptut=x", "unknown option '--ouptut=x'", "did you mean --output?"},
    {"--verbos", "unknown option '--verbos'", "did you mean --verbose?"},
    {"--emitc", "unknown option '--emitc'", "did you mean --emit-c?"},
    {"--outt|0=4", "unknown option '--outt'", "did you mean --out?"},
    {"--samplerate", "unknown option '--samplerate'", "f4e-build --help"},
    {"--=x", "unknown option '--=x'", "f4e-build --help"},
    {"--zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
     "unknown option '--zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz'",
     "f4e-build --help"},
    {"-x", "unknown option '-x'", "f4e-build --help"},
    /* Names are not abbreviated, with a value or without. */
    {"a.wasm|--emi=deb", "unknown option '--emi=deb'", "did you mean --emit?"},
    {"a.wasm|--depfil|d", "unknown option '--depfil'",
     "did you mean --depfile?"},
    {"a.wasm|--manifes", "unknown option '--manifes'",
     "did you mean --manifest?"},
    {"a.wasm|--kee=1", "unknown option '--kee=1'", "did you mean --keep?"},
    {"a.wasm|--pg=1", "unknown option '--pg=1'", "did you mean --pgo?"},
    {"a.wasm|--p", "unknown option '--p'", "f4e-build --help"},
    {"a.wasm|-:", "unknown option '-:'", "f4e-build --help"},
    {"a.wasm|-\x01", "unknown option '-\x01'", "f4e-build --help"},
    {"a.wasm|--ranges|yes", "--ranges: 'yes' is not off, on or check",
     "--ranges off"},
    {"a.wasm|--ranges", "'--ranges' needs a value: MODE", ""},
    {"inspect|a.wasm|--ranges|off", "two modules given, 'a.wasm' and 'off'",
     ""},
    {"a.wasm|--emit", "'--emit' needs a value: KIND", ""},
    {"a.wasm|--import-c=", "--import-c: empty name", ""},
    {"a.wasm|-o", "'-o' needs a value: FILE", ""},
    {"a.wasm|--out", "'--out' needs a value: CH=WHERE", ""},
    {"a.wasm|-O", "'-O' needs a value: LEVEL", ""},
    {"a.wasm|-o|", "-o: empty name", ""},
    {"a.wasm|--emit-c=", "--emit-c: empty name", ""},
    {"a.wasm|--depfile=", "--depfile: empty name", ""},
    {"a.wasm|--package-version=", "--package-version: '' is no version",
     "--package-version 1.2"},
    {"a.wasm|--package-version=1:", "--package-version: '1:' is no version",
     "--package-version 1.2"},
    {"a.wasm|--package-version=1:2:3",
     "--package-version: '1:2:3' is no version", "--package-version 1.2"},
    {"a.wasm|--package-version=1:-1", "--package-version: '1:-1' is no version",
     "--package-version 1.2"},
    {"a.wasm|--package-version=4294967296:1",
     "--package-version: '4294967296:1' is no version",
     "--package-version 1.2"},
    {"a.wasm|--package-version=v1", "--package-version: 'v1' is no version",
     "--package-version 1.2"},
    {"a.wasm|--package-version=1 2", "--package-version: '1 2' is no version",
     "--package-version 1.2"},
    {"a.wasm|--package-version=1\nX: y",
     "--package-version: '1\nX: y' is no version", "--package-version 1.2"},
    {"a.wasm|-j0", "--jobs: '0' is not a number from 1 to 1000", ""},
    {"a.wasm|-jx", "--jobs: 'x' is not a number from 1 to 1000", ""},
    {"a.wasm|--launcher=", "--launcher: empty name", ""},
    {"a.wasm|--launcher|1|--launcher|2|--launcher|3|--launcher|4|--launcher|5|"
     "--launcher|6|--launcher|7|--launcher|8|--launcher|9",
     "--launcher: more than 8 words", ""},
    {"a.wasm|--keep=yes", "'--keep=yes' takes no value", ""},
    {"a.wasm|-qv", "'-qv' takes no value", ""},
    {"a.wasm|--name=", "--name: empty name", ""},
    {"a.wasm|-O4", "-O: '4' is not a level from 0 to 3", ""},
    {"a.wasm|-Os", "-O: 's' is not a level from 0 to 3", ""},
    {"a.wasm|-O33", "-O: '33' is not a level from 0 to 3", ""},
    {"a.wasm|-O|", "-O: '' is not a level from 0 to 3", ""},
    {"a.wasm|--pgo=0", "--pgo: '0' is not a number from 1 to 600", ""},
    {"a.wasm|--pgo=601", "--pgo: '601' is not a number from 1 to 600", ""},
    {"a.wasm|--pgo=", "--pgo: '' is not a number from 1 to 600", ""},
    {"a.wasm|--pgo|10", "two modules given, 'a.wasm' and '10'", ""},
    {"a.wasm|--pgo-script=", "--pgo-script: empty name", ""},
    {"a.wasm|--pgo-script=s", "--pgo-script goes with --pgo or --tune",
     "f4e-build --pgo --pgo-script s a.wasm"},
    {"a.wasm|--pgo|--emit|bundle",
     "--pgo decides how a patch is compiled, and --emit bundle compiles "
     "nothing",
     "leave --pgo out"},
    {"a.wasm|--tune|--pgo|--emit|systemd",
     "--tune decides how a patch is compiled, and --emit systemd compiles "
     "nothing",
     "leave --tune out"},
    {"a.wasm|--tune=1", "'--tune=1' takes no value", ""},
    {"a.wasm|--memory", "'--memory' needs a value: HOW", ""},
    {"a.wasm|--memory|off", "--memory: 'off' is neither checked nor unchecked",
     ""},
    {"a.wasm|--block|0", "--block: '0' is not a number from 1 to 65536", ""},
    {"a.wasm|--block|65537", "--block: '65537' is not a number from 1 to 65536",
     ""},
    {"a.wasm|--block|", "--block: '' is not a number from 1 to 65536", ""},
    {"a.wasm|--block| 1", "--block: ' 1' is not a number from 1 to 65536", ""},
    {"a.wasm|--block|-1", "--block: '-1' is not a number from 1 to 65536", ""},
    {"a.wasm|--block|+1", "--block: '+1' is not a number from 1 to 65536", ""},
    {"a.wasm|--block|12x", "--block: '12x' is not a number from 1 to 65536",
     ""},
    {"a.wasm|--rate|48k", "--rate: '48k' is not a number from 1 to 1000000",
     ""},
    {"a.wasm|--rate|99999999999999999999999",
     "--rate: '99999999999999999999999' is not a number from 1 to 1000000", ""},
};

START_TEST(refuses)
{
    struct options options;
    ck_assert_msg(!parse(&options, bad[_i].line), "%s: %s", bad[_i].line,
                  told(&options));
    ck_assert_str_eq(diag.text, bad[_i].text);
    ck_assert_str_eq(diag.hint, bad[_i].hint);
    ck_assert_int_eq(diag.kind, DIAG_USAGE);
}
END_TEST

static const char *const bad_channels[] = {
    "",      "0",     "=",
    "=4",    "0=",    "64=4",
    "-1=4",  "0=-4",  "0=0x",
    "0=0xg", "0=4 ",  "0= 4",
    "a=4",   "0=4=5", "0=4294967296",
    "0=1e3", "00x=4", "0=0x100000000",
};

START_TEST(refuses_a_channel_with_an_example)
{
    static const char *const names[] = {"out", "in"};
    for (size_t i = 0; i < 2; i++) {
        struct options options;
        diag_init(&diag, NULL);
        ck_assert(!parse(&options, arena_format(&arena, "a.wasm|--%s|%s",
                                                names[i], bad_channels[_i])));
        ck_assert_str_eq(
            diag.text,
            arena_format(
                &arena,
                "--%s: '%s' is not CHANNEL=ADDRESS or CHANNEL=VARIABLE, "
                "with a channel from 0 to 63 and an address in bytes",
                names[i], bad_channels[_i]));
        ck_assert_str_eq(
            diag.hint,
            arena_format(&arena, "--%s 0=0x1000, or --%s 0=module:variable",
                         names[i], names[i]));
    }
}
END_TEST

static const char *const bad_assets[] = {"",  "4", "4=",     "=f",
                                         "=", "x", "808x=f", "4294967296=f"};

START_TEST(refuses_an_asset_with_an_example)
{
    struct options options;
    ck_assert(!parse(
        &options, arena_format(&arena, "a.wasm|--asset|%s", bad_assets[_i])));
    ck_assert_str_eq(
        diag.text,
        arena_format(&arena, "--asset: '%s' is not NAME=FILE or ADDRESS=FILE",
                     bad_assets[_i]));
    ck_assert_str_eq(diag.hint,
                     "--asset hit=hit.raw, --asset drum:sample=hit.raw, "
                     "--asset 0x2000=hit.raw");
}
END_TEST

static const struct {
    const char *option;
    uint32_t max;
    const char *text;
} limits[] = {
    {"|--out=0=4", PATCH_MAX_CHANNELS, "--out: more than 64 channels"},
    {"|--in=0=4", PATCH_MAX_CHANNELS, "--in: more than 64 channels"},
    {"|--asset=0=f", OPTIONS_MAX_ASSETS, "--asset: more than 256 assets"},
    {"|--import-stub=f", OPTIONS_MAX_STUBS,
     "--import-stub: more than 256 names"},
};

START_TEST(takes_as_many_as_there_is_room_for)
{
    struct options options;
    struct buf line;
    buf_init(&line, &arena);
    buf_text(&line, "a.wasm");
    for (uint32_t i = 0; i < limits[_i].max; i++) {
        buf_text(&line, limits[_i].option);
    }
    ck_assert(parse(&options, buf_string(&line)));
    buf_text(&line, limits[_i].option);
    ck_assert(!parse(&options, buf_string(&line)));
    ck_assert_str_eq(diag.text, limits[_i].text);
}
END_TEST

/* ---- The table against the help and the man page ---- */

static const char *help(void)
{
    char *bytes = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&bytes, &size);
    options_print_help(stream);
    (void)fclose(stream);
    const char *copy = arena_copy(&arena, bytes, size);
    free(bytes);
    return copy;
}

START_TEST(help_has_every_option_in_lines_of_a_terminal)
{
    const char *text = help();
    size_t count = 0;
    const struct option_row *table = options_table(&count);
    for (size_t i = 0; i < count; i++) {
        if (table[i].name != NULL) {
            ck_assert_msg(strstr(text, arena_format(&arena, "--%s",
                                                    table[i].name)) != NULL,
                          "--%s", table[i].name);
        }
        ck_assert_ptr_nonnull(strstr(text, table[i].help));
    }
    for (const char *line = text; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        ck_assert_msg(length < 80, "%zu columns: %.*s", length, (int)length,
                      line);
        line += length + (line[length] == '\n');
    }
}
END_TEST

/* Whatever it makes of "x", it has a place for it. */
START_TEST(every_option_has_a_place)
{
    size_t count = 0;
    const struct option_row *table = options_table(&count);
    for (size_t i = 0; i < count; i++) {
        const struct option_row *row = &table[i];
        struct options options;
        diag_init(&diag, NULL);
        const char *word =
            row->name != NULL
                ? arena_format(&arena, "p.wasm|--%s%s", row->name,
                               row->argument != NULL ? "=x" : "")
                : arena_format(&arena, "p.wasm|-%cx", row->letter);
        bool is_parsed = parse(&options, word);
        ck_assert_msg(is_parsed ? diag.kind == DIAG_NONE
                                : diag.kind == DIAG_USAGE,
                      "%s", word);
        ck_assert_msg(strncmp(diag.text, "unknown", 7) != 0, "%s", word);
    }
}
END_TEST

/* The flags of the lists of a page: ".It Fl o" and ".It Fl -name", with more
 * of them after a comma, as words "-o" and "--name", each between blanks. */
static const char *page_options(const char *page)
{
    struct buf out;
    buf_init(&out, &arena);
    buf_text(&out, " ");
    for (const char *line = page; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        if (strncmp(line, ".It Fl ", 7) == 0) {
            const char *copy = arena_copy(&arena, line, length);
            for (const char *at = strstr(copy, "Fl "); at != NULL;
                 at = strstr(at, "Fl ")) {
                at += 3;
                buf_format(&out, "-%.*s ", (int)strcspn(at, " ,=["), at);
            }
        }
        line += length + (line[length] == '\n');
    }
    return buf_string(&out);
}

START_TEST(man_page_has_the_same_options)
{
    if (access(F4E_MAN_PAGE, R_OK) != 0) {
        return; /* a tree without documentation */
    }
    size_t size = 0;
    unsigned char *page = slurp(F4E_MAN_PAGE, &size);
    const char *found = page_options((const char *)page);
    free(page);
    size_t count = 0;
    const struct option_row *table = options_table(&count);
    struct buf known;
    buf_init(&known, &arena);
    buf_text(&known, " ");
    for (size_t i = 0; i < count; i++) {
        if (table[i].letter != 0) {
            buf_format(&known, "-%c ", table[i].letter);
        }
        if (table[i].name != NULL) {
            buf_format(&known, "--%s ", table[i].name);
        }
    }
    const char *const lists[2] = {buf_string(&known), found};
    for (size_t i = 0; i < 2; i++) {
        for (const char *at = lists[i] + 1; *at != '\0';) {
            size_t length = strcspn(at, " ");
            const char *word = arena_format(&arena, " %.*s ", (int)length, at);
            ck_assert_msg(strstr(lists[1 - i], word) != NULL,
                          "%s is not in the %s", word,
                          i == 0 ? "man page" : "table");
            at += length + 1;
        }
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("options");
    TCase *tcase = tcase_create("options");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, understands, 0, sizeof(good) / sizeof(good[0]));
    tcase_add_test(tcase, every_option_has_a_place);
    tcase_add_loop_test(tcase, refuses, 0, sizeof(bad) / sizeof(bad[0]));
    tcase_add_loop_test(tcase, refuses_a_channel_with_an_example, 0,
                        sizeof(bad_channels) / sizeof(bad_channels[0]));
    tcase_add_loop_test(tcase, refuses_an_asset_with_an_example, 0,
                        sizeof(bad_assets) / sizeof(bad_assets[0]));
    tcase_add_loop_test(tcase, takes_as_many_as_there_is_room_for, 0,
                        sizeof(limits) / sizeof(limits[0]));
    tcase_add_test(tcase, help_has_every_option_in_lines_of_a_terminal);
    tcase_add_test(tcase, man_page_has_the_same_options);
    suite_add_tcase(suite, tcase);
    return suite;
}
