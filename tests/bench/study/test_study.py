#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The study's own arithmetic: pages that are filled and compared, scores and
what turns a ranking, modules whose memory is moved inside."""
import os
import resource
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import inside  # noqa: E402
from study import (claims, figures, matrix, measure, pages,  # noqa: E402
                   store)


FLAT = {"ratio.wasm3": 48.25, "budget": 2666.7}


class Pages(unittest.TestCase):
    def test_a_figure_is_filled_in(self):
        text = "it is <!--ratio.wasm3 x1-->?<!----> slower"
        self.assertEqual(pages.fill(text, FLAT, {}),
                         "it is <!--ratio.wasm3 x1-->48.2x<!----> slower")

    def test_a_table_before_a_figure_hides_nothing(self):
        text = "<!--table machine-->\n<!--end-->\n<!--budget n-->?<!---->"
        self.assertIn("<!--budget n-->2667<!---->", pages.fill(text, FLAT, {}))

    def test_a_figure_that_no_result_has_is_a_fault(self):
        with self.assertRaisesRegex(pages.Fault, "ratio.nobody"):
            pages.fill("<!--ratio.nobody x-->1<!---->", FLAT, {})
        with self.assertRaisesRegex(pages.Fault, "no format 'furlongs'"):
            pages.fill("<!--budget furlongs-->1<!---->", FLAT, {})
        with self.assertRaisesRegex(pages.Fault, "no table 'nothing'"):
            pages.fill("<!--table nothing-->\n<!--end-->", FLAT, {})

    def test_figures_without_a_mark_are_seen(self):
        for text in ("takes 5 ns here", "is 2.5x as fast", "about 3 %",
                     "needs 40 MiB", "1,5 ms"):
            self.assertEqual(len(pages.strays(text)), 1, text)
        for text in ("takes `5 ns` here", "    5 ns in code", "in 2026",
                     "version 2.4.3", "<!--budget n-->5 ns<!---->", "128 x 2 frames",
                     "[5](a/5ms.svg)", "0x5x"):
            self.assertEqual(pages.strays(text), [], text)

    def test_a_page_that_differs_fails_the_check_and_is_left(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "page")
            with open(path, "w", encoding="utf-8") as file:
                file.write("old")
            faults = []
            pages.replace(path, "old", True, faults)
            self.assertEqual(faults, [])
            pages.replace(path, "new", True, faults)
            self.assertEqual(len(faults), 1)
            with open(path, encoding="utf-8") as file:
                self.assertEqual(file.read(), "old")
            pages.replace(path, "new", False, faults)
            with open(path, encoding="utf-8") as file:
                self.assertEqual(file.read(), "new")

    def test_an_engine_that_is_not_here_is_called_so(self):
        flat = dict(FLAT, **{"ratio.ours": 1.0})
        self.assertEqual(pages.fill("<!--ratio.wasmer x-->7x<!---->", flat, {}),
                         "<!--ratio.wasmer x-->not measured<!---->")
        self.assertTrue(figures.is_unmeasured(flat, "sizes.wasmer.libraryBytes"))
        self.assertFalse(figures.is_unmeasured(flat, "sizes.wasm3.nonsense"))
        self.assertEqual(pages.fill("<!--version.w2c2 text-->?<!---->", flat,
                                    {}),
                         "<!--version.w2c2 text-->not measured<!---->")

    def test_a_file_is_whole_or_as_it_was(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "file")
            store.write(path, "old")
            limits = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (4, limits[1]))
            try:
                with self.assertRaises(OSError):  # half-way, as a full disk
                    store.write_all({path: "new", path + "2": "too long"})
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, limits)
            with open(path, encoding="utf-8") as file:
                self.assertEqual(file.read(), "old")
            self.assertEqual(os.listdir(folder), ["file"])

    def test_results_of_another_form_are_one_line(self):
        for text in ("{", "[]", '{"figures": {"modules": {}}}', '{"machine": 3}'):
            with tempfile.TemporaryDirectory() as folder:
                for name in list(figures.WAYS) + ["cited"]:
                    store.write(os.path.join(folder, name + ".json"), text)
                with self.assertRaisesRegex(pages.Fault, folder, msg=text):
                    pages.write(folder, folder, True)

    def test_results_of_two_machines_are_told_apart(self):
        def result(cpu):
            return {"machine": {"cpu": cpu, "cores": 2, "kernel": "6"}}
        self.assertEqual(len(figures.machines(
            {"speed": result("a"), "loop": result("a"), "cited": {}})), 1)
        self.assertEqual(len(figures.machines(
            {"speed": result("a"), "loop": result("b")})), 2)

    def test_every_format_shows_a_number(self):
        for way, show in figures.FORMATS.items():
            self.assertTrue(any(c.isdigit() for c in show(1234.5)), way)


class Claims(unittest.TestCase):
    flat = {"ratio.ours": 1.0, "ratio.wasm3": 50.0, "start.ours": 2.0}

    def test_comparisons_are_made(self):
        for text, expected in (
                ("ratio.ours < ratio.wasm3", True),
                ("60*ratio.ours < ratio.wasm3", False),
                ("ratio.wasm3 > 49.5 and ratio.ours <= 1", True),
                ("ratio.wasm3 > 49.5 and ratio.ours >= 2", False),
                ("ratio.wasmer < ratio.ours", True)):  # not measured
            self.assertEqual(claims.holds(text, self.flat), expected, text)

    def test_what_cannot_be_compared_is_refused(self):
        for text in ("ratio.ours", "ratio.ours < ", "ratio.ours = 1",
                     "ratio.nobody < 1", "1 <", "ratio.ours < 1 or 2"):
            with self.assertRaises(claims.ClaimError, msg=text):
                claims.holds(text, self.flat)

    def test_a_broken_claim_is_quoted(self):
        page = ("First. <!--claim ratio.ours > 2-->It is\nslow. More.\n\n"
                "Other text.\n\n<!--claim ratio.ours < 2-->It is not.")
        lines = claims.broken(page, self.flat)
        self.assertEqual(len(lines), 1)
        self.assertIn("It is slow.", lines[0])
        self.assertEqual(pages.strays("<!--claim ratio.ours < 2x-->"), [])


def small_matrix():
    return {"candidates": {"a": {"title": "A", "engine": "a"},
                           "b": {"title": "B", "engine": "b"}},
            "criteria": [
                {"name": "speed", "title": "Speed", "figure": "ratio.{e}",
                 "scale": {"ten": 1, "zero": 100, "logarithmic": True},
                 "scores": {}},
                {"name": "ease", "title": "Ease", "scores": {
                    "a": {"score": 2, "because": "hard"},
                    "b": {"score": 8, "because": "easy"}}}],
            "presets": {}}


class Matrix(unittest.TestCase):
    def setUp(self):
        self.matrix = matrix.scored(small_matrix(),
                                    {"ratio.a": 1.0, "ratio.b": 10.0})

    def test_scores_come_from_figures(self):
        cells = self.matrix["criteria"][0]["scores"]
        self.assertEqual(cells["a"]["score"], 10)
        self.assertEqual(cells["b"]["score"], 5)
        self.assertEqual(cells["b"]["figure"], "ratio.b")
        self.assertEqual(matrix.score_of({"ten": 1, "zero": 3}, 5), 0)

    def test_a_score_of_an_earlier_run_says_so(self):
        again = matrix.scored(self.matrix, {"ratio.a": 1.0})
        cell = again["criteria"][0]["scores"]["b"]
        self.assertEqual(cell["score"], 5)
        self.assertIn("ratio.b was 10 in an earlier run", cell["because"])
        self.assertNotIn("figure", cell)

    def test_weights_decide(self):
        self.assertEqual(matrix.ranking(self.matrix, {"speed": 1})[0],
                         (10.0, "a"))
        self.assertEqual(matrix.ranking(self.matrix, {"ease": 1})[0][1], "b")

    def test_the_turning_point_is_where_both_are_equal(self):
        weights = {"speed": 3, "ease": 1}
        turns = {name: (below, above) for name, _, below, above
                 in matrix.turning_points(self.matrix, weights)}
        below, above = turns["ease"]
        self.assertIsNone(below)
        self.assertEqual(above[1], "b")
        at = dict(weights, ease=above[0])
        self.assertAlmostEqual(matrix.total(self.matrix, at, "a"),
                               matrix.total(self.matrix, at, "b"))
        self.assertIsNotNone(turns["speed"][0])

    def test_weights_without_sense_are_refused(self):
        for weights in ({"beauty": 1}, {"speed": -1}, {"speed": None},
                        {"speed": float("nan")}, {"speed": 0}, {}):
            with self.assertRaises(matrix.MatrixError):
                matrix.check_weights(self.matrix, weights)


class Commands(unittest.TestCase):
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

    def run_matrix(self, *words):
        return subprocess.run([os.path.join(self.here, "matrix"), *words],
                              capture_output=True, text=True, check=False)

    def test_matrix_prints_rankings(self):
        self.assertIn("f4e-build", self.run_matrix().stdout)
        done = self.run_matrix("production", "speed=10")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("the winner changes", done.stdout)
        self.assertIn("ratio.ours", self.run_matrix("--scores").stdout)

    def test_matrix_says_what_is_wrong(self):
        done = self.run_matrix("nonsense")
        self.assertEqual(done.returncode, 1)
        self.assertIn("no preset 'nonsense'", done.stderr)
        self.assertEqual(self.run_matrix("--nonsense").returncode, 2)
        self.assertEqual(self.run_matrix("none", "speed=fast").returncode, 1)

    def test_research_refuses_what_it_does_not_know(self):
        done = subprocess.run([os.path.join(self.here, "research"), "--only",
                               "beauty"], capture_output=True, text=True,
                              check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("no measurement 'beauty'", done.stderr)

    def test_lines_of_code_are_neither_blank_nor_comment(self):
        with tempfile.NamedTemporaryFile("w", suffix=".c") as file:
            file.write("/* one */\n/*\n * more\n */\n\nint x;\n// no\nint y;\n")
            file.flush()
            self.assertEqual(measure.lines_of(file.name), 2)


class Header(unittest.TestCase):
    def test_a_header_is_made_of_rust(self):
        rust = """
pub type T_Kind = ::std::os::raw::c_uint;
pub const T_Kind_One: T_Kind = 1;
pub struct T_Opaque {
    _unused: [u8; 0],
}
pub struct T_Pair {
    pub Data: [u8; 8usize],
    pub Text: *const ::std::os::raw::c_char,
}
extern "C" {
    pub fn T_make(
        Cxt: *mut T_Opaque,
        Out: *mut *const T_Pair,
        Kind: T_Kind,
    ) -> *mut T_Opaque;
}
extern "C" {
    pub fn T_call(Back: Option<unsafe extern "C" fn()>);
}
"""
        with tempfile.NamedTemporaryFile("w", suffix=".rs") as file:
            file.write(rust)
            file.flush()
            out = subprocess.run(
                [os.path.join(Commands.here, "install", "rust_header.py"),
                 file.name], capture_output=True, text=True, check=True).stdout
        for line in ("typedef unsigned T_Kind;", "enum { T_Kind_One = 1 };",
                     "typedef struct T_Opaque T_Opaque;",
                     "typedef struct T_Pair { uint8_t Data[8]; "
                     "char const * Text; } T_Pair;",
                     "T_Opaque * T_make(T_Opaque *, T_Pair const * *, T_Kind);"):
            self.assertIn(line, out.splitlines())
        self.assertNotIn("T_call", out)


HEAD = b"\0asm\1\0\0\0"
TYPES, FUNCTIONS = b"\1\4\1`\0\0", b"\3\2\1\0"
CODE = b"\x0a\4\1\2\0\x0b"


class Inside(unittest.TestCase):
    def test_the_memory_moves_behind_functions_and_is_not_shared(self):
        imports = b"\x02\x11\x01\x04host\x06memory\x02\x03\x02\x03"
        memory = b"\x05\x04\x01\x01\x02\x03"
        self.assertEqual(inside.move(HEAD + TYPES + imports + FUNCTIONS + CODE),
                         HEAD + TYPES + FUNCTIONS + memory + CODE)

    def test_what_cannot_be_moved_is_refused(self):
        function = b"\x02\x07\x01\x01a\x01b\x00\x00"
        cut = b"\x02\x11\x01\x04host"
        of_64_bits = b"\x02\x0b\x01\x01a\x01b\x02\x05\x01\x01"
        for module in (b"", b"text", HEAD + function, HEAD + cut,
                       HEAD + of_64_bits, HEAD + b"\x05\x03\x01\x00\x01"):
            with self.assertRaises((ValueError, IndexError), msg=module):
                inside.move(module)


if __name__ == "__main__":
    unittest.main()
