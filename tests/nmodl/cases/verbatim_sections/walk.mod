: Sections and nodes as C text reaches them.
NEURON { SUFFIX nothing }
VERBATIM
#ifdef NRN_MECHANISM_DATA_IS_SOA
#define nodes_of(sec) _nrn_mechanism_get_nnode(sec)
#define node_of(sec, i) _nrn_mechanism_get_node(sec, i)
#define first_child(sec) _nrn_mechanism_get_child(sec)
#define next_child(sec) _nrn_mechanism_get_sibling(sec)
#else
#define nodes_of(sec) sec->nnode
#define node_of(sec, i) sec->pnode[i]
#define first_child(sec) sec->child
#define next_child(sec) sec->sibling
#endif
static void visit(Section* sec, Symbol* statement) {
    Section* child;
    nrn_pushsec(sec);
    hoc_run_stmt(statement);
    nrn_popsec();
    for (child = first_child(sec); child; child = next_child(child)) visit(child, statement);
}
#ifndef NRN_VERSION_GTEQ_8_2_0
Section* chk_access();
Symbol* hoc_parse_stmt();
#endif
ENDVERBATIM
PROCEDURE visit_tree() {
VERBATIM
    Symlist* list = (Symlist*)0;
    visit(chk_access(), hoc_parse_stmt(gargstr(1), &list));
    hoc_free_list(&list);
ENDVERBATIM
}
FUNCTION node_count() {
VERBATIM
    _lnode_count = nodes_of(chk_access());
ENDVERBATIM
}
FUNCTION axial(i, which) {
VERBATIM
    Node* node = node_of(chk_access(), (int)_li);
    if (_lwhich == 0) return NODEA(node);
    if (_lwhich == 1) return NODEB(node);
    if (_lwhich == 2) return NODEV(node);
    return NODED(node)*0;
ENDVERBATIM
}
PROCEDURE scale_axial(i, factor) {
VERBATIM
    Section* sec;
    Node* node;
#if defined(t)
    NrnThread* _nt = nrn_threads;
#endif
    sec = chk_access();
    node = node_of(sec, (int)_li);
    NODEA(node) *= _lfactor;
    NODEB(node) *= _lfactor;
ENDVERBATIM
}
FUNCTION name_length() {
VERBATIM
    _lname_length = strlen(secname(chk_access()));
ENDVERBATIM
}
