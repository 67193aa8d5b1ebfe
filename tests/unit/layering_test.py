# SPDX-License-Identifier: BSD-3-Clause
"""Includes follow the arrows of docs/architecture.md, and every source says what it is and under which licence."""
import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [ROOT / p for p in subprocess.run(
    ["git", "ls-files", "*.cpp", "*.hpp", "*.h", "*.c"], cwd=ROOT, capture_output=True, text=True).stdout.split()] or [
    p for folder in ("kernel", "plugins", "plugin-api", "nmodl-compiler", "tests") for p in (ROOT / folder).rglob("*.[ch]pp")]
PRODUCTS = re.compile(r'#include\s*[<"](Python\.h|boost/python|cvode/|cvodes/|ida/|sundials/|mpi\.h|readline/)')


def text(path):
    return path.read_text(errors="replace") if path.exists() else ""


def test_kernel_knows_no_product():
    offenders = [str(p.relative_to(ROOT)) for p in SOURCES if "kernel" == p.relative_to(ROOT).parts[0] and PRODUCTS.search(text(p))]
    assert not offenders


def test_plugins_do_not_see_each_other():
    plugins = [p.name for p in (ROOT / "plugins").iterdir() if p.is_dir()]
    offenders = []
    for p in SOURCES:
        parts = p.relative_to(ROOT).parts
        if parts[0] == "plugins":
            others = [o for o in plugins if o != parts[1]]
            offenders += [str(p) for o in others if f'"{o}/' in text(p)]
    assert not offenders


def test_plugin_api_includes_only_itself_and_the_standard_library():
    offenders = []
    for p in SOURCES:
        if p.relative_to(ROOT).parts[:2] != ("plugin-api", "include"):
            continue
        for name in re.findall(r'#include\s*"([^"]+)"', text(p)):
            if not name.startswith("nrn/"):
                offenders.append(f"{p}: {name}")
    assert not offenders


def test_public_headers_are_self_contained(tmp_path):
    failed = []
    for header in sorted((ROOT / "plugin-api" / "include" / "nrn").rglob("*.h*")):
        probe = tmp_path / "probe.cpp"
        probe.write_text(f'#include "{header.relative_to(ROOT / "plugin-api" / "include")}"\n')
        done = subprocess.run([os.environ.get("CXX", "c++"), "-std=c++20", "-fsyntax-only", f"-I{ROOT / 'plugin-api' / 'include'}", str(probe)],
                              capture_output=True, text=True)
        if done.returncode:
            failed.append(f"{header.name}: {done.stderr.splitlines()[0] if done.stderr else ''}")
    assert not failed


def test_licence_line():
    ours = [p for p in SOURCES if p.exists() and p.relative_to(ROOT).parts[0] != "bench"]
    assert not [str(p) for p in ours if "SPDX-License-Identifier: BSD-3-Clause" not in text(p)[:200]]
