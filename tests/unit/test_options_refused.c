/* SPDX-License-Identifier: MIT */
/* The command line: every error, with its hint. */
#include "options_line.h"
#include "suite.h"

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

Suite *test_suite(void)
{
    Suite *suite = suite_create("options_refused");
    TCase *tcase = tcase_create("options");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, refuses, 0, sizeof(bad) / sizeof(bad[0]));
    tcase_add_loop_test(tcase, refuses_a_channel_with_an_example, 0,
                        sizeof(bad_channels) / sizeof(bad_channels[0]));
    tcase_add_loop_test(tcase, refuses_an_asset_with_an_example, 0,
                        sizeof(bad_assets) / sizeof(bad_assets[0]));
    suite_add_tcase(suite, tcase);
    return suite;
}
