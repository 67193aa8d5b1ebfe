// SPDX-License-Identifier: BSD-3-Clause
// Vector.record and Vector.play: what a run writes into Vectors and reads from them.
#include <fmt/format.h>

#include "engine/simulation.hpp"
#include "model/point_process.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "object/vector.hpp"

namespace nrn {
namespace {

Vector& self(Object& o) { return static_cast<Vector&>(o); }
Recording& recording(CallArgs& a) { return a.runtime().simulation().recording(); }

/// A point process may stand before the reference (it says which thread has it; here it says nothing).
std::size_t after_point_process(CallArgs& a) { return a.object_if<PointProcess>(0) && a.count() > 1 ? 1 : 0; }

Value record(Object& o, CallArgs& a) {
    const std::size_t i = after_point_process(a);
    double interval = 0;
    VectorPtr times;
    if (auto* v = a.object_if<Vector>(i + 1)) times = VectorPtr(v);
    else if (a.has(i + 1)) {
        interval = a.number(i + 1);
        if (!(interval >= 1e-9 && interval <= 1e10))
            throw Error(ErrorKind::Range, a.span, fmt::format("Vector.record: the interval must be from 1e-9 to 1e10 ms, not {:g}", interval));
    }
    recording(a).record(self(o), RefPtr(&a.ref(i)), interval, times);
    return Value(&o);
}

Value play(Object& o, CallArgs& a) {
    const std::size_t i = after_point_process(a);
    RefPtr variable;
    CallablePtr statement;
    if (a.is_number(i)) throw Error(ErrorKind::Unsupported, "Vector.play(index) is not implemented").hint("play into a variable or a statement");
    if (a.is_ref(i) && !a.is_string(i)) variable = RefPtr(&a.ref(i));
    else statement = a.callable(i);
    Recording::PlayOptions options;
    if (auto* v = a.object_if<Vector>(i + 1)) {
        options.times = VectorPtr(v);
        if (auto* d = a.object_if<Vector>(i + 2)) {
            options.continuous = true;
            options.discontinuities = VectorPtr(d);
        } else {
            options.continuous = a.number_or(i + 2, 0) != 0;
        }
    } else {
        options.interval = a.number_or(i + 1, a.runtime().simulation().dt);
        if (!(options.interval > 0 && options.interval <= 1e10)) throw Error(ErrorKind::Range, a.span, fmt::format("Vector.play: the interval must be > 0 ms, not {:g}", options.interval));
    }
    recording(a).play(self(o), std::move(variable), std::move(statement), std::move(options));
    return Value(&o);
}

Value play_remove(Object& o, CallArgs& a) {
    recording(a).remove(self(o));
    return 1.0;
}

constexpr Method methods[] = {
    {"record", record, Returns::Object,
     "record([point process,] &variable[, Dt [ms] or Vector of times]) -> self: values of a run\n"
     "Python: v = h.Vector().record(soma(0.5)._ref_v)\nHoc: v.record(&soma.v(0.5))"},
    {"play", play, Returns::Object,
     "play(&variable or \"statement\", Dt [ms] or times[, continuous or Vector of discontinuities]) -> self\n"
     "Python: v.play(clamp._ref_amp1, times, 1)\nHoc: v.play(&clamp.amp1, times, 1)"},
    {"play_remove", play_remove, Returns::Number, "play_remove() -> 1: ends playing from and recording into this Vector"},
};

}  // namespace

void register_vector_record(Runtime& runtime) { static_cast<NativeClass&>(runtime.classes().get("Vector")).add_methods(methods); }

}  // namespace nrn
