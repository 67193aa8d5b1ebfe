: Cells that call each other's NET_RECEIVE, as VERBATIM text of artificial cells does: instances are reached through
: Point_process*, kept in a POINTER's place, and made the one at hand in both styles.
NEURON {
    ARTIFICIAL_CELL Relay
    RANGE level, got, at
    POINTER place
    GLOBAL total
}
VERBATIM
typedef struct { int id; int n; Point_process** next; } Links;
#define LINKS (*((Links**) &(_p_place)))
static Links* links_of(Point_process* p) { return (Links*) p->_prop->dparam[2]._pvoid; }
double sum_of_levels(double);
static double level_here() { return level; }
static void turn(Point_process* p) {
    _p = p->_prop->param;
    _ppvar = p->_prop->dparam;
}
static void turn_in_version_9(Point_process* p) { neuron::legacy::set_globals_from_prop(p->_prop, _ml_real, _ml, _iml); }
static double weights[2];
extern double outside_;
ENDVERBATIM
PARAMETER { level = 1 }
ASSIGNED { got at place total }
CONSTRUCTOR {
VERBATIM
    _p_place = (double*)ecalloc(1, sizeof(Links));
    LINKS->id = ifarg(1) ? (int)*getarg(1) : -1;
ENDVERBATIM
}
DESTRUCTOR {
VERBATIM
    free(LINKS->next);
    free(LINKS);
ENDVERBATIM
}
INITIAL { got = 0  at = -1 }
: follow(list): whom a message goes to
PROCEDURE follow() {
VERBATIM
    Object* list = *hoc_objgetarg(1);
    int i, n = ivoc_list_count(list);
    LINKS->n = n;
    LINKS->next = (Point_process**)realloc(LINKS->next, n*sizeof(Point_process*));
    for (i = 0; i < n; i++) LINKS->next[i] = ob2pntproc(ivoc_list_item(list, i));
ENDVERBATIM
}
FUNCTION id() {
VERBATIM
    _lid = LINKS->id;
ENDVERBATIM
}
: the sum over the followers, each the one at hand in turn
FUNCTION sum_of_levels(factor) {
VERBATIM
    int i; double sum = 0;
    Point_process* self = (Point_process*)_ppvar[1]._pvoid;
    Links* links = links_of(self);
    for (i = 0; i < links->n; i++) {
        if (i & 1) turn(links->next[i]); else turn_in_version_9(links->next[i]);
        sum += _lfactor*level_here() + level - level_here();
    }
    turn(self);
    _lsum_of_levels = sum;
ENDVERBATIM
}
FUNCTION from_outside() {
VERBATIM
    double* number = hoc_objectdata[hoc_lookup("shared_")->u.oboff]._pval;
    Object* text = *(hoc_objectdata[hoc_lookup("title_")->u.oboff].pobj);
    return *number + strlen(*(text->u.dataspace->ppstr)) + outside_;
ENDVERBATIM
}
NET_RECEIVE(w, extra) {
VERBATIM
    if (_lflag == 5) { at = t; stoprun = 1; return; }
    if (_lflag > 0) { got = _args[0]; total = total + got; net_send((void**)0, weights, _pnt, t + 2, 5.0); return; }
    for (int i = 0; i < LINKS->n; i++) {
        Point_process* self = _pnt;
        weights[0] = _args[0]*level;
        (*pnt_receive[LINKS->next[i]->_prop->_type])(LINKS->next[i], weights, 1.0 + i);
        turn(self);
    }
ENDVERBATIM
}
