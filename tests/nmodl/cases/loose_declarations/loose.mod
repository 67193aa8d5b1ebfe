: An array used from 1 to its length, and a GLOBAL that only a procedure sets.
NEURON { SUFFIX loose RANGE total, part GLOBAL factor THREADSAFE }
ASSIGNED { total part[3] }
INITIAL {
    prepare()
    total = 0
    FROM i = 1 TO 3 { part[i] = i * factor }
    FROM i = 1 TO 3 { total = total + part[i] }
}
PROCEDURE prepare() { factor = 2^((celsius - 6.3)/10) }
