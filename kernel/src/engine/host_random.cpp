// SPDX-License-Identifier: BSD-3-Clause
// Random numbers for mechanism code.
#include <cmath>

#include "engine/host_functions.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/runtime.hpp"
#include "random/mcell_ran4.hpp"
#include "random/random.hpp"

namespace nrn {
namespace {

/// A handle is a UniformGenerator: of a RANDOM variable, of a Random object, or one that a mod file made.
UniformGenerator& stream_of(nrn_context* context, void* stream) {
    return stream ? *static_cast<UniformGenerator*>(stream) : *simulation_of(context).default_stream;
}

double scop_random(nrn_context* context) { return stream_of(context, nullptr).uniform(); }
void set_seed(nrn_context* context, double seed) {
    stream_of(context, nullptr).set_sequence(seed);
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
std::uint32_t integer(nrn_context* c, void* s) { return stream_of(c, s).word(); }
void set_ids(nrn_context* c, void* s, std::uint32_t a, std::uint32_t b, std::uint32_t d) { (void)stream_of(c, s).set_ids(a, b, d); }
void get_ids(nrn_context* c, void* s, std::uint32_t* a, std::uint32_t* b, std::uint32_t* d) {
    *a = *b = *d = 0;
    (void)stream_of(c, s).ids(*a, *b, *d);
}
void set_sequence(nrn_context* c, void* s, double sequence) { stream_of(c, s).set_sequence(sequence); }
double get_sequence(nrn_context* c, void* s) { return stream_of(c, s).sequence(); }

Random* as_random(void* object) { return dynamic_cast<Random*>(static_cast<Object*>(object)); }

/// Only a Random123 is a stream that can be named and restarted.
void* of_object(nrn_context*, void* object) {
    Random* r = as_random(object);
    std::uint32_t id[3];
    return r && r->stream.generator().ids(id[0], id[1], id[2]) ? &r->stream.generator() : nullptr;
}

void* make_stream(nrn_context* context, std::uint32_t a, std::uint32_t b, std::uint32_t d) {
    return make_random123(simulation_of(context).runtime().service<RandomGlobals>(), a, b, d).release();
}
void delete_stream(void* stream) { delete static_cast<UniformGenerator*>(stream); }

void follow(nrn_context* context, void* variable, void* object) {
    guarded(simulation_of(context), [&] {
        Random* random = as_random(object);
        if (!random) throw Error(ErrorKind::Type, "a Random object is needed as the source of random numbers");
        static_cast<RandomVariable&>(stream_of(context, variable)).follow(Ptr<Random>(random));
        return 0;
    });
}

/// n numbers of [0, range), as mod files draw them; the first is returned too.
double mcell(nrn_context* context, std::uint32_t* high, double* out, std::uint32_t n, double range) {
    const std::uint32_t low = simulation_of(context).runtime().service<RandomGlobals>().mcell_low;
    double first = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
        const double x = range * mcell_ran4_uniform(*high, low);
        if (out) out[i] = x;
        if (i == 0) first = x;
    }
    return first;
}

double object_pick(nrn_context* context, void* object) {
    Simulation& s = simulation_of(context);
    double value = 0;
    guarded(s, [&] {
        if (!object) throw Error(ErrorKind::Reference, "a random number is drawn from no Random object");
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
    h.random_of_object = of_object;
    h.random_new = make_stream;
    h.random_delete = delete_stream;
    h.random_follow = follow;
    h.mcell_ran4 = mcell;
}

}  // namespace nrn
