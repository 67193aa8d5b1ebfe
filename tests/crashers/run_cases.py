# SPDX-License-Identifier: BSD-3-Clause
"""Runs tables of small programs that misuse the simulator: run_cases.py [OPTIONS] NRN FILE...

A table (`*.txt`, in a folder named after the language) holds cases of this form:

    === name
    program
    --- fails        (or just `---`: the program must end well)
    piece of the output
    a later piece

Each program runs in a process of its own; it must end by itself, not by a signal, with the stated status, and what it
prints on both streams must hold the pieces in that order, each on a line of its own. A line of the program
`#! NAME.mod` (`//! NAME.mod`) compiles that mechanism of ../script/mods first.
"""
import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile

PRELUDE = '''from neuron import h
def refused(call, *arguments, **named):
    """Says which exception a call raises, or what it gave."""
    try:
        given = call(*arguments, **named)
    except Exception as error:
        print(f"{type(error).__name__}: {error}".splitlines()[0])
    else:
        print("accepted:", given)
def refused_statement(text, **names):
    names["h"] = h
    refused(exec, text, names)
'''
LIMIT_S = 240  # far more than any needs: a hang is a failure, a busy machine is not


def cases_of(path):
    """The cases of a table: name, program, whether it fails, pieces of output."""
    with open(path, encoding="utf-8") as table:
        for text in table.read().split("\n=== ")[1:]:
            name, _, rest = text.partition("\n")
            program, _, expected = rest.partition("\n---")
            status, _, pieces = expected.partition("\n")
            yield name.strip(), program + "\n", status.strip() == "fails", [p for p in pieces.splitlines() if p.strip()]


def run(command, folder):
    """Status (None: overdue) and output of a command."""
    process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               start_new_session=True)
    try:
        output, _ = process.communicate(timeout=LIMIT_S)
        return process.returncode, output.decode("utf-8", "replace")
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return None, process.communicate()[0].decode("utf-8", "replace")


def verdict(status, output, fails, pieces):
    """What is wrong with a run, or an empty text."""
    if status is None:
        return "does not end"
    if status < 0 or status > 128:
        return f"ends by signal {abs(status) % 128}"
    if (status != 0) != fails:
        return f"ends with status {status}"
    lines = iter(output.splitlines())
    for piece in pieces:
        if not any(piece.strip() in line for line in lines):
            return f"does not print (in order): {piece.strip()}"
    return ""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--module", action="store_true", help="run Python's cases in this Python instead of by `nrn run`")
    parser.add_argument("--show", action="store_true", help="print what each case prints")
    parser.add_argument("-k", default="", help="only cases whose name holds this")
    parser.add_argument("nrn")
    parser.add_argument("tables", nargs="+")
    options = parser.parse_args()
    nrn, failed, count = os.path.abspath(options.nrn), 0, 0
    for path in options.tables:
        language = os.path.basename(os.path.dirname(os.path.abspath(path)))
        suffix = ".hoc" if language == "hoc" else ".py"
        for name, program, fails, pieces in cases_of(path):
            if options.k not in name:
                continue
            count += 1
            with tempfile.TemporaryDirectory() as folder:
                with open(os.path.join(folder, "case" + suffix), "w", encoding="utf-8") as script:
                    script.write((PRELUDE if language == "python" else "") + program)
                mods = [line.split(None, 1)[1] for line in program.splitlines() if line[:3] in ("#! ", "//!")]
                for mod in " ".join(mods).split():
                    shutil.copy(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "script", "mods", mod), folder)
                if mods:
                    subprocess.run([nrn, "compile", "."], cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                command = [sys.executable] if options.module and language == "python" else [nrn, "run"]
                status, output = run(command + ["case" + suffix], folder)
            wrong = verdict(status, output, fails, pieces)
            failed += bool(wrong)
            if wrong or options.show:
                print(f"=== {os.path.basename(path)}: {name}: {wrong or f'status {status}'}\n{output}")
    print(f"{count} cases, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
