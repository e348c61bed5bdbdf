#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each lint fails on a tree that breaks its rule, and says where, and is silent
on the same tree without the fault."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
LICENCE = "/* SPDX-License-Identifier: MIT */\n"
# A small tree that keeps every rule.
PLAN = """\
shim/rt 1:
shim/midi 4: shim/rt
shim/alsa 5: shim/rt shim/midi
cli 9:
"""
GOOD = {
    "shim/rt/ring.h": LICENCE + "int ring(int word);\n",
    "shim/rt/ring.c": LICENCE + '#include "rt/ring.h"\n\nint ring(int word)\n{\n'
                                "    return word;\n}\n",
    "shim/midi/note.h": LICENCE + "int note(void);\n",
    "shim/midi/note.c": LICENCE + '#include "midi/note.h"\n\n#include "rt/ring.h"\n\n'
                                  "int note(void)\n{\n    return ring(1);\n}\n",
    "shim/alsa/card.h": LICENCE + "int card(void);\n",
    "shim/alsa/card.c": LICENCE + '#include "alsa/card.h"\n\n#include "midi/note.h"\n\n'
                                  "int card(void)\n{\n    return note();\n}\n",
    "cli/main.c": LICENCE + "int main(void)\n{\n    return 0;\n}\n",
}


class Lint(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.root)
        self.write(GOOD)

    def write(self, files):
        for path, text in files.items():
            path = os.path.join(self.root, path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)

    def run_lint(self, name, *options):
        run = subprocess.run([sys.executable, os.path.join(HERE, name + ".py"), "--root",
                              self.root, *options], check=False, text=True,
                             capture_output=True, env={**os.environ, **self.environment})
        self.assertEqual(run.stderr, "")
        return run.returncode, run.stdout

    environment = {}

    def passes(self, name, *options):
        self.assertEqual(self.run_lint(name, *options), (0, ""))

    def fails(self, sentence, name, *options):
        status, said = self.run_lint(name, *options)
        self.assertEqual(status, 1)
        self.assertIn(sentence, said)


class Rooms(Lint):
    def plan(self, more=""):
        self.write({"rooms.txt": PLAN + more})
        return "rooms", "--rooms", os.path.join(self.root, "rooms.txt")

    def test_a_tree_that_keeps_the_rule_passes(self):
        self.passes(*self.plan())

    def test_a_room_upstairs_may_not_be_included(self):
        self.write({"shim/midi/note.c": '#include "midi/note.h"\n'
                                        '#include "alsa/card.h"\n'})
        self.fails("shim/midi/note.c may not include shim/alsa/card.h: shim/midi is on "
                   "floor 4, shim/alsa on floor 5", *self.plan())

    def test_a_sibling_may_not_be_included(self):
        self.write({"shim/state/file.c": '#include "midi/note.h"\n'})
        self.fails("shim/state is on floor 4, shim/midi on floor 4",
                   *self.plan("shim/state 4: *\n"))

    def test_a_room_downstairs_has_to_be_named(self):
        self.write({"shim/state/file.c": '#include "midi/note.h"\n'})
        self.fails("the line of shim/state in rooms.txt does not name shim/midi",
                   *self.plan("shim/state 5: shim/rt\n"))

    def test_the_shim_may_not_include_the_tool(self):
        self.write({"cli/build.h": "", "shim/rt/ring.c": '#include "build.h"\n'})
        self.fails("shim/rt/ring.c may not include cli/build.h: cli is a part of the "
                   "tool", *self.plan())

    def test_a_header_alone_can_be_named(self):
        self.write({"cli/main.c": '#include "rt/ring.h"\n#include "midi/note.h"\n'})
        self.write({"rooms.txt": PLAN.replace("cli 9:", "cli 9: shim/rt/ring.h")})
        status, said = self.run_lint("rooms", "--rooms", self.root + "/rooms.txt")
        self.assertEqual(status, 1)
        self.assertIn("cli/main.c may not include shim/midi/note.h", said)
        self.assertNotIn("ring.h", said)

    def test_a_header_that_is_nowhere_is_noticed(self):
        self.write({"cli/main.c": '#include "gone.h"\n'})
        self.fails('cli/main.c includes "gone.h", which is no file of the tree',
                   *self.plan())

    def test_a_room_without_a_line_is_noticed(self):
        self.write({"shim/attic/box.c": ""})
        self.fails("shim/attic/box.c: rooms.txt has no line for shim/attic",
                   *self.plan())

    def test_a_room_with_two_lines_is_noticed(self):
        self.fails("rooms.txt names shim/midi twice", *self.plan("shim/midi 4: shim/rt\n"))

    def test_a_line_that_breaks_the_rule_is_noticed(self):
        self.fails("rooms.txt lets shim/state include shim/alsa, but shim/state is on "
                   "floor 4, shim/alsa on floor 5", *self.plan("shim/state 4: shim/alsa\n"))

    def test_what_is_pending_passes_until_it_is_mended(self):
        pending = "pending: shim/midi/note.c shim/alsa/card.h\n"
        self.fails("'pending: shim/midi/note.c shim/alsa/card.h' is not needed any more",
                   *self.plan(pending))
        self.write({"shim/midi/note.c": '#include "midi/note.h"\n'
                                        '#include "alsa/card.h"\n'})
        self.passes(*self.plan(pending))

    def test_a_full_room_is_noticed_until_it_is_named(self):
        self.write({f"shim/midi/more{number}.c": "" for number in range(29)})
        self.fails("shim/midi has 31 files; a room has at most 30", *self.plan())
        self.passes(*self.plan("full: shim/midi\n"))
        self.fails("'full: shim/alsa' is not needed any more",
                   *self.plan("full: shim/midi shim/alsa\n"))

    def test_a_long_file_is_noticed_until_it_is_named(self):
        self.write({"shim/midi/long.c": "\n" * 501})
        self.fails("shim/midi/long.c has 501 lines", *self.plan())
        self.passes(*self.plan("long: shim/midi/long.c\n"))
        self.write({"shim/midi/long.c": "\n" * 500})
        self.fails("'long: shim/midi/long.c' is not needed any more",
                   *self.plan("long: shim/midi/long.c\n"))


class Floors(Lint):
    TABLE = "| Floor | Room | |\n|---|---|---|\n"

    def table(self, *rows):
        self.write({"rooms.txt": PLAN,
                    "docs/architecture.md": self.TABLE + "\n".join(rows) + "\n"})
        return "floors", "--rooms", os.path.join(self.root, "rooms.txt")

    def test_a_table_that_is_right_passes(self):
        self.passes(*self.table("| 9 | `cli/` | |", "| 5 | `shim/alsa/` | |",
                                "| 4 | `shim/midi/` | |", "| 1 | `shim/rt/` | |"))

    def test_a_room_on_another_floor_is_noticed(self):
        self.fails("docs/architecture.md has shim/midi on floor 5, rooms.txt on floor 4",
                   *self.table("| 9 | `cli/` | |", "| 5 | `shim/alsa/` | |",
                               "| | `shim/midi/` | |", "| 1 | `shim/rt/` | |"))

    def test_a_room_that_is_left_out_is_noticed(self):
        self.fails("docs/architecture.md does not name the room shim/midi",
                   *self.table("| 9 | `cli/` | |", "| 5 | `shim/alsa/` | |",
                               "| 1 | `shim/rt/` | |"))

    def test_a_file_that_a_readme_leaves_out_is_noticed(self):
        self.write({"cli/README.md": "`main.c` is all.\n", "cli/stage.h": LICENCE})
        self.fails("cli/README.md does not name stage", *self.table("| 9 | `cli/` | |"))
        self.write({"cli/README.md": "`main.c` and `stage` are all.\n"})
        self.assertNotIn("stage", self.run_lint(*self.table("| 9 | `cli/` | |"))[1])


class Paths(Lint):
    def test_what_is_there_passes(self):
        self.write({"docs/a.md": "`shim/rt/ring.c`, `rt/ring.c`, `ring.c`, `rt/`,\n"
                                 "`shim/rt`, `shim/*.c`, `a/b`, `0.5`, [b](b.md#c)\n",
                    "docs/b.md": "[web](https://example.org/x) `noun.c`\n"})
        self.passes("paths")

    def test_what_is_gone_is_noticed(self):
        for word in "shim/rt/gone.c", "gone.c", "shim/gone/", "shim/gone", "rt/gone.h":
            self.write({"docs/a.md": f"\nthe file `{word}` is\n"})
            self.fails(f"docs/a.md:2: {word} is no file or folder of the tree", "paths")

    def test_a_link_that_leads_nowhere_is_noticed(self):
        self.write({"docs/a.md": "[b](gone.md)\n"})
        self.fails("docs/a.md:1: the link to gone.md leads nowhere", "paths")

    def test_a_test_that_is_gone_is_noticed(self):
        self.write({"docs/a.md": "`unit.here`, `unit.gone`\n",
                    "build/CTestTestfile.cmake": "add_test(unit.here true)\n"})
        self.fails("docs/a.md:1: there is no test unit.gone", "paths", "--build",
                   os.path.join(self.root, "build"))


class Names(Lint):
    def test_names_are_unique_in_each_program(self):
        self.write({"cli/ring.c": ""})
        self.passes("names")
        self.write({"shim/alsa/ring.c": ""})
        self.fails("shim/alsa/ring.c and shim/rt/ring.c have the same name; the shim has "
                   "one ring.c", "names")


class OwnHeader(Lint):
    def test_the_own_header_comes_first(self):
        self.passes("own_header")
        self.write({"shim/midi/note.c": '#include "rt/ring.h"\n#include "midi/note.h"\n'})
        self.fails('shim/midi/note.c has to include "midi/note.h" first', "own_header")

    def test_a_private_header_may_include_it(self):
        self.write({"shim/midi/note_internal.h": '#include "midi/note.h"\n',
                    "shim/midi/note.c": '#include "midi/note_internal.h"\n'})
        self.passes("own_header")

    def test_without_one_it_is_the_header_that_declares(self):
        self.write({"shim/midi/note_more.c": '#include "midi/note.h"\n\nint note(void)\n'
                                             "{\n    return 1;\n}\n"})
        self.passes("own_header")
        self.write({"shim/midi/note_more.c": '#include "rt/ring.h"\n'
                                             '#include "midi/note.h"\n\nint note(void)\n'
                                             "{\n    return 1;\n}\n"})
        self.fails("shim/midi/note_more.c includes shim/rt/ring.h first, which declares "
                   "nothing that the file defines (note)", "own_header")
        self.write({"shim/midi/note_more.c": "#include <stdio.h>\n\nint note(void)\n"
                                             "{\n    return 1;\n}\n"})
        self.fails("has to include first the header that declares note", "own_header")


class Headers(Lint):
    def test_a_header_that_needs_another_is_noticed(self):
        compiler = ("--compiler", os.environ["F4E_CC"])
        self.passes("headers", *compiler)
        self.write({"shim/midi/note.h": "uint32_t note(void);\n"})
        self.fails("shim/midi/note.h does not compile alone", "headers", *compiler)


class Terminators(Lint):
    TABLE = "static const struct {\n    char name[4];\n} names[] = {{\"%s\"}};\n"

    def test_a_text_without_a_zero_at_its_end_is_noticed(self):
        source = "shim/midi/names.c"
        options = ("--compiler", "gcc", "--build", self.root)
        self.write({source: self.TABLE % "abc", "compile_commands.json": json.dumps(
            [{"directory": self.root, "file": source, "command": f"cc -Ishim -c {source}"}])})
        self.passes("terminators", *options)
        self.write({source: self.TABLE % "abcd"})
        self.fails("shim/midi/names.c:3: no room for the zero at the end of a text",
                   "terminators", *options)


class Cycles(Lint):
    def compile(self, sources):
        objects = []
        for source in sources:
            top, rest = source.split("/", 1)
            path = f"{self.root}/build/{top}/CMakeFiles/{top}.dir/{rest}.o"
            os.makedirs(os.path.dirname(path), exist_ok=True)
            subprocess.run([os.environ["F4E_CC"], "-I", self.root + "/shim", "-c",
                            f"{self.root}/{source}", "-o", path], check=True)
            objects.append(path)
        self.write({"objects": "\n".join(objects) + "\n"})

    def options(self, more=""):
        self.write({"rooms.txt": PLAN + more})
        self.compile([path for path in GOOD if path.endswith(".c")]
                     + ["shim/midi/chord.c"])
        return ("cycles", "--rooms", self.root + "/rooms.txt", "--nm", os.environ["F4E_NM"],
                "--objects", self.root + "/objects")

    CIRCLE = "circle: shim/midi/chord.c shim/midi/note.c\n"

    def setUp(self):
        super().setUp()
        self.write({"shim/midi/chord.c": "int note(void);\nint chord(void);\n"
                                         "int chord(void)\n{\n    return note();\n}\n"})

    def test_a_tree_without_circles_passes(self):
        self.passes(*self.options())
        self.fails("'circle: shim/midi/chord.c shim/midi/note.c' is not needed any more",
                   *self.options(self.CIRCLE))

    def test_a_circle_of_files_is_noticed(self):
        self.write({"shim/midi/note.c": "int chord(void);\nint note(void);\n"
                                        "int note(void)\n{\n    return chord();\n}\n"})
        self.fails("files in a circle: shim/midi/chord.c uses note of shim/midi/note.c, "
                   "shim/midi/note.c uses chord of shim/midi/chord.c", *self.options())
        self.passes(*self.options(self.CIRCLE))

    def test_a_circle_of_rooms_is_noticed(self):
        self.write({"shim/rt/ring.c": "int card(void);\nint ring(int word);\n"
                                      "int ring(int word)\n{\n    return word + card();\n"
                                      "}\n"})
        self.fails("rooms in a circle: shim/alsa uses note of shim/midi, shim/midi uses "
                   "ring of shim/rt, shim/rt uses card of shim/alsa", *self.options())


class Format(Lint):
    def test_a_line_of_another_style_is_noticed(self):
        formatter = ("--formatter", os.environ["F4E_FORMAT"])
        shutil.copy(HERE + "/../../.clang-format", self.root)
        self.passes("format", *formatter)
        self.write({"cli/main.c": LICENCE + "int main( void ) {\n  return 0; }\n"})
        self.fails("cli/main.c:2: not as clang-format", "format", *formatter)


class Tidy(Lint):
    environment = {"F4E_TIDY": "all"}

    def options(self):
        shutil.copy(HERE + "/../../.clang-tidy", self.root)
        commands = [{"directory": self.root, "file": path, "command": f"cc -Ishim {path}"}
                    for path in GOOD if path.endswith(".c")]
        self.write({"compile_commands.json": json.dumps(commands)})
        return ("tidy", "--tidy", os.environ["F4E_TIDY_COMMAND"], "--build", self.root,
                "--cache", self.root + "/cache")

    def test_a_warning_is_noticed_each_time(self):
        shutil.rmtree(self.root + "/shim")
        options = self.options()
        self.assertEqual(self.run_lint(*options), (0, "1 files, 1 of them looked at\n"))
        self.assertEqual(self.run_lint(*options), (0, "1 files, 0 of them looked at\n"))
        self.write({"cli/main.c": "int main(int count, char **words)\n{\n"
                                  "    (void)words;\n    if (count > 1) {\n"
                                  "        return 1;\n    } else {\n        return 0;\n"
                                  "    }\n}\n"})
        self.fails("do not use 'else' after 'return'", *options)
        self.fails("cli/main.c:6:", *options)

    def test_a_file_that_is_not_compiled_is_noticed(self):
        options = self.options()
        self.write({"cli/more.c": ""})
        self.fails("cli/more.c is not compiled by this build", *options)

    def test_changed_files_are_those_of_the_branch(self):
        def git(*words):
            subprocess.run(["git", "-C", self.root, "-c", "user.name=x", "-c",
                            "user.email=x@x", *words], check=True, capture_output=True)
        options = self.options()
        self.environment = {"F4E_TIDY": "changed"}
        git("init", "-b", "main")
        git("add", ".")
        git("commit", "-m", "one")
        git("commit", "--allow-empty", "-m", "two")
        self.assertEqual(self.run_lint(*options), (0, "0 files, 0 of them looked at\n"))
        self.write({"cli/main.c": GOOD["cli/main.c"] + "\n"})
        self.assertEqual(self.run_lint(*options), (0, "1 files, 1 of them looked at\n"))
        git("checkout", "-b", "other")
        git("commit", "-a", "-m", "three")
        git("commit", "--allow-empty", "-m", "four")
        self.assertEqual(self.run_lint(*options), (0, "1 files, 0 of them looked at\n"))


class Shell(Lint):
    def test_an_unquoted_word_is_noticed(self):
        shellcheck = ("--shellcheck", os.environ["F4E_SHELLCHECK"])
        self.write({"run": '#!/bin/sh\necho "$1"\n'})
        self.passes("shell", *shellcheck)
        self.write({"run": "#!/bin/sh\necho $1\n"})
        self.fails("run:2:6: note: Double quote", "shell", *shellcheck)

    def test_a_tree_without_scripts_is_noticed(self):
        self.fails("no shell script found", "shell", "--shellcheck",
                   os.environ["F4E_SHELLCHECK"])


class Manual(Lint):
    PAGE = textwrap.dedent("""\
        .Dd January 1, 2026
        .Dt PATCH 1
        .Os
        .Sh NAME
        .Nm patch
        .Nd a patch
        .Sh DESCRIPTION
        Text.
        """)

    def test_a_complaint_of_mandoc_is_noticed(self):
        mandoc = ("--mandoc", os.environ["F4E_MANDOC"])
        self.write({"docs/patch.1": self.PAGE})
        self.passes("manual", *mandoc)
        self.write({"docs/patch.1": self.PAGE + ".Bl\n"})
        self.fails("docs/patch.1:9", "manual", *mandoc)

    def test_a_quote_that_ends_too_late_is_noticed(self):
        mandoc = ("--mandoc", os.environ["F4E_MANDOC"])
        self.write({"docs/patch.1": self.PAGE + ".Pq Ql a b ,\n.Ql @ Ns Ar NAME ,\n"})
        self.passes("manual", *mandoc)
        for line in (".Pq Ql a , Ql b", ".Ql a Ns , Ql b", ".Ql a , b",
                     ".It Ql a Ta b"):
            self.write({"docs/patch.1": self.PAGE + line + "\n"})
            self.fails("docs/patch.1:9: Ql", "manual", *mandoc)

    def test_a_tree_without_pages_is_noticed(self):
        self.fails("no manual page", "manual", "--mandoc", os.environ["F4E_MANDOC"])


if __name__ == "__main__":
    unittest.main()
