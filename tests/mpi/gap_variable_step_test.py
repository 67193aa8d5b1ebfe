# SPDX-License-Identifier: BSD-3-Clause
"""Gap junctions between ranks under the variable step give what one rank gives, to the tolerance of rounding."""
import math
import os
import subprocess
import sys
import tempfile


def same(a, b):
    a, b = a.split(), b.split()
    return a[:2] == b[:2] and len(a) == len(b) and all(math.isclose(float(x), float(y), rel_tol=1e-6, abs_tol=1e-6) for x, y in zip(a[2:], b[2:]))


def main(mpiexec, nrn, program):
    environment = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for kind, numbers in (([], (1, 2, 4)), (["daspk"], (1, 2))):
            reference = None
            for ranks in numbers:
                out = os.path.join(folder, f"{ranks}{''.join(kind)}")
                subprocess.run([mpiexec, "--oversubscribe", "-n", str(ranks), nrn, "run", program, out, *kind], check=True, env=environment, timeout=400)
                with open(out) as f:
                    lines = f.read().splitlines()
                reference = reference or lines
                if len(lines) < 4 or len(lines) != len(reference) or not all(map(same, lines, reference)):
                    print(f"{kind}: {ranks} ranks give", *lines, "instead of", *reference, sep="\n")
                    failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
