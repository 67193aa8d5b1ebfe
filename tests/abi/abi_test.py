# SPDX-License-Identifier: BSD-3-Clause
"""Plugins that break a rule are refused with file and reason, and the run goes on without them."""
import os
import shutil
import subprocess
from pathlib import Path

import pytest

NRN = os.environ["NRN"]
PLUGINS = Path(os.environ["ABI_PLUGINS"])


def nrn(*words, path=None, cwd=None):
    env = dict(os.environ)
    env.pop("NRN_NMODL_PATH", None)
    if path:
        env["NRN_NMODL_PATH"] = str(path)
    done = subprocess.run([NRN, *map(str, words)], env=env, cwd=cwd, capture_output=True, text=True, timeout=60)
    assert done.returncode >= 0, f"ended by signal {-done.returncode}: {done.stderr}"
    return done


@pytest.mark.parametrize("name, words", [
    ("wrong_major", ["built for plugin ABI 99", "this is 1"]),
    ("wrong_magic", ["magic"]),
    ("wrong_kind", ["kind 77"]),
    ("wrong_tag", ["built for the program `another-build`", "this is"]),
    ("two_faults", ["ABI 99", "kind 77"]),
    ("no_card", ["no plugin card"]),
])
def test_refused_before_any_code_runs(name, words):
    info = nrn("plugins", "info", PLUGINS / name / f"{name}.so")
    assert info.returncode == 1
    for word in words:
        assert word in info.stdout
    listed = nrn("plugins", "list", path=PLUGINS / name)
    assert listed.returncode == 0
    assert "refused" in listed.stdout and f"{name}.so" in listed.stdout


def test_good_plugin_is_loaded():
    listed = nrn("plugins", "list", path=PLUGINS / "good")
    assert "abi_probe" in listed.stdout


def test_missing_symbol_is_named():
    listed = nrn("plugins", "list", path=PLUGINS / "no_contents")
    assert "nrn_plugin_contents_v1" in listed.stdout


def test_mechanism_name_already_taken_names_both_files():
    listed = nrn("plugins", "list", path=PLUGINS / "duplicate")
    text = listed.stdout + listed.stderr
    assert "`pas`" in text and "duplicate.so" in text and "builtin" in text


def test_text_file_named_so(tmp_path):
    (tmp_path / "notes.so").write_text("these are notes, no library\n")
    listed = nrn("plugins", "list", path=tmp_path)
    assert listed.returncode == 0
    assert "notes.so" in listed.stdout and "not a shared library" in listed.stdout


def test_truncated_file(tmp_path):
    whole = (PLUGINS / "good" / "good.so").read_bytes()
    for length in (3, 60, len(whole) // 2, len(whole) - 40):
        (tmp_path / "cut.so").write_bytes(whole[:length])
        assert "refused" in nrn("plugins", "list", path=tmp_path).stdout


def test_plugins_are_found_at_top_level_and_below(tmp_path):
    for place in (".", "x86_64", "lib"):
        folder = tmp_path / place
        folder.mkdir(exist_ok=True)
        shutil.copy(PLUGINS / "good" / "good.so", folder)
        assert "abi_probe" in nrn("plugins", "list", path=tmp_path).stdout
        (folder / "good.so").unlink()


@pytest.mark.parametrize("words, said", [
    (["run", "--interp=foo", "-c", "1"], "foo"),
    (["run", "--comm=nonsense", "-c", "1"], "nonsense"),
    (["run", "no_such_file.hoc"], "no_such_file.hoc"),
    (["run", "no_such_file.py"], "no_such_file.py"),
    (["compile", "no_such_file.mod"], "no_such_file.mod"),
    (["plugins", "info", "no_such.so"], "no_such.so"),
])
def test_bad_command_lines_say_what_is_wrong(words, said, tmp_path):
    done = nrn(*words, cwd=tmp_path)
    assert done.returncode != 0
    assert said in done.stdout + done.stderr
