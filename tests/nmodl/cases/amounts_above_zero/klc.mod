NEURON { SUFFIX klc RANGE ca, bu, cb }
STATE { ca bu cb }
INITIAL { ca = 0.00005 bu = 0.05 cb = 0.01 }
BREAKPOINT { SOLVE k METHOD sparse }
KINETIC k {
  ~ ca << (0.01)
  ~ ca + bu <-> cb (430, 0.14)
}
