/* SPDX-License-Identifier: BSD-3-Clause */
/* exp, log and pow written without branches or calls, so that a loop over instances that uses them becomes
 * SIMD code, and a scalar remainder computes the same bits: every operation is spelled out (fma where the
 * machine has it), so it does not matter how the compiler splits a loop.
 *
 * exp keeps the simulator's customary clamping: 0 below -700, exp(700) above 700.
 * Bounds, checked by tests/unit/abi/vector_math_test.cpp: exp 1.5, log 1, pow 2 ulp.
 *
 * Method: exp by reduction to |r| <= ln(2)/2 and a polynomial of degree 11; log by s = (m-1)/(m+1) and a
 * polynomial in s^2; pow = exp(y log x) with the logarithm in two doubles. Coefficients: interpolation at
 * Chebyshev nodes in 60 digits.
 */
#ifndef NRN_ABI_VECTOR_MATH_H
#define NRN_ABI_VECTOR_MATH_H

#include <stdint.h>

/* The kind of machine this file is compiled for. C++ functions of these headers live in a namespace of that name: a
 * pack may hold the same mechanism for several machines. */
#if defined(__AVX512F__) && defined(__AVX512DQ__) && defined(__AVX512VL__)
#define NRN_BATCH_MACHINE avx512
#define NRN_BATCH_LANES 8
#elif defined(__AVX2__) && defined(__FMA__)
#define NRN_BATCH_MACHINE avx2
#define NRN_BATCH_LANES 4
#else
#define NRN_BATCH_MACHINE sse2
#define NRN_BATCH_LANES 2
#endif

#ifdef __FMA__
#define NRN_MATH_FMA(a, b, c) __builtin_fma((a), (b), (c))
#else
#define NRN_MATH_FMA(a, b, c) ((a) * (b) + (c))
#endif

#define NRN_MATH_INLINE static inline __attribute__((always_inline, unused))

#ifdef __cplusplus
#define NRN_MATH_BITS_FROM(x) __builtin_bit_cast(int64_t, (double)(x))
#define NRN_MATH_BITS_TO(b) __builtin_bit_cast(double, (int64_t)(b))
#else
NRN_MATH_INLINE int64_t nrn_math_bits_from(double x) { int64_t b; __builtin_memcpy(&b, &x, 8); return b; }
NRN_MATH_INLINE double nrn_math_bits_to(int64_t b) { double x; __builtin_memcpy(&x, &b, 8); return x; }
#define NRN_MATH_BITS_FROM(x) nrn_math_bits_from(x)
#define NRN_MATH_BITS_TO(b) nrn_math_bits_to(b)
#endif

/* exp(hi + lo) for hi within [-745, 709.7], scaled in two steps when `wide` so that subnormals come out. */
NRN_MATH_INLINE double nrn_math_exp_core(double hi, double lo) {
    const double magic = 0x1.8p52; /* adding it leaves the nearest integer in the low bits */
    const double shifted = NRN_MATH_FMA(hi, 0x1.71547652b82fep+0, magic);
    const double n = shifted - magic;
    double r = NRN_MATH_FMA(n, -0x1.62e42fefa3800p-1, hi);
    r = NRN_MATH_FMA(n, -0x1.ef35793c76730p-45, r);
    r += lo;
    const double r2 = r * r;
    const double r4 = r2 * r2;
    const double q01 = NRN_MATH_FMA(0x1.5555555555556p-3, r, 0x1.0000000000001p-1);
    const double q23 = NRN_MATH_FMA(0x1.11111111109b3p-7, r, 0x1.5555555553d63p-5);
    const double q45 = NRN_MATH_FMA(0x1.a01a01a7c41d5p-13, r, 0x1.6c16c1788bd90p-10);
    const double q67 = NRN_MATH_FMA(0x1.71de0dae63bb3p-19, r, 0x1.a019b90d2ae7ap-16);
    const double q89 = NRN_MATH_FMA(0x1.af38a9b0ec855p-26, r, 0x1.289185613a3d6p-22);
    const double a = NRN_MATH_FMA(q23, r2, q01);
    const double b = NRN_MATH_FMA(q67, r2, q45);
    const double c = NRN_MATH_FMA(q89, r4, b);
    const double q = NRN_MATH_FMA(c, r4, a);
    const double p = 1.0 + NRN_MATH_FMA(r2, q, r);
    return NRN_MATH_BITS_TO(NRN_MATH_BITS_FROM(p) + (int64_t)((uint64_t)NRN_MATH_BITS_FROM(shifted) << 52));
}

NRN_MATH_INLINE double nrn_exp(double x) {
    double c = x > 700.0 ? 700.0 : x; /* NaN passes both comparisons */
    c = c < -700.0 ? -700.0 : c;
    const double y = nrn_math_exp_core(c, 0.0);
    const double z = x < -700.0 ? 0.0 : y;
    return x != x ? x : z;
}

/* log of a positive normal number, as hi + lo; |hi + lo - log x| <~ 2^-63 |log x| + 2^-66. */
NRN_MATH_INLINE void nrn_math_log_core(double x, double* hi, double* lo) {
    const int64_t bits = NRN_MATH_BITS_FROM(x);
    /* exponent such that the mantissa lies in [sqrt(1/2), sqrt(2)) */
    const uint64_t shifted = (uint64_t)bits - 0x3fe6a09e667f3bcdULL;
    const int64_t exponent = (int64_t)((shifted + ((uint64_t)1024 << 52)) >> 52) - 1024;
    const double m = NRN_MATH_BITS_TO((int64_t)((uint64_t)bits - ((uint64_t)exponent << 52)));
    /* int64 -> double by bits: small numbers only, and vectorises without AVX-512 */
    const double e = NRN_MATH_BITS_TO(exponent + 0x4338000000000000LL) - 0x1.8p52;
    const double f = m - 1.0;
    const double t = m + 1.0;
    const double t_low = m - (t - 1.0);
    const double s = f / t;
    const double s_low = (NRN_MATH_FMA(-s, t, f) - s * t_low) / t;
    const double z = s * s;
    const double z2 = z * z;
    const double z4 = z2 * z2;
    const double p01 = NRN_MATH_FMA(0x1.9999999999a39p-2, z, 0x1.5555555555555p-1);
    const double p23 = NRN_MATH_FMA(0x1.c71c7201a55d7p-3, z, 0x1.2492492476a1ap-2);
    const double p45 = NRN_MATH_FMA(0x1.3b1c3c1c81c8fp-3, z, 0x1.745cf8e4bba1bp-3);
    const double p67 = NRN_MATH_FMA(0x1.0c0aff044a970p-3, z, 0x1.0fbde0f4ad17bp-3);
    const double a = NRN_MATH_FMA(p23, z2, p01);
    const double b = NRN_MATH_FMA(p67, z2, p45);
    const double p = NRN_MATH_FMA(b, z4, a);
    const double tail = NRN_MATH_FMA(s * z, p, 2.0 * s_low);
    const double base = e * 0x1.62e42fefa3800p-1; /* exact: the constant has 11 zero bits to spare */
    const double first = 2.0 * s;
    const double sum = base + first;
    const double back = sum - base;
    const double low = (base - (sum - back)) + (first - back);
    const double rest = NRN_MATH_FMA(e, 0x1.ef35793c76730p-45, tail) + low;
    *hi = sum + rest;
    *lo = (sum - *hi) + rest;
}

NRN_MATH_INLINE double nrn_log(double x) {
    const double scaled = x < 0x1p-1022 ? x * 0x1p54 : x;
    double hi, lo;
    nrn_math_log_core(scaled, &hi, &lo);
    double y = hi + lo;
    y = x < 0x1p-1022 ? y - 0x1.2b708872320e2p+5 : y; /* 54 ln 2 */
    y = x > 0x1.fffffffffffffp+1023 ? x : y;
    y = x == 0.0 ? -__builtin_inf() : y;
    return x >= 0.0 ? y : __builtin_nan("");
}

NRN_MATH_INLINE double nrn_log10(double x) { return nrn_log(x) * 0x1.bcb7b1526e50ep-2; }

#ifdef __FMA__
NRN_MATH_INLINE double nrn_pow(double x, double y) {
    const double magnitude = __builtin_fabs(x);
    const double scaled = magnitude < 0x1p-1022 ? magnitude * 0x1p54 : magnitude;
    double hi, lo;
    nrn_math_log_core(scaled, &hi, &lo);
    hi = magnitude < 0x1p-1022 ? hi - 0x1.2b708872320e2p+5 : hi;
    const double product = y * hi;
    const double product_low = NRN_MATH_FMA(y, hi, -product) + y * lo;
    double c = product > 709.0 ? 709.0 : product;
    c = c < -708.0 ? -708.0 : c;
    double r = nrn_math_exp_core(c, product == c ? product_low : 0.0);
    /* beyond the core's range: finish with a factor, so that the last octave and overflow come out right */
    r = product > 709.0 ? (product > 710.0 ? __builtin_inf() : r * (1.0 + (product - 709.0) * (1.0 + (product - 709.0) * 0.5))) : r;
    r = product < -708.0 ? 0.0 : r;
    const double whole = __builtin_trunc(y);
    const double half = __builtin_trunc(y * 0.5) * 2.0;
    const double negative = whole == y ? (half == y ? r : -r) : __builtin_nan("");
    r = x < 0.0 ? negative : r;
    r = x == 0.0 ? (y > 0.0 ? 0.0 : __builtin_inf()) : r;
    r = x != x || y != y ? __builtin_nan("") : r;
    r = x == 1.0 || y == 0.0 ? 1.0 : r;
    return magnitude == __builtin_inf() ? (y > 0.0 ? __builtin_inf() : (y == 0.0 ? 1.0 : 0.0)) : r;
}
#else
NRN_MATH_INLINE double nrn_pow(double x, double y) { return __builtin_pow(x, y); }
#endif

#endif
