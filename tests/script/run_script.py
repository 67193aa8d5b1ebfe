# SPDX-License-Identifier: BSD-3-Clause
"""Runs a script and compares what it prints with its `// expect: text` remarks, in order.

`// expect error: text` stands beside the line that ends the run; the error stream must hold the text.
`// mods: a.mod b.mod` names mechanisms of the folder ../mods that are compiled first.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile


def main(nrn, script):
    with open(script, encoding="utf-8") as text:
        source = text.read()
    expected = [m.group(1).strip() for m in re.finditer(r"// expect: ?(.*)", source)]
    errors = [m.group(1).strip() for m in re.finditer(r"// expect error: (.*)", source)]
    folder, name = os.path.split(os.path.abspath(script))
    nrn = os.path.abspath(nrn)
    mods = re.findall(r"// mods: (.*)", source)
    if mods:
        with tempfile.TemporaryDirectory() as scratch:
            for mod in " ".join(mods).split():
                shutil.copy(os.path.join(folder, "..", "mods", mod), scratch)
            shutil.copy(script, scratch)
            subprocess.run([nrn, "compile", "."], cwd=scratch, check=True, timeout=300)
            return compare(nrn, scratch, name, expected, errors)
    return compare(nrn, folder, name, expected, errors)


def compare(nrn, folder, name, expected, errors):
    run = subprocess.run([nrn, "run", name], cwd=folder, capture_output=True, text=True, timeout=60)
    printed = [line.strip() for line in run.stdout.splitlines()]
    failed = (run.returncode != 0) != bool(errors) or run.returncode < 0
    if failed or printed != expected or not all(e in run.stderr for e in errors):
        print(f"status {run.returncode}\nexpected {expected}\nprinted  {printed}\nerrors   {errors}\n{run.stderr}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
