#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Feeds mutated .mod files to the compiler: it may refuse them, it may not crash or hang.

  fuzz_compiler.py --nrn build/bin/nrn [--seconds 30] [--seed 1] CORPUS...

CORPUS are folders searched for .mod files. A file that brings the compiler down is kept in the working folder and
named; put it (made small) beside translate_test.cpp as a test of its own.
"""
import argparse
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def mutate(words: list[str], all_words: list[list[str]], chance: random.Random) -> str:
    words = list(words)
    for _ in range(chance.randint(1, 6)):
        at, kind = chance.randrange(len(words)), chance.random()
        if kind < 0.3:
            del words[at : at + chance.randint(1, 8)]
        elif kind < 0.6:
            words[at] = chance.choice(chance.choice(all_words))
        elif kind < 0.8:
            other = chance.choice(all_words)
            begin = chance.randrange(len(other))
            words[at:at] = other[begin : begin + chance.randint(1, 30)]
        else:
            words[at:at] = words[max(0, at - 20) : at]
        words = words or ["NEURON"]
    return "".join(words)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nrn", required=True)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("corpus", nargs="+")
    args = parser.parse_args()
    files = sorted(f for folder in args.corpus for f in Path(folder).rglob("*.mod"))
    all_words = [re.findall(r"\s+|\w+|.", f.read_text(errors="replace")) for f in files]
    chance, found, runs, end = random.Random(args.seed), 0, 0, time.monotonic() + args.seconds
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "mutant.mod"
        while time.monotonic() < end:
            text = mutate(chance.choice(all_words), all_words, chance)
            file.write_text(text)
            runs += 1
            try:
                status = subprocess.run([args.nrn, "compile", "--emit=cpp", str(file)], capture_output=True, timeout=60).returncode
            except subprocess.TimeoutExpired:
                status = "a hang"
            if status not in (0, 1):
                found += 1
                kept = Path(f"mutant_{args.seed}_{runs}.mod")
                kept.write_text(text)
                print(f"{kept}: {status}")
    print(f"{runs} mutants of {len(files)} files, {found} failures")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
