/* SPDX-License-Identifier: BSD-3-Clause */
/* One source for all deliberately wrong plugins: what is wrong comes by definitions from CMakeLists.txt. */
#include <stddef.h>
#include <stdlib.h>

#include "nrn/abi/mechanism.h"

#ifndef TEST_MAGIC
#define TEST_MAGIC NRN_PLUGIN_MAGIC
#endif
#ifndef TEST_MAJOR
#define TEST_MAJOR NRN_ABI_MAJOR
#endif
#ifndef TEST_KIND
#define TEST_KIND NRN_PLUGIN_MECHANISMS
#endif
#ifndef TEST_TAG
#define TEST_TAG ""
#endif
#ifndef TEST_MECHANISM
#define TEST_MECHANISM "abi_probe"
#endif

#ifndef TEST_NO_CARD
NRN_PLUGIN_CARD_SECTION const nrn_plugin_card nrn_plugin_card_v1 = {
    TEST_MAGIC, sizeof(nrn_plugin_card), TEST_MAJOR, NRN_ABI_MINOR, TEST_KIND, TEST_NAME, "1.0.0", TEST_TAG, ""};
#endif

/* A plugin that is refused must not run any code. */
#ifdef TEST_REFUSED
__attribute__((constructor)) static void never(void) { abort(); }
#endif

static const nrn_mechanism mechanism = {
    .struct_size = sizeof(nrn_mechanism), .name = TEST_MECHANISM, .title = "", .file = "plugin.c", .source_hash = "",
    .rhs_column = -1, .g_column = -1};
static const nrn_mechanism* const mechanisms[] = {&mechanism};
static const nrn_mechanism_pack pack = {sizeof(nrn_mechanism_pack), mechanisms, 1, "test"};

#ifndef TEST_NO_CONTENTS
NRN_PLUGIN_EXPORT const void* nrn_plugin_contents_v1(void) { return &pack; }
#else
NRN_PLUGIN_EXPORT const void* something_else(void) { return &pack; }
#endif
