/* SPDX-License-Identifier: BSD-3-Clause */
/* The card every plugin carries in its ELF section `nrn_plugin`, and its two exported symbols.
 * The card has no pointers: it is read from the file and checked before any code of the plugin runs. */
#ifndef NRN_ABI_PLUGIN_H
#define NRN_ABI_PLUGIN_H

#include <stdint.h>

#include "nrn/abi/version.h"

#ifdef __cplusplus
extern "C" {
#endif

#define NRN_PLUGIN_MAGIC "NRNPLUG"
#define NRN_PLUGIN_SECTION "nrn_plugin"

enum nrn_plugin_kind {
    NRN_PLUGIN_MECHANISMS = 1,   /* tier C: contents are a nrn_mechanism_pack (mechanism.h) */
    NRN_PLUGIN_INTERPRETER = 2,  /* tier C++: contents are a nrn::InterpreterFactory */
    NRN_PLUGIN_SOLVER = 3,       /* tier C++: contents are a nrn::SolverFactory */
    NRN_PLUGIN_COMMUNICATOR = 4  /* tier C++: contents are a nrn::CommunicatorFactory */
};

typedef struct nrn_plugin_card {
    char magic[8];                 /* NRN_PLUGIN_MAGIC */
    uint32_t card_size;            /* sizeof(nrn_plugin_card) when the plugin was compiled */
    uint16_t abi_major, abi_minor; /* first fields, so any host can refuse politely */
    uint32_t kind;                 /* enum nrn_plugin_kind */
    char name[64];                 /* unique per kind, e.g. "cvode" */
    char version[32];              /* semantic version of the plugin */
    char build_tag[64];            /* "" for tier C; the host's exact tag for tier C++ */
    char depends_on[128];          /* names of plugins, comma-separated */
} nrn_plugin_card;

#define NRN_PLUGIN_EXPORT __attribute__((visibility("default")))
#define NRN_PLUGIN_CARD_SECTION \
    __attribute__((visibility("default"), section(NRN_PLUGIN_SECTION), used, aligned(8)))

/* The plugin's two symbols. In C++ declare the card `extern "C" const`, so that it has linkage. */
extern const nrn_plugin_card nrn_plugin_card_v1;
NRN_PLUGIN_EXPORT const void* nrn_plugin_contents_v1(void);

#ifdef __cplusplus
}
#endif
#endif
