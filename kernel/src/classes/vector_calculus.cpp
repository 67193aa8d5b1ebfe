// SPDX-License-Identifier: BSD-3-Clause
// Vector: derivatives, integrals, interpolation, resampling, and an integrate-and-fire cell.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "classes/vector_methods.hpp"
#include "error/memory_limit.hpp"
#include "nrn/api/error.hpp"

namespace nrn::vector_class {
namespace {

Value deriv(Object& self, CallArgs& args) {
    const auto [y, next] = source(self, args);
    const double dx = args.number_or(next, 1);
    const long method = args.integer_or(next + 1, 2);
    if (method != 1 && method != 2)
        throw Error(ErrorKind::Runtime, args.span, fmt::format("the method of `deriv` is 1 (Euler) or 2 (central differences), not {}", method));
    const std::size_t n = y.size();
    require_size(args, n, method == 1 ? 1 : 2);
    Values result;
    if (method == 1) {
        result.resize(n - 1);
        for (std::size_t i = 0; i + 1 < n; ++i) result[i] = (y[i + 1] - y[i]) / dx;
    } else {
        result.resize(n);
        result[0] = (y[1] - y[0]) / dx;
        for (std::size_t i = 1; i + 1 < n; ++i) result[i] = (y[i + 1] - y[i - 1]) / (2 * dx);
        result[n - 1] = (y[n - 1] - y[n - 2]) / dx;
    }
    return store(self, std::move(result));
}

Value integral(Object& self, CallArgs& args) {
    const auto [y, next] = source(self, args);
    const double dx = args.number_or(next, 1);
    Values result(y.size());
    double s = 0;
    for (std::size_t i = 0; i < y.size(); ++i) result[i] = s += i ? y[i] * dx : y[i];  // the first element is taken as it is, as in the reference
    return store(self, std::move(result));
}

/// dest.interpolate(xdest, xsrc, ysrc) and ysrcdest.interpolate(xdest, xsrc): linear, constant beyond the ends.
Value interpolate(Object& self, CallArgs& args) {
    const Values &xdest = vector_argument(args, 0), &xsrc = vector_argument(args, 1);
    const Values& ysrc = args.has(2) ? vector_argument(args, 2) : values(self);
    require_equal_size(args, xsrc.size(), ysrc.size());
    require_size(args, xsrc.size(), 1);
    const std::size_t last = xsrc.size() - 1;
    Values result(xdest.size());
    std::size_t j = 0;
    for (std::size_t i = 0; i < xdest.size(); ++i) {
        const double x = xdest[i];
        if (j > 0 && xsrc[j - 1] > x) j = 0;  // not ascending here: start over
        while (j <= last && xsrc[j] <= x) ++j;
        if (j == 0) result[i] = ysrc[0];
        else if (j > last) result[i] = ysrc[last];
        else result[i] = ysrc[j - 1] + (ysrc[j] - ysrc[j - 1]) * (x - xsrc[j - 1]) / (xsrc[j] - xsrc[j - 1]);
    }
    return store(self, std::move(result));
}

Value resample(Object& self, CallArgs& args) {
    const auto [y, next] = source(self, args);
    const double rate = args.number(next);
    if (!(rate > 0)) throw Error(ErrorKind::Runtime, args.span, fmt::format("the rate of `resample` must be > 0, not {}", rate));
    require_memory(static_cast<double>(y.size()) * rate);
    Values result(static_cast<std::size_t>(static_cast<double>(y.size()) * rate));
    for (std::size_t i = 0; i < result.size(); ++i)
        result[i] = y[std::min(y.size() - 1, static_cast<std::size_t>(static_cast<double>(i) / rate))];
    return store(self, std::move(result));
}

Value rebin(Object& self, CallArgs& args) {
    const auto [y, next] = source(self, args);
    const long width = index(args, next, 1, 1L << 40);
    Values result(y.size() / static_cast<std::size_t>(width));
    for (std::size_t i = 0; i < result.size(); ++i)
        for (long k = 0; k < width; ++k) result[i] += y[i * static_cast<std::size_t>(width) + static_cast<std::size_t>(k)];
    return store(self, std::move(result));
}

/// Running median over an odd number of points, fewer at the ends.
Value medfltr(Object& self, CallArgs& args) {
    const auto [y, next] = source(self, args);
    const long points = args.has(next) ? index(args, next, 1, 1L << 40) : 3;
    const long half = points / 2, n = static_cast<long>(y.size());
    Values result(y.size()), window;
    for (long i = 0; i < n; ++i) {
        window.assign(y.begin() + std::max(0L, i - half), y.begin() + std::min(n, i + half + 1));
        const auto middle = window.begin() + static_cast<long>(window.size() / 2);
        std::nth_element(window.begin(), middle, window.end());
        result[static_cast<std::size_t>(i)] = *middle;
    }
    return store(self, std::move(result));
}

/// inf(i [nA], dt, gl, el, cm, th, res [, ref]): leaky integrate and fire, forward Euler.
Value inf(Object& self, CallArgs& args) {
    const auto [current, k] = source(self, args);
    const double dt = args.number(k), gl = args.number(k + 1), el = args.number(k + 2), cm = args.number(k + 3);
    const double threshold = args.number(k + 4), reset = args.number(k + 5), refractory = args.number_or(k + 6, 0);
    if (!(dt > 0) || !(cm > 0)) throw Error(ErrorKind::Runtime, args.span, "`inf` needs dt > 0 and cm > 0");
    Values v(current.size());
    if (v.empty()) return store(self, std::move(v));
    v[0] = el;
    double wait = 0;
    for (std::size_t i = 0; i + 1 < v.size(); ++i) {
        if (wait > 0) {
            wait -= dt;
            v[i + 1] = reset;
        } else if (v[i] > threshold) {
            wait = refractory - dt;
            v[i + 1] = reset;
        } else {
            v[i + 1] = v[i] + dt / cm * (current[i] - gl * (v[i] - el));
        }
    }
    return store(self, std::move(v));
}

constexpr Method table[] = {
    {"deriv", deriv, Returns::Object, "deriv(dx = 1, method = 2), deriv(src, dx = 1, method = 2) -> self\nNumerical derivative; method 1: forward differences (one element fewer), 2: central differences.\nPython: dv.deriv(v, 0.025)     Hoc: dv.deriv(v, 0.025)"},
    {"integral", integral, Returns::Object, "integral(dx = 1), integral(src, dx = 1) -> self\nRunning Euler integral."},
    {"interpolate", interpolate, Returns::Object, "interpolate(xdest, xsrc), interpolate(xdest, xsrc, ysrc) -> self\nLinear interpolation of (xsrc, ysrc) at xdest, constant beyond the ends.\nPython: y.interpolate(tnew, told)     Hoc: y.interpolate(tnew, told)"},
    {"resample", resample, Returns::Object, "resample(src, rate) -> self\nRepeats (rate > 1) or drops (rate < 1) elements."},
    {"rebin", rebin, Returns::Object, "rebin(factor), rebin(src, factor) -> self\nSums groups of factor elements."},
    {"medfltr", medfltr, Returns::Object, "medfltr(points = 3), medfltr(src, points = 3) -> self\nRunning median."},
    {"inf", inf, Returns::Object, "inf(i, dt [ms], gl, el [mV], cm, threshold [mV], reset [mV], refractory [ms] = 0) -> self\nPotential of a leaky integrate-and-fire cell driven by i."},
};

}  // namespace

std::span<const Method> calculus_methods() { return table; }

}  // namespace nrn::vector_class
