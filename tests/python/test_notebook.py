# SPDX-License-Identifier: BSD-3-Clause
"""IPython and Jupyter, headless: completion, help, rich text, a notebook, and Ctrl-C in the middle of a run."""
import subprocess
import sys

import pytest

pytest.importorskip("IPython", reason="IPython is not installed (Debian: ipython3)")

SHELL = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.Completer.use_jedi = False
shell.run_cell("from neuron import h, n\\nsoma = h.Section(name='soma')\\nsoma.insert('hh')\\nseg, v, mech = soma(0.5), h.Vector([1, 2, 3]), soma(0.5).hh")

def completions(text):
    return set(shell.complete(text)[1])

assert "h.Vector" in completions("h.Vec") and len(completions("h.")) > 200
assert "h.IClamp" in completions("h.ICl") and "h.load_file" in completions("h.load_f") and "n.Section" in completions("n.Sec")
assert {"soma.psection", "soma.pt3dadd"} <= completions("soma.p") and {"soma.L", "soma.nseg"} <= completions("soma.")
assert {"seg.v", "seg.hh", "seg.diam", "seg.na_ion", "seg.x"} <= completions("seg.")
assert {"mech.gnabar", "mech.gna"} <= completions("mech.gn")
assert {"v.record", "v.as_numpy"} <= completions("v.")

for thing in ("h.Vector", "v.record", "soma.insert", "h.sin", "seg", "soma", "h", "h.IClamp", "h.NetCon"):
    shell.run_line_magic("pinfo", thing)

show = shell.display_formatter.format
print(show(shell.user_ns["soma"])[0]["text/html"])
print(show(shell.user_ns["v"])[0]["text/plain"])
"""


def test_names_are_completed_and_help_and_rich_texts_shown():
    done = subprocess.run([sys.executable, "-c", SHELL], capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr
    for text in ("Vector(size = 0, value = 0)", "Python: v = h.Vector().record(soma(0.5)._ref_v)", "insert(mechanism) -> self", "sin(x [rad])",
                 "A place on a section", "An unbranched cable", "h('text') executes Hoc", "<b>soma</b>", "nseg 1", "3 elements"):
        assert text in done.stdout


NOTEBOOK = ["from neuron import h\nh.load_file('stdrun.hoc')\nsoma = h.Section(name='soma')\nsoma.insert('hh')\nclamp = h.IClamp(soma(0.5))\n"
            "clamp.delay, clamp.dur, clamp.amp = 1, 1, 200\nv = h.Vector().record(soma(0.5)._ref_v)",
            "h.finitialize(-65)\nh.continuerun(5)\nh('print t')\nprint(round(v.max()))",
            "soma",
            "h.Vector('wrong')"]


@pytest.fixture
def notebook_client():
    nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed (Debian: python3-nbclient)")
    nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed (Debian: python3-nbformat)")
    pytest.importorskip("ipykernel", reason="ipykernel is not installed (Debian: python3-ipykernel)")
    return nbclient, nbformat


def test_a_notebook_runs_headless(notebook_client):
    nbclient, nbformat = notebook_client
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in NOTEBOOK])
    nbclient.NotebookClient(book, timeout=100, allow_errors=True, kernel_name="python3").execute()
    texts = ["".join(str(output.get("text", output.get("data", output.get("ename")))) for output in cell.outputs) for cell in book.cells]
    assert "5" in texts[1] and int(texts[1].split()[-1]) > 0, texts  # what Hoc prints is in the notebook too
    assert "<b>soma</b>" in texts[2] and "RuntimeError" in texts[3], texts


def test_a_run_in_a_notebook_is_interrupted_and_goes_on(notebook_client):
    from jupyter_client.manager import start_new_kernel

    manager, client = start_new_kernel(kernel_name="python3")
    outputs = []

    def execute(text):
        outputs.clear()
        return client.execute_interactive(text, timeout=100, output_hook=outputs.append)["content"]

    try:
        assert execute(NOTEBOOK[0])["status"] == "ok"
        execute("h.finitialize(-65)\nh.continuerun(1)")
        # The kernel interrupts itself once the run is under way, as the button would.
        reply = execute("import os, signal, threading\nthreading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()\nh.continuerun(1e9)")
        assert reply["status"] == "error" and reply["ename"] == "KeyboardInterrupt"
        assert execute("t = h.t\nassert 1 < t < 1e9\nh.continuerun(t + 1)\nassert abs(h.t - t - 1) < 0.03")["status"] == "ok"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
