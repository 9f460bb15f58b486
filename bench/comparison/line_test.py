"""Programs over a line, good ones and bad: what is computed from their results, shown and drawn."""

import contextlib
import io
import json
import unittest
from unittest import mock

from . import line_command, line_picture, line_programs, line_rounds, line_summary, line_tables, tables
from .fakes import PRINT
from .line_fakes import TOLD, Faked

CASES = {each.name: each for each in line_programs.CASES}


def run_of(name, seconds, case="warm-100", number=0, **more):
    told = {"ok": 500, "cpu_us": 5000, "wall_us": seconds * 1e6, "rss_kb": 100, "p50_us": 142_000, "p99_us": 150_000}
    told |= {"cpu_all_us": 50_000, "ended_at_us": 1000 + seconds * 1e6} | more
    return {"program": name, "case": case, "round": number, "began_us": 1000, "line": json.dumps(told)}


def results_of(runs, rounds=1, failures=()):
    names = dict.fromkeys(each["program"] for each in runs)
    return {
        "kind": "line",
        "when": "2026-01-02T03:04:05Z",
        "machine": {"cpu": "Abacus", "cores": 2},
        "pinned": True,
        "rounds": rounds,
        "cases": list(CASES),
        "programs": [{"name": name, "title": name.title(), "version": None} for name in names],
        "runs": runs,
        "failures": list(failures),
    }


class Cases(unittest.TestCase):
    def test_the_least_is_one_wait_for_each_that_follows_another_and_cold_two_round_trips_more(self):
        least = [CASES[name].least(line_programs.Line()) for name in ("warm-100", "warm-500", "cold-100", "cold-500")]
        self.assertEqual([round(each, 3) for each in least], [0.7, 0.14, 0.78, 0.22])
        self.assertEqual(CASES["cold-100"].least(line_programs.Line(500, 0, 1000)), 0.012)

    def test_each_program_goes_where_it_can_and_to_the_port_of_its_protocol(self):
        ports = {
            each.name: [case.port(each, TOLD) if case.takes(each) else None for case in line_programs.CASES[3:9]]
            for each in line_programs.ALL
        }
        self.assertEqual(ports["go"], [1, None, None, 1, 4, 4])
        self.assertEqual(ports["go-h2"], [2, 3, 3, None, None, None])
        self.assertEqual(ports["venice-keys"], [2, 3, 3, None, 4, 4])
        self.assertEqual(ports["venice-keys-one-by-one"], [None, None, None, None, 4, 4])

    def test_names_are_told_apart(self):
        self.assertEqual(len(CASES), len(line_programs.CASES))
        self.assertEqual(len({each.name for each in line_programs.ALL}), len(line_programs.ALL))


class Running(Faked):
    def test_each_is_asked_as_it_takes_it(self):
        fakes = [self.fake("a"), self.fake("b", http2=True, told_http2=True, flags=("--connections", "8"))]
        _, failures = self.run_cases(fakes, ("warm-100", "cold-500"))
        self.assertEqual(failures, [])
        shared = "--host localhost --port {} --ca ca.pem --updates 500 --in-flight {}"
        warm, cold = " --warm-up 500 --settle 300ms", " --warm-up 0"
        wanted = ["a.py " + shared.format(1, 100) + warm, "b.py " + shared.format(2, 100) + warm]
        wanted += ["a.py " + shared.format(1, 500) + cold, "b.py " + shared.format(2, 500) + cold]
        wanted = [each + (" --connections 8 --http2" if each.startswith("b") else "") for each in wanted]
        self.assertEqual(self.calls(), wanted)

    def test_one_that_is_slow_is_run_once_and_only_where_it_is_slow(self):
        with mock.patch.object(line_rounds, "SLOW", 10):
            end = "if asked.warm_up: told['ended_at_us'] += 11_000_000\n" + PRINT
            runs, _ = self.run_cases([self.fake("slow", end)], ("warm-100", "cold-100"), count=2)
        seen = [(each["round"], each["case"]) for each in runs]
        self.assertEqual(seen, [(0, "warm-100"), (0, "cold-100"), (1, "cold-100")])

    def test_one_that_fails_in_a_case_still_runs_in_others_and_what_it_did_there_is_dropped(self):
        end = "seen = open(folder / 'calls').read().count('bad.py')\nif seen == 3: sys.exit('lost')\n" + PRINT
        runs, failures = self.run_cases([self.fake("bad", end)], ("warm-100", "cold-100"), count=3)
        self.assertEqual([(each["case"], each["round"]) for each in runs], [("cold-100", n) for n in range(3)])
        self.assertEqual([(each["case"], each["why"]) for each in failures], [("warm-100", "exit status 1: lost")])

    def test_wrong_answers_are_not_believed(self):
        for end, expected in {
            "del told['ended_at_us']\n" + PRINT: "its ended_at_us is None",
            "told['cpu_all_us'] = 0\n" + PRINT: "its cpu_all_us is 0",
            "told['ended_at_us'] = 5\n" + PRINT: "its ended_at_us is no time at which it ran",
            "told['ok'] -= 1\n" + PRINT: "499 of 500 updates were answered",
        }.items():
            with self.subTest(expected):
                _, failures = self.run_cases([self.fake("bad", end)])
                self.assertIn(expected, failures[0]["why"])

    def test_one_that_is_missing_is_said_once(self):
        missing = line_programs.LineProgram("gone", "Gone", line_programs.ROOT / "build" / "gone")
        _, failures = self.run_cases([missing], ("warm-100", "cold-100"), count=2)
        self.assertEqual([each["why"] for each in failures], ["there is no build/gone"])


class Summing(unittest.TestCase):
    def test_warm_is_what_the_program_measured_and_cold_is_from_its_start(self):
        runs = [run_of("go", 0.7), run_of("go", 0.78, "cold-100", wall_us=1)]
        summary = line_summary.LineSummary(results_of(runs))
        warm, cold = (summary.cell("go", CASES[name]) for name in ("warm-100", "cold-100"))
        self.assertEqual((warm.seconds, round(warm.to_least, 3), warm.cpu), (0.7, 1, 10))
        self.assertEqual((cold.seconds, round(cold.to_least, 3), cold.cpu), (0.78, 1, 100))
        self.assertEqual((warm.p50, warm.p99, warm.replays), (142, 150, None))

    def test_the_best_peer_is_the_quickest_that_is_neither_a_floor_nor_ours_and_ratios_are_of_the_same_round(self):
        runs = [run_of("floor-h2", 0.1), run_of("venice-keys-no-budget", 0.1), run_of("beast", 5)]
        for number, (ours, other) in enumerate(((1, 2), (2, 3), (8, 4))):
            runs += [run_of("venice-keys", ours, number=number), run_of("go", other, number=number)]
        best = line_summary.LineSummary(results_of(runs, rounds=3)).best_peer(CASES["warm-100"])
        self.assertEqual((best.name, round(best.ratio.median, 3), best.ratio.least, best.ratio.most), ("go", 0.667, 0.5, 2))

    def test_it_is_complete_when_ours_is_there_in_every_case_with_nginx(self):
        names = [name for name, case in CASES.items() if case.server == "nginx"]
        runs = [run_of("venice-keys", 1, name) for name in names]
        self.assertTrue(line_summary.LineSummary(results_of(runs)).is_complete())
        self.assertFalse(line_summary.LineSummary(results_of(runs[1:])).is_complete())


class Showing(unittest.TestCase):
    def setUp(self):
        runs = [run_of("venice-keys", 12.6, number=number) for number in range(2)]
        runs += [run_of("venice-keys", 7, "closes-warm-100", replays=2), run_of("go", 0.714, number=1)]
        failed = {"program": "go", "case": "drops-cold-100", "round": 0, "why": "exit status 1"}
        self.results = results_of(runs, rounds=2, failures=[failed])
        self.shown = line_tables.markdown(self.results, line_summary.LineSummary(self.results))

    def test_a_table_has_the_least_possible_and_each_program_with_its_multiple(self):
        self.assertIn("| the least possible | 0.700 | 0.140 | 0.780 | 0.220 |\n", self.shown)
        self.assertIn("| Venice-Keys | 12.6 (18.00) | – | – | – |\n", self.shown)
        self.assertIn("| to the quickest of the others | 17.65 (17.65 … 17.65) | – | – | – |\n", self.shown)
        self.assertIn("| which is | Go | – | – | – |\n", self.shown)
        self.assertIn("| Venice-Keys | 142 / 150 | – | – | – |\n", self.shown)

    def test_requests_that_were_sent_again_are_told_where_a_server_cannot_bear_pipelining(self):
        self.assertIn("| Venice-Keys | 7.00 (2) | – | – | – |\n", self.shown)

    def test_what_was_left_out_or_run_less_often_is_said(self):
        self.assertIn("Left out: Go, drops: cold, 100: exit status 1.\n", self.shown)
        self.assertIn("Too slow to be run in every round, where it takes over 20 s: Venice-Keys, Go.\n", self.shown)

    def test_it_has_its_own_place_in_the_page(self):
        page = "<!-- table -->\nother\n<!-- /table -->\n<!-- line -->\n<!-- /line -->\n"
        put = tables.put_into(page, "mine\n", (line_tables.BEGIN, line_tables.END))
        self.assertEqual(put, "<!-- table -->\nother\n<!-- /table -->\n<!-- line -->\n\nmine\n\n<!-- /line -->\n")

    def test_it_is_drawn_also_when_only_some_cases_were_run(self):
        some = results_of([run_of("go", 0.7)]) | {"cases": ["warm-100"]}
        self.assertIn("$warm_500 << END\n1 -9 0\nEND\n", line_picture.script(some))

    def test_it_is_drawn_in_light_and_dark(self):
        light, dark = (line_picture.script(self.results, dark) for dark in (False, True))
        self.assertIn("12.6 0 13983232\n0.714 1 ", light)
        self.assertIn('"Venice-Keys"', light)
        self.assertNotEqual(light, dark)
        with self.assertRaises(ValueError):
            line_picture.script(results_of([]))


class Commanding(Faked):
    def compare(self, *arguments, known):
        out, error = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
            output = ["--output", str(self.folder / "results.json"), "--rounds", "1"]
            status = line_command.main([*output, *arguments], known, self.serve)
        return status, out.getvalue(), error.getvalue()

    def test_all_well_is_status_0_with_a_file_from_which_the_same_can_be_shown(self):
        status, out, _ = self.compare(known=[self.fake("venice-keys"), self.fake("go")])
        self.assertEqual(status, 0)
        self.assertIn("the least possible", out)
        again, same, _ = self.compare("--from", str(self.folder / "results.json"), known=[])
        self.assertEqual((again, same), (0, out))

    def test_only_ours_decides_the_status(self):
        bad = "sys.exit(1)\n"
        cases = ("--cases", "warm-100")
        self.assertEqual(self.compare(*cases, known=[self.fake("venice-keys"), self.fake("go", bad)])[0], 0)
        self.assertEqual(self.compare(*cases, known=[self.fake("venice-keys", bad), self.fake("go")])[0], 1)

    def test_unknown_names_are_refused(self):
        status, _, error = self.compare("--cases", "hot", known=[self.fake("go")])
        self.assertEqual(status, 1)
        self.assertIn("there is no case hot; there are warm-100, warm-500", error)
        self.assertIn("there is no program beats", self.compare("--only", "beats", known=[self.fake("go")])[2])
