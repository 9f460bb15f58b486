"""What is computed from results, and how that is shown."""

import json
import unittest

from . import summary, tables


def run_of(name, number, cpu, level=8, **more):
    told = {"ok": 10, "cpu_us": cpu * 10, "wall_us": 50, "rss_kb": 100, "p50_us": 5, "p99_us": 9, **more}
    return {"program": name, "in_flight": level, "round": number, "updates": 10, "line": json.dumps(told)}


def results_of(runs, levels=(8,), failures=()):
    names = dict.fromkeys(each["program"] for each in runs)
    return {
        "when": "2026-01-02T03:04:05Z",
        "machine": {"cpu": "Abacus", "cores": 2},
        "pinned": True,
        "rounds": 3,
        "in_flight": list(levels),
        "programs": [{"name": name, "title": name.title(), "version": None} for name in names],
        "runs": runs,
        "failures": list(failures),
    }


class Summing(unittest.TestCase):
    def test_a_cell_has_the_medians_of_one_update(self):
        runs = [run_of("floor", number, cpu) for number, cpu in enumerate((10, 90, 20))]
        cell = summary.Summary(results_of(runs)).cell("floor", 8)
        self.assertEqual((cell.cpu, cell.wall, cell.p50, cell.p99, cell.rss_kb), (20, 5, 5, 9, 100))
        self.assertIsNone(cell.allocations)

    def test_ratios_are_of_the_same_round(self):
        # The machine was slow in rounds 1 and 2 for one program each. The ratio of the medians would be 40 / 20.
        runs = [run_of("floor", number, cpu) for number, cpu in enumerate((10, 20, 80))]
        runs += [run_of("beast", number, cpu) for number, cpu in enumerate((30, 40, 80))]
        ratio = summary.Summary(results_of(runs)).cell("beast", 8).to_floor
        self.assertEqual(ratio, summary.Ratio(2, 1, 3))

    def test_rounds_that_one_of_both_lacks_do_not_count(self):
        self.assertEqual(summary.paired({0: 2, 1: 9}, {0: 1, 2: 5}), summary.Ratio(2, 2, 2))
        self.assertIsNone(summary.paired({0: 2}, {1: 1}))

    def test_the_best_peer_is_the_cheapest_that_is_neither_the_floor_nor_ours(self):
        costs = {"floor": 1, "venice-keys": 2, "go": 6, "beast": 4}
        best = summary.Summary(results_of([run_of(name, 0, cpu) for name, cpu in costs.items()])).best_peer(8)
        self.assertEqual((best.name, best.ratio.median), ("beast", 0.5))

    def test_ours_over_http2_is_compared_with_others_over_http2(self):
        costs = {"floor-h2": 1, "floor-window-h2": 1, "venice-keys-h2": 3, "venice-keys": 2, "beast": 4, "go-h2": 6}
        made = summary.Summary(results_of([run_of(name, 0, cpu) for name, cpu in costs.items()]))
        best = made.best_peer(8, "venice-keys-h2")
        self.assertEqual((best.name, best.ratio.median), ("go-h2", 0.5))
        rows = {row[0]: row[1] for row in tables.tables(made)[1][2]}
        self.assertEqual(rows["over HTTP/2, to the floor"], "3.00 (3.00 … 3.00)")
        self.assertEqual(rows["to the cheapest of the others"], "0.50 (0.50 … 0.50)")

    def test_without_the_floor_or_others_there_are_no_ratios(self):
        alone = summary.Summary(results_of([run_of("venice-keys", 0, 2)]))
        self.assertIsNone(alone.cell("venice-keys", 8).to_floor)
        self.assertIsNone(alone.best_peer(8))
        self.assertIsNone(alone.cell("floor", 8))

    def test_it_is_complete_when_floor_and_ours_are_there_at_every_level(self):
        runs = [run_of("floor", 0, 1), run_of("venice-keys", 0, 1), run_of("floor", 0, 1, level=32)]
        self.assertTrue(summary.Summary(results_of(runs)).is_complete())
        self.assertFalse(summary.Summary(results_of(runs, levels=(8, 32))).is_complete())


class Showing(unittest.TestCase):
    def setUp(self):
        runs = [run_of("floor", 0, 10), run_of("beast", 0, 30), run_of("go", 0, 1234, level=32)]
        runs += [run_of("venice-keys", number, 15, allocations_per_update=0.25) for number in range(2)]
        failed = {"program": "beast", "in_flight": 32, "round": 0, "why": "exit status 1"}
        self.results = results_of(runs, levels=(8, 32), failures=[failed])
        self.summary = summary.Summary(self.results)

    def test_every_row_of_a_table_has_the_same_cells_in_markdown(self):
        shown = tables.markdown(self.results, self.summary)
        self.assertIn("| Venice-Keys | 15.0 (1.50) | – |\n", shown)
        self.assertIn("| Go | – | 1,234 |\n", shown)
        self.assertIn("| to the floor | 1.50 (1.50 … 1.50) | – |\n", shown)
        self.assertIn("| to the cheapest of the others | 0.50 (0.50 … 0.50) | – |\n| which is | Beast | – |\n", shown)
        self.assertIn("| allocations an update | 0.250 | – |\n", shown)

    def test_what_was_left_out_is_said_with_the_reason(self):
        for shown in (tables.text(self.results, self.summary), tables.markdown(self.results, self.summary)):
            self.assertIn("Left out: Beast, 32 in flight: exit status 1", shown)

    def test_a_program_below_the_floor_is_said_and_others_are_not(self):
        runs = [run_of("floor", 0, 10, level=level) for level in (8, 32)]
        runs += [run_of("go", 0, 9, level=8), run_of("go", 0, 11, level=32), run_of("beast", 0, 10)]
        results = results_of(runs, levels=(8, 32))
        for show in (tables.text, tables.markdown):
            shown = show(results, summary.Summary(results))
            self.assertIn("Below the floor: Go, 8 in flight. There the floor is not the least.\n", shown)
            self.assertEqual(shown.count("Below the floor"), 1)

    def test_the_table_replaces_what_stood_between_the_marks(self):
        page = "a\n<!-- table -->\nold\n<!-- /table -->\nz\n"
        once = tables.put_into(page, "| new |\n")
        self.assertEqual(once, "a\n<!-- table -->\n\n| new |\n\n<!-- /table -->\nz\n")
        self.assertEqual(tables.put_into(once, "| new |\n"), once)

    def test_a_page_without_both_marks_is_left_alone(self):
        for page in ("", "<!-- table -->\n", "<!-- /table -->\n"):
            with self.assertRaises(ValueError):
                tables.put_into(page, "new")
