/* SPDX-License-Identifier: BSD-3-Clause */
/* The vector instructions that batch.hpp is written in, under their customary names.
 *
 * The compilers' own header declares some six thousand of them, which takes longer to read than a mechanism takes to
 * compile. For versions of GCC whose builtins are known the few that are used are declared here; others include the whole
 * header, as does C text of users, which may want more (NRN_ALL_INSTRUCTIONS).
 */
#ifndef NRN_ABI_INSTRUCTIONS_H
#define NRN_ABI_INSTRUCTIONS_H

#include "nrn/abi/vector_math.h"

#if defined(__clang__) || !defined(__GNUC__) || __GNUC__ < 12 || __GNUC__ > 14 || defined(NRN_ALL_INSTRUCTIONS) || defined(_IMMINTRIN_H_INCLUDED)
#include <immintrin.h>
#else

#define NRN_INSTRUCTION static inline __attribute__((always_inline, artificial, unused))
#define NRN_ROUNDING 4 /* as the processor is set */

typedef double __m128d __attribute__((vector_size(16), may_alias));
typedef long long __m128i __attribute__((vector_size(16), may_alias));

#if NRN_BATCH_LANES == 8 || NRN_BATCH_LANES == 4
typedef double __m256d __attribute__((vector_size(32), may_alias));
typedef long long __m256i __attribute__((vector_size(32), may_alias));
typedef long long nrn_m256i_anywhere __attribute__((vector_size(32), may_alias, aligned(1)));
typedef int nrn_v8si __attribute__((vector_size(32)));
#define _CMP_EQ_OQ 0x00
#define _CMP_LT_OQ 0x11
#define _CMP_LE_OQ 0x12
#define _CMP_NLT_UQ 0x15
#define _CMP_GT_OQ 0x1e
#define _MM_FROUND_TO_NEG_INF 0x01
#define _MM_FROUND_TO_POS_INF 0x02
#define _MM_FROUND_NO_EXC 0x08
NRN_INSTRUCTION void _mm256_storeu_si256(void* p, __m256i a) { *(nrn_m256i_anywhere*)p = a; }
#endif

#if NRN_BATCH_LANES == 8
typedef double __m512d __attribute__((vector_size(64), may_alias));
typedef double nrn_m512d_anywhere __attribute__((vector_size(64), may_alias, aligned(1)));
typedef long long nrn_v8di __attribute__((vector_size(64)));
typedef unsigned char __mmask8;
#define NRN_NONE ((__m512d){0, 0, 0, 0, 0, 0, 0, 0})
#define NRN_EVERY ((__mmask8)-1)
NRN_INSTRUCTION __m512d _mm512_set1_pd(double a) { return (__m512d){a, a, a, a, a, a, a, a}; }
NRN_INSTRUCTION __m512d _mm512_set_pd(double a, double b, double c, double d, double e, double f, double g, double h) { return (__m512d){h, g, f, e, d, c, b, a}; }
NRN_INSTRUCTION __m512d _mm512_loadu_pd(const void* p) { return *(const nrn_m512d_anywhere*)p; }
NRN_INSTRUCTION void _mm512_storeu_pd(void* p, __m512d a) { *(nrn_m512d_anywhere*)p = a; }
NRN_INSTRUCTION __m512d _mm512_mask_loadu_pd(__m512d other, __mmask8 m, const void* p) { return __builtin_ia32_loadupd512_mask((const double*)p, other, m); }
NRN_INSTRUCTION void _mm512_mask_storeu_pd(void* p, __mmask8 m, __m512d a) { __builtin_ia32_storeupd512_mask((double*)p, a, m); }
NRN_INSTRUCTION __m512d _mm512_fmadd_pd(__m512d a, __m512d b, __m512d c) { return __builtin_ia32_vfmaddpd512_mask(a, b, c, NRN_EVERY, NRN_ROUNDING); }
NRN_INSTRUCTION __m512d _mm512_fmsub_pd(__m512d a, __m512d b, __m512d c) { return __builtin_ia32_vfmsubpd512_mask(a, b, c, NRN_EVERY, NRN_ROUNDING); }
NRN_INSTRUCTION __m512d _mm512_fnmadd_pd(__m512d a, __m512d b, __m512d c) { return __builtin_ia32_vfnmaddpd512_mask(a, b, c, NRN_EVERY, NRN_ROUNDING); }
NRN_INSTRUCTION __m512d _mm512_min_pd(__m512d a, __m512d b) { return __builtin_ia32_minpd512_mask(a, b, NRN_NONE, NRN_EVERY, NRN_ROUNDING); }
NRN_INSTRUCTION __m512d _mm512_max_pd(__m512d a, __m512d b) { return __builtin_ia32_maxpd512_mask(a, b, NRN_NONE, NRN_EVERY, NRN_ROUNDING); }
NRN_INSTRUCTION __m512d _mm512_sqrt_pd(__m512d a) { return __builtin_ia32_sqrtpd512_mask(a, NRN_NONE, NRN_EVERY, NRN_ROUNDING); }
NRN_INSTRUCTION __m512d _mm512_abs_pd(__m512d a) {
    const long long m = 0x7fffffffffffffffLL;
    return (__m512d)((nrn_v8di)a & (nrn_v8di){m, m, m, m, m, m, m, m});
}
NRN_INSTRUCTION nrn_v8di _mm512_castpd_si512(__m512d a) { return (nrn_v8di)a; }
NRN_INSTRUCTION __m512d _mm512_mask_blend_pd(__mmask8 m, __m512d no, __m512d yes) { return __builtin_ia32_blendmpd_512_mask(no, yes, m); }
NRN_INSTRUCTION __m512d _mm512_scalef_pd(__m512d a, __m512d b) { return __builtin_ia32_scalefpd512_mask(a, b, NRN_NONE, NRN_EVERY, NRN_ROUNDING); }
NRN_INSTRUCTION __m512d _mm512_maskz_scalef_pd(__mmask8 m, __m512d a, __m512d b) { return __builtin_ia32_scalefpd512_mask(a, b, NRN_NONE, m, NRN_ROUNDING); }
NRN_INSTRUCTION __m512d _mm512_permutex2var_pd(__m512d a, nrn_v8di index, __m512d b) { return __builtin_ia32_vpermt2varpd512_mask(index, a, b, NRN_EVERY); }
NRN_INSTRUCTION __m512d _mm512_unpacklo_pd(__m512d a, __m512d b) { return __builtin_ia32_unpcklpd512_mask(a, b, NRN_NONE, NRN_EVERY); }
NRN_INSTRUCTION __m512d _mm512_unpackhi_pd(__m512d a, __m512d b) { return __builtin_ia32_unpckhpd512_mask(a, b, NRN_NONE, NRN_EVERY); }
NRN_INSTRUCTION __m256i _mm512_cvttpd_epi32(__m512d a) { return (__m256i)__builtin_ia32_cvttpd2dq512_mask(a, (nrn_v8si){0, 0, 0, 0, 0, 0, 0, 0}, NRN_EVERY, NRN_ROUNDING); }
NRN_INSTRUCTION __m512d nrn_gather_pd(__m256i index, const double* base) { return __builtin_ia32_gathersiv8df(NRN_NONE, base, (nrn_v8si)index, NRN_EVERY, 8); }
#define _mm512_i32gather_pd(index, base, scale) nrn_gather_pd(index, base) /* of doubles: scale 8 */
#define _mm512_cmp_pd_mask(a, b, how) ((__mmask8)__builtin_ia32_cmppd512_mask(a, b, how, NRN_EVERY, NRN_ROUNDING))
#define _mm512_fpclass_pd_mask(a, classes) ((__mmask8)__builtin_ia32_fpclasspd512_mask(a, classes, NRN_EVERY))
#define _mm512_roundscale_pd(a, how) ((__m512d)__builtin_ia32_rndscalepd_mask(a, how, NRN_NONE, NRN_EVERY, NRN_ROUNDING))
#define _mm512_range_pd(a, b, how) ((__m512d)__builtin_ia32_rangepd512_mask(a, b, how, NRN_NONE, NRN_EVERY, NRN_ROUNDING))
#define _mm512_shuffle_f64x2(a, b, how) ((__m512d)__builtin_ia32_shuf_f64x2_mask(a, b, how, NRN_NONE, NRN_EVERY))
NRN_INSTRUCTION __m256i _mm256_set1_epi32(int a) { return (__m256i)(nrn_v8si){a, a, a, a, a, a, a, a}; }
NRN_INSTRUCTION __m256i _mm256_set_epi32(int a, int b, int c, int d, int e, int f, int g, int h) { return (__m256i)(nrn_v8si){h, g, f, e, d, c, b, a}; }
NRN_INSTRUCTION __m256i _mm256_add_epi32(__m256i a, __m256i b) { return (__m256i)((nrn_v8si)a + (nrn_v8si)b); }
NRN_INSTRUCTION __m256i _mm256_mask_loadu_epi32(__m256i other, __mmask8 m, const void* p) { return (__m256i)__builtin_ia32_loaddqusi256_mask((const int*)p, (nrn_v8si)other, m); }
NRN_INSTRUCTION __mmask8 _mm256_mask_cmpneq_epi32_mask(__mmask8 m, __m256i a, __m256i b) { return (__mmask8)__builtin_ia32_cmpd256_mask((nrn_v8si)a, (nrn_v8si)b, 4, m); }
#elif NRN_BATCH_LANES == 4
NRN_INSTRUCTION __m256d _mm256_set1_pd(double a) { return (__m256d){a, a, a, a}; }
NRN_INSTRUCTION __m256i _mm256_set1_epi64x(long long a) { return (__m256i){a, a, a, a}; }
NRN_INSTRUCTION __m256d _mm256_castsi256_pd(__m256i a) { return (__m256d)a; }
NRN_INSTRUCTION __m256d _mm256_fmadd_pd(__m256d a, __m256d b, __m256d c) { return __builtin_ia32_vfmaddpd256(a, b, c); }
NRN_INSTRUCTION __m256d _mm256_fmsub_pd(__m256d a, __m256d b, __m256d c) { return __builtin_ia32_vfmsubpd256(a, b, c); }
NRN_INSTRUCTION __m256d _mm256_fnmadd_pd(__m256d a, __m256d b, __m256d c) { return __builtin_ia32_vfnmaddpd256(a, b, c); }
NRN_INSTRUCTION __m256d _mm256_min_pd(__m256d a, __m256d b) { return __builtin_ia32_minpd256(a, b); }
NRN_INSTRUCTION __m256d _mm256_max_pd(__m256d a, __m256d b) { return __builtin_ia32_maxpd256(a, b); }
NRN_INSTRUCTION __m256d _mm256_sqrt_pd(__m256d a) { return __builtin_ia32_sqrtpd256(a); }
NRN_INSTRUCTION __m256d _mm256_and_pd(__m256d a, __m256d b) { return __builtin_ia32_andpd256(a, b); }
NRN_INSTRUCTION __m256d _mm256_andnot_pd(__m256d a, __m256d b) { return __builtin_ia32_andnpd256(a, b); }
NRN_INSTRUCTION __m256d _mm256_or_pd(__m256d a, __m256d b) { return __builtin_ia32_orpd256(a, b); }
NRN_INSTRUCTION __m256d _mm256_xor_pd(__m256d a, __m256d b) { return __builtin_ia32_xorpd256(a, b); }
NRN_INSTRUCTION __m256d _mm256_blendv_pd(__m256d no, __m256d yes, __m256d m) { return __builtin_ia32_blendvpd256(no, yes, m); }
NRN_INSTRUCTION int _mm256_movemask_pd(__m256d a) { return __builtin_ia32_movmskpd256(a); }
#define _mm256_cmp_pd(a, b, how) ((__m256d)__builtin_ia32_cmppd256(a, b, how))
#define _mm256_floor_pd(a) ((__m256d)__builtin_ia32_roundpd256(a, _MM_FROUND_TO_NEG_INF))
#define _mm256_ceil_pd(a) ((__m256d)__builtin_ia32_roundpd256(a, _MM_FROUND_TO_POS_INF))
#else
NRN_INSTRUCTION __m128d _mm_set1_pd(double a) { return (__m128d){a, a}; }
NRN_INSTRUCTION __m128d _mm_min_pd(__m128d a, __m128d b) { return __builtin_ia32_minpd(a, b); }
NRN_INSTRUCTION __m128d _mm_max_pd(__m128d a, __m128d b) { return __builtin_ia32_maxpd(a, b); }
NRN_INSTRUCTION __m128d _mm_sqrt_pd(__m128d a) { return __builtin_ia32_sqrtpd(a); }
NRN_INSTRUCTION __m128d _mm_cmplt_pd(__m128d a, __m128d b) { return __builtin_ia32_cmpltpd(a, b); }
NRN_INSTRUCTION __m128d _mm_cmple_pd(__m128d a, __m128d b) { return __builtin_ia32_cmplepd(a, b); }
NRN_INSTRUCTION __m128d _mm_cmpeq_pd(__m128d a, __m128d b) { return __builtin_ia32_cmpeqpd(a, b); }
NRN_INSTRUCTION __m128d _mm_and_pd(__m128d a, __m128d b) { return __builtin_ia32_andpd(a, b); }
NRN_INSTRUCTION __m128d _mm_andnot_pd(__m128d a, __m128d b) { return __builtin_ia32_andnpd(a, b); }
NRN_INSTRUCTION __m128d _mm_or_pd(__m128d a, __m128d b) { return __builtin_ia32_orpd(a, b); }
NRN_INSTRUCTION __m128d _mm_xor_pd(__m128d a, __m128d b) { return __builtin_ia32_xorpd(a, b); }
NRN_INSTRUCTION int _mm_movemask_pd(__m128d a) { return __builtin_ia32_movmskpd(a); }
NRN_INSTRUCTION __m128i _mm_set1_epi32(int a) {
    typedef int v4si __attribute__((vector_size(16)));
    return (__m128i)(v4si){a, a, a, a};
}
NRN_INSTRUCTION __m128d _mm_castsi128_pd(__m128i a) { return (__m128d)a; }
#endif

#undef NRN_INSTRUCTION
#endif
#endif
