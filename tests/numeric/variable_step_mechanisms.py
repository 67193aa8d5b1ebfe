# SPDX-License-Identifier: BSD-3-Clause
"""Mechanisms that a variable step must integrate itself, against analytic solutions:
`variable_step_mechanisms.py NRN` compiles what it needs and runs it."""
import math
import subprocess
import sys
import tempfile
from pathlib import Path

MODS = {
    # A block that is solved under a condition is part of the system of equations all the same.
    "pool.mod": """NEURON { SUFFIX pool RANGE tau }
PARAMETER { tau = 10 (ms) }
STATE { c }
INITIAL { c = 100 }
BREAKPOINT {
    if (c < 0) { c = 0 } else { SOLVE decay METHOD cnexp }
}
DERIVATIVE decay { c' = -c/tau }
""",
    "follower.mod": """NEURON { SUFFIX follower POINTER c RANGE m }
PARAMETER { k = 0.001 }
ASSIGNED { c }
STATE { m }
INITIAL { m = 0 }
BREAKPOINT { SOLVE follow METHOD cnexp }
DERIVATIVE follow { m' = k*c*(1 - m) }
""",
    # Where BREAKPOINT computes currents, states are solved apart from it, whatever the condition says.
    "gate.mod": """NEURON { SUFFIX gate NONSPECIFIC_CURRENT i RANGE on }
PARAMETER { on = 1 }
ASSIGNED { i v }
STATE { m }
INITIAL { m = 0 }
BREAKPOINT {
    if (on > 0) { SOLVE open METHOD cnexp }
    i = 1e-4*m*(v + 80)
}
DERIVATIVE open { m' = (1 - m)/2 }
""",
    "spread.mod": """NEURON { SUFFIX spread USEION ca READ cai WRITE cai RANGE D }
UNITS { (mM) = (milli/liter) (um) = (micron) }
PARAMETER { D = 0.5 (um2/ms) }
ASSIGNED { diam (um) }
STATE { cai (mM) }
BREAKPOINT { SOLVE move METHOD sparse }
KINETIC move {
    COMPARTMENT 3.14159*diam*diam/4 { cai }
    LONGITUDINAL_DIFFUSION D*3.14159*diam*diam/4 { cai }
    ~ cai << (0)
}
""",
}


def run(folder, hoc):
    """The numbers on lines that begin with `=`."""
    Path(folder, "model.hoc").write_text(hoc)
    done = subprocess.run([sys.argv[1], "run", "model.hoc"], capture_output=True, text=True, timeout=120, cwd=folder)
    assert done.returncode == 0, done.stderr
    return [float(word) for line in done.stdout.splitlines() if line.startswith("=") for word in line[1:].split()]


def conditional_solve(folder):
    start = """load_file("stdrun.hoc")
create s
access s
{ insert pool insert follower }
setpointer c_follower(0.5), c_pool(0.5)
{ cvode.active(1) }
"""
    exact_c, exact_m = 100 * math.exp(-3), 1 - math.exp(-0.001 * 1000 * (1 - math.exp(-3)))
    for tolerance in (1e-3, 1e-6):
        c, m = run(folder, start + f"""{{ cvode.atol({tolerance}) }}
finitialize(-65)
{{ cvode.solve(30) }}
printf("= %.15g %.15g\\n", c_pool(0.5), m_follower(0.5))
""")
        print(f"conditional SOLVE, atol {tolerance:g}: errors {abs(c - exact_c):.3g} {abs(m - exact_m):.3g}")
        # Thirty steps or more add up what each may err by.
        assert abs(c - exact_c) < 60 * tolerance and abs(m - exact_m) < 60 * tolerance, (c, exact_c, m, exact_m)


def condition_without_effect(folder):
    start = """load_file("stdrun.hoc")
create s
access s
{ insert gate }
proc fixed() { on_gate = $1  finitialize(-65)  while (t < 1 - dt/2) fadvance()  printf("= %.12g\\n", m_gate) }
fixed(0)
fixed(1)
{ cvode.active(1) cvode.atol(1e-7) }
proc variable() { on_gate = $1  finitialize(-65) cvode.solve(1)  printf("= %.12g\\n", m_gate) }
variable(0)
variable(1)
"""
    exact = 1 - math.exp(-0.5)
    errors = [abs(m - exact) for m in run(folder, start)]
    print("condition around a SOLVE beside currents: errors", " ".join(f"{e:.3g}" for e in errors))
    assert max(errors[:2]) < 1e-11 and max(errors[2:]) < 5e-6, errors


def diffusion(folder):
    """A cosine along a sealed cylinder decays by the factor of the discrete Laplacian's first mode."""
    n, length, d = 21, 100.0, 0.5
    rate = 4 * d / (length / n) ** 2 * math.sin(math.pi / (2 * n)) ** 2
    start = f"""load_file("stdrun.hoc")
create s
access s
{{ nseg = {n} L = {length} diam = 2 insert spread }}
proc start() {{ local i
    finitialize(-65)
    for (x, 0) cai(x) = 1 + cos(PI*x)
    cvode.re_init()
}}
"""
    exact = [1 + math.cos(math.pi * (i + 0.5) / n) * math.exp(-rate * 200) for i in range(n)]
    show = 'for (x, 0) printf("= %.15g\\n", cai(x))\n'
    for name, how, bound in (("fixed step 0.1", "dt = 0.1\nstart()\nwhile (t < 200 - dt/2) fadvance()\n", 3e-4),
                             ("cvode, atol 1e-3", "{ cvode.active(1) cvode.atol(1e-3) }\nstart()\n{ cvode.solve(200) }\n", 3e-2),
                             ("cvode, atol 1e-6", "{ cvode.active(1) cvode.atol(1e-6) }\nstart()\n{ cvode.solve(200) }\n", 3e-5),
                             ("daspk, atol 1e-6", "{ cvode.active(1) cvode.use_daspk(1) cvode.atol(1e-6) }\nstart()\n{ cvode.solve(200) }\n", 3e-5)):
        found = run(folder, start + how + show)
        error = max(abs(a - b) for a, b in zip(found, exact))
        print(f"longitudinal diffusion, {name}: error {error:.3g}")
        assert len(found) == n and error < bound, (name, error, found)


def state_watch(folder):
    """A state that is no number stops a run, even if nothing depends on it; the watch can be turned off."""
    start = """load_file("stdrun.hoc")
create s, r
access r
{ insert pool }
tstop = 5
proc go() { finitialize(-65) c_pool(0.5) = 1e308*10 - 1e308*10 continuerun(tstop) }
"""
    Path(folder, "model.hoc").write_text(start + "go()\n")
    done = subprocess.run([sys.argv[1], "run", "model.hoc"], capture_output=True, text=True, timeout=120, cwd=folder)
    assert done.returncode == 1 and "`c_pool` of r(0.5) is nan at t = " in done.stderr, done.stderr
    print("watch for states:", done.stderr.splitlines()[0])
    assert run(folder, start + 'nan_watch(0)\ngo()\nprintf("= %g\\n", t)\n') == [5]


def main():
    with tempfile.TemporaryDirectory() as folder:
        for name, text in MODS.items():
            Path(folder, name).write_text(text)
        subprocess.run([sys.argv[1], "compile", "."], cwd=folder, check=True, capture_output=True, timeout=300)
        conditional_solve(folder)
        condition_without_effect(folder)
        diffusion(folder)
        state_watch(folder)


if __name__ == "__main__":
    main()
