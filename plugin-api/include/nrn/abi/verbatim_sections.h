// SPDX-License-Identifier: BSD-3-Clause
// Sections, nodes and the running thread as VERBATIM text reaches them. A Section* is the address of the host's own
// section: its members ask the host. Included by verbatim.h.
#pragma once
#include <deque>

#include "nrn/abi/sections.h"
#include "nrn/abi/verbatim.h"

inline const nrn_section_services* nrn_verbatim_section_services() {
    return static_cast<const nrn_section_services*>(nrn_verbatim_host()->lookup(nrn_verbatim_now.context, NRN_SECTION_SERVICES));
}
/// Ends the block when the host could not answer: it knows why.
inline void nrn_verbatim_answered(bool good) {
    if (!good && nrn_verbatim_now.depth > 0) throw nrn_verbatim_failure{};
}

// ---- nodes ------------------------------------------------------------------------------------------
struct NrnThread;
struct Node {
    int v_node_index;
    NrnThread* _nt;
};
NrnThread* nrn_verbatim_thread();
/// Nodes have one address per row, for as long as the thread lives.
inline Node* nrn_verbatim_node(int row) {
    static thread_local std::deque<Node> nodes;
    if (row < 0) return nullptr;
    while (nodes.size() <= static_cast<std::size_t>(row)) nodes.push_back({static_cast<int>(nodes.size()), nullptr});
    Node* node = &nodes[static_cast<std::size_t>(row)];
    node->_nt = nrn_verbatim_thread();
    return node;
}
inline double& nrn_verbatim_node_value(int row, int what) {
    static thread_local double nothing;
    double* value = nrn_verbatim_section_services()->value(nrn_verbatim_now.context, row, what);
    nrn_verbatim_answered(value != nullptr);
    return value ? *value : nothing;
}
inline int nrn_verbatim_row(const Node* node) { return node ? node->v_node_index : -1; }
#define NODEA(node) nrn_verbatim_node_value(nrn_verbatim_row(node), NRN_NODE_A)
#define NODEB(node) nrn_verbatim_node_value(nrn_verbatim_row(node), NRN_NODE_B)
#define NODED(node) nrn_verbatim_node_value(nrn_verbatim_row(node), NRN_NODE_D)
#define NODERHS(node) nrn_verbatim_node_value(nrn_verbatim_row(node), NRN_NODE_RHS)
#define NODEV(node) nrn_verbatim_node_value(nrn_verbatim_row(node), NRN_NODE_V)
#define NODEAREA(node) nrn_verbatim_node_value(nrn_verbatim_row(node), NRN_NODE_AREA)
inline double& _nrn_mechanism_access_a(Node* node) { return NODEA(node); }
inline double& _nrn_mechanism_access_b(Node* node) { return NODEB(node); }
inline double& _nrn_mechanism_access_d(Node* node) { return NODED(node); }
inline double& _nrn_mechanism_access_rhs(Node* node) { return NODERHS(node); }
inline double& _nrn_mechanism_access_voltage(Node* node) { return NODEV(node); }
inline NrnThread* _nrn_mechanism_get_thread(Node* node) { return node->_nt; }

// ---- the running thread -----------------------------------------------------------------------------
struct nrn_verbatim_node_list {
    Node* operator[](int row) const { return nrn_verbatim_node(row); }
};
struct nrn_verbatim_parents {
    int operator[](int row) const { return nrn_verbatim_section_services()->parent_node(nrn_verbatim_now.context, row); }
};
struct nrn_verbatim_parent_nodes {
    Node* operator[](int row) const { return nrn_verbatim_node(nrn_verbatim_parents{}[row]); }
};
template <int what>
struct nrn_verbatim_node_values {
    double& operator[](int row) const { return nrn_verbatim_node_value(row, what); }
};
struct NrnThread {
    double _t = 0, _dt = 0, cj = 0;
    int id = 0, end = 0;
    nrn_verbatim_node_list _v_node;
    nrn_verbatim_parents _v_parent_index;
    nrn_verbatim_parent_nodes _v_parent;
    nrn_verbatim_node_values<NRN_NODE_A> _actual_a;
    nrn_verbatim_node_values<NRN_NODE_B> _actual_b;
    nrn_verbatim_node_values<NRN_NODE_D> _actual_d;
    nrn_verbatim_node_values<NRN_NODE_RHS> _actual_rhs;
    nrn_verbatim_node_values<NRN_NODE_V> _actual_v;
    nrn_verbatim_node_values<NRN_NODE_AREA> _actual_area;
};
using _NrnThread = NrnThread;
inline NrnThread* nrn_verbatim_thread() {
    static thread_local NrnThread thread;
    if (const nrn_context* c = nrn_verbatim_now.context) {
        thread._t = c->t;
        thread._dt = c->dt;
        thread.cj = c->dt != 0 ? 1 / c->dt : 0;
        thread.end = c->node.n_node;
    }
    return &thread;
}
#define nrn_threads nrn_verbatim_thread()
inline int nrn_nthread = 1;
/// `_nt` where the text declares none of its own.
struct nrn_verbatim_thread_here {
    operator NrnThread*() const { return nrn_verbatim_thread(); }
    NrnThread* operator->() const { return nrn_verbatim_thread(); }
};
inline const nrn_verbatim_thread_here _nt{};

// ---- sections ---------------------------------------------------------------------------------------
template <int which>
struct nrn_verbatim_relative {
    operator Section*() const { return static_cast<Section*>(nrn_verbatim_section_services()->relative(nrn_verbatim_now.context, const_cast<nrn_verbatim_relative*>(this), which)); }
    Section* operator->() const { return *this; }
};
struct nrn_verbatim_node_count {
    operator int() const { return nrn_verbatim_section_services()->node_count(nrn_verbatim_now.context, const_cast<nrn_verbatim_node_count*>(this)); }
};
struct nrn_verbatim_section_nodes {
    Node* operator[](int i) const {
        const int row = nrn_verbatim_section_services()->node(nrn_verbatim_now.context, const_cast<nrn_verbatim_section_nodes*>(this), i);
        nrn_verbatim_answered(row >= 0);
        return nrn_verbatim_node(row);
    }
};
struct Section {
    union {
        nrn_verbatim_relative<NRN_SECTION_PARENT> parentsec;
        nrn_verbatim_relative<NRN_SECTION_CHILD> child;
        nrn_verbatim_relative<NRN_SECTION_SIBLING> sibling;
        nrn_verbatim_node_count nnode;
        nrn_verbatim_section_nodes pnode;
    };
};
inline Section* nrn_noerr_access() { return static_cast<Section*>(nrn_verbatim_section_services()->accessed(nrn_verbatim_now.context)); }
inline Section* chk_access() {
    Section* section = nrn_noerr_access();
    if (!section) hoc_execerror("section access unspecified", nullptr);
    return section;
}
inline const char* secname(Section* section) { return nrn_verbatim_section_services()->name(nrn_verbatim_now.context, section); }
inline double section_length(Section* section) { return nrn_verbatim_section_services()->length(nrn_verbatim_now.context, section); }
inline double nrn_section_orientation(Section* section) { return nrn_verbatim_section_services()->orientation(nrn_verbatim_now.context, section); }
inline void nrn_pushsec(Section* section) { nrn_verbatim_answered(nrn_verbatim_section_services()->push(nrn_verbatim_now.context, section) == NRN_OK); }
inline void nrn_popsec() { nrn_verbatim_section_services()->pop(nrn_verbatim_now.context); }
inline Section* _nrn_mechanism_get_child(Section* section) { return section->child; }
inline Section* _nrn_mechanism_get_sibling(Section* section) { return section->sibling; }
inline Section* _nrn_mechanism_get_parent(Section* section) { return section->parentsec; }
inline int _nrn_mechanism_get_nnode(Section* section) { return section->nnode; }
inline Node* _nrn_mechanism_get_node(Section* section, int i) { return section->pnode[i]; }

/// A statement to be run later, in the section that is accessed then. In braces its value is not printed.
inline Symbol* hoc_parse_stmt(const char* text, Symlist**) { return new Symbol{strdup(("{ " + std::string(text) + "\n}").c_str()), {{nullptr}, nullptr}}; }
inline void hoc_run_stmt(Symbol* statement) { nrn_verbatim_answered(hoc_oc(statement->name) == 0); }
inline void hoc_free_list(Symlist**) {}
