"""The four-section neuron of Hines, Davison & Muller (2009), Figures 1 and 2, in Python.

Prints the action potential's peak and its time, then the whole trace: t [ms], v [mV].
"""
from neuron import h

soma, apical, basilar, axon = (h.Section(name=name) for name in ("soma", "apical", "basilar", "axon"))

for section, nseg, diam, length in ((soma, 1, 30, 30), (apical, 23, 1, 600), (basilar, 5, 2, 200), (axon, 37, 1, 1000)):
    section.nseg = nseg
    section.diam = diam
    section.L = length
    section.Ra = 100
    section.cm = 1
for section in (soma, axon):
    section.insert("hh")
for section in (apical, basilar):
    section.insert("pas")
    section.g_pas = 0.0002
    section.e_pas = -65

apical.connect(soma, 1, 0)
basilar.connect(soma, 0, 0)
axon.connect(soma, 0, 0)

syn = h.AlphaSynapse(soma(0.5))
syn.onset = 0.5
syn.gmax = 0.05
syn.e = 0

h.dt = 0.025
tstop = 5
times, trace = [], []


def note():
    times.append(h.t)
    trace.append(soma(0.5).v)


h.finitialize(-65)
note()
while h.t < tstop - h.dt / 2:
    h.fadvance()
    note()

i = trace.index(max(trace))
print(f"peak {trace[i]:.17g} mV at {times[i]:.17g} ms")
for t, v in zip(times, trace):
    print(f"{t:.17g} {v:.17g}")
