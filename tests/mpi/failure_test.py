# SPDX-License-Identifier: BSD-3-Clause
"""A rank that ends ends the whole job with its message; none of the others waits for it for ever.

Usage: failure_test.py MPIEXEC NRN [WORD]: only the programs whose name holds the word.
"""
import importlib.util
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

BEGIN = "from neuron import h\nh.nrnmpi_init()\npc = h.ParallelContext()\n"
BEGIN_HOC = "objref pc\nnrnmpi_init()\npc = new ParallelContext()\n"
# A SystemExit that somebody catches, or keeps, ends nothing.
CAUGHT = "import sys\ntry: sys.exit(4)\nexcept SystemExit as e: keep = e\npc.barrier()\n"
# Of a rank that ends well, the others are told.
GONE = "but rank 1 has ended"

# name: (what rank 1 does, what is said, the status when it is known)
ENDS = {
    "error": ("raise ValueError('told by rank 1')", "told by rank 1", None),
    "hoc_error": ("h('execerror(\"told by rank 1\")') or h.execute('nothing_here()')", "nothing_here", None),
    "exit_with_text": ("sys.exit('told by rank 1')", "told by rank 1", None),
    "raise_with_text": ("(lambda: (_ for _ in ()).throw(SystemExit('told by rank 1')))()", "told by rank 1", None),
    "raise_with_status": ("print('told by rank 1'); raise SystemExit(5)", "told by rank 1", 5),
    "exit_with_status": ("print('told by rank 1'); sys.exit(3)", "told by rank 1", 3),
    "exit": ("exit('told by rank 1')", "told by rank 1", None),
    "exit_well": ("sys.exit()", GONE, None),
    "quit": ("h.quit()", GONE, None),
    "leave": ("import os; print('told by rank 1', flush=True); os._exit(6)", "told by rank 1", 6),
    "leave_well": ("import os; print('told by rank 1', flush=True); os._exit(0)", "told by rank 1", None),
    "killed": ("import os, signal; print('told by rank 1', flush=True); os.kill(os.getpid(), signal.SIGKILL)", "told by rank 1", None),
}
WAITS = "pc.barrier()"
WAITS_OF_MPI4PY = "MPI.COMM_WORLD.barrier()"

OWN = {
    "hoc.hoc": (BEGIN_HOC + "if (pc.id() == 1) execerror(\"told by rank 1\")\npc.barrier()\n", "told by rank 1"),
    "hoc_quit.hoc": (BEGIN_HOC + "if (pc.id() == 1) quit()\npc.barrier()\n", GONE),
    "hoc_end.hoc": (BEGIN_HOC + "if (pc.id() != 1) pc.barrier()\n", GONE),
    "job.py": (BEGIN + "def job(x):\n    raise ValueError('told by the job')\n"
               "pc.runworker()\npc.master_works_on_jobs(0)\npc.submit(job, 1)\nwhile pc.working(): pass\npc.done()\n", "told by the job"),
    "master_gone.py": (BEGIN + "if pc.id() == 0:\n    import os, atexit\n    h.quit()\npc.take('nothing')\n", "but rank 0 has ended"),
    "in_psolve.py": (BEGIN + "s = h.Section(name='s')\npc.set_maxstep(1)\nh.finitialize(-65)\nif pc.id() == 1: h.quit()\npc.psolve(10)\n", GONE),
    "stopped.py": ("import time\n" + BEGIN + "s = h.Section(name='s')\npc.set_maxstep(1)\npc.timeout(1)\nh.finitialize(-65)\n"
                   "if pc.id() == 1: time.sleep(90)\npc.psolve(10)\n", "has waited 1 s for the other ranks"),
}
WELL = "if pc.id() == 1:\n    import time\n    time.sleep(0.3)\npc.barrier()\nprint('well')\n"


def programs(nrn):
    """(name, text, what is said, status or None, command, environment)"""
    library = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(nrn))), "lib", "nrn", "python")
    module = {"PYTHONPATH": library}
    if "NRN_RANK_PRELOAD" in os.environ:  # a Python built without the sanitizer needs it first
        module["LD_PRELOAD"] = os.environ["NRN_RANK_PRELOAD"]
    for name, (text, said) in OWN.items():
        yield name, text, said, None, [nrn, "run"], {}
    for name, (act, said, status) in ENDS.items():
        yield name + ".py", BEGIN + CAUGHT + f"if pc.id() == 1:\n    {act}\n{WAITS}\n", said, status, [nrn, "run"], {}
        yield name + "_module.py", BEGIN + CAUGHT + f"if pc.id() == 1:\n    {act}\n{WAITS}\n", said, status, [sys.executable], module
    yield "well.py", BEGIN + CAUGHT + WELL, "well", 0, [nrn, "run"], {}
    yield "well_module.py", BEGIN + CAUGHT + WELL, "well", 0, [sys.executable], module
    yield "well_exit.py", BEGIN + CAUGHT + WELL + "raise SystemExit\n", "well", 0, [sys.executable], module
    if importlib.util.find_spec("mpi4py"):
        begin = "from mpi4py import MPI\n" + BEGIN + CAUGHT
        for name, (act, said, status) in ENDS.items():
            waits = WAITS if said == GONE else WAITS_OF_MPI4PY
            yield name + "_mpi4py.py", begin + f"if pc.id() == 1:\n    {act}\n{waits}\n", said, status, [sys.executable], module
        yield "well_mpi4py.py", begin + WELL + "MPI.COMM_WORLD.barrier()\nsys.exit(0)\n", "well", 0, [sys.executable], module
        yield "mpi4py_run.py", begin + f"if pc.id() == 1: raise SystemExit('told by rank 1')\n{WAITS}\n", "told by rank 1", None, [sys.executable, "-m", "mpi4py"], module


def wrong(mpiexec, folder, program):
    """What is wrong with how the program ends, or nothing."""
    name, text, said, status, command, variables = program
    path = os.path.join(folder, name)
    with open(path, "w") as f:
        f.write(text)
    environment = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1", **variables)
    try:
        done = subprocess.run([mpiexec, "--oversubscribe", "-n", "3", *command, path], env=environment, capture_output=True, text=True, timeout=200)
    except subprocess.TimeoutExpired:
        return f"{name}: the other ranks wait for ever"
    right = done.returncode == status if status is not None else done.returncode != 0
    return "" if right and said in done.stdout + done.stderr else f"{name}: status {done.returncode}\n{done.stdout}{done.stderr}"


def main(mpiexec, nrn, word=""):
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as several:
        chosen = [p for p in programs(nrn) if word in p[0]]
        failures = [w for w in several.map(lambda p: wrong(mpiexec, folder, p), chosen) if w]
    print(*failures, f"{len(chosen)} programs, {len(failures)} failed", sep="\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
