// SPDX-License-Identifier: BSD-3-Clause
// What compiled mechanisms share: Newton's method for implicit steps, small dense solves, functions of the
// language. Header only, so that a pack links against nothing.
#pragma once
#include <stdint.h>

#include "nrn/abi/mechanism.h"
#include "nrn/abi/vector_math.h"

namespace nrn_mod {
inline namespace NRN_BATCH_MACHINE {

struct PointsToNothing {};

/// What a POINTER points to. @throws PointsToNothing, which ends the kernel, after the host was told
template <class K>
inline double& pointed(void* target, const K& k, int row, const char* name) {
    if (__builtin_expect(target == nullptr, 0)) {
        (void)k.c->host->fail(k.c, k.m, row, "POINTER %s points to nothing yet: setpointer was not called", name);
        throw PointsToNothing{};
    }
    return *static_cast<double*>(target);
}

inline void exchange(double& x, double& y) {
    const double z = x;
    x = y;
    y = z;
}

/// Solves the dense n x n system a x = b in place by elimination with partial pivoting. @returns false if singular
template <int N>
inline bool solve_dense(double (&a)[N][N], double (&b)[N]) {
    for (int k = 0; k < N; ++k) {
        int pivot = k;
        for (int i = k + 1; i < N; ++i)
            if (__builtin_fabs(a[i][k]) > __builtin_fabs(a[pivot][k])) pivot = i;
        if (!(__builtin_fabs(a[pivot][k]) > 1e-300)) return false;
        if (pivot != k) {
            for (int j = 0; j < N; ++j) exchange(a[k][j], a[pivot][j]);
            exchange(b[k], b[pivot]);
        }
        for (int i = k + 1; i < N; ++i) {
            const double f = a[i][k] / a[k][k];
            if (f == 0) continue;
            for (int j = k; j < N; ++j) a[i][j] -= f * a[k][j];
            b[i] -= f * b[k];
        }
    }
    for (int i = N - 1; i >= 0; --i) {
        for (int j = i + 1; j < N; ++j) b[i] -= a[i][j] * b[j];
        b[i] /= a[i][i];
    }
    return true;
}

/// Jacobian of `residual` at x by forward differences; f is residual(x).
template <int N, class Residual>
inline void difference_jacobian(double (&x)[N], const double (&f)[N], double (&jacobian)[N][N], Residual residual) {
    double shifted[N];
    for (int j = 0; j < N; ++j) {
        const double keep = x[j];
        const double size = __builtin_fabs(keep), h = 1e-7 * (size > 1e-3 ? size : 1e-3);
        x[j] = keep + h;
        const double step = x[j] - keep;
        residual(x, shifted);
        for (int i = 0; i < N; ++i) jacobian[i][j] = (shifted[i] - f[i]) / step;
        x[j] = keep;
    }
}

/// The largest change of an unknown so far, relative to it; what is no number stays.
inline double change_of(double largest, double change, double x) {
    const double own = __builtin_fabs(change) / (__builtin_fabs(x) + 1e-6);
    return largest != largest || own <= largest ? largest : own;
}

/// A change of an unknown that may not fall below 0, as amounts of a reaction.
inline double not_below_zero(double x, double change) { return x - change < 0 ? x : change; }

/// Newton's method on residual(x) = 0. What `residual` assigns on the way belongs to the solution in the end, not to
/// the last difference. @returns false when it does not converge
template <int N, bool kAmounts = false, class Residual>
inline bool newton(double (&x)[N], Residual residual) {
    double f[N], jacobian[N][N];
    for (int iteration = 0; iteration < 50; ++iteration) {
        residual(x, f);
        difference_jacobian<N>(x, f, jacobian, residual);
        if (!solve_dense<N>(jacobian, f)) return false;
        double change = 0;
        for (int i = 0; i < N; ++i) {
            if (kAmounts) f[i] = not_below_zero(x[i], f[i]);
            x[i] -= f[i];
            change = change_of(change, f[i], x[i]);
        }
        if (!(change < 1e300)) return false;
        if (change < 1e-11) break;
    }
    residual(x, f);  // without convergence: within rounding of what the arithmetic allows
    return true;
}

/// A factor of elimination without pivots that costs no digits to speak of.
inline bool is_moderate(double factor) { return __builtin_fabs(factor) < 1e4; }
inline bool is_finite(double x) { return __builtin_fabs(x) < 1e300; }

inline double factorial(double n) {
    double f = 1;
    for (int i = 2; i <= static_cast<int>(n); ++i) f *= i;
    return f;
}
/// Density of the normal distribution.
inline double gauss(double x, double mean, double deviation) {
    const double z = (x - mean) / deviation;
    return __builtin_exp(-0.5 * z * z) / (deviation * 2.50662827463100050242);
}
/// Probability of n events where `mean` are expected.
inline double poisson(double n, double mean) { return __builtin_exp(n * __builtin_log(mean) - mean) / factorial(n); }
// Curves of x: saturating, and what is left of a.
inline double hyperbol(double x, double a, double b) { return a * x / (b + x); }
inline double revhyperbol(double x, double a, double b) { return a - hyperbol(x, a, b); }
inline double sigmoid(double x, double a, double b, double n) {
    const double power = __builtin_pow(x, n);
    return a * power / (__builtin_pow(b, n) + power);
}
inline double revsigmoid(double x, double a, double b, double n) { return a - sigmoid(x, a, b, n); }
// Functions of time. What is the reference's pi in `harmonic` has nine digits.
inline double harmonic(double t, double period, double height, double phase) { return height * __builtin_sin(2 * 3.14159265 * (t + phase) / period); }
inline double step_at(double t, double lag, double height) { return t < lag ? 0 : height; }
inline double ramp(double t, double lag, double height, double duration) { return t < lag ? 0 : t < lag + duration ? height * (t - lag) / duration : height; }
inline double pulse(double t, double lag, double height, double duration) { return t < lag || t >= lag + duration ? 0 : height; }
inline double squarewave(double t, double period, double height) { return t - period * __builtin_floor(t / period) < period / 2 ? height : -height; }
inline double sawtooth(double t, double period, double height) { return height * __builtin_fmod(t, period) / period; }
inline double revsawtooth(double t, double period, double height) { return height - sawtooth(t, period, height); }
/// Pulses with a pause between them.
inline double perpulse(double t, double lag, double height, double duration, double pause) {
    if (t < lag) return 0;
    const double cycle = duration + pause;
    return t - lag - cycle * __builtin_floor((t - lag) / cycle) < duration ? height : 0;
}
/// A stair: one step more in every period.
inline double perstep(double t, double lag, double period, double height) { return t < lag ? 0 : height * (1 + __builtin_floor((t - lag) / period)); }
inline double exprelr(double x) { return __builtin_fabs(x) < 1e-8 ? 1 - x / 2 : x / (nrn_exp(x) - 1); }

/// The first multiple of 64 bytes at or after p.
inline double* aligned(double* p) { return p + (8 - (reinterpret_cast<uintptr_t>(p) / 8) % 8) % 8; }

/// Position in a TABLE of n intervals: index and fraction, clamped at the ends.
struct TablePlace { int index; double fraction; };
inline TablePlace table_place(double x, double low, double per_unit, int n) {
    const double place = per_unit * (x - low);
    if (!(place > 0)) return {0, 0};
    if (place >= n) return {n - 1, 1};
    const int i = static_cast<int>(place);
    return {i, place - i};
}

}  // inline namespace of the machine
}  // namespace nrn_mod
