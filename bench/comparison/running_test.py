"""What is done with good programs and with bad ones."""

import json
import os
import time
import unittest

from . import programs, rounds, running
from .fakes import PRINT, Faked


class Running(Faked):
    def test_all_run_in_turn_and_another_is_first_in_each_round(self):
        both = [self.fake("one"), self.fake("two")]
        runs, failures = self.run_all(both, levels=(1, 8), count=2)
        self.assertEqual(failures, [])
        seen = [(each["round"], each["in_flight"], each["program"]) for each in runs]
        first = [(0, level, name) for level in (1, 8) for name in ("one", "two")]
        second = [(1, level, name) for level in (1, 8) for name in ("two", "one")]
        self.assertEqual(seen, first + second)

    def test_each_is_asked_as_it_takes_it(self):
        self.run_all([self.fake("a"), self.fake("b", http2=True), self.fake("c", own_depth=True)], levels=(32,))
        shared = "--host localhost --port {} --ca ca.pem --updates 10 --in-flight 32"
        wanted = ["a.py " + shared.format(1), "b.py " + shared.format(2) + " --http2"]
        self.assertEqual(self.calls(), wanted + ["c.py " + shared.format(1) + " --connections 1 --depth 32"])

    def test_one_that_has_streams_is_told_their_number_and_the_protocol_in_its_own_words(self):
        streams = self.fake("d", http2=True, own_depth=True, http2_words=("--protocol", "http2"))
        asked = streams.command({"host": "a", "port": 1, "http2_port": 2, "ca": "c"}, 10, 32)[3:]
        self.assertEqual(" ".join(asked[:2] + asked[-6:]), "--port 2 --connections 1 --max-streams 32 --protocol http2")

    def test_a_client_is_pinned_to_the_core_that_was_chosen(self):
        core = min(os.sched_getaffinity(0))
        runs, _ = self.run_all([self.fake("a")], core=core)
        self.assertEqual(json.loads(runs[0]["line"])["cores"], [core])

    def test_the_memory_of_who_runs_it_is_not_counted(self):
        ballast = bytearray(os.urandom(1 << 20)) * 100
        runs, _ = self.run_all([self.fake("a")])
        self.assertLess(json.loads(runs[0]["line"])["rss_kb"] << 10, len(ballast) / 2)

    def test_one_that_fails_is_left_out_with_its_last_words(self):
        why = self.why("print('first', file=sys.stderr); sys.exit('connection refused')\n")
        self.assertEqual(why, "exit status 1: connection refused")

    def test_one_that_hangs_is_ended_with_all_that_it_started(self):
        began = time.monotonic()
        hang = f"import subprocess\nif 'bad' in __file__: subprocess.run(['sleep', '60'])\n{PRINT}"
        self.assertEqual(self.why(hang, seconds=2), "not done after 2 s")
        self.assertLess(time.monotonic() - began, 30)

    def test_wrong_answers_are_not_believed(self):
        for end, expected in {
            "pass\n": "printed 0 lines",
            PRINT * 2: "printed 2 lines",
            "print('done')\n": "printed no JSON: done",
            "print(1)\n": "printed no object: 1",
            "told['ok'] -= 1\n" + PRINT: "9 of 10 updates were answered",
            "told['cpu_us'] = 0\n" + PRINT: "its cpu_us is 0",
            "del told['p99_us']\n" + PRINT: "its p99_us is None",
        }.items():
            with self.subTest(expected):
                self.assertIn(expected, self.why(end))

    def test_one_that_fails_at_a_level_still_runs_at_others_and_what_it_did_there_is_dropped(self):
        # It fails in the second round, at 8 in flight.
        end = "seen = open(folder / 'calls').read().count('bad.py')\nif seen == 4: sys.exit(3)\n" + PRINT
        runs, failures = self.run_all([self.fake("bad", end)], levels=(1, 8), count=3)
        self.assertEqual([(each["in_flight"], each["round"]) for each in runs], [(1, 0), (1, 1), (1, 2)])
        self.assertEqual([(each["in_flight"], each["round"]) for each in failures], [(8, 1)])
        self.assertEqual(len(self.calls()), 5)

    def test_one_that_is_missing_is_said_once(self):
        missing = programs.Program("gone", "Gone", programs.ROOT / "build" / "gone")
        _, failures = self.run_all([missing], levels=(1, 8), count=2)
        self.assertEqual(failures[0]["why"], "there is no build/gone")
        self.assertEqual(len(failures), 1)

    def test_a_run_takes_more_updates_where_more_are_in_flight(self):
        self.assertLess(rounds.updates_for(1), rounds.updates_for(8))


class Cores(unittest.TestCase):
    def test_cores_are_two_different_ones_or_none(self):
        client, served = running.cores()
        self.assertEqual(client is None, served is None)
        self.assertTrue(client is None or client != served)
