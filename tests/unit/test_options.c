/* SPDX-License-Identifier: MIT */
/* The command line: every option, and how often it may be given. */
#include "options_line.h"
#include "suite.h"

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

Suite *test_suite(void)
{
    Suite *suite = suite_create("options");
    TCase *tcase = tcase_create("options");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, understands, 0, sizeof(good) / sizeof(good[0]));
    tcase_add_test(tcase, every_option_has_a_place);
    tcase_add_loop_test(tcase, takes_as_many_as_there_is_room_for, 0,
                        sizeof(limits) / sizeof(limits[0]));
    suite_add_tcase(suite, tcase);
    return suite;
}
