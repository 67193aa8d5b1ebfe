/* SPDX-License-Identifier: BSD-3-Clause */
/* Services of the host beside nrn_host, asked for by name: sections and the nodes of the running model, as the text
 * of VERBATIM blocks reaches them. host->lookup(context, NRN_SECTION_SERVICES) gives them, or NULL where a host has
 * none. A section is an opaque address; a node is its row, good for one call of a block.
 */
#ifndef NRN_ABI_SECTIONS_H
#define NRN_ABI_SECTIONS_H

#include "nrn/abi/mechanism.h"

#ifdef __cplusplus
extern "C" {
#endif

#define NRN_SECTION_SERVICES "nrn/sections.1"

enum nrn_section_relative { NRN_SECTION_PARENT = 0, NRN_SECTION_CHILD = 1, NRN_SECTION_SIBLING = 2 };

/* What a node has. A is the coefficient of its voltage in the parent's equation, B of the parent's voltage in its own. */
enum nrn_node_value { NRN_NODE_A = 0, NRN_NODE_B = 1, NRN_NODE_D = 2, NRN_NODE_RHS = 3, NRN_NODE_V = 4, NRN_NODE_AREA = 5 };

typedef struct nrn_section_services {
    void* (*accessed)(nrn_context*);    /* NULL where there is no section */
    nrn_status (*push)(nrn_context*, void* section);
    void (*pop)(nrn_context*);
    const char* (*name)(nrn_context*, void* section);
    void* (*relative)(nrn_context*, void* section, int32_t which); /* the first child, the next of the parent's children; NULL when there is none */
    int32_t (*node_count)(nrn_context*, void* section);            /* segments and the far end */
    int32_t (*node)(nrn_context*, void* section, int32_t i);       /* from the end at the parent on; -1 after fail() */
    double (*length)(nrn_context*, void* section);                 /* um */
    double (*orientation)(nrn_context*, void* section);            /* 1 when the end 1 is the one at the parent */
    int32_t (*parent_node)(nrn_context*, int32_t node);            /* -1 for a root */
    double* (*value)(nrn_context*, int32_t node, int32_t what);    /* enum nrn_node_value; NULL after fail() */
} nrn_section_services;

#ifdef __cplusplus
}
#endif
#endif
