# SPDX-License-Identifier: BSD-3-Clause
"""The error of the variable step follows its tolerance: `cvode_convergence.py NRN` runs small models and compares
with analytic solutions and with a run of much smaller tolerance."""
import math
import subprocess
import sys
import tempfile
from pathlib import Path


def run(hoc):
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "model.hoc")
        script.write_text(hoc)
        done = subprocess.run([sys.argv[1], "run", str(script)], capture_output=True, text=True, timeout=120, cwd=folder)
    assert done.returncode == 0, done.stderr
    return [float(word) for line in done.stdout.splitlines() if line.startswith("=") for word in line[1:].split()]


START = """load_file("stdrun.hoc")
create s
access s
"""


def passive(tolerance):
    """One compartment of time constant 2 ms falls from -50 to -70 mV; at 5 ms."""
    hoc = START + """L = 10
diam = 10
insert pas
g_pas = 1/2000
e_pas = -70
{cvode.active(1)}
{cvode.atol(%g)}
{cvode.rtol(%g)}
finitialize(-50)
{cvode.solve(5)}
printf("= %%.12g\\n", v(0.5))
""" % (tolerance, tolerance)
    return run(hoc)[0]


def spikes(tolerance, local):
    """Two unconnected hh cells under constant current; times of their spikes."""
    hoc = START + """create r
usetable_hh = 0
objref c[2], n[2], w[2], nil
s { L = 20 diam = 20 insert hh }
r { L = 25 diam = 25 insert hh }
s c[0] = new IClamp(0.5)
r c[1] = new IClamp(0.5)
for i = 0, 1 { c[i].amp = 0.3 c[i].dur = 1e9 }
s n[0] = new NetCon(&v(0.5), nil)
r n[1] = new NetCon(&v(0.5), nil)
for i = 0, 1 { n[i].threshold = 0 w[i] = new Vector() n[i].record(w[i]) }
{cvode.active(1)}
{cvode.atol(%g)}
{cvode.rtol(%g)}
{cvode.condition_order(2)}
{cvode.use_local_dt(%d)}
finitialize(-65)
{cvode.solve(40)}
for i = 0, 1 for j = 0, w[i].size() - 1 printf("= %%.12g\\n", w[i].x[j])
""" % (tolerance, tolerance, local)
    return run(hoc)


def main():
    exact = -70 + 20 * math.exp(-2.5)
    for tolerance in (1e-4, 1e-6, 1e-8):
        error = abs(passive(tolerance) - exact)
        # |v| is 70 mV: a local error of rtol |v| per step, gathered over tens of steps
        assert error < 70 * tolerance * 50, (tolerance, error)
    reference = spikes(1e-9, 0)
    assert len(reference) >= 4, reference
    for local in (0, 1):
        for tolerance in (1e-5, 1e-7):
            times = spikes(tolerance, local)
            assert len(times) == len(reference), (local, times)
            error = max(abs(a - b) for a, b in zip(times, reference))
            # linear interpolation of the crossing dominates: steps shrink as tolerance**(1/5), its error as their square
            assert error < 0.5 * tolerance ** 0.4, (local, tolerance, error)
    print("passed")


main()
