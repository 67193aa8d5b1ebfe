TITLE marks a place in a section
: SPDX-License-Identifier: BSD-3-Clause
NEURON { POINT_PROCESS PointProcessMark }
