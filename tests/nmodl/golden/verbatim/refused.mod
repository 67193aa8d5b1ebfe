NEURON { SUFFIX refused }
VERBATIM
/* NODEV in a comment is no use of it */
static double reach(void* n) { return NODEV(n); }
ENDVERBATIM
PROCEDURE p() {
VERBATIM
    chk_access();
ENDVERBATIM
}
