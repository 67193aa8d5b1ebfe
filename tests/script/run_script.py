# SPDX-License-Identifier: BSD-3-Clause
"""Runs a script and compares what it prints with its `// expect: text` remarks, in order."""
import re
import subprocess
import sys


def main(nrn, script):
    with open(script, encoding="utf-8") as text:
        expected = [m.group(1).strip() for m in re.finditer(r"// expect: (.*)", text.read())]
    run = subprocess.run([nrn, "run", script], capture_output=True, text=True, timeout=60)
    printed = [line.strip() for line in run.stdout.splitlines()]
    if run.returncode != 0 or printed != expected:
        print(f"status {run.returncode}\nexpected {expected}\nprinted  {printed}\n{run.stderr}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
