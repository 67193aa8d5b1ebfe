// SPDX-License-Identifier: BSD-3-Clause
// Class NMODLRandom: the random stream that a mod file declares with RANDOM, as an object.
#include "classes/nmodl_random.hpp"

#include <fmt/format.h>

#include "classes/register_classes.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {
namespace {

Random123& stream(Object& self) {
    Random123* s = static_cast<NmodlRandom&>(self).stream();
    if (!s) throw Error(ErrorKind::Reference, fmt::format("the mechanism instance of `{}` is gone", self.name()));
    return *s;
}

Value get_ids(Object& self, CallArgs& args) {
    std::uint32_t id[3];
    stream(self).ids(id[0], id[1], id[2]);
    auto made = Vector::make(args.runtime(), 3);
    for (std::size_t i = 0; i < 3; ++i) made->values[i] = id[i];
    return ObjectPtr(made);
}
Value set_ids(Object& self, CallArgs& args) {
    const auto id = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<std::int64_t>(args.number_or(i, 0))); };
    stream(self).set_ids(id(0), id(1), id(2));
    return &self;
}
Value get_seq(Object& self, CallArgs&) { return stream(self).sequence(); }
Value set_seq(Object& self, CallArgs& args) {
    stream(self).set_sequence(args.number_in(0, 0, 17179869184.0));
    return &self;
}
Value uniform(Object& self, CallArgs&) { return stream(self).uniform(); }

constexpr Method methods[] = {
    {"get_ids", get_ids, Returns::Object, "get_ids() -> Vector of the three identifiers"},
    {"set_ids", set_ids, Returns::Object, "set_ids(id1, id2, id3) -> self"},
    {"get_seq", get_seq, Returns::Number, "get_seq() -> how many numbers the stream has given"},
    {"set_seq", set_seq, Returns::Object, "set_seq(position) -> self"},
    {"uniform", uniform, Returns::Number, "uniform() -> the next number in (0, 1)"},
};

}  // namespace

void register_nmodl_random(Runtime& runtime) {
    publish_class(runtime, std::make_unique<NativeClass>("NMODLRandom", nullptr, methods, std::span<const Property>{},
        "The stream of a RANDOM variable of a mod file."));
}

}  // namespace nrn
