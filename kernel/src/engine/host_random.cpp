// SPDX-License-Identifier: BSD-3-Clause
// Random numbers for mechanism code.
#include <cmath>

#include "engine/host_functions.hpp"
#include "nrn/api/class.hpp"
#include "random/random123.hpp"

namespace nrn {
namespace {

Random123& stream_of(nrn_context* context, void* stream) {
    return stream ? *static_cast<Random123*>(stream) : simulation_of(context).default_stream;
}

double scop_random(nrn_context* context) { return simulation_of(context).default_stream.uniform(); }
void set_seed(nrn_context* context, double seed) {
    simulation_of(context).default_stream.set_ids(static_cast<std::uint32_t>(seed), 0, 0);
}
double uniform(nrn_context* c, void* s, double low, double high) { return low + (high - low) * stream_of(c, s).uniform(); }
double normal(nrn_context* c, void* s, double mean, double deviation) { return mean + deviation * stream_of(c, s).normal(); }
double exponential(nrn_context* c, void* s, double mean) { return mean * stream_of(c, s).exponential(); }
double poisson(nrn_context* c, void* s, double mean) {
    // Multiplication method: one uniform per trial.
    const double limit = std::exp(-mean);
    double product = stream_of(c, s).uniform(), count = 0;
    while (product > limit) {
        product *= stream_of(c, s).uniform();
        ++count;
    }
    return count;
}
std::uint32_t integer(nrn_context* c, void* s) { return stream_of(c, s).pick(); }
void set_ids(nrn_context* c, void* s, std::uint32_t a, std::uint32_t b, std::uint32_t d) { stream_of(c, s).set_ids(a, b, d); }
void get_ids(nrn_context* c, void* s, std::uint32_t* a, std::uint32_t* b, std::uint32_t* d) { stream_of(c, s).ids(*a, *b, *d); }
void set_sequence(nrn_context* c, void* s, double sequence) { stream_of(c, s).set_sequence(sequence); }
double get_sequence(nrn_context* c, void* s) { return stream_of(c, s).sequence(); }

double object_pick(nrn_context* context, void* object) {
    Simulation& s = simulation_of(context);
    double value = 0;
    guarded(s, [&] {
        auto& o = *static_cast<Object*>(object);
        const Member* repick = o.cls().member("repick");
        if (!repick) throw Error(ErrorKind::Type, o.name() + " is not a Random object");
        CallArgs args(s.runtime(), "repick");
        value = repick->call(o, args).number();
        return 0;
    });
    return value;
}

}  // namespace

void add_random_functions(nrn_host& h) {
    h.scop_random = scop_random;
    h.set_seed = set_seed;
    h.random_uniform = uniform;
    h.random_normal = normal;
    h.random_exponential = exponential;
    h.random_poisson = poisson;
    h.random_integer = integer;
    h.random_set_ids = set_ids;
    h.random_get_ids = get_ids;
    h.random_set_sequence = set_sequence;
    h.random_get_sequence = get_sequence;
    h.random_object_pick = object_pick;
}

}  // namespace nrn
