// SPDX-License-Identifier: BSD-3-Clause
// Vector: histograms, densities and spike trains.
#include <bit>
#include <cmath>
#include <cstdlib>
#include <numbers>

#include <fmt/format.h>

#include "classes/vector_methods.hpp"
#include "error/memory_limit.hpp"
#include "nrn/api/error.hpp"

namespace nrn::vector_class {
namespace {

constexpr double kMostBins = 1e9;

double positive(const CallArgs& args, std::size_t i, const char* what) {
    const double x = args.number(i);
    if (x > 0) return x;
    throw Error(ErrorKind::Runtime, args.span, fmt::format("the {} of `{}` must be > 0, not {}", what, args.function(), x));
}

std::size_t bins(const CallArgs& args, double n) {
    if (n >= 0 && n < kMostBins) {
        require_memory(n);
        return static_cast<std::size_t>(n);
    }
    throw Error(ErrorKind::Runtime, args.span, fmt::format("`{}` would have {} bins", args.function(), n));
}

/// Counts in [start + i width, start + (i + 1) width); what lies outside is not counted.
Values count(const Values& x, double start, std::size_t n, double width) {
    Values result(n);
    for (double y : x) {
        const double i = std::floor((y - start) / width);
        if (i >= 0 && i < static_cast<double>(n)) result[static_cast<std::size_t>(i)] += 1;
    }
    return result;
}

/// One bin before low and one from high on, each as wide as the others.
Value histogram(Object& self, CallArgs& args) {
    const double low = args.number(0), high = args.number(1), width = positive(args, 2, "width");
    if (!(high >= low)) throw Error(ErrorKind::Runtime, args.span, fmt::format("`histogram` needs high >= low, not {} and {}", high, low));
    const std::size_t n = bins(args, std::floor((high - low) / width)) + 2;
    return make_vector(args, count(values(self), low - width, n, width));
}

Value hist(Object& self, CallArgs& args) {
    const auto [src, k] = source(self, args);
    const double start = args.number(k), width = positive(args, k + 2, "step");
    const std::size_t n = bins(args, args.number(k + 1));
    return store(self, count(src, start, n, width));
}

double weight_of(const Values* weights, std::size_t i) { return weights ? (*weights)[i] : 1.0; }

/// Sums Gaussians of unit area at `centres` (times weights) on the grid start + i step.
Values gaussians(const Values& centres, const Values* weights, double start, std::size_t n, double step, double variance) {
    Values result(n);
    const double height = 1 / std::sqrt(2 * std::numbers::pi * variance);
    for (std::size_t k = 0; k < centres.size(); ++k) {
        const double w = height * weight_of(weights, k);
        for (std::size_t i = 0; i < n; ++i) {
            const double d = start + static_cast<double>(i) * step - centres[k];
            result[i] += w * std::exp(-d * d / (2 * variance));
        }
    }
    return result;
}

/// The centres are rounded down to the grid, as users of this method know its curves.
Value sumgauss(Object& self, CallArgs& args) {
    const double low = args.number(0), high = args.number(1), step = positive(args, 2, "step"), variance = positive(args, 3, "variance");
    const Values* weights = args.has(4) ? &vector_argument(args, 4) : nullptr;
    if (weights) require_equal_size(args, values(self).size(), weights->size());
    const std::size_t n = bins(args, std::floor((high - low) / step + 1e-9));
    Values centres(values(self));
    for (double& c : centres) c = low + std::floor((c - low) / step) * step;
    return make_vector(args, gaussians(centres, weights, low, n, step, variance));
}

Value smhist(Object& self, CallArgs& args) {
    const auto [src, k] = source(self, args);
    const double start = args.number(k), step = positive(args, k + 2, "step"), variance = positive(args, k + 3, "variance");
    const Values* weights = args.has(k + 4) ? &vector_argument(args, k + 4) : nullptr;
    if (weights) require_equal_size(args, src.size(), weights->size());
    // As in the reference: first a histogram of bins [start + i step, start + (i + 1) step), then each bin spread as a
    // Gaussian, out to where it has fallen to exp(-10) of its height. The reference does so on a circle whose length is a
    // power of 2: elements beyond the last bin count as far as they reach back, those before the first do not.
    const std::size_t n = bins(args, args.number(k + 1));
    const auto reach = static_cast<long>(bins(args, std::floor(std::sqrt(20 * variance) / step)));
    const long circle = static_cast<long>(std::bit_ceil(bins(args, static_cast<double>(n) + 2 * static_cast<double>(reach)) + 1));
    const double height = 1 / std::sqrt(2 * std::numbers::pi * variance);
    Values spread(static_cast<std::size_t>(reach) + 1), counts(static_cast<std::size_t>(circle)), result(n);
    for (std::size_t d = 0; d < spread.size(); ++d) spread[d] = height * std::exp(-static_cast<double>(d) * static_cast<double>(d) * step * step / (2 * variance));
    for (std::size_t i = 0; i < src.size(); ++i) {
        const double place = std::floor((src[i] - start) / step);
        if (place >= 0 && place < static_cast<double>(circle)) counts[static_cast<std::size_t>(place)] += weight_of(weights, i);
    }
    for (long j = 0; j < circle; ++j) {
        const double count = counts[static_cast<std::size_t>(j)];
        if (count == 0) continue;
        for (long d = -reach; d <= reach; ++d)
            if (const auto i = static_cast<std::size_t>((j + d + circle) % circle); i < n) result[i] += count * spread[static_cast<std::size_t>(std::labs(d))];
    }
    return store(self, std::move(result));
}

/// Mean rate at each bin of a histogram, over a window that widens, right then left, until it holds `size` events.
Value psth(Object& self, CallArgs& args) {
    const auto [src, k] = source(self, args);
    const double dt = positive(args, k, "dt"), trials = positive(args, k + 1, "number of trials"), size = args.number(k + 2);
    const std::size_t n = src.size();
    Values result(n);
    for (std::size_t i = 0; i < n; ++i) {
        std::size_t first = i, last = i;
        double events = src[i];
        while (events < size && (first > 0 || last + 1 < n)) {
            if (last + 1 < n) events += src[++last];
            if (events >= size) break;
            if (first > 0) events += src[--first];
        }
        result[i] = 1000 * events / (static_cast<double>(last - first + 1) * dt * trials);
    }
    return store(self, std::move(result));
}

Value spikebin(Object& self, CallArgs& args) {
    const auto [src, k] = source(self, args);
    const double threshold = args.number(k);
    Values result(src.size());
    bool above = false;
    for (std::size_t i = 0; i < src.size(); ++i) {
        const bool now = src[i] >= threshold;
        result[i] = now && !above;
        above = now;
    }
    return store(self, std::move(result));
}

Value trigavg(Object& self, CallArgs& args) {
    const Values &data = vector_argument(args, 0), &triggers = vector_argument(args, 1);
    const long pre = index(args, 2, 0, 1L << 40), post = index(args, 3, 0, 1L << 40);
    Values result(static_cast<std::size_t>(pre + post));
    int used = 0;
    for (double at : triggers) {
        const double first = std::floor(at) - static_cast<double>(pre);
        if (first < 0 || first + static_cast<double>(pre + post) >= static_cast<double>(data.size())) continue;  // the place after the window must exist, too
        ++used;
        for (std::size_t i = 0; i < result.size(); ++i) result[i] += data[static_cast<std::size_t>(first) + i];
    }
    if (used)
        for (double& y : result) y /= used;
    store(self, std::move(result));
    return used;
}

constexpr Method table[] = {
    {"histogram", histogram, Returns::Object, "histogram(low, high, width) -> new Vector\nCounts per bin; the first and last element count the bins just below low and from high on.\nPython: isi.histogram(0, 100, 5)     Hoc: h = isi.histogram(0, 100, 5)"},
    {"hist", hist, Returns::Object, "hist(src, start, size, width) -> self\nCounts in size bins of the given width from start on."},
    {"sumgauss", sumgauss, Returns::Object, "sumgauss(low, high, step, variance), sumgauss(low, high, step, variance, weights) -> new Vector\nSum of Gaussians of unit area centred on the elements."},
    {"smhist", smhist, Returns::Object, "smhist(src, start, size, step, variance), smhist(src, start, size, step, variance, weights) -> self\nA smooth histogram: each bin of the histogram of src is spread as a Gaussian of unit area, cut off at 4.47 standard deviations."},
    {"psth", psth, Returns::Object, "psth(src, dt [ms], trials, size) -> self\nMean frequency [Hz] at each bin of a peristimulus histogram, in windows that hold size events."},
    {"spikebin", spikebin, Returns::Object, "spikebin(src, threshold [mV]) -> self\n1 where src crosses threshold upwards, else 0."},
    {"trigavg", trigavg, Returns::Int, "trigavg(data, triggers, pre, post) -> number of triggers used\nAverage of data around the given indices."},
};

}  // namespace

std::span<const Method> histogram_methods() { return table; }

}  // namespace nrn::vector_class
