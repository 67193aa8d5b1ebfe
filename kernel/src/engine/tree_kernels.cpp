// SPDX-License-Identifier: BSD-3-Clause
// One source for all instruction sets: vectors of eight that the compiler maps to what the target has.
#include "engine/tree_kernels.hpp"

namespace nrn {
namespace {

using Row = std::int32_t;
constexpr Row kLanes = 8;
using Vector = double __attribute__((vector_size(kLanes * sizeof(double)), aligned(sizeof(double)), may_alias));

#define NRN_INLINE [[gnu::always_inline]] inline

template <class T>
NRN_INLINE const T& at(const double* p) { return *reinterpret_cast<const T*>(p); }
template <class T>
NRN_INLINE T& at(double* p) { return *reinterpret_cast<T*>(p); }

/// Rows i.. (a Vector of them, or one) are eliminated from their parents' equations, rows p..
template <class T>
NRN_INLINE void eliminate(const TreeColumns& c, Row i, Row p) {
    const T a = at<T>(c.a + i), b = at<T>(c.b + i);
    const T dv = at<T>(c.v + p) - at<T>(c.v + i);
    const T rhs = at<T>(c.rhs + i) - b * dv;
    const T inverse = 1.0 / (at<T>(c.d + i) + at<T>(c.base + i));
    const T factor = a * inverse;
    at<T>(c.rhs + i) = rhs;
    at<T>(c.d + i) = inverse;
    at<T>(c.d + p) -= factor * b;
    at<T>(c.rhs + p) = (at<T>(c.rhs + p) + a * dv) - factor * rhs;
}

template <class T>
NRN_INLINE void update(const TreeColumns& c, Row i, T change, double factor, T& check) {
    const T v = at<T>(c.v + i) + factor * change;
    at<T>(c.d + i) = T{};
    at<T>(c.rhs + i) = change;
    at<T>(c.v + i) = v;
    check += v * 0.0;
}

template <class T>
NRN_INLINE void substitute(const TreeColumns& c, Row i, Row p, double factor, T& check) {
    const T change = (at<T>(c.rhs + i) - at<T>(c.b + i) * at<T>(c.rhs + p)) * at<T>(c.d + i);
    update<T>(c, i, change, factor, check);
}

template <class T>
NRN_INLINE void solve_root(const TreeColumns& c, Row i, double factor, T& check) {
    const T inverse = 1.0 / (at<T>(c.d + i) + at<T>(c.base + i));
    update<T>(c, i, at<T>(c.rhs + i) * inverse, factor, check);
}

/// An end without area takes its neighbour's voltage, which has been updated already. Extrapolated half steps
/// (factor 2) carry a difference that was there before on, with the sign changed, as the equations have it.
template <class T>
NRN_INLINE void follow(const TreeColumns& c, Row i, Row neighbour, double factor) {
    const T v = at<T>(c.v + i), there = at<T>(c.v + neighbour), change = at<T>(c.rhs + neighbour);
    if (factor == 1) {
        at<T>(c.rhs + i) = there - v;
        at<T>(c.v + i) = there;
    } else {
        const T own = change + ((there - factor * change) - v);
        at<T>(c.rhs + i) = own;
        at<T>(c.v + i) = v + factor * own;
    }
}

}  // namespace
}  // namespace nrn

#include "engine/tree_chain.hpp"

namespace nrn {
namespace {

NRN_INLINE bool wide(Row distance) { return distance >= kLanes || distance <= -kLanes; }

NRN_INLINE void down(const TreeColumns& c, std::span<const TreePlan::Operation> operations) {
    for (std::size_t k = operations.size(); k-- > 0;) {
        const auto [begin, end, distance, chain] = operations[k];
        if (distance == 0) continue;
        if (chain && end - begin >= kShortestChain) {
            chain_down(c, begin, end);
            continue;
        }
        Row i = end;
        if (wide(distance))
            for (; i - begin >= kLanes; i -= kLanes) eliminate<Vector>(c, i - kLanes, i - kLanes - distance);
        while (i-- > begin) eliminate<double>(c, i, i - distance);
    }
}

NRN_INLINE double up(const TreeColumns& c, std::span<const TreePlan::Operation> operations, std::span<const TreePlan::End> ends, double factor) {
    Vector check{};
    double last = 0;
    for (const auto& [begin, end, distance, chain] : operations) {
        Row i = begin;
        if (chain && end - begin >= kShortestChain) {
            chain_up(c, begin, end, factor, check, last);
            continue;
        }
        if (distance == 0) {
            for (; end - i >= kLanes; i += kLanes) solve_root<Vector>(c, i, factor, check);
            for (; i < end; ++i) solve_root<double>(c, i, factor, last);
            continue;
        }
        if (wide(distance))
            for (; end - i >= kLanes; i += kLanes) substitute<Vector>(c, i, i - distance, factor, check);
        for (; i < end; ++i) substitute<double>(c, i, i - distance, factor, last);
    }
    for (const auto& [begin, end, distance] : ends) {
        Row i = begin;
        for (; end - i >= kLanes; i += kLanes) follow<Vector>(c, i, i - distance, factor);
        for (; i < end; ++i) follow<double>(c, i, i - distance, factor);
    }
    for (Row k = 0; k < kLanes; ++k) last += check[k];
    return last;
}

double step_baseline(const TreeColumns& c, std::span<const TreePlan::Operation> operations, std::span<const TreePlan::End> ends, double factor) {
    down(c, operations);
    return up(c, operations, ends, factor);
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] double step_avx2(const TreeColumns& c, std::span<const TreePlan::Operation> operations, std::span<const TreePlan::End> ends, double factor) {
    down(c, operations);
    return up(c, operations, ends, factor);
}

[[gnu::target("avx512f,avx512dq,avx512vl")]] double step_avx512(const TreeColumns& c, std::span<const TreePlan::Operation> operations,
                                                                std::span<const TreePlan::End> ends, double factor) {
    down(c, operations);
    return up(c, operations, ends, factor);
}
#endif

}  // namespace

TreeStep best_tree_step() noexcept {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) return step_avx512;
    if (__builtin_cpu_supports("avx2")) return step_avx2;
#endif
    return step_baseline;
}

}  // namespace nrn
