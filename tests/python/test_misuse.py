# SPDX-License-Identifier: BSD-3-Clause
"""Whatever is called with whatever: exceptions, never a signal and never a program that does not come back."""
import os
import subprocess
import sys
from pathlib import Path

WALK = Path(__file__).with_name("misuse_walk.py")


def run(tmp_path, name, seed):
    log = tmp_path / "last_call"
    environment = dict(os.environ, MISUSE_LOG=str(log))
    try:
        done = subprocess.run([sys.executable, str(WALK), name, str(seed)], cwd=tmp_path, env=environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, errors="replace", timeout=300, check=False)
    except subprocess.TimeoutExpired:
        return f"{name}: did not come back from {log.read_text(errors='replace')}"
    if done.returncode != 0 or "SystemError" in done.stderr or "Sanitizer" in done.stderr:
        return f"{name}: status {done.returncode} in {log.read_text(errors='replace')}\n{done.stderr[-3000:]}"
    return None


def test_wrong_arguments_raise_exceptions_only(tmp_path):
    names = subprocess.run([sys.executable, str(WALK), "list"], capture_output=True, text=True, check=True).stdout.split()
    assert "Vector" in names and "functions" in names and len(names) > 40
    problems = [p for p in (run(tmp_path, name, 1) for name in names) if p]
    assert not problems, "\n\n".join(problems)
