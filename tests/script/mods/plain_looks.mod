: Functions that see an ion and another's variable while a model grows.
NEURON {
    POINT_PROCESS PlainLooks
    USEION na READ nai
    POINTER other
    RANGE own
}
PARAMETER { own = 1 }
ASSIGNED { nai (millimolar) other }
FUNCTION sodium() { sodium = nai }
FUNCTION pointed() { pointed = other + own }
PROCEDURE set_own(value) { own = value }
