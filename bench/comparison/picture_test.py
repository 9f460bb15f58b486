"""The input of gnuplot. Only the eye can judge whether the picture looks good."""

import unittest

from . import picture
from .summary_test import results_of, run_of


class Drawing(unittest.TestCase):
    def test_each_program_has_its_costs_at_the_places_of_its_levels(self):
        runs = [run_of("floor", 0, 10), run_of("floor", 0, 8, level=32), run_of("curl-h2", 0, 50, level=32)]
        told = picture.script(results_of(runs, levels=(8, 32)))
        self.assertIn("$data_floor << END\n0 10.0\n1 8.0\nEND\n", told)
        self.assertIn("$data_curl_h2 << END\n1 50.0\nEND\n", told)
        self.assertIn('set xtics ("8" 0, "32" 1)', told)

    def test_the_legend_goes_from_the_most_to_the_least_and_ours_is_drawn_last(self):
        runs = [run_of("venice-keys", 0, 20), run_of("floor", 0, 10), run_of("go", 0, 40)]
        told = picture.script(results_of(runs))
        self.assertLess(told.index('title "Go"'), told.index('title "Venice-Keys"'))
        self.assertLess(told.index('title "Venice-Keys"'), told.index('title "Floor"'))
        last = told.rstrip().splitlines()[-1]
        self.assertEqual(last.strip(), f"$data_venice_keys with linespoints {picture.style('venice-keys')} notitle")

    def test_programs_look_different(self):
        names = ["floor", "venice-keys", "beast", "curl", "curl-h2", "go", "go-h2", "reqwest", "reqwest-h2", "undici"]
        names += ["floor-h2", "floor-window", "floor-window-h2", "venice-keys-h2"]
        self.assertEqual(len({picture.style(name) for name in names}), len(names))

    def test_ticks_are_between_the_ends(self):
        self.assertEqual(picture.ticks(4, 120), ["5", "10", "20", "50", "100"])

    def test_without_a_run_there_is_nothing_to_draw(self):
        with self.assertRaises(ValueError):
            picture.script(results_of([]))
