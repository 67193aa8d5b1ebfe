/* SPDX-License-Identifier: BSD-3-Clause */
/* Services of the host beside nrn_host, asked for by name: other instances, and variables by name, as the text of
 * VERBATIM blocks reaches them. host->lookup(context, NRN_INSTANCE_SERVICES) gives them, or NULL where a host has none.
 * `object` is a point process or artificial cell.
 */
#ifndef NRN_ABI_INSTANCES_H
#define NRN_ABI_INSTANCES_H

#include "nrn/abi/mechanism.h"

#ifdef __cplusplus
extern "C" {
#endif

#define NRN_INSTANCE_SERVICES "nrn/instances.1"

/* What a name stands for; members that do not apply are NULL. */
typedef struct nrn_named_variable {
    double* number;   /* its first element */
    void* object;     /* what an object variable holds, borrowed */
    const char* text;
} nrn_named_variable;

typedef struct nrn_instance_services {
    /* Its row, and the view of its mechanism; -1 when the object is neither. */
    int32_t (*row)(nrn_context*, void* object, nrn_mech_view** view);
    nrn_status (*receive)(nrn_context*, void* object, double* weight, double flag); /* NET_RECEIVE, now */
    void (*send)(nrn_context*, void* object, double* weight, double t, double flag);
    void (*event)(nrn_context*, void* object, double t);
    void (*move)(nrn_context*, void* object, double t);
    double (*events_waiting)(nrn_context*);
    /* A variable of the top level (object NULL), or of an object; name "" is the text of a String. */
    nrn_status (*variable)(nrn_context*, void* object, const char* name, nrn_named_variable*);
} nrn_instance_services;

#ifdef __cplusplus
}
#endif
#endif
