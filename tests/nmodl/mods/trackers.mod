TITLE a current that goes on from itself, and what a block keeps of its own: each is made at both voltages
: SPDX-License-Identifier: BSD-3-Clause
NEURON { SUFFIX trackers NONSPECIFIC_CURRENT i USEION k READ ek WRITE ik RANGE peak, count, late, gate, g }
PARAMETER { g = 0.001 late = 0.3 }
ASSIGNED { v ek i ik dt peak count gate }
INITIAL { i = 0 peak = -1000 count = 0 gate = 0 }
BREAKPOINT {
    i = i + (v + 65) * dt * 1e-4
    if (i > g * (v + 65)) { i = g * (v + 65) }
    if (v > peak) { peak = v }
    count = count + 1
    if (v > -20 || t > late) { gate = 1 }
    ik = g * gate * (v - ek)
}
