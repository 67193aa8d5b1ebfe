# SPDX-License-Identifier: BSD-3-Clause
"""The Hoc prompt, with a terminal and without: python3 prompt_test.py PATH_OF_NRN"""
import os
import pty
import select
import signal
import subprocess
import sys
import time
import unittest

NRN = ""


class Terminal:
    """nrn run at a pseudo terminal."""

    def __init__(self):
        self.seen = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="dumb", INPUTRC="/dev/null")
            os.execv(NRN, [NRN, "run"])

    def until(self, text, seconds=30):
        """Reads up to and including `text`; what came behind it stays for the next call."""
        end = time.monotonic() + seconds
        while text.encode() not in self.seen:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.fd], [], [], left)[0]:
                raise AssertionError(f"{text!r} did not come, but {self.seen!r}")
            try:
                self.seen += os.read(self.fd, 4096)
            except OSError:
                raise AssertionError(f"ended before {text!r}: {self.seen!r}") from None
        self.seen = self.seen[self.seen.index(text.encode()) + len(text):]

    def type(self, text):
        os.write(self.fd, text.encode())

    def close(self):
        os.close(self.fd)
        os.waitpid(self.pid, 0)


class Prompt(unittest.TestCase):
    def setUp(self):
        self.terminal = Terminal()
        self.terminal.until("oc>")

    def tearDown(self):
        self.terminal.close()

    def test_an_error_leaves_it_usable(self):
        self.terminal.type("x = nothing_of_the_kind\n")
        self.terminal.until("undefined variable")
        self.terminal.until("oc>")
        self.terminal.type("print 40 + 2\n")
        self.terminal.until("42 ")

    def test_a_block_goes_on_over_lines(self):
        self.terminal.type("proc p() {\n")
        self.terminal.type("print 6 * 7\n}\n")
        self.terminal.type("p()\n")
        self.terminal.until("42 ")

    def test_control_c_interrupts(self):
        self.terminal.type("while (1) {}\n")
        time.sleep(0.5)
        os.kill(self.terminal.pid, signal.SIGINT)
        self.terminal.until("interrupted")
        self.terminal.type("print 40 + 2\n")
        self.terminal.until("42 ")

    def test_tab_completes_names(self):
        self.terminal.type("a_long_name_of_mine = 42\n")
        self.terminal.until("oc>")
        self.terminal.type("print a_long\t\n")
        self.terminal.until("42 ")


class Pipe(unittest.TestCase):
    def test_statements_after_an_error_run_and_the_status_tells(self):
        run = subprocess.run([NRN, "run"], input="x = nothing_here\nprint 1\n{ print 2\nprint 3 }\n", capture_output=True, text=True, timeout=60)
        self.assertEqual(run.stdout.split(), ["1", "2", "3"])
        self.assertIn("nothing_here", run.stderr)
        self.assertEqual(run.returncode, 1)

    def test_quit_gives_its_status(self):
        run = subprocess.run([NRN, "run"], input="quit(3)\n", capture_output=True, text=True, timeout=60)
        self.assertEqual(run.returncode, 3)


if __name__ == "__main__":
    NRN = os.path.abspath(sys.argv.pop(1))
    unittest.main()
