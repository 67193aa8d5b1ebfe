: Of instances on one node the newest comes first.
NEURON { POINT_PROCESS Order RANGE x GLOBAL n }
ASSIGNED { x n v }
INITIAL { n = n + 1 x = n }
BREAKPOINT { n = n + 1 x = n }
