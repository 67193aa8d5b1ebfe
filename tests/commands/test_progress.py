# SPDX-License-Identifier: BSD-3-Clause
"""`nrn run --progress` on a terminal, and elsewhere."""
import os
import pty
import subprocess

from conftest import BIN

SLOW = """load_file("stdrun.hoc")
create soma[400]
forall { insert hh nseg = 5 }
tstop = 1e9
objref fih
proc enough() { if (startsw() - started > 1) { stoprun = 1 } else { cvode.event(t + 1, "enough()") } }
started = startsw()
objref cvode
cvode = new CVode()
fih = new FInitializeHandler("cvode.event(1, \\"enough()\\")")
run()
print "ended"
"""


def on_terminal(folder, *words):
    master, slave = pty.openpty()
    with subprocess.Popen([str(BIN / "nrn"), "run", *words], cwd=folder.path, env=folder.environment, stdout=slave, stderr=slave, stdin=slave) as process:
        os.close(slave)
        seen = b""
        while True:
            try:
                piece = os.read(master, 4096)
            except OSError:  # the other side is closed
                break
            if not piece:
                break
            seen += piece
        process.wait(timeout=60)
    os.close(master)
    assert process.returncode == 0, seen
    return seen.decode()


def test_a_terminal_shows_time_speed_and_time_left(folder):
    folder.write("m.hoc", SLOW)
    seen = on_terminal(folder, "--progress", "m.hoc")
    assert " of 1e+09 ms (0 %)" in seen and " ms/s, " in seen and " left" in seen
    # The line is gone before anything else is printed.
    assert seen.rstrip().endswith("\r\x1b[Kended")


def test_nothing_is_shown_without_being_asked_or_in_a_file(folder):
    folder.write("m.hoc", SLOW)
    assert "ms/s" not in on_terminal(folder, "m.hoc")
    done = folder.call("nrn", "run", "--progress", "m.hoc")
    assert done.returncode == 0 and "ms/s" not in done.stdout + done.stderr
