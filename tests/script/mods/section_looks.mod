: The same with C text that asks for sections.
NEURON {
    POINT_PROCESS SectionLooks
    USEION na READ nai
    POINTER other
    RANGE own
}
PARAMETER { own = 1 }
ASSIGNED { nai (millimolar) other }
FUNCTION sodium() { sodium = nai }
FUNCTION pointed() { pointed = other + own }
PROCEDURE set_own(value) { own = value }
FUNCTION accessed_length() {
VERBATIM
    _laccessed_length = section_length(chk_access());
ENDVERBATIM
}
