"""The port: free, taken, forbidden or no number at all."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import unittest
from unittest import mock

from webapp.ops.places import ROOT
from webapp.ops.ports import asked_port, check_port, free_port
from webapp.ops.troubles import Trouble


class PortTest(unittest.TestCase):
    def test_it_refuses_what_is_no_port(self) -> None:
        for text in ("abc", "0", "65536", "-1", "80 80", "8000.0", "٨٠٠٠"):
            with mock.patch.dict(os.environ, {"PORT": text}), self.assertRaisesRegex(Trouble, "from 1 to 65535"):
                asked_port()

    def test_it_takes_8000_when_nothing_is_asked(self) -> None:
        with mock.patch.dict(os.environ, {"PORT": ""}):
            self.assertEqual(asked_port(), 8000)

    def test_it_lets_a_free_port_pass_and_leaves_it_free(self) -> None:
        port = free_port()
        check_port("127.0.0.1", port)
        check_port("127.0.0.1", port)

    def test_it_names_a_taken_port_and_another(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            with self.assertRaisesRegex(Trouble, rf"Port {port} is taken .* `PORT=\d+ make run`"):
                check_port("127.0.0.1", port)

    def test_it_refuses_an_address_of_another_machine(self) -> None:
        with self.assertRaisesRegex(Trouble, "HOST must be an address of this machine"):
            check_port("192.0.2.1", free_port())

    def test_make_run_says_so_at_once_and_fails(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as other:
            port, begun = other.getsockname()[1], time.monotonic()
            done = subprocess.run(
                ["make", "run", f"PYTHON={sys.executable}"],
                cwd=ROOT,
                env={**os.environ, "PORT": str(port)},
                capture_output=True,
                text=True,
                timeout=20,
            )
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(f"Port {port} is taken by another program", done.stderr)
        self.assertLess(time.monotonic() - begun, 3)
