#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What each pass of the NMODL compiler makes of a file, text against text.

  golden.py --nrn build/bin/nrn            compares every PASS/NAME.mod with PASS/NAME.expected
  golden.py --nrn build/bin/nrn --update   writes the .expected files: look at the difference before you keep it

The folder says what is printed: `ast` and `ir` are stages (--emit=), `errors` is the check alone, any other is a
pass (--after=). A tree that prints is read again and must print the same.
"""
import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def compile_file(nrn: str, folder: Path, name: str, *options: str) -> str:
    done = subprocess.run([nrn, "compile", *options, name], cwd=folder, capture_output=True, text=True, timeout=60)
    return f"{done.stdout}{done.stderr}exit status {done.returncode}\n"


def option_of(folder: str) -> str:
    return {"ast": "--emit=ast", "ir": "--emit=ir", "errors": "--emit=cpp"}.get(folder, f"--after={folder}")


def printed_again(nrn: str, text: str) -> str:
    """The tree that `text` reads as, printed."""
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch, "again.mod").write_text(text)
        return subprocess.run([nrn, "compile", "--emit=ast", "again.mod"], cwd=scratch, capture_output=True, text=True, timeout=60).stdout


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nrn", required=True)
    parser.add_argument("--update", action="store_true")
    args = parser.parse_args()
    nrn, failures, count = str(Path(args.nrn).resolve()), 0, 0
    for file in sorted(HERE.glob("*/*.mod")):
        got, expected = compile_file(nrn, file.parent, file.name, option_of(file.parent.name)), file.with_suffix(".expected")
        count += 1
        if args.update:
            expected.write_text(got)
        elif got != expected.read_text():
            failures += 1
            print(f"FAIL {file.parent.name}/{file.name}: it prints\n{got}")
        if file.parent.name == "ast":
            tree = subprocess.run([nrn, "compile", "--emit=ast", file.name], cwd=file.parent, capture_output=True, text=True, timeout=60).stdout
            if printed_again(nrn, tree) != tree:
                failures += 1
                print(f"FAIL {file.parent.name}/{file.name}: the printed tree prints differently")
    print(f"{count} files, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
