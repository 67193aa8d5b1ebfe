// SPDX-License-Identifier: BSD-3-Clause
// What a plugin in C++ must share with its host exactly: compiler, library ABI, version of these interfaces;
// and the macro that gives a C++ plugin its card.
#pragma once

#include "nrn/abi/plugin.h"

#define NRN_STRING_OF_(x) #x
#define NRN_STRING_OF(x) NRN_STRING_OF_(x)
/// Raised with every change of a class in nrn/api or of the kernel's public headers.
#define NRN_CXX_INTERFACE 1
#define NRN_BUILD_TAG "nrn-cxx" NRN_STRING_OF(NRN_CXX_INTERFACE) "-g++" NRN_STRING_OF(__GNUC__) "-abi" NRN_STRING_OF(__GXX_ABI_VERSION)

/// NRN_CXX_PLUGIN(NRN_PLUGIN_SOLVER, "cvode", "1.0.0", "") { return &factory; }
#define NRN_CXX_PLUGIN(kind, name, version, depends)                                                              \
    extern "C" NRN_PLUGIN_CARD_SECTION const nrn_plugin_card nrn_plugin_card_v1 = {                               \
        NRN_PLUGIN_MAGIC, sizeof(nrn_plugin_card), NRN_ABI_MAJOR, NRN_ABI_MINOR, kind, name, version, NRN_BUILD_TAG, depends}; \
    extern "C" NRN_PLUGIN_EXPORT const void* nrn_plugin_contents_v1(void)
