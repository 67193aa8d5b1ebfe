/* SPDX-License-Identifier: BSD-3-Clause */
/* Versions of the plugin ABI. Minor: something was appended. Major: anything else changed. */
#ifndef NRN_ABI_VERSION_H
#define NRN_ABI_VERSION_H

#define NRN_ABI_MAJOR 1
#define NRN_ABI_MINOR 0

#endif
