"""The comparison of bench/check: what it must find, and that it does not pass when it has compared nothing."""

import importlib.machinery
import importlib.util
import json
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
loader = importlib.machinery.SourceFileLoader("bench_check", str(pathlib.Path(__file__).with_name("check")))
check = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
loader.exec_module(check)

OLD = {"encode": 1000.0, "decode": 2000.0}


class Comparing(unittest.TestCase):
    def compare(self, **new):
        return check.compare(OLD, {**OLD, **new})

    def test_equal_counts_are_neither_wrong_nor_worth_a_word(self):
        self.assertEqual(self.compare(), ([], []))

    def test_six_per_cent_more_is_wrong_and_both_figures_are_told(self):
        wrong, notes = self.compare(decode=2120.0)
        self.assertEqual(wrong, ["decode: 2,000.0 -> 2,120.0 instructions (+6.0%)"])
        self.assertEqual(notes, [])

    def test_every_one_that_grew_is_named(self):
        wrong, _ = self.compare(encode=1100.0, decode=2300.0)
        self.assertEqual([each.split(":")[0] for each in wrong], ["decode", "encode"])

    def test_four_per_cent_more_or_less_is_neither(self):
        self.assertEqual(self.compare(encode=1040.0, decode=1920.0), ([], []))

    def test_six_per_cent_less_is_worth_a_word_and_makes_up_for_nothing(self):
        wrong, notes = self.compare(encode=940.0, decode=2120.0)
        self.assertEqual(notes, ["encode: 1,000.0 -> 940.0 instructions (-6.0%)"])
        self.assertEqual(len(wrong), 1)

    def test_a_benchmark_that_is_gone_is_wrong(self):
        wrong, _ = check.compare(OLD, {"encode": 1000.0})
        self.assertEqual(wrong, ["decode: in the baseline, and no benchmark of that name"])

    def test_a_benchmark_without_a_baseline_is_wrong(self):
        wrong, _ = self.compare(parse=7.0)
        self.assertEqual(wrong, ["parse: a benchmark, and not in the baseline"])


class MadeUpProgram:
    def __init__(self, platform, counts):
        self.platform, self.counts, self.was_counted = lambda: platform, counts, False

    def count_all(self):
        self.was_counted = True
        return self.counts


class Running(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.baseline = pathlib.Path(folder.name) / "baseline.json"
        self.said = ""

    def run_check(self, *arguments, counts=None, platform="here"):
        self.program = MadeUpProgram(platform, OLD if counts is None else counts)
        said = []
        status = check.main(
            [*arguments, "--baseline", str(self.baseline)], open_program=lambda _: self.program, say=said.append
        )
        self.said = "\n".join(said)
        return status

    def test_what_is_written_is_compared_with(self):
        self.assertEqual(self.run_check("--update"), 0)
        self.assertEqual(self.run_check(), 0)
        self.assertIn("none has grown", self.said)
        self.assertEqual(self.run_check(counts={**OLD, "encode": 1060.0}), 1)
        self.assertIn("WRONG encode: 1,000.0 -> 1,060.0", self.said)

    def test_no_benchmark_at_all_is_wrong(self):
        self.run_check("--update")
        self.assertEqual(self.run_check(counts={}), 1)

    def test_less_passes_and_asks_for_an_update(self):
        self.run_check("--update")
        self.assertEqual(self.run_check(counts={**OLD, "encode": 900.0}), 0)
        self.assertIn("--update", self.said)

    def test_another_platform_is_not_checked_and_that_is_said(self):
        self.assertEqual(self.run_check(), 0)
        self.assertTrue(self.said.startswith("NOT CHECKED."))
        self.run_check("--update", platform="there")
        self.assertEqual(self.run_check(), 0)
        self.assertTrue(self.said.startswith("NOT CHECKED."))
        self.assertIn("it has: there", self.said)
        self.assertNotIn("none has grown", self.said)
        self.assertFalse(self.program.was_counted)

    def test_an_update_leaves_other_platforms_alone(self):
        self.run_check("--update", platform="there", counts={"encode": 1.0})
        self.run_check("--update")
        self.assertEqual(json.loads(self.baseline.read_text()), {"there": {"encode": 1.0}, "here": OLD})

    def test_a_broken_baseline_is_no_empty_one(self):
        self.baseline.write_text("{")
        self.assertEqual(self.run_check(), 2)

    def test_a_program_that_is_not_there_is_no_success(self):
        said = []
        status = check.main(["--program", str(self.baseline)], say=said.append)
        self.assertEqual(status, 2)
        self.assertTrue(said[0].startswith("NOT CHECKED."))


class Reading(unittest.TestCase):
    def test_the_total_is_read(self):
        self.assertEqual(check.collected("events: Ir\nsummary: 1234\n\ntotals: 1234\n"), 1234)

    def test_to_have_counted_nothing_is_a_failure(self):
        for nothing in ("events: Ir\nsummary: 0\n", ""):
            with self.assertRaises(check.CannotCount):
                check.collected(nothing)


if __name__ == "__main__":
    unittest.main()
