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
PROCEDURE q(x) {
VERBATIM
    hoc_run_stmt(hoc_parse_stmt("x = 1", 0)); /* hoc_run_stmt */
    p(_p, _ppvar, _thread, _nt);
    if (_ppvar[2].pval) _lx = *_ppvar[1]._pvoid ? 1 : 0;
    printf("Datum");
ENDVERBATIM
}
