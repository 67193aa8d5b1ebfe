TITLE the last of two names counts
: SPDX-License-Identifier: BSD-3-Clause
NEURON { SUFFIX first_name POINT_PROCESS TwoNames RANGE x }
PARAMETER { x = 3 }
