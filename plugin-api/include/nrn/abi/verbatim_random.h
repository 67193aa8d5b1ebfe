// SPDX-License-Identifier: BSD-3-Clause
// Random123 streams as VERBATIM text draws from them: nrnran123_*, and Random objects that are Random123.
#pragma once
#include "nrn/abi/verbatim.h"

/// A stream: the handle of the host's generator. A RANDOM variable (_p_NAME) is one too.
struct nrnran123_State;

inline nrnran123_State* nrnran123_newstream3(uint32_t id1, uint32_t id2, uint32_t id3) {
    return static_cast<nrnran123_State*>(nrn_verbatim_host()->random_new(nrn_verbatim_now.context, id1, id2, id3));
}
inline nrnran123_State* nrnran123_newstream(uint32_t id1, uint32_t id2 = 0, uint32_t id3 = 0) { return nrnran123_newstream3(id1, id2, id3); }
inline void nrnran123_deletestream(nrnran123_State* s) {
    if (s) nrn_verbatim_host()->random_delete(s);
}
/// One number in two: which of the four words of a block comes next.
inline void nrnran123_setseq(nrnran123_State* s, uint32_t sequence, char which) { nrn_verbatim_host()->random_set_sequence(nrn_verbatim_now.context, s, 4.0 * sequence + which); }
inline void nrnran123_setseq(nrnran123_State* s, double sequence) { nrn_verbatim_host()->random_set_sequence(nrn_verbatim_now.context, s, sequence); }
inline void nrnran123_getseq(nrnran123_State* s, uint32_t* sequence, char* which) {
    const double now = nrn_verbatim_host()->random_get_sequence(nrn_verbatim_now.context, s), block = std::floor(now / 4);
    *sequence = static_cast<uint32_t>(block);
    *which = static_cast<char>(now - 4 * block);
}
inline void nrnran123_getids3(nrnran123_State* s, uint32_t* id1, uint32_t* id2, uint32_t* id3) { nrn_verbatim_host()->random_get_ids(nrn_verbatim_now.context, s, id1, id2, id3); }
inline void nrnran123_getids(nrnran123_State* s, uint32_t* id1, uint32_t* id2) {
    uint32_t third;
    nrnran123_getids3(s, id1, id2, &third);
}
inline void nrnran123_setids(nrnran123_State* s, uint32_t id1, uint32_t id2, uint32_t id3) { nrn_verbatim_host()->random_set_ids(nrn_verbatim_now.context, s, id1, id2, id3); }
inline uint32_t nrnran123_ipick(nrnran123_State* s) { return nrn_verbatim_host()->random_integer(nrn_verbatim_now.context, s); }
inline double nrnran123_dblpick(nrnran123_State* s) { return nrn_verbatim_host()->random_uniform(nrn_verbatim_now.context, s, 0, 1); }
inline double nrnran123_uniform(nrnran123_State* s) { return nrnran123_dblpick(s); }
inline double nrnran123_uniform(nrnran123_State* s, double low, double high) { return nrn_verbatim_host()->random_uniform(nrn_verbatim_now.context, s, low, high); }
inline double nrnran123_negexp(nrnran123_State* s, double mean = 1) { return nrn_verbatim_host()->random_exponential(nrn_verbatim_now.context, s, mean); }
inline double nrnran123_normal(nrnran123_State* s, double mean = 0, double deviation = 1) { return nrn_verbatim_host()->random_normal(nrn_verbatim_now.context, s, mean, deviation); }
inline double nrnran123_gauss(nrnran123_State* s) { return nrnran123_normal(s); }
inline size_t nrnran123_state_size() { return sizeof(void*); }

/// A Random object whose numbers are Random123's.
inline nrnran123_State* nrn_verbatim_random123(void* random) { return static_cast<nrnran123_State*>(nrn_verbatim_stream(random)); }
inline void nrn_random123_getseq(Rand* random, uint32_t* sequence, char* which) { nrnran123_getseq(nrn_verbatim_random123(random), sequence, which); }
inline void nrn_random123_setseq(Rand* random, uint32_t sequence, char which) { nrnran123_setseq(nrn_verbatim_random123(random), sequence, which); }
inline void nrn_random123_getseq(void* random, uint32_t* sequence, char* which) { nrn_random123_getseq(static_cast<Rand*>(random), sequence, which); }
inline void nrn_random123_setseq(void* random, uint32_t sequence, char which) { nrn_random123_setseq(static_cast<Rand*>(random), sequence, which); }
