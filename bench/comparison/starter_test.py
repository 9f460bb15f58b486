"""The servers as they are started. Skipped where ./dev bench has not unpacked nginx yet, for that takes the network."""

import http.client
import json
import os
import ssl
import time
import unittest
from unittest import mock

from . import line_programs, programs, server

BENCH_LINE = os.environ.get("BENCH_LINE", str(programs.BUILT / "line" / "bench_line"))
NGINX = programs.ROOT / "build" / "nginx-bench" / "nginx"
ID = "00000000-0000-4000-8000-00000000002a"


@unittest.skipUnless(os.access(NGINX, os.X_OK), "nginx is not unpacked")
class Starting(unittest.TestCase):
    def connect(self, told, name):
        trusted = ssl.create_default_context(cafile=told["ca"])
        made = http.client.HTTPSConnection(told["host"], told[name], context=trusted, timeout=20)
        self.addCleanup(made.close)
        return made

    def asked(self, connection):
        """Seconds until the answer, which is of the key that was asked for."""
        began = time.monotonic()
        connection.request("PATCH", "/api/v1/api_keys", json.dumps({"id": ID}, separators=(",", ":")))
        answer = connection.getresponse()
        self.assertEqual((answer.status, json.load(answer)["data"]["id"]), (200, ID))
        return time.monotonic() - began

    def test_the_server_without_a_line_answers(self):
        with server.started(None) as running_one:
            self.asked(self.connect(running_one.told, "port"))

    @unittest.skipUnless(os.access(BENCH_LINE, os.X_OK), "bench_line is not built")
    def test_all_servers_behind_the_line_answer_after_the_way_and_the_service_time(self):
        times = {"ONE_WAY_US": "5000", "SERVICE_MS": "20", "BENCH_LINE": BENCH_LINE}
        starting = server.started(None, line_programs.STARTER, names=line_programs.TOLD)
        with mock.patch.dict(os.environ, times), starting as running_one:
            for name in ("http1", "http2", "wide", "closes", "drops"):
                with self.subTest(name):
                    connection = self.connect(running_one.told, name)
                    first, second = self.asked(connection), self.asked(connection)
                    self.assertGreater(first, 0.05)  # TCP and TLS, and then the same as the second
                    self.assertGreater(second, 0.029)
