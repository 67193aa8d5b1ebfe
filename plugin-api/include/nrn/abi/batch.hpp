// SPDX-License-Identifier: BSD-3-Clause
// Several instances at once: a register of doubles, its masks, loads and stores of part of it, and
// elementary functions.
// Written for the machine the file is compiled for: 8 lanes with AVX-512, 4 with AVX2 and
// FMA, else 2 with SSE2. Every operation treats its lanes alike, and a part of a register is computed as a whole
// one, so a result depends neither on the lane nor on how a range of rows was cut.
//
// Functions have internal linkage and the namespace is named after the machine: packs that hold the same
// mechanism for several machines must not share them.
#pragma once
#include <stdint.h>

#include "nrn/abi/instructions.h"
#include "nrn/abi/vector_math.h"

#define NRN_BATCH_INLINE static inline __attribute__((always_inline, unused))

#if NRN_BATCH_LANES == 8
#define NRN_BATCH_REGISTER __m512d
#define NRN_BATCH_MASK __mmask8
#elif NRN_BATCH_LANES == 4
#define NRN_BATCH_REGISTER __m256d
#define NRN_BATCH_MASK __m256d
#else
#define NRN_BATCH_REGISTER __m128d
#define NRN_BATCH_MASK __m128d
#endif
namespace nrn_batch {
inline namespace NRN_BATCH_MACHINE {
using Batch = NRN_BATCH_REGISTER;
using Mask = NRN_BATCH_MASK;
using Bits = long long __attribute__((vector_size(sizeof(Batch))));
inline constexpr int lanes = NRN_BATCH_LANES;

/// The lanes as an array, for what has no vector form.
union Lanes {
    double lane[lanes];
    Batch all;
};

// ---- arithmetic ---------------------------------------------------------------------------------

#if NRN_BATCH_LANES == 8
NRN_BATCH_INLINE Batch all(double x) { return _mm512_set1_pd(x); }
NRN_BATCH_INLINE Batch fma(Batch a, Batch b, Batch c) { return _mm512_fmadd_pd(a, b, c); }    // a b + c
NRN_BATCH_INLINE Batch fms(Batch a, Batch b, Batch c) { return _mm512_fmsub_pd(a, b, c); }    // a b - c
NRN_BATCH_INLINE Batch fnma(Batch a, Batch b, Batch c) { return _mm512_fnmadd_pd(a, b, c); }  // c - a b
/// The smaller, the larger; b when a is not a number, a number or not when b is not.
NRN_BATCH_INLINE Batch lesser(Batch a, Batch b) { return _mm512_min_pd(a, b); }
NRN_BATCH_INLINE Batch greater(Batch a, Batch b) { return _mm512_max_pd(a, b); }
NRN_BATCH_INLINE Batch absolute(Batch a) { return _mm512_abs_pd(a); }
NRN_BATCH_INLINE Batch square_root(Batch a) { return _mm512_sqrt_pd(a); }
NRN_BATCH_INLINE Batch round_down(Batch a) { return _mm512_roundscale_pd(a, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC); }
NRN_BATCH_INLINE Batch round_up(Batch a) { return _mm512_roundscale_pd(a, _MM_FROUND_TO_POS_INF | _MM_FROUND_NO_EXC); }
NRN_BATCH_INLINE Mask less(Batch a, Batch b) { return _mm512_cmp_pd_mask(a, b, _CMP_LT_OQ); }
NRN_BATCH_INLINE Mask less_equal(Batch a, Batch b) { return _mm512_cmp_pd_mask(a, b, _CMP_LE_OQ); }
NRN_BATCH_INLINE Mask equal(Batch a, Batch b) { return _mm512_cmp_pd_mask(a, b, _CMP_EQ_OQ); }
NRN_BATCH_INLINE Mask both(Mask a, Mask b) { return static_cast<Mask>(a & b); }
NRN_BATCH_INLINE Mask either(Mask a, Mask b) { return static_cast<Mask>(a | b); }
NRN_BATCH_INLINE Mask opposite(Mask a) { return static_cast<Mask>(~a); }
NRN_BATCH_INLINE Mask everywhere(bool x) { return static_cast<Mask>(x ? 0xff : 0); }
NRN_BATCH_INLINE bool any(Mask m) { return m != 0; }
NRN_BATCH_INLINE bool every(Mask m) { return m == 0xff; }
NRN_BATCH_INLINE bool lane_of(Mask m, int i) { return (m >> i) & 1; }
NRN_BATCH_INLINE Batch select(Mask m, Batch yes, Batch no) { return _mm512_mask_blend_pd(m, no, yes); }
#elif NRN_BATCH_LANES == 4
NRN_BATCH_INLINE Batch all(double x) { return _mm256_set1_pd(x); }
NRN_BATCH_INLINE Batch fma(Batch a, Batch b, Batch c) { return _mm256_fmadd_pd(a, b, c); }
NRN_BATCH_INLINE Batch fms(Batch a, Batch b, Batch c) { return _mm256_fmsub_pd(a, b, c); }
NRN_BATCH_INLINE Batch fnma(Batch a, Batch b, Batch c) { return _mm256_fnmadd_pd(a, b, c); }
NRN_BATCH_INLINE Batch lesser(Batch a, Batch b) { return _mm256_min_pd(a, b); }
NRN_BATCH_INLINE Batch greater(Batch a, Batch b) { return _mm256_max_pd(a, b); }
NRN_BATCH_INLINE Batch absolute(Batch a) { return _mm256_andnot_pd(_mm256_set1_pd(-0.0), a); }
NRN_BATCH_INLINE Batch square_root(Batch a) { return _mm256_sqrt_pd(a); }
NRN_BATCH_INLINE Batch round_down(Batch a) { return _mm256_floor_pd(a); }
NRN_BATCH_INLINE Batch round_up(Batch a) { return _mm256_ceil_pd(a); }
NRN_BATCH_INLINE Mask less(Batch a, Batch b) { return _mm256_cmp_pd(a, b, _CMP_LT_OQ); }
NRN_BATCH_INLINE Mask less_equal(Batch a, Batch b) { return _mm256_cmp_pd(a, b, _CMP_LE_OQ); }
NRN_BATCH_INLINE Mask equal(Batch a, Batch b) { return _mm256_cmp_pd(a, b, _CMP_EQ_OQ); }
NRN_BATCH_INLINE Mask both(Mask a, Mask b) { return _mm256_and_pd(a, b); }
NRN_BATCH_INLINE Mask either(Mask a, Mask b) { return _mm256_or_pd(a, b); }
NRN_BATCH_INLINE Mask everywhere(bool x) { return _mm256_castsi256_pd(_mm256_set1_epi64x(x ? -1 : 0)); }
NRN_BATCH_INLINE Mask opposite(Mask a) { return _mm256_xor_pd(a, everywhere(true)); }
NRN_BATCH_INLINE bool any(Mask m) { return _mm256_movemask_pd(m) != 0; }
NRN_BATCH_INLINE bool every(Mask m) { return _mm256_movemask_pd(m) == 0xf; }
NRN_BATCH_INLINE bool lane_of(Mask m, int i) { return (_mm256_movemask_pd(m) >> i) & 1; }
NRN_BATCH_INLINE Batch select(Mask m, Batch yes, Batch no) { return _mm256_blendv_pd(no, yes, m); }
#else
NRN_BATCH_INLINE Batch all(double x) { return _mm_set1_pd(x); }
NRN_BATCH_INLINE Batch fma(Batch a, Batch b, Batch c) { return a * b + c; }
NRN_BATCH_INLINE Batch fms(Batch a, Batch b, Batch c) { return a * b - c; }
NRN_BATCH_INLINE Batch fnma(Batch a, Batch b, Batch c) { return c - a * b; }
NRN_BATCH_INLINE Batch lesser(Batch a, Batch b) { return _mm_min_pd(a, b); }
NRN_BATCH_INLINE Batch greater(Batch a, Batch b) { return _mm_max_pd(a, b); }
NRN_BATCH_INLINE Batch absolute(Batch a) { return _mm_andnot_pd(_mm_set1_pd(-0.0), a); }
NRN_BATCH_INLINE Batch square_root(Batch a) { return _mm_sqrt_pd(a); }
NRN_BATCH_INLINE Batch round_down(Batch a) { return Batch{__builtin_floor(a[0]), __builtin_floor(a[1])}; }
NRN_BATCH_INLINE Batch round_up(Batch a) { return Batch{__builtin_ceil(a[0]), __builtin_ceil(a[1])}; }
NRN_BATCH_INLINE Mask less(Batch a, Batch b) { return _mm_cmplt_pd(a, b); }
NRN_BATCH_INLINE Mask less_equal(Batch a, Batch b) { return _mm_cmple_pd(a, b); }
NRN_BATCH_INLINE Mask equal(Batch a, Batch b) { return _mm_cmpeq_pd(a, b); }
NRN_BATCH_INLINE Mask both(Mask a, Mask b) { return _mm_and_pd(a, b); }
NRN_BATCH_INLINE Mask either(Mask a, Mask b) { return _mm_or_pd(a, b); }
NRN_BATCH_INLINE Mask everywhere(bool x) { return _mm_castsi128_pd(_mm_set1_epi32(x ? -1 : 0)); }
NRN_BATCH_INLINE Mask opposite(Mask a) { return _mm_xor_pd(a, everywhere(true)); }
NRN_BATCH_INLINE bool any(Mask m) { return _mm_movemask_pd(m) != 0; }
NRN_BATCH_INLINE bool every(Mask m) { return _mm_movemask_pd(m) == 3; }
NRN_BATCH_INLINE bool lane_of(Mask m, int i) { return (_mm_movemask_pd(m) >> i) & 1; }
NRN_BATCH_INLINE Batch select(Mask m, Batch yes, Batch no) { return _mm_or_pd(_mm_and_pd(m, yes), _mm_andnot_pd(m, no)); }
#endif

/// 1 where it holds, else 0.
NRN_BATCH_INLINE Batch number(Mask m) { return select(m, all(1.0), all(0.0)); }

/// f(lane) for every lane.
template <class F>
NRN_BATCH_INLINE Batch each(F f, Batch a) {
    Lanes x, y;
    x.all = a;
    for (int i = 0; i < lanes; ++i) y.lane[i] = f(x.lane[i]);
    return y.all;
}
template <class F>
NRN_BATCH_INLINE Batch each(F f, Batch a, Batch b) {
    Lanes x, z, y;
    x.all = a;
    z.all = b;
    for (int i = 0; i < lanes; ++i) y.lane[i] = f(x.lane[i], z.lane[i]);
    return y.all;
}

// ---- memory -------------------------------------------------------------------------------------

/// The first `count` numbers at p; the lanes beyond repeat the first.
NRN_BATCH_INLINE Batch load(const double* p, int count) {
#if NRN_BATCH_LANES == 8
    if (__builtin_expect(count == lanes, 1)) return _mm512_loadu_pd(p);
    return _mm512_mask_loadu_pd(all(p[0]), static_cast<Mask>((1u << count) - 1), p);
#else
    Lanes x;
    if (__builtin_expect(count == lanes, 1)) {
        __builtin_memcpy(&x, p, sizeof x);
        return x.all;
    }
    for (int i = 0; i < lanes; ++i) x.lane[i] = p[i < count ? i : 0];
    return x.all;
#endif
}
NRN_BATCH_INLINE void store(double* p, Batch x, int count) {
#if NRN_BATCH_LANES == 8
    if (__builtin_expect(count == lanes, 1)) _mm512_storeu_pd(p, x);
    else _mm512_mask_storeu_pd(p, static_cast<Mask>((1u << count) - 1), x);
#else
    Lanes y;
    y.all = x;
    if (__builtin_expect(count == lanes, 1)) {
        __builtin_memcpy(p, &y, sizeof y);
        return;
    }
    for (int i = 0; i < count; ++i) p[i] = y.lane[i];
#endif
}
NRN_BATCH_INLINE double lane(Batch x, int i) {
    Lanes y;
    y.all = x;
    return y.lane[i];
}

/// Rows of another store (nodes, ions) that belong to `count` instances. One after the other they are read and
/// written as a register, else one by one.
struct Place {
    const int32_t* row;
    int32_t first;
    int count;
    bool unit;
};
NRN_BATCH_INLINE Place place(const int32_t* row, int count) {
    Place p{row, row[0], count, false};
#if NRN_BATCH_LANES == 8
    const __m256i step = _mm256_set_epi32(7, 6, 5, 4, 3, 2, 1, 0), want = _mm256_add_epi32(_mm256_set1_epi32(p.first), step);
    const auto live = static_cast<__mmask8>((1u << count) - 1);
    p.unit = _mm256_mask_cmpneq_epi32_mask(live, _mm256_mask_loadu_epi32(want, live, row), want) == 0;
#else
    p.unit = true;
    for (int i = 1; i < count; ++i) p.unit = p.unit && row[i] == p.first + i;
#endif
    return p;
}
/// Do these rows, which ascend, follow each other without gaps?
NRN_BATCH_INLINE bool contiguous(const int32_t* row, int32_t begin, int32_t end) { return begin < end && row[end - 1] - row[begin] == end - 1 - begin; }
NRN_BATCH_INLINE Place place(const int32_t* row, int count, bool known) { return known ? Place{row, row[0], count, true} : place(row, count); }
NRN_BATCH_INLINE Batch load(const double* base, const Place& at) {
    if (__builtin_expect(at.unit, 1)) return load(base + at.first, at.count);
#if NRN_BATCH_LANES == 8
    const auto live = static_cast<__mmask8>((1u << at.count) - 1);
    const __m256i index = _mm256_mask_loadu_epi32(_mm256_set1_epi32(at.first), live, at.row);
    return _mm512_i32gather_pd(index, base, 8);
#else
    Lanes x;
    for (int i = 0; i < lanes; ++i) x.lane[i] = base[at.row[i < at.count ? i : 0]];
    return x.all;
#endif
}
NRN_BATCH_INLINE void store(double* base, const Place& at, Batch x) {
    if (__builtin_expect(at.unit, 1)) return store(base + at.first, x, at.count);
    Lanes y;
    y.all = x;
    for (int i = 0; i < at.count; ++i) base[at.row[i]] = y.lane[i];
}
/// Adds in the order of instances, of which several may share a row.
NRN_BATCH_INLINE void add(double* base, const Place& at, Batch x) {
    if (__builtin_expect(at.unit, 1)) return store(base + at.first, load(base + at.first, at.count) + x, at.count);
    Lanes y;
    y.all = x;
    for (int i = 0; i < at.count; ++i) base[at.row[i]] += y.lane[i];
}

// ---- elementary functions -----------------------------------------------------------------------

NRN_BATCH_INLINE Batch divide(Batch a, Batch b) { return a / b; }
NRN_BATCH_INLINE Batch reciprocal(Batch b) { return all(1.0) / b; }
/// 1/a and 1/b by one division, within 2 units. A division keeps the divider busy for as long as a dozen of other
/// operations take.
NRN_BATCH_INLINE void reciprocals(Batch a, Batch b, Batch& x, Batch& y) {
    const Batch p = a * b, i = reciprocal(p);
    x = i * b;
    y = i * a;
#if NRN_BATCH_LANES == 8
    const Mask unusual = _mm512_fpclass_pd_mask(p, 0x01 | 0x02 | 0x04 | 0x08 | 0x10 | 0x20 | 0x80);  // no number, 0, infinite, subnormal
#else
    const Mask unusual = opposite(both(less_equal(all(0x1p-1022), absolute(p)), less_equal(absolute(p), all(0x1.fffffffffffffp+1023))));
#endif
    if (__builtin_expect(any(unusual), 0)) {
        x = select(unusual, reciprocal(a), x);
        y = select(unusual, reciprocal(b), y);
    }
}

#if NRN_BATCH_LANES == 8
/// exp of several registers, 0 below -700 and exp(700) above 700. Reduction to |r| <= ln(2)/32 with the sixteen
/// powers of two in two registers, and a polynomial of degree 6 (interpolation at Chebyshev nodes in 60 digits).
/// The registers go side by side through the steps, because one exponential is a chain of dependent operations.
template <int N>
NRN_BATCH_INLINE void exp(Batch (&x)[N]) {
    const Batch low = _mm512_set_pd(0x1.5ab07dd485429p+0, 0x1.4bfdad5362a27p+0, 0x1.3dea64c123422p+0, 0x1.306fe0a31b715p+0,
                                    0x1.2387a6e756238p+0, 0x1.172b83c7d517bp+0, 0x1.0b5586cf9890fp+0, 0x1.0000000000000p+0);
    const Batch high = _mm512_set_pd(0x1.ea4afa2a490dap+0, 0x1.d5818dcfba487p+0, 0x1.c199bdd85529cp+0, 0x1.ae89f995ad3adp+0,
                                     0x1.9c49182a3f090p+0, 0x1.8ace5422aa0dbp+0, 0x1.7a11473eb0187p+0, 0x1.6a09e667f3bcdp+0);
    const Batch shift = all(0x1.8p48);  // leaves sixteenths in the low bits
    Batch n[N], r[N], power[N], r2[N], q[N], b[N];
    Mask some[1] = {};
#define NRN_BATCH_EACH _Pragma("GCC unroll 8") for (int i = 0; i < N; ++i)
    if constexpr (N == 1) {
        some[0] = _mm512_cmp_pd_mask(x[0], all(-700.0), _CMP_NLT_UQ);
        x[0] = lesser(all(700.0), x[0]);
    } else {  // what is beyond is rare: one look at the largest of all
        Batch most = x[0];
        _Pragma("GCC unroll 8") for (int i = 1; i < N; ++i) most = _mm512_range_pd(most, x[i], 0b1011);  // of the absolute values
        if (__builtin_expect(_mm512_cmp_pd_mask(most, all(700.0), _CMP_GT_OQ) != 0, 0)) {
            NRN_BATCH_EACH x[i] = lesser(all(700.0), x[i]);
            NRN_BATCH_EACH x[i] = select(less(x[i], all(-700.0)), all(-800.0), x[i]);  // its power of two is 0
        }
    }
    NRN_BATCH_EACH n[i] = fma(x[i], all(0x1.71547652b82fep+0), shift);
    NRN_BATCH_EACH power[i] = _mm512_permutex2var_pd(low, _mm512_castpd_si512(n[i]), high);
    NRN_BATCH_EACH n[i] = n[i] - shift;
    NRN_BATCH_EACH r[i] = fnma(n[i], all(0x1.62e42fefa3800p-1), x[i]);
    NRN_BATCH_EACH r[i] = fnma(n[i], all(0x1.ef35793c76730p-45), r[i]);
    NRN_BATCH_EACH r2[i] = r[i] * r[i];
    NRN_BATCH_EACH b[i] = fma(r[i], all(0x1.11120af701debp-7), all(0x1.55555555194d2p-5));
    NRN_BATCH_EACH q[i] = fma(r[i], all(0x1.55555554dd44dp-3), all(0.5));
    NRN_BATCH_EACH b[i] = fma(r2[i], all(0x1.6c17bb51f236dp-10), b[i]);
    NRN_BATCH_EACH q[i] = fma(r2[i], b[i], q[i]);
    NRN_BATCH_EACH q[i] = fma(r2[i], q[i], r[i]);
    NRN_BATCH_EACH q[i] = fma(power[i], q[i], power[i]);
    NRN_BATCH_EACH x[i] = N == 1 ? _mm512_maskz_scalef_pd(some[0], q[i], n[i]) : _mm512_scalef_pd(q[i], n[i]);
#undef NRN_BATCH_EACH
}
NRN_BATCH_INLINE Batch exp(Batch x) {
    Batch y[1] = {x};
    exp(y);
    return y[0];
}
#else
NRN_BATCH_INLINE Batch exp(Batch x) {
    const Batch magic = all(0x1.8p52);
    const Batch c = greater(all(-700.0), lesser(all(700.0), x));
    const Batch shifted = fma(c, all(0x1.71547652b82fep+0), magic);
    const Batch n = shifted - magic;
    Batch r = fnma(n, all(0x1.62e42fefa3800p-1), c);
    r = fnma(n, all(0x1.ef35793c76730p-45), r);
    const Batch r2 = r * r, r4 = r2 * r2;
    const Batch q01 = fma(all(0x1.5555555555556p-3), r, all(0x1.0000000000001p-1));
    const Batch q23 = fma(all(0x1.11111111109b3p-7), r, all(0x1.5555555553d63p-5));
    const Batch q45 = fma(all(0x1.a01a01a7c41d5p-13), r, all(0x1.6c16c1788bd90p-10));
    const Batch q67 = fma(all(0x1.71de0dae63bb3p-19), r, all(0x1.a019b90d2ae7ap-16));
    const Batch q89 = fma(all(0x1.af38a9b0ec855p-26), r, all(0x1.289185613a3d6p-22));
    const Batch q = fma(fma(q89, r4, fma(q67, r2, q45)), r4, fma(q23, r2, q01));
    const Batch p = all(1.0) + fma(r2, q, r);
    const Batch y = reinterpret_cast<Batch>(reinterpret_cast<Bits>(p) + (reinterpret_cast<Bits>(shifted) << 52));
    const Batch clamped = select(less(x, all(-700.0)), all(0.0), y);
    return select(equal(x, x), clamped, x);
}
template <int N>
NRN_BATCH_INLINE void exp(Batch (&x)[N]) {
    for (Batch& y : x) y = exp(y);
}
#endif

/// log of positive normal numbers as hi + lo; the method is that of nrn_math_log_core.
NRN_BATCH_INLINE void log_core(Batch x, Batch& hi, Batch& lo) {
    using Unsigned = unsigned long long __attribute__((vector_size(sizeof(Bits))));
    const Unsigned bits = reinterpret_cast<Unsigned>(x);
    const Unsigned shifted = bits - 0x3fe6a09e667f3bcdULL;
    // An arithmetic shift by way of a logical one: shifted + 1024 * 2^52 is not negative.
    const Bits exponent = reinterpret_cast<Bits>((shifted + (1024ULL << 52)) >> 52) - 1024;
    const Batch m = reinterpret_cast<Batch>(bits - (reinterpret_cast<Unsigned>(exponent) << 52));
    const Batch e = reinterpret_cast<Batch>(exponent + 0x4338000000000000LL) - all(0x1.8p52);
    const Batch f = m - all(1.0), t = m + all(1.0), t_low = m - (t - all(1.0));
    const Batch inverse = reciprocal(t);
    const Batch s = f * inverse;
    // What s lacks of f/(t + t_low); without a fused operation it is lost, which costs a bit of accuracy.
    const Batch s_low = NRN_BATCH_LANES >= 4 ? fnma(s, t_low, fnma(s, t, f)) * inverse : all(0.0);
    const Batch z = s * s, z2 = z * z, z4 = z2 * z2;
    const Batch p01 = fma(all(0x1.9999999999a39p-2), z, all(0x1.5555555555555p-1));
    const Batch p23 = fma(all(0x1.c71c7201a55d7p-3), z, all(0x1.2492492476a1ap-2));
    const Batch p45 = fma(all(0x1.3b1c3c1c81c8fp-3), z, all(0x1.745cf8e4bba1bp-3));
    const Batch p67 = fma(all(0x1.0c0aff044a970p-3), z, all(0x1.0fbde0f4ad17bp-3));
    const Batch p = fma(fma(p67, z2, p45), z4, fma(p23, z2, p01));
    const Batch tail = fma(s * z, p, s_low + s_low);
    const Batch base = e * all(0x1.62e42fefa3800p-1), first = s + s;
    const Batch sum = base + first, back = sum - base;
    const Batch low = (base - (sum - back)) + (first - back);
    const Batch rest = fma(e, all(0x1.ef35793c76730p-45), tail) + low;
    hi = sum + rest;
    lo = (sum - hi) + rest;
}

/// y, with f(x) in the lanes of unusual arguments.
template <class F>
static __attribute__((noinline, cold, unused)) Batch mended(F f, Mask usual, Batch y, Batch a, Batch b) {
    Lanes x, z, out;
    x.all = a;
    z.all = b;
    out.all = y;
    for (int i = 0; i < lanes; ++i)
        if (!lane_of(usual, i)) out.lane[i] = f(x.lane[i], z.lane[i]);
    return out.all;
}

NRN_BATCH_INLINE Batch log(Batch x) {
    const Mask usual = both(less_equal(all(0x1p-1022), x), less_equal(x, all(0x1.fffffffffffffp+1023)));
    Batch hi, lo;
    log_core(x, hi, lo);
    if (__builtin_expect(every(usual), 1)) return hi;
    return mended([](double a, double) { return nrn_log(a); }, usual, hi, x, x);
}
NRN_BATCH_INLINE Batch log10(Batch x) { return log(x) * all(0x1.bcb7b1526e50ep-2); }

/// x^y
#if NRN_BATCH_LANES >= 4
NRN_BATCH_INLINE Batch pow(Batch x, Batch y) {
    Batch hi, lo;
    log_core(x, hi, lo);
    const Batch product = y * hi;
    const Batch e = exp(product);
    const Batch result = fma(e, fma(y, lo, fms(y, hi, product)), e);
    const Mask usual = both(both(less_equal(all(0x1p-1022), x), less_equal(x, all(0x1.fffffffffffffp+1023))), less_equal(absolute(product), all(690.0)));
    if (__builtin_expect(every(usual), 1)) return result;
    return mended([](double a, double b) { return nrn_pow(a, b); }, usual, result, x, y);
}
#else
NRN_BATCH_INLINE Batch pow(Batch x, Batch y) {  // without a fused operation the product's rounding costs too much
    return each([](double a, double b) { return nrn_pow(a, b); }, x, y);
}
#endif

// ---- two registers at once ------------------------------------------------------------------------

/// Instances of two registers: twice the independent operations for a processor to choose from, where exponentials and
/// divisions are long chains of dependent ones. What belongs to all instances is a Batch, and becomes one by itself.
struct Wide {
    Batch a, b;
    __attribute__((always_inline)) Wide() = default;
    __attribute__((always_inline)) Wide(Batch x) : a(x), b(x) {}
    __attribute__((always_inline)) Wide(Batch x, Batch y) : a(x), b(y) {}
};
struct WideMask {
    Mask a, b;
    __attribute__((always_inline)) WideMask(Mask x) : a(x), b(x) {}
    __attribute__((always_inline)) WideMask(Mask x, Mask y) : a(x), b(y) {}
};
struct WidePlace {
    Place a, b;
    bool two;
};
inline constexpr int wide_lanes = 2 * lanes;

NRN_BATCH_INLINE Wide wide_load(const double* p, int count) {
    if (__builtin_expect(count == wide_lanes, 1)) return {load(p, lanes), load(p + lanes, lanes)};
    if (count <= lanes) return load(p, count);
    return {load(p, lanes), load(p + lanes, count - lanes)};
}
NRN_BATCH_INLINE void store(double* p, Wide x, int count) {
    store(p, x.a, count < lanes ? count : lanes);
    if (__builtin_expect(count > lanes, 1)) store(p + lanes, x.b, count - lanes);
}
NRN_BATCH_INLINE double lane(Wide x, int i) { return i < lanes ? lane(x.a, i) : lane(x.b, i - lanes); }
NRN_BATCH_INLINE WidePlace wide_place(const int32_t* row, int count, bool known) {
    if (__builtin_expect(count > lanes, 1)) return {place(row, lanes, known), place(row + lanes, count - lanes, known), true};
    const Place p = place(row, count, known);
    return {p, p, false};
}
NRN_BATCH_INLINE Wide load(const double* base, const WidePlace& at) {
    const Batch x = load(base, at.a);
    return {x, __builtin_expect(at.two, 1) ? load(base, at.b) : x};
}
NRN_BATCH_INLINE void store(double* base, const WidePlace& at, Wide x) {
    store(base, at.a, x.a);
    if (__builtin_expect(at.two, 1)) store(base, at.b, x.b);
}
NRN_BATCH_INLINE void add(double* base, const WidePlace& at, Wide x) {
    add(base, at.a, x.a);
    if (__builtin_expect(at.two, 1)) add(base, at.b, x.b);
}

NRN_BATCH_INLINE Wide operator-(Wide x) { return {-x.a, -x.b}; }
NRN_BATCH_INLINE Wide operator+(Wide x, Wide y) { return {x.a + y.a, x.b + y.b}; }
NRN_BATCH_INLINE Wide operator-(Wide x, Wide y) { return {x.a - y.a, x.b - y.b}; }
NRN_BATCH_INLINE Wide operator*(Wide x, Wide y) { return {x.a * y.a, x.b * y.b}; }
#define NRN_BATCH_OF_ONE(f, result, type) \
    NRN_BATCH_INLINE result f(type x) { return {f(x.a), f(x.b)}; }
#define NRN_BATCH_OF_TWO(f, result, type) \
    NRN_BATCH_INLINE result f(type x, type y) { return {f(x.a, y.a), f(x.b, y.b)}; }
#define NRN_BATCH_OF_THREE(f) \
    NRN_BATCH_INLINE Wide f(Wide x, Wide y, Wide z) { return {f(x.a, y.a, z.a), f(x.b, y.b, z.b)}; }
NRN_BATCH_OF_THREE(fma)
NRN_BATCH_OF_THREE(fms)
NRN_BATCH_OF_THREE(fnma)
NRN_BATCH_OF_TWO(lesser, Wide, Wide)
NRN_BATCH_OF_TWO(greater, Wide, Wide)
NRN_BATCH_OF_TWO(divide, Wide, Wide)
NRN_BATCH_OF_TWO(pow, Wide, Wide)
NRN_BATCH_OF_TWO(less, WideMask, Wide)
NRN_BATCH_OF_TWO(less_equal, WideMask, Wide)
NRN_BATCH_OF_TWO(equal, WideMask, Wide)
NRN_BATCH_OF_TWO(both, WideMask, WideMask)
NRN_BATCH_OF_TWO(either, WideMask, WideMask)
NRN_BATCH_OF_ONE(opposite, WideMask, WideMask)
NRN_BATCH_OF_ONE(number, Wide, WideMask)
NRN_BATCH_OF_ONE(absolute, Wide, Wide)
NRN_BATCH_OF_ONE(square_root, Wide, Wide)
NRN_BATCH_OF_ONE(round_down, Wide, Wide)
NRN_BATCH_OF_ONE(round_up, Wide, Wide)
NRN_BATCH_OF_ONE(reciprocal, Wide, Wide)
NRN_BATCH_OF_ONE(log, Wide, Wide)
NRN_BATCH_OF_ONE(log10, Wide, Wide)
#undef NRN_BATCH_OF_ONE
#undef NRN_BATCH_OF_TWO
#undef NRN_BATCH_OF_THREE
NRN_BATCH_INLINE Wide select(WideMask m, Wide yes, Wide no) { return {select(m.a, yes.a, no.a), select(m.b, yes.b, no.b)}; }
NRN_BATCH_INLINE void reciprocals(Wide a, Wide b, Wide& x, Wide& y) {
    reciprocals(a.a, b.a, x.a, y.a);
    reciprocals(a.b, b.b, x.b, y.b);
}
template <class F>
NRN_BATCH_INLINE Wide each(F f, Wide a) { return {each(f, a.a), each(f, a.b)}; }
template <class F>
NRN_BATCH_INLINE Wide each(F f, Wide a, Wide b) { return {each(f, a.a, b.a), each(f, a.b, b.b)}; }
/// Four registers side by side are as many as stay in the processor.
template <int N>
NRN_BATCH_INLINE void exp(Wide (&x)[N]) {
    if constexpr (N > 2) {
        Batch y[N], z[N];
#pragma GCC unroll 8
        for (int i = 0; i < N; ++i) y[i] = x[i].a;
#pragma GCC unroll 8
        for (int i = 0; i < N; ++i) z[i] = x[i].b;
        exp(y);
        exp(z);
#pragma GCC unroll 8
        for (int i = 0; i < N; ++i) x[i] = {y[i], z[i]};
    } else {
        Batch y[2 * N];
#pragma GCC unroll 8
        for (int i = 0; i < N; ++i) {
            y[2 * i] = x[i].a;
            y[2 * i + 1] = x[i].b;
        }
        exp(y);
#pragma GCC unroll 8
        for (int i = 0; i < N; ++i) x[i] = {y[2 * i], y[2 * i + 1]};
    }
}
NRN_BATCH_INLINE Wide exp(Wide x) {
    Wide y[1] = {x};
    exp(y);
    return y[0];
}

// ---- tables -------------------------------------------------------------------------------------

/// Doubles of one row of a table of so many variables: rows of all variables together, so that one place costs
/// one or two loads.
constexpr int table_width(int variables) { return variables <= 2 ? variables : variables <= 4 ? 4 : (variables + 7) / 8 * 8; }

/// Where values lie in a table of n intervals, clamped at its ends.
struct TablePlaces {
    Batch fraction;   // not a number where x is none
    int32_t row[lanes];
};
NRN_BATCH_INLINE TablePlaces table_places(Batch x, double low, double per_unit, int n) {
    TablePlaces p;
    const Batch place = lesser(greater(all(per_unit) * (x - all(low)), all(0.0)), all(n));
    const Batch row = round_down(lesser(place, all(n - 1.0)));
#if NRN_BATCH_LANES == 8
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p.row), _mm512_cvttpd_epi32(row));
#else
    Lanes l;
    l.all = row;
    for (int i = 0; i < lanes; ++i) p.row[i] = static_cast<int32_t>(l.lane[i]);
#endif
    p.fraction = select(equal(x, x), place - row, x);
    return p;
}

#if NRN_BATCH_LANES == 8
/// Eight registers as rows of a square, turned into its columns.
NRN_BATCH_INLINE void transpose(Batch (&r)[8]) {
    Batch a[8], b[8];
#pragma GCC unroll 8
    for (int i = 0; i < 8; i += 2) {
        a[i] = _mm512_unpacklo_pd(r[i], r[i + 1]);
        a[i + 1] = _mm512_unpackhi_pd(r[i], r[i + 1]);
    }
#pragma GCC unroll 8
    for (int i = 0; i < 2; ++i) {
        b[i] = _mm512_shuffle_f64x2(a[i], a[i + 2], 0x88);
        b[i + 2] = _mm512_shuffle_f64x2(a[i], a[i + 2], 0xdd);
        b[i + 4] = _mm512_shuffle_f64x2(a[i + 4], a[i + 6], 0x88);
        b[i + 6] = _mm512_shuffle_f64x2(a[i + 4], a[i + 6], 0xdd);
    }
#pragma GCC unroll 8
    for (int i = 0; i < 4; ++i) {
        r[i] = _mm512_shuffle_f64x2(b[i], b[i + 4], 0x88);
        r[i + 4] = _mm512_shuffle_f64x2(b[i], b[i + 4], 0xdd);
    }
}
#endif

/// The table's variables at those places, linearly between rows.
template <int N>
NRN_BATCH_INLINE void table_values(const double* rows, const TablePlaces& p, Batch (&y)[N]) {
    constexpr int width = table_width(N);
#if NRN_BATCH_LANES == 8
    if constexpr (width == 4) {  // a row and the next in one register
        Batch r[8];
    #pragma GCC unroll 8
    for (int i = 0; i < 8; ++i) r[i] = _mm512_loadu_pd(rows + 4 * p.row[i]);
        transpose(r);
#pragma GCC unroll 8
        for (int j = 0; j < N; ++j) y[j] = fma(p.fraction, r[j + 4] - r[j], r[j]);
        return;
    } else if constexpr (width >= 8) {
        Lanes f;
        f.all = p.fraction;
#pragma GCC unroll 4
        for (int group = 0; group < width; group += 8) {
            Batch r[8];
        #pragma GCC unroll 8
    for (int i = 0; i < 8; ++i) {
                const double* row = rows + width * p.row[i] + group;
                const Batch here = _mm512_loadu_pd(row), next = _mm512_loadu_pd(row + width);
                r[i] = fma(all(f.lane[i]), next - here, here);
            }
            transpose(r);
#pragma GCC unroll 8
            for (int j = group; j < N && j < group + 8; ++j) y[j] = r[j - group];
        }
        return;
    }
#endif
#pragma GCC unroll 16
    for (int j = 0; j < N; ++j) {
        Lanes here, next;
    #pragma GCC unroll 8
    for (int i = 0; i < lanes; ++i) {
            const double* row = rows + width * p.row[i] + j;
            here.lane[i] = row[0];
            next.lane[i] = row[width];
        }
        y[j] = fma(p.fraction, next.all - here.all, here.all);
    }
}

/// For functions with very many of them: compiled once, and called.
template <class B, int N>
__attribute__((noinline, unused)) static void exp_apart(B (&x)[N]) { exp(x); }

}  // inline namespace of the machine
}  // namespace nrn_batch
