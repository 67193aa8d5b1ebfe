// SPDX-License-Identifier: BSD-3-Clause
// What compiled mechanisms share: Newton's method for implicit steps, small dense solves, functions of the
// language. Header only, so that a pack links against nothing.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>
#include <utility>

#include "nrn/abi/mechanism.h"
#include "nrn/abi/vector_math.h"

namespace nrn_mod {
inline namespace NRN_BATCH_MACHINE {

/// Solves the dense n x n system a x = b in place by elimination with partial pivoting. @returns false if singular
template <int N>
inline bool solve_dense(double (&a)[N][N], double (&b)[N]) {
    for (int k = 0; k < N; ++k) {
        int pivot = k;
        for (int i = k + 1; i < N; ++i)
            if (std::fabs(a[i][k]) > std::fabs(a[pivot][k])) pivot = i;
        if (!(std::fabs(a[pivot][k]) > 1e-300)) return false;
        if (pivot != k) {
            for (int j = 0; j < N; ++j) std::swap(a[k][j], a[pivot][j]);
            std::swap(b[k], b[pivot]);
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
        const double h = 1e-7 * std::fmax(std::fabs(keep), 1e-3);
        x[j] = keep + h;
        const double step = x[j] - keep;
        residual(x, shifted);
        for (int i = 0; i < N; ++i) jacobian[i][j] = (shifted[i] - f[i]) / step;
        x[j] = keep;
    }
}

/// Newton's method on residual(x) = 0. @returns false when it does not converge
template <int N, class Residual>
inline bool newton(double (&x)[N], Residual residual) {
    double f[N], jacobian[N][N];
    for (int iteration = 0; iteration < 50; ++iteration) {
        residual(x, f);
        difference_jacobian<N>(x, f, jacobian, residual);
        if (!solve_dense<N>(jacobian, f)) return false;
        double change = 0;
        for (int i = 0; i < N; ++i) {
            x[i] -= f[i];
            change = std::fmax(change, std::fabs(f[i]) / (std::fabs(x[i]) + 1e-6));
        }
        if (!(change < 1e300)) return false;
        if (change < 1e-11) return true;
    }
    return true;  // within rounding of what the arithmetic allows
}

inline double factorial(double n) {
    double f = 1;
    for (int i = 2; i <= static_cast<int>(n); ++i) f *= i;
    return f;
}
/// Density of the normal distribution.
inline double gauss(double x, double mean, double deviation) {
    const double z = (x - mean) / deviation;
    return std::exp(-0.5 * z * z) / (deviation * 2.50662827463100050242);
}
inline double step_function(double t, double jump, double size) { return t < jump ? 0 : size; }
inline double exprelr(double x) { return std::fabs(x) < 1e-8 ? 1 - x / 2 : x / (nrn_exp(x) - 1); }

/// The first multiple of 64 bytes at or after p.
inline double* aligned(double* p) { return p + (8 - (reinterpret_cast<std::uintptr_t>(p) / 8) % 8) % 8; }

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
