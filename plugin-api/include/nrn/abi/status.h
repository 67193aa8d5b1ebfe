/* SPDX-License-Identifier: BSD-3-Clause */
/* How a C function of a plugin reports failure: a status, and a fault that the caller provides. */
#ifndef NRN_ABI_STATUS_H
#define NRN_ABI_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

typedef enum nrn_status { NRN_OK = 0, NRN_FAILED = 1 } nrn_status;

/* Filled by whoever fails; `row` is the instance's row or -1. */
typedef struct nrn_fault {
    int code;
    int row;
    char message[496];
} nrn_fault;

#ifdef __cplusplus
}
#endif
#endif
