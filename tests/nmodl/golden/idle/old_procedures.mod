: C text without effect: two comments, the end of an old procedure, and one that stays.
NEURON {
    SUFFIX old
    RANGE g
}
ASSIGNED { g }
VERBATIM
/* nothing to declare */
ENDVERBATIM
BREAKPOINT {
    SOLVE states
}
PROCEDURE states() {
    g = g + 1
    VERBATIM
    // the reference of its day wanted it
    return 0;
    ENDVERBATIM
}
PROCEDURE speaks() {
    VERBATIM
    // return 0;
    ENDVERBATIM
    if (g > 1) {
        VERBATIM
        printf("// no comment\n");
        ENDVERBATIM
    }
}
FUNCTION stays() {
    stays = 2
    VERBATIM
    return 0;
    ENDVERBATIM
}
