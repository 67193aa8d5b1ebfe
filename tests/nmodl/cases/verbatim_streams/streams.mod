NEURON {
    POINT_PROCESS Streams
    RANGE last
    POINTER space
}
VERBATIM
#include "nrnran123.h"
#define STREAM (*(nrnran123_State**)(&_p_space))
ENDVERBATIM
ASSIGNED { last space }
CONSTRUCTOR {
VERBATIM
    STREAM = (nrnran123_State*) 0;
ENDVERBATIM
}
DESTRUCTOR {
VERBATIM
    if (STREAM) nrnran123_deletestream(STREAM);
    STREAM = (nrnran123_State*) 0;
ENDVERBATIM
}
PROCEDURE ids() {
VERBATIM
    if (STREAM) nrnran123_deletestream(STREAM);
    STREAM = nrnran123_newstream3((uint32_t) *getarg(1), (uint32_t) *getarg(2), ifarg(3) ? (uint32_t) *getarg(3) : 0);
ENDVERBATIM
}
PROCEDURE seek() {
VERBATIM
    nrnran123_setseq(STREAM, (uint32_t) *getarg(1), (char) *getarg(2));
ENDVERBATIM
}
PROCEDURE show() {
VERBATIM
    uint32_t a, b, c, sequence;
    char which;
    nrnran123_getids3(STREAM, &a, &b, &c);
    nrnran123_getseq(STREAM, &sequence, &which);
    printf("%u %u %u at %u.%d\n", a, b, c, sequence, (int) which);
ENDVERBATIM
}
FUNCTION even() {
VERBATIM
    return nrnran123_dblpick(STREAM);
ENDVERBATIM
}
FUNCTION waiting() {
VERBATIM
    _lwaiting = nrnran123_negexp(STREAM);
ENDVERBATIM
}
FUNCTION gaussian() {
VERBATIM
    return nrnran123_normal(STREAM);
ENDVERBATIM
}
FUNCTION whole() {
VERBATIM
    return (double) nrnran123_ipick(STREAM);
ENDVERBATIM
}
