# SPDX-License-Identifier: BSD-3-Clause
"""Ctrl-C while a program runs."""
import signal
import subprocess
import time

import pytest
from conftest import BIN

CLINGING = """
clings = 1
begintemplate Clinging
external clings
proc unref() { while (clings) {} }
endtemplate Clinging
objref o
o = new Clinging()
{ printf("begun\\n")  system("") }  // which writes what is buffered
proc loop() { while (1) { o = new Clinging() } }
loop()
"""


def run_until_interrupted(folder, *command, text=None):
    """Sends Ctrl-C once the program has said "begun"."""
    with subprocess.Popen([str(BIN / command[0]), *command[1:]], cwd=folder.path, env=folder.environment,
                          stdin=subprocess.PIPE if text else subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        if text:
            program.stdin.write(text)
            program.stdin.flush()
        assert program.stdout.readline() == "begun\n"
        time.sleep(0.3)  # it is to be well inside its loop
        program.send_signal(signal.SIGINT)
        program.send_signal(signal.SIGINT)  # who starts programs for others may send it twice
        out, err = program.communicate(timeout=60)
    return program.returncode, out, err


@pytest.mark.parametrize("command", [("nrn", "run", "--interp=hoc"), ("nrniv",)])
def test_says_where_a_hoc_program_was(folder, command):
    folder.write("model.hoc", CLINGING)
    status, _, err = run_until_interrupted(folder, *command, "model.hoc")
    assert status == 130
    assert "interrupted" in err and "while (clings)" in err and "in loop at model.hoc:11" in err and "in an assignment at model.hoc" in err


def test_says_where_statements_of_the_command_line_were(folder):
    status, _, err = run_until_interrupted(folder, "nrn", "run", "--interp=hoc", "-c", 'print "begun"', "-c", '{ system("") }', "-c", "while (1) {}")
    assert status == 130
    assert "interrupted" in err and "while (1)" in err


def test_python_ends_with_the_same_status(folder):
    folder.write("model.py", "from neuron import h\nh('n = 0')\nprint('begun', flush=True)\nh('while (1) n += 1')\n")
    status, _, err = run_until_interrupted(folder, "nrn", "run", "model.py")
    assert status == 130
    assert "KeyboardInterrupt" in err


def test_the_prompt_goes_on(folder):
    text = CLINGING + 'print "still here"\n'
    status, out, err = run_until_interrupted(folder, "nrniv", "-", text=text)
    assert "still here" in out and "interrupted" in err
    assert status == 1  # something went wrong on the way
