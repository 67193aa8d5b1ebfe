// SPDX-License-Identifier: BSD-3-Clause
// What the files of class Vector share: their tables of methods, and the argument patterns of those methods.
#pragma once
#include <span>
#include <utility>
#include <vector>

#include "nrn/api/callable.hpp"
#include "nrn/api/class.hpp"
#include "object/vector.hpp"

namespace nrn::vector_class {

// One table per file; vector_class.cpp joins them.
std::span<const Method> element_methods();     // vector_elements.cpp: size, contents, copies
std::span<const Method> arithmetic_methods();  // vector_arithmetic.cpp: element-wise mathematics
std::span<const Method> statistics_methods();  // vector_statistics.cpp: sum, mean, min ...
std::span<const Method> search_methods();      // vector_search.cpp: where, index, sort ...
std::span<const Method> calculus_methods();    // vector_calculus.cpp: deriv, integral, interpolate ...
std::span<const Method> spectral_methods();    // vector_spectral.cpp: fft, convlv, spctrm ...
std::span<const Method> histogram_methods();   // vector_histogram.cpp: hist, sumgauss, psth ...
std::span<const Method> io_methods();          // vector_io.cpp: printf, scanf, vwrite ...
std::span<const Method> fit_methods();         // vector_fit.cpp: fit
std::span<const Method> graph_methods();       // vector_graph.cpp: plot, line, mark ...

using Values = std::vector<double>;

[[nodiscard]] inline Vector& vector(Object& self) { return static_cast<Vector&>(self); }
[[nodiscard]] inline Values& values(Object& self) { return vector(self).values; }

/// The numbers of a Vector argument. @throws Error(Type)
[[nodiscard]] inline const Values& vector_argument(const CallArgs& args, std::size_t i) {
    return args.object<Vector>(i, "Vector").values;
}

/// `dest.f(src, rest...)` and `srcdest.f(rest...)`: the source, and the index of the first further argument.
struct Source {
    const Values& values;
    std::size_t next;
};
[[nodiscard]] inline Source source(Object& self, const CallArgs& args) {
    if (const auto* v = args.object_if<Vector>(0)) return {v->values, 1};
    return {values(self), 0};
}

/// Gives `self` these contents. Views of a Vector of unchanged size stay valid.
Value store(Object& self, Values&& result);

/// A new Vector with these contents, as a value.
[[nodiscard]] Value make_vector(CallArgs& args, Values&& contents);

/// Elements [first, last) named by the inclusive, optional arguments i (first) and i + 1 (last).
/// @throws Error(Runtime) naming the allowed range
struct Range {
    std::size_t first, last;
    [[nodiscard]] std::size_t count() const { return last - first; }
};
[[nodiscard]] Range range(const CallArgs& args, std::size_t i, std::size_t size);

/// An index argument in [low, high]. @throws Error(Runtime)
[[nodiscard]] long index(const CallArgs& args, std::size_t i, long low, long high);

/// @throws Error(Runtime) unless both have as many elements
void require_equal_size(const CallArgs& args, std::size_t a, std::size_t b);
/// @throws Error(Runtime) if there are fewer than `n` elements
void require_size(const CallArgs& args, std::size_t size, std::size_t n);

}  // namespace nrn::vector_class
