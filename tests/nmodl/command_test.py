#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""`nrn compile` as a command: what is built again and what is not, exit codes, packs that move.

  command_test.py build/bin/nrn
"""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

NRN = str(Path(sys.argv.pop(1)).resolve())
LEAK = """NEURON { SUFFIX leakier NONSPECIFIC_CURRENT i RANGE g, e }
PARAMETER { g = 0.001 e = -60 }
ASSIGNED { v i }
BREAKPOINT { i = g*(v - e) }
"""
SHOW = "create s\naccess s\ninsert leakier\nfinitialize(-50)\nfcurrent()\nprint i_leakier\n"


class CompileCommand(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        self.mods = self.folder / "mods"
        self.mods.mkdir()
        (self.mods / "leak.mod").write_text(LEAK)
        self.env = dict(os.environ, NRN_CACHE_DIR=str(self.folder / "cache"))

    def compile(self, *words, cwd=None, **env):
        return subprocess.run([NRN, "compile", *words], cwd=cwd or self.mods, env={**self.env, **env}, capture_output=True, text=True)

    def objects(self):
        return sorted((self.folder / "cache").glob("*.o"))

    def run_with(self, folder):
        (folder / "show.hoc").write_text(SHOW)
        done = subprocess.run([NRN, "run", "show.hoc"], cwd=folder, env=self.env, capture_output=True, text=True)
        return done.stdout.split()[-1] if done.returncode == 0 else done.stderr

    def test_unchanged_files_start_no_compiler(self):
        self.assertEqual(self.compile().returncode, 0)
        pack = self.mods / "x86_64" / "libnrnmech.so"
        before = pack.stat().st_mtime_ns
        again = self.compile("-v")
        self.assertEqual((again.returncode, again.stderr), (0, ""))
        self.assertEqual(pack.stat().st_mtime_ns, before)

    def test_a_change_compiles_one_file(self):
        (self.mods / "other.mod").write_text(LEAK.replace("leakier", "other"))
        self.compile()
        (self.mods / "other.mod").write_text(LEAK.replace("leakier", "another"))
        again = self.compile("-v")
        self.assertEqual(again.returncode, 0)
        self.assertEqual(sum(" -c " in line for line in again.stderr.splitlines()), 1)

    def test_folders_share_what_is_compiled(self):
        self.compile()
        objects = self.objects()
        elsewhere = self.folder / "elsewhere"
        shutil.copytree(self.mods, elsewhere, ignore=shutil.ignore_patterns("x86_64"))
        shared = self.compile("-v", cwd=elsewhere)
        self.assertEqual(shared.returncode, 0)
        self.assertNotIn(" -c ", shared.stderr)
        self.assertEqual(self.objects(), objects)
        self.assertEqual(self.run_with(elsewhere), "0.01")

    def test_dry_run_prints_and_makes_nothing(self):
        dry = self.compile("--dry-run")
        self.assertEqual(dry.returncode, 0)
        self.assertIn(" -c ", dry.stdout)
        self.assertFalse((self.mods / "x86_64").exists())
        self.assertEqual(self.objects(), [])

    def test_exit_codes(self):
        self.assertEqual(self.compile("--no-such-option").returncode, 2)
        self.assertEqual(self.compile("--emit=nothing").returncode, 2)
        self.assertEqual(self.compile("--after=nothing").returncode, 2)
        self.assertEqual(self.compile("missing.mod").returncode, 1)
        (self.mods / "wrong.mod").write_text("NEURON { SUFFIX wrong }\nINITIAL { foo = 1 }\n")
        self.assertEqual(self.compile().returncode, 1)
        self.assertEqual(self.compile("leak.mod").returncode, 0)
        empty = self.folder / "empty"
        empty.mkdir()
        self.assertEqual(self.compile(cwd=empty).returncode, 1)
        self.assertEqual(self.compile("--units", "leak.mod").returncode, 1)  # no units anywhere: 0.001*mV is no mA/cm2

    def test_errors_of_c_text_name_the_line_of_the_file(self):
        (self.mods / "leak.mod").write_text(LEAK + "PROCEDURE p() {\nVERBATIM\n  int x = 1;\n  x = undefined_name;\nENDVERBATIM\n}\n")
        done = self.compile()
        self.assertEqual(done.returncode, 1)
        self.assertIn("leak.mod:8:", done.stderr)

    def test_a_pack_works_where_it_is_moved(self):
        self.compile()
        moved = self.folder / "moved" / "here"
        moved.mkdir(parents=True)
        shutil.move(str(self.mods / "x86_64"), moved)
        shutil.rmtree(self.mods)
        self.assertEqual(self.run_with(moved), "0.01")

    @unittest.skipUnless(shutil.which("clang++"), "there is no clang++ here")
    def test_a_pack_of_the_other_compiler_loads(self):
        self.assertEqual(self.compile(NRN_CXX="clang++").returncode, 0)
        self.assertEqual(self.run_with(self.mods), "0.01")


if __name__ == "__main__":
    unittest.main()
