# SPDX-License-Identifier: BSD-3-Clause
"""A rank that fails ends the whole job with its message; none of the others waits for it for ever."""
import importlib.util
import os
import subprocess
import sys
import tempfile

PROGRAMS = {
    "python.py": ("from neuron import h\nh.nrnmpi_init()\npc = h.ParallelContext()\n"
                  "if pc.id() == 1: raise ValueError('told by rank 1')\npc.barrier()\n", "told by rank 1"),
    "hoc.hoc": ("objref pc\nnrnmpi_init()\npc = new ParallelContext()\n"
                "if (pc.id() == 1) execerror(\"told by rank 1\")\npc.barrier()\n", "told by rank 1"),
    "job.py": ("from neuron import h\nh.nrnmpi_init()\npc = h.ParallelContext()\n"
               "def job(x):\n    raise ValueError('told by the job')\n"
               "pc.runworker()\npc.master_works_on_jobs(0)\npc.submit(job, 1)\nwhile pc.working(): pass\npc.done()\n", "told by the job"),
    "exit.py": ("import sys\nfrom neuron import h\nh.nrnmpi_init()\npc = h.ParallelContext()\n"
                "if pc.id() == 1: sys.exit(3)\npc.barrier()\n", ""),
    "stopped.py": ("import time\nfrom neuron import h\nh.nrnmpi_init()\npc = h.ParallelContext()\n"
                   "s = h.Section(name='s')\npc.set_maxstep(1)\npc.timeout(1)\nh.finitialize(-65)\n"
                   "if pc.id() == 1: time.sleep(90)\npc.psolve(10)\n", "has waited 1 s for the other ranks"),
}
# In Python itself, where mpi4py has started MPI and would end it.
MPI4PY = {
    "mpi4py_exit.py": ("from mpi4py import MPI\nimport sys\nfrom neuron import h\npc = h.ParallelContext()\n"
                       "try: sys.exit(4)\nexcept SystemExit: pass\npc.barrier()\n"
                       "if pc.id() == 1: sys.exit('told by rank 1')\npc.barrier()\n", "told by rank 1"),
}


def programs(nrn):
    for name, (text, said) in PROGRAMS.items():
        yield name, text, said, [nrn, "run"], {}
    if importlib.util.find_spec("mpi4py"):
        library = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(nrn))), "lib", "nrn", "python")
        for name, (text, said) in MPI4PY.items():
            yield name, text, said, [sys.executable], {"PYTHONPATH": library}


def main(mpiexec, nrn):
    environment = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for name, text, said, command, variables in programs(nrn):
            path = os.path.join(folder, name)
            with open(path, "w") as f:
                f.write(text)
            try:
                done = subprocess.run([mpiexec, "--oversubscribe", "-n", "3", *command, path], env={**environment, **variables},
                                      capture_output=True, text=True, timeout=100)
            except subprocess.TimeoutExpired:
                print(f"{name}: the other ranks wait for ever")
                failed = True
                continue
            if done.returncode == 0 or said not in done.stdout + done.stderr:
                print(f"{name}: status {done.returncode}\n{done.stdout}{done.stderr}")
                failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
