: More states than are eliminated in their order: shells with two buffers each.
DEFINE N 6
NEURON { SUFFIX layers RANGE ca, fast, slow, total, drive }
PARAMETER { drive = 0.5 }
STATE { ca[N] fast[N] slow[N] sum rest }
ASSIGNED { v total }
INITIAL {
    FROM i = 0 TO N-1 { ca[i] = 0.1*(i+1) fast[i] = 1 - 0.1*i slow[i] = 0.3 }
    sum = 0.25
    rest = 0.75
}
BREAKPOINT {
    SOLVE scheme METHOD sparse
    total = 0
    FROM i = 0 TO N-1 { total = total + (i+1)*(ca[i] + fast[i] + slow[i]) }
}
KINETIC scheme {
    COMPARTMENT i, (i+1) { ca fast slow }
    ~ ca[0] << (drive*exp(-t))
    FROM i = 0 TO N-2 { ~ ca[i] <-> ca[i+1] (0.4*(i+1), 0.3*(i+2)) }
    FROM i = 0 TO N-1 {
        ~ ca[i] <-> fast[i] (0.2*(i+1), 0.1)
        ~ fast[i] + ca[i] <-> slow[i] (0.05, 0.02*(i+1))
    }
    ~ sum <-> rest (0.3, 0.2)
    ~ ca[N-1] -> (0.05)
    CONSERVE sum + rest = 1
}
