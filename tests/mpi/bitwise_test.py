# SPDX-License-Identifier: BSD-3-Clause
"""Spikes do not depend on the number of ranks and threads: the same bits on 1, 2 and 4 ranks and with two threads each."""
import os
import subprocess
import sys
import tempfile


def main(mpiexec, nrn, program):
    environment = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for kind in ([], ["gap"]):
            reference = None
            for ranks, threads in ((1, 1), (1, 2), (2, 1), (2, 2), (4, 1), (4, 2)):
                out = os.path.join(folder, f"spikes{ranks}x{threads}{''.join(kind)}")
                subprocess.run([mpiexec, "--oversubscribe", "-n", str(ranks), nrn, "run", program, out, f"threads={threads}", *kind],
                               check=True, env=environment, timeout=500)
                with open(out) as f:
                    spikes = f.read()
                if reference is None:
                    reference = spikes
                    print(f"{kind or 'synapses'}: {len(spikes.splitlines())} spikes")
                    failed |= len(spikes.splitlines()) < 30
                elif spikes != reference:
                    print(f"{kind}: {ranks} ranks with {threads} threads differ from one: {len(spikes.splitlines())} spikes")
                    failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
