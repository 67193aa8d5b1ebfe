# SPDX-License-Identifier: BSD-3-Clause
"""Spikes do not depend on the number of ranks: the same bits on 1, 2, 3 and 5 of them."""
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
            for ranks in (1, 2, 3, 5):
                out = os.path.join(folder, f"spikes{ranks}{''.join(kind)}")
                subprocess.run([mpiexec, "--oversubscribe", "-n", str(ranks), nrn, "run", program, out, *kind],
                               check=True, env=environment, timeout=240)
                with open(out) as f:
                    spikes = f.read()
                if reference is None:
                    reference = spikes
                    print(f"{kind or 'synapses'}: {len(spikes.splitlines())} spikes")
                    failed |= len(spikes.splitlines()) < 50
                elif spikes != reference:
                    print(f"{kind}: {ranks} ranks differ from 1: {len(spikes.splitlines())} spikes")
                    failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
