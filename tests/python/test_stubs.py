# SPDX-License-Identifier: BSD-3-Clause
"""The stubs tell a type checker what there is."""
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
from neuron import h
soma = h.Section(name="soma")
soma.L = 20
v = h.Vector([1, 2]).record(soma(0.5)._ref_v)
x: float = v[0]
reveal_type(v[1:3].mul(2))
reveal_type(soma(0.5).area())
reveal_type(h.t)
for segment in soma:
    segment.hh.gnabar = 0.1
for section in h.allsec():
    section.children()[0].nseg = 3
clamp = h.IClamp(soma(0.5))
clamp.amp = 1
n: str = v[0]
v.recrod(1)
"""


def test_stubs_are_written_for_all_classes(tmp_path, h):
    from neuron import stubs

    stubs.write(tmp_path)
    written = (tmp_path / "hoc.pyi").read_text()
    for name in ("Vector", "NetCon", "IClamp", "ParallelContext"):
        assert re.search(rf"^class {name}\(HocObject\):", written, re.M)
    assert "def record(self" in written
    for file in tmp_path.glob("*.pyi"):
        compile(file.read_text(), str(file), "exec")


def test_a_type_checker_understands_them(tmp_path):
    pytest.importorskip("mypy")
    (tmp_path / "program.py").write_text(PROGRAM)
    import neuron

    package = neuron.__path__[0]
    done = subprocess.run([sys.executable, "-m", "mypy", "--cache-dir", str(tmp_path / "cache"), "program.py"], cwd=tmp_path, capture_output=True, text=True,
                          timeout=300, check=False, env={"MYPYPATH": package.rsplit("/", 1)[0], "PATH": "/usr/bin:/bin"})
    lines = [line.split(":", 2)[1:] for line in done.stdout.splitlines() if line.startswith("program.py")]
    notes = {int(number): text for number, text in lines}
    assert "neuron.hoc.Vector" in notes[7] and "float" in notes[8] and "float" in notes[9], done.stdout
    errors = {number for number, text in notes.items() if "error" in text}
    assert errors == {16, 17}, done.stdout + done.stderr


@pytest.mark.parametrize("program", sorted(Path(__file__).with_name("typed").glob("*.py")), ids=lambda program: program.stem)
def test_whole_programs_are_free_of_errors_and_run(tmp_path, program):
    pytest.importorskip("mypy")
    import neuron

    folder = neuron.__path__[0].rsplit("/", 1)[0]
    done = subprocess.run([sys.executable, "-m", "mypy", "--strict", "--allow-any-generics", "--cache-dir", str(tmp_path / "cache"), str(program)],
                          cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False, env={"MYPYPATH": folder, "PATH": "/usr/bin:/bin"})
    assert done.returncode == 0, done.stdout + done.stderr
    ran = subprocess.run([sys.executable, str(program)], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode == 0, ran.stderr
