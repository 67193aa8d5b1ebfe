// SPDX-License-Identifier: BSD-3-Clause
// Helpers of stdlib.hoc: lambda_f and the StringFunctions object hoc_sf_.
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "model/model.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"
#include "stdrun/library_procedure.hpp"
#include "stdrun/standard_run.hpp"

namespace nrn {
namespace {

/// Length constant [um] of the accessed section at frequency [Hz]; with 3-D points the section's length
/// divided by its electrotonic length there.
Value lambda_f(CallArgs& a) {
    const double frequency = a.number(0);
    if (!(frequency > 0)) throw Error(ErrorKind::Range, fmt::format("lambda_f: the frequency must be > 0 Hz, not {:g}", frequency));
    Section& section = a.section();
    Model& model = a.runtime().model();
    const double cm = range_get(*model.range_variable("cm"), section, 0.5), Ra = section.axial_resistivity();
    const double per_root_diam = 1e-5 * std::sqrt(4 * std::numbers::pi * frequency * Ra * cm);
    const auto& points = section.points();
    if (points.size() < 2) return std::sqrt(range_get(*model.range_variable("diam"), section, 0.5)) / per_root_diam;
    double lengths = 0;
    for (std::size_t i = 1; i < points.size(); ++i)
        lengths += (points[i].arc - points[i - 1].arc) / std::sqrt(static_cast<double>(points[i].diam) + points[i - 1].diam);
    return section.length() / (lengths * std::sqrt(2.0) * per_root_diam);
}

}  // namespace

void define_standard_library(Runtime& runtime) {
    Scope& scope = runtime.scope();
    scope.define_function("lambda_f", make_counted<LibraryProcedure>("lambda_f", Callable::Kind::Function, lambda_f));
    if (!scope.find("hoc_sf_") && runtime.classes().find("StringFunctions")) {
        CallArgs none(runtime, "StringFunctions");
        scope.define_object("hoc_sf_").objects[0] = runtime.classes().get("StringFunctions").construct(none);
    }
}

}  // namespace nrn
