// SPDX-License-Identifier: BSD-3-Clause
// Class NMODLRandom: the random stream that a mod file declares with RANDOM, as an object.
#include "random/nmodl_random.hpp"

#include <fmt/format.h>

#include "classes/register_classes.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "object/vector.hpp"

namespace nrn {
namespace {

RandomVariable& stream(Object& self) {
    RandomVariable* s = static_cast<NmodlRandom&>(self).stream();
    if (!s) throw Error(ErrorKind::Reference, fmt::format("the mechanism instance of `{}` is gone", self.name()));
    return *s;
}

Value get_ids(Object& self, CallArgs& args) {
    std::uint32_t id[3] = {0, 0, 0};
    (void)stream(self).ids(id[0], id[1], id[2]);
    auto made = Vector::make(args.runtime(), 3);
    for (std::size_t i = 0; i < 3; ++i) made->values[i] = id[i];
    return ObjectPtr(made);
}
Value set_ids(Object& self, CallArgs& args) {
    const auto id = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<std::int64_t>(args.number_or(i, 0))); };
    (void)stream(self).set_ids(id(0), id(1), id(2));
    return &self;
}
Value get_seq(Object& self, CallArgs&) { return stream(self).sequence(); }
Value set_seq(Object& self, CallArgs& args) {
    stream(self).set_sequence(args.number_in(0, 0, 17179869184.0));
    return &self;
}
Value negexp(Object& self, CallArgs& args) { return args.number_or(0, 1) * stream(self).exponential(); }
Value normal(Object& self, CallArgs& args) { return args.number_or(0, 0) + args.number_or(1, 1) * stream(self).normal(); }
Value uniform(Object& self, CallArgs&) { return stream(self).uniform(); }

constexpr Method methods[] = {
    {"get_ids", get_ids, Returns::Object, "get_ids() -> Vector of the three identifiers"},
    {"set_ids", set_ids, Returns::Object, "set_ids(id1, id2, id3) -> self"},
    {"get_seq", get_seq, Returns::Number, "get_seq() -> how many numbers the stream has given"},
    {"set_seq", set_seq, Returns::Object, "set_seq(position) -> self"},
    {"negexp", negexp, Returns::Number, "negexp(mean = 1) -> the next, exponentially distributed"},
    {"normal", normal, Returns::Number, "normal(mean = 0, deviation = 1) -> the next, normally distributed"},
    {"uniform", uniform, Returns::Number, "uniform() -> the next number in (0, 1)"},
};

}  // namespace

void register_nmodl_random(Runtime& runtime) {
    publish_class(runtime, std::make_unique<NativeClass>("NMODLRandom", nullptr, methods, std::span<const Property>{},
        "The stream of a RANDOM variable of a mod file."));
}

}  // namespace nrn
