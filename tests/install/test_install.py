# SPDX-License-Identifier: BSD-3-Clause
"""The installed tree and the wheel, used as their users do."""
import os
import subprocess
import sys
from pathlib import Path

import pytest

BUILD, SOURCE = os.environ["NRN_BUILD"], Path(os.environ["NRN_SOURCE"])
SIMULATION = """
from neuron import h
section = h.Section(name="s")
section.insert("hh")
h.load_file("stdrun.hoc")
h.finitialize(-65)
h.continuerun(1)
print(round(h.t, 6), h.Vector([1, 2]).sum())
"""
MOD = "NEURON { SUFFIX installed NONSPECIFIC_CURRENT i RANGE g }\nPARAMETER { g = 0.5 }\nASSIGNED { i v }\nBREAKPOINT { i = g*v*1e-9 }\n"


def output(*command, **keywords):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=300, check=False, **keywords)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def clean_environment(**more):
    return {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "NRN_NMODL_PATH")} | {k: str(v) for k, v in more.items()}


@pytest.fixture(scope="module")
def prefix(tmp_path_factory):
    folder = tmp_path_factory.mktemp("prefix")
    output("cmake", "--install", BUILD, "--prefix", folder)
    return folder


def test_commands_of_the_installed_tree_run(prefix):
    assert output(prefix / "bin/nrn", "run", "-c", "print 2 + 3", env=clean_environment()).split() == ["5"]
    assert output(prefix / "bin/nrn", "run", "--interp=python", "-c", SIMULATION, env=clean_environment()).split() == ["1.0", "3.0"]


def test_python_finds_the_installed_package(prefix):
    path = output(prefix / "bin/nrn", "config", "--pythonpath").strip()
    assert Path(path).is_relative_to(prefix)
    assert output(sys.executable, "-c", SIMULATION, env=clean_environment(PYTHONPATH=path)).split() == ["1.0", "3.0"]
    # Where a Python looks below its prefix by itself, a .pth file leads to the package.
    for folder in prefix.glob("lib/python3*/*-packages"):
        added = output(sys.executable, "-c", f"import site, sys; site.addsitedir({str(folder)!r}); import neuron; print(neuron.__file__)", env=clean_environment())
        assert added.startswith(str(prefix))
    assert len(list(prefix.glob("lib/python3*/*-packages/*.pth"))) == 2


def test_a_wheel_works_in_an_environment_of_its_own(tmp_path):
    wheel = Path(output(SOURCE / "scripts/make-wheel", BUILD, "-o", tmp_path).strip())
    environment = tmp_path / "environment"
    output(sys.executable, "-m", "venv", "--system-site-packages", environment)
    output(environment / "bin/python", "-m", "pip", "install", "--no-index", "--no-deps", wheel, env=clean_environment())
    work = tmp_path / "work"
    work.mkdir()
    (work / "installed.mod").write_text(MOD)
    path = f"{environment / 'bin'}:{os.environ['PATH']}"
    output(environment / "bin/nrnivmodl", cwd=work, env=clean_environment(PATH=path, NRN_CACHE_DIR=tmp_path / "cache"))
    program = SIMULATION + "section.insert('installed')\nprint(section(0.5).installed.g)\n"
    assert output(environment / "bin/python", "-c", program, cwd=work, env=clean_environment()).split() == ["1.0", "3.0", "0.5"]
    assert output(environment / "bin/nrniv", "-nobanner", "-c", "print 7", env=clean_environment()).split()[-1] == "7"
