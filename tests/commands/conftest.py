# SPDX-License-Identifier: BSD-3-Clause
"""A folder of its own for each test, and the commands in it."""
import os
import subprocess
from pathlib import Path

import pytest

BIN = Path(os.environ["NRN_BIN"])
MOD = """NEURON {{ SUFFIX {name} NONSPECIFIC_CURRENT i RANGE g }}
PARAMETER {{ g = {g} }}
ASSIGNED {{ v i }}
BREAKPOINT {{ i = g*(v+70) }}
"""


class Folder:
    def __init__(self, path):
        self.path = path
        (path / "cache").mkdir()
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("NRN_")}
        self.environment["NRN_CACHE_DIR"] = str(path / "cache")

    def write(self, name, text):
        file = self.path / name
        file.parent.mkdir(exist_ok=True, parents=True)
        file.write_text(text)
        return file

    def mod(self, name="leaky", g=0.001, folder="."):
        return self.write(f"{folder}/{name}.mod", MOD.format(name=name, g=g))

    def call(self, command, *words, stdin="", before=(), **environment):
        program = [*before, str(BIN / command) if "/" not in command else command, *map(str, words)]
        return subprocess.run(program, cwd=self.path, env=self.environment | environment, input=stdin, capture_output=True, text=True, timeout=240, check=False)

    def output(self, command, *words, **more):
        done = self.call(command, *words, **more)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)
