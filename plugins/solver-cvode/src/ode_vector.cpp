// SPDX-License-Identifier: BSD-3-Clause
// The operations on vectors that CVODE and IDA spend their time in, compiled for several instruction sets. Sums
// have sixteen lanes in all of them, so that results do not depend on the machine.
#include "ode_vector.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>

namespace nrn::cvode {
namespace {

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
#define NRN_VECTOR_CODE __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define NRN_VECTOR_CODE
#endif

constexpr std::size_t kAlignment = 64;
constexpr long kLanes = 16;
using Length = long;

/// As SUNDIALS' serial vector has it, and more.
struct Content {
    _N_VectorContent_Serial serial;
    const Spread* spread;
};
const Spread& spread_of(N_Vector v) { return *static_cast<const Content*>(v->content)->spread; }

double* data(N_Vector v) { return NV_DATA_S(v); }
Length length(N_Vector v) { return static_cast<Length>(NV_LENGTH_S(v)); }

NRN_VECTOR_CODE void linear_sum(Length n, double a, const double* x, double b, const double* y, double* z) {
    if (a == 1 && b == 1) {
        for (Length i = 0; i < n; ++i) z[i] = x[i] + y[i];
    } else if (a == 1 && b == -1) {
        for (Length i = 0; i < n; ++i) z[i] = x[i] - y[i];
    } else if (a == 1) {
        for (Length i = 0; i < n; ++i) z[i] = x[i] + b * y[i];
    } else if (b == 1) {
        for (Length i = 0; i < n; ++i) z[i] = a * x[i] + y[i];
    } else {
        for (Length i = 0; i < n; ++i) z[i] = a * x[i] + b * y[i];
    }
}

NRN_VECTOR_CODE void scale(Length n, double c, const double* x, double* z) {
    for (Length i = 0; i < n; ++i) z[i] = c * x[i];
}
NRN_VECTOR_CODE void absolute(Length n, const double* x, double* z) {
    for (Length i = 0; i < n; ++i) z[i] = std::fabs(x[i]);
}
NRN_VECTOR_CODE void inverse(Length n, const double* x, double* z) {
    for (Length i = 0; i < n; ++i) z[i] = 1 / x[i];
}
NRN_VECTOR_CODE void add_constant(Length n, const double* x, double b, double* z) {
    for (Length i = 0; i < n; ++i) z[i] = x[i] + b;
}
NRN_VECTOR_CODE void product(Length n, const double* x, const double* y, double* z) {
    for (Length i = 0; i < n; ++i) z[i] = x[i] * y[i];
}
NRN_VECTOR_CODE void quotient(Length n, const double* x, const double* y, double* z) {
    for (Length i = 0; i < n; ++i) z[i] = x[i] / y[i];
}

NRN_VECTOR_CODE double weighted_squares(Length n, const double* x, const double* w) {
    double lane[kLanes] = {};
    Length i = 0;
    for (; i + kLanes <= n; i += kLanes)
        for (Length k = 0; k < kLanes; ++k) {
            const double p = x[i + k] * w[i + k];
            lane[k] += p * p;
        }
    double sum = 0;
    for (const double l : lane) sum += l;
    for (; i < n; ++i) sum += (x[i] * w[i]) * (x[i] * w[i]);
    return sum;
}

NRN_VECTOR_CODE void weights(Length n, double rtol, const double* atol, const double* y, double* out) {
    for (Length i = 0; i < n; ++i) out[i] = 1 / (rtol * std::fabs(y[i]) + atol[i]);
}

/// A number that is none as soon as one element is infinite or none.
NRN_VECTOR_CODE double finiteness(Length n, const double* x) {
    double lane[kLanes] = {};
    Length i = 0;
    for (; i + kLanes <= n; i += kLanes)
        for (Length k = 0; k < kLanes; ++k) lane[k] += x[i + k] * 0;
    double sum = 0;
    for (const double l : lane) sum += l;
    for (; i < n; ++i) sum += x[i] * 0;
    return sum;
}

/// z = sum of c[k] x[k], in one pass for each pair.
NRN_VECTOR_CODE void combination(Length n, int count, const double* c, const double* const* x, double* z) {
    for (Length i = 0; i < n; ++i) z[i] = c[0] * x[0][i];
    int k = 1;
    for (; k + 1 < count; k += 2)
        for (Length i = 0; i < n; ++i) z[i] = z[i] + c[k] * x[k][i] + c[k + 1] * x[k + 1][i];
    for (; k < count; ++k)
        for (Length i = 0; i < n; ++i) z[i] += c[k] * x[k][i];
}

// ---- as SUNDIALS calls them ------------------------------------------------------------------------

void op_linear_sum(double a, N_Vector x, double b, N_Vector y, N_Vector z) { linear_sum(length(x), a, data(x), b, data(y), data(z)); }
void op_constant(double c, N_Vector z) { std::fill_n(data(z), length(z), c); }
void op_product(N_Vector x, N_Vector y, N_Vector z) { product(length(x), data(x), data(y), data(z)); }
void op_quotient(N_Vector x, N_Vector y, N_Vector z) { quotient(length(x), data(x), data(y), data(z)); }
void op_scale(double c, N_Vector x, N_Vector z) {
    if (c == 1) {
        if (x != z) std::memcpy(data(z), data(x), static_cast<std::size_t>(length(x)) * sizeof(double));
    } else {
        scale(length(x), c, data(x), data(z));
    }
}
void op_absolute(N_Vector x, N_Vector z) { absolute(length(x), data(x), data(z)); }
void op_inverse(N_Vector x, N_Vector z) { inverse(length(x), data(x), data(z)); }
void op_add_constant(N_Vector x, double b, N_Vector z) { add_constant(length(x), data(x), b, data(z)); }
double op_weighted_squares(N_Vector x, N_Vector w) { return weighted_squares(length(x), data(x), data(w)); }
double op_norm(N_Vector x, N_Vector w) {
    const Spread& spread = spread_of(x);
    const double sum = spread.reduce(weighted_squares(length(x), data(x), data(w)), Communicator::Op::Sum);
    return spread.size == 0 ? 0 : std::sqrt(sum / spread.size);
}
double op_largest(N_Vector x) {
    double largest = 0;
    for (const double e : view(x)) largest = std::max(largest, std::fabs(e));
    return spread_of(x).reduce(largest, Communicator::Op::Max);
}
double op_smallest(N_Vector x) {
    double smallest = std::numeric_limits<double>::max();
    for (const double e : view(x)) smallest = std::min(smallest, e);
    return spread_of(x).reduce(smallest, Communicator::Op::Min);
}
double op_dot_product(N_Vector x, N_Vector y) {
    double sum = 0;
    for (Length i = 0; i < length(x); ++i) sum += data(x)[i] * data(y)[i];
    return spread_of(x).reduce(sum, Communicator::Op::Sum);
}
int op_inverse_test(N_Vector x, N_Vector z) {
    bool invertible = true;
    for (Length i = 0; i < length(x); ++i) {
        invertible = invertible && data(x)[i] != 0;
        data(z)[i] = data(x)[i] != 0 ? 1 / data(x)[i] : data(z)[i];
    }
    return spread_of(x).reduce(invertible ? 1 : 0, Communicator::Op::Min) != 0;
}

constexpr int kMany = 16;

int op_combination(int count, double* c, N_Vector* x, N_Vector z) {
    // The result may be one of the operands after the first: then it would be overwritten before it is read.
    const bool aliased = std::find(x + 1, x + count, z) != x + count;
    if (count > kMany || aliased) {
        OdeVector sum(N_VClone(z));
        op_scale(c[0], x[0], sum.get());
        for (int k = 1; k < count; ++k) op_linear_sum(1, sum.get(), c[k], x[k], sum.get());
        op_scale(1, sum.get(), z);
        return 0;
    }
    const double* operands[kMany];
    for (int k = 0; k < count; ++k) operands[k] = data(x[k]);
    combination(length(z), count, c, operands, data(z));
    return 0;
}

int op_scale_add(int count, double* a, N_Vector x, N_Vector* y, N_Vector* z) {
    for (int k = 0; k < count; ++k) op_linear_sum(a[k], x, 1, y[k], z[k]);
    return 0;
}

int op_scale_many(int count, double* c, N_Vector* x, N_Vector* z) {
    for (int k = 0; k < count; ++k) op_scale(c[k], x[k], z[k]);
    return 0;
}

// ---- memory ------------------------------------------------------------------------------------

N_Vector new_content(std::size_t n, SUNContext context, const Spread& spread) {
    N_Vector v = N_VNewEmpty_Serial(static_cast<sunindextype>(n), context);
    std::free(v->content);
    v->content = std::calloc(1, sizeof(Content));
    static_cast<Content*>(v->content)->spread = &spread;
    NV_LENGTH_S(v) = static_cast<sunindextype>(n);
    return v;
}

void give_data(N_Vector v, std::size_t n) {
    const std::size_t bytes = std::max<std::size_t>((n * sizeof(double) + kAlignment - 1) / kAlignment, 1) * kAlignment;
    NV_DATA_S(v) = static_cast<double*>(std::aligned_alloc(kAlignment, bytes));
    std::memset(NV_DATA_S(v), 0, bytes);
    NV_OWN_DATA_S(v) = SUNFALSE;  // destroy() frees it
}

void destroy(N_Vector v) {
    if (!v) return;
    std::free(NV_DATA_S(v));
    std::free(v->content);
    N_VFreeEmpty(v);
}

N_Vector clone(N_Vector like) {
    N_Vector v = new_content(static_cast<std::size_t>(NV_LENGTH_S(like)), like->sunctx, spread_of(like));
    N_VCopyOps(like, v);
    give_data(v, static_cast<std::size_t>(NV_LENGTH_S(like)));
    return v;
}

}  // namespace

Spread::Spread(std::size_t here, Communicator* ranks) : communicator(ranks) { size = reduce(static_cast<double>(here), Communicator::Op::Sum); }

double Spread::reduce(double here, Communicator::Op op) const {
    if (communicator) communicator->allreduce(std::span<double>(&here, 1), op);
    return here;
}

OdeVector new_vector(std::size_t n, SUNContext context, const Spread& spread) {
    N_Vector v = new_content(n, context, spread);
    auto& ops = *v->ops;
    ops.nvclone = clone;
    ops.nvdestroy = destroy;
    ops.nvlinearsum = op_linear_sum;
    ops.nvconst = op_constant;
    ops.nvprod = op_product;
    ops.nvdiv = op_quotient;
    ops.nvscale = op_scale;
    ops.nvabs = op_absolute;
    ops.nvinv = op_inverse;
    ops.nvaddconst = op_add_constant;
    ops.nvwrmsnorm = op_norm;
    ops.nvmaxnorm = op_largest;
    ops.nvmin = op_smallest;
    ops.nvdotprod = op_dot_product;
    ops.nvinvtest = op_inverse_test;
    ops.nvwsqrsumlocal = op_weighted_squares;
    ops.nvlinearcombination = op_combination;
    ops.nvscaleaddmulti = op_scale_add;
    ops.nvscalevectorarray = op_scale_many;
    give_data(v, n);
    return OdeVector(v);
}

bool error_weights(double rtol, std::span<const double> atol, std::span<const double> y, std::span<double> out) noexcept {
    weights(static_cast<Length>(out.size()), rtol, atol.data(), y.data(), out.data());
    return all_finite(out);
}

bool all_finite(std::span<const double> x) noexcept { return finiteness(static_cast<Length>(x.size()), x.data()) == 0; }

}  // namespace nrn::cvode
