# SPDX-License-Identifier: BSD-3-Clause
"""A rank that fails ends the whole job with its message; none of the others waits for it for ever."""
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
}


def main(mpiexec, nrn):
    environment = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for name, (text, said) in PROGRAMS.items():
            path = os.path.join(folder, name)
            with open(path, "w") as f:
                f.write(text)
            try:
                done = subprocess.run([mpiexec, "--oversubscribe", "-n", "3", nrn, "run", path], env=environment,
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
