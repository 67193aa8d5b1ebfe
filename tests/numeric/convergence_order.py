# SPDX-License-Identifier: BSD-3-Clause
"""Observed orders of accuracy against analytic solutions and converged references: `convergence_order.py NRN`.
Prints what it finds; fails where an order is not what the method promises."""
import math
import subprocess
import sys
import tempfile
from pathlib import Path


def run(hoc):
    """The numbers on lines that begin with `=`."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "model.hoc")
        script.write_text(hoc)
        done = subprocess.run([sys.argv[1], "run", str(script)], capture_output=True, text=True, timeout=300, cwd=folder)
    assert done.returncode == 0, done.stderr
    return [float(word) for line in done.stdout.splitlines() if line.startswith("=") for word in line[1:].split()]


ADVANCE = """proc go() { secondorder = $1  dt = $2  finitialize($3)  while (t < $4 - dt/2) { fadvance() } }
"""


def orders(errors):
    return [math.log2(a / b) for a, b in zip(errors, errors[1:])]


def report(what, errors, expected, slack):
    found = orders(errors)
    print(f"{what}: errors {' '.join(f'{e:.3g}' for e in errors)}, order {found[-1]:.2f}, expected {expected}")
    assert abs(found[-1] - expected) < slack, (what, errors, found)


def passive_compartment():
    """From -50 to -70 mV with a time constant of 2 ms."""
    exact = -70 + 20 * math.exp(-2.5)
    for second, order in ((0, 1), (1, 2), (2, 2)):
        text = """create s
access s
{ L = 10 diam = 10 insert pas g_pas = 1/2000 e_pas = -70 }
""" + ADVANCE + "".join(f"go({second}, {dt}, -50, 5)\nprintf(\"= %.15g\\n\", v(0.5))\n" for dt in (0.1, 0.05, 0.025, 0.0125))
        report(f"passive compartment, secondorder {second}", [abs(v - exact) for v in run(text)], order, 0.1)


def rall_cylinder():
    """Steady state of a cylinder with sealed ends and a current at its 0 end; cosh((l - x)/lambda)."""
    length, diameter, ra, g, current = 1000.0, 2.0, 100.0, 1e-4, 0.1
    lam = 1e4 * math.sqrt(diameter * 1e-4 / (4 * ra * g))  # um
    r_inf = lam * 1e-4 * ra / (math.pi * (diameter * 1e-4) ** 2 / 4) * 1e-6  # MOhm
    exact = current * r_inf * math.cosh(length / 2 / lam) / math.sinh(length / lam)
    # Segments by odd powers of three, so that the middle stays a node.
    text = """create s
access s
objref ic
{ L = %g diam = %g Ra = %g insert pas g_pas = %g e_pas = 0 }
ic = new IClamp(0)
{ ic.dur = 1e9 ic.amp = %g }
proc go() { nseg = $1  ic.loc(0)  dt = 1e6  finitialize(0)  fadvance() fadvance() fadvance() printf("= %%.15g\\n", v(0.5)) }
""" % (length, diameter, ra, g, current) + "".join(f"go({n})\n" for n in (3, 9, 27, 81))
    errors = [abs(v - exact) for v in run(text)]
    found = [math.log(a / b, 3) for a, b in zip(errors, errors[1:])]
    print(f"sealed cylinder in space: errors {' '.join(f'{e:.3g}' for e in errors)}, order {found[-1]:.2f}, expected 2")
    assert abs(found[-1] - 2) < 0.1, (errors, found)


def space_clamped_hh():
    """The voltage on the rising phase of an action potential, against a run with a step 64 times smaller."""
    start = """create s
access s
{ L = 20 diam = 20 insert hh }
usetable_hh = 0
objref ic
ic = new IClamp(0.5)
{ ic.del = 0 ic.dur = 1e9 ic.amp = 0.3 }
""" + ADVANCE
    steps = [0.02 / 2 ** k for k in range(4)]
    for second, order in ((0, 1), (1, 2)):
        text = start + "".join(f"go({second}, {dt!r}, -65, 2)\nprintf(\"= %.15g\\n\", v(0.5))\n" for dt in steps)
        text += f"go(1, {0.02 / 512!r}, -65, 2)\nprintf(\"= %.15g\\n\", v(0.5))\n"
        values = run(text)
        report(f"space-clamped hh, secondorder {second}", [abs(v - values[-1]) for v in values[:-1]], order, 0.3)


def adaptive_and_fixed_agree():
    """The variable step, the differential-algebraic one and small fixed steps have one limit."""
    start = """create soma, dend
access soma
{ L = 20 diam = 20 insert hh }
dend { L = 300 diam = 2 nseg = 11 insert pas g_pas = 1e-4 e_pas = -65 }
connect dend(0), soma(1)
usetable_hh = 0
objref ic, cv
cv = new CVode()
ic = new IClamp(0.5)
{ ic.del = 1 ic.dur = 1e9 ic.amp = 0.5 }
""" + ADVANCE
    adaptive = """{ cv.active(1) cv.rtol(%g) cv.atol(%g) cv.use_daspk(%d) cv.use_local_dt(%d) }
{ finitialize(-65) cv.solve(6) }
printf("= %%.15g %%.15g\\n", soma.v(0.5), dend.v(0.9))
{ cv.active(0) }
"""
    text = start + "".join(adaptive % (1e-8, 1e-8, daspk, local) for daspk, local in ((0, 0), (1, 0), (0, 1)))
    text += "go(1, 0.001, -65, 6)\nprintf(\"= %.15g %.15g\\n\", soma.v(0.5), dend.v(0.9))\n"
    values = run(text)
    pairs = [values[i:i + 2] for i in range(0, len(values), 2)]
    print("adaptive methods:", *(f"{a:.6f} {b:.6f}" for a, b in pairs))
    for a, b in pairs[1:3]:
        assert abs(a - pairs[0][0]) < 1e-4 and abs(b - pairs[0][1]) < 1e-4, pairs
    assert abs(pairs[3][0] - pairs[0][0]) < 1e-2 and abs(pairs[3][1] - pairs[0][1]) < 1e-2, pairs


def extracellular_layers():
    """Three layers: small fixed steps approach the differential-algebraic solution with order 1."""
    start = """i = nlayer_extracellular(3)
create s
access s
{ L = 400 diam = 3 nseg = 7 Ra = 100 insert pas g_pas = 1e-3 e_pas = -65 insert extracellular }
for k = 0, 2 { xraxial[k] = 10*(k + 1)  xg[k] = 0.01*(k + 1)  xc[k] = 0.5 }
{ xc[1] = 0 e_extracellular = 2 }
objref ic, cv
cv = new CVode()
ic = new IClamp(0)
{ ic.del = 0.5 ic.dur = 1e9 ic.amp = 1 }
""" + ADVANCE
    show = "printf(\"= %.15g %.15g %.15g\\n\", v(0.5), vext[0](0.5), vext[2](0.1))\n"
    text = start + "{ cv.active(1) cv.rtol(1e-8) cv.atol(1e-9) }\n{ finitialize(-65) cv.solve(0.6) }\n" + show + "{ cv.active(0) }\n"
    text += "".join(f"go(0, {dt!r}, -65, 0.6)\n{show}" for dt in (0.005, 0.0025, 0.00125))
    values = run(text)
    rows = [values[i:i + 3] for i in range(0, len(values), 3)]
    for k, name in enumerate(("v", "vext[0]", "vext[2]")):
        report(f"three layers, {name}", [abs(r[k] - rows[0][k]) for r in rows[1:]], 1, 0.3)


def main():
    for check in (passive_compartment, rall_cylinder, space_clamped_hh, adaptive_and_fixed_agree, extracellular_layers):
        check()
    print("passed")


main()
