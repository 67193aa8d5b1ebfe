NEURON { SUFFIX refused }
VERBATIM
/* hoc_pushobj in a comment is no use of it */
static double reach(void* n) { hoc_pushobj(n); return 0; }
ENDVERBATIM
PROCEDURE p() {
VERBATIM
    cvode_fadvance(1);
ENDVERBATIM
}
PROCEDURE q(x) {
VERBATIM
    hoc_call_ob_proc(hoc_newobj1(0, 0), 0, 0); /* hoc_call_ob_proc */
    p(_p, _ppvar, _thread, _nt);
    if (_ppvar[2].pval) _lx = *_ppvar[1]._pvoid ? 1 : 0;
    printf("Datum");
ENDVERBATIM
}
