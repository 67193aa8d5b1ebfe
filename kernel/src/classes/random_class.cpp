// SPDX-License-Identifier: BSD-3-Clause
// Class Random and the functions about MCellRan4 indices.
#include <cmath>

#include <fmt/format.h>

#include "classes/random_argument.hpp"
#include "classes/register_classes.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"
#include "random/mcell_ran4.hpp"

namespace nrn {
namespace {

Random& self_random(Object& self) { return static_cast<Random&>(self); }
RandomStream& stream(Object& self) { return self_random(self).stream; }

/// A seed is taken modulo 2^32.
std::uint32_t word(double x) { return static_cast<std::uint32_t>(static_cast<std::int64_t>(x)); }
std::uint32_t word_or(const CallArgs& args, std::size_t i, double otherwise) {
    const double x = args.number_or(i, otherwise);
    if (!(std::fabs(x) < 9e18)) throw Error(ErrorKind::Runtime, args.span, fmt::format("argument {} of `{}` is {}", i + 1, args.function(), x));
    return word(x);
}

/// An identifier of a stream. @throws Error(Range) for one that is no 32-bit number: two of them would be the same stream
std::uint32_t identifier(const CallArgs& args, std::size_t i) {
    return args.has(i) ? static_cast<std::uint32_t>(args.number_in(i, 0, 4294967295.0)) : 0;
}

ObjectPtr construct(NativeClass& cls, CallArgs& args) {
    auto& globals = args.runtime().service<RandomGlobals>();
    return make_counted<Random>(cls, make_random123(globals, word_or(args, 0, 0), 55, 0));
}

Value random123(Object& self, CallArgs& args) {
    auto& globals = args.runtime().service<RandomGlobals>();
    stream(self).use(make_random123(globals, identifier(args, 0), identifier(args, 1), identifier(args, 2)));
    return 0;
}

Value random123_globalindex(Object&, CallArgs& args) {
    auto& globals = args.runtime().service<RandomGlobals>();
    if (args.has(0)) globals.random123_key = identifier(args, 0);
    return static_cast<double>(globals.random123_key);
}

Value mcell_ran4(Object& self, CallArgs& args) {
    auto& globals = args.runtime().service<RandomGlobals>();
    // Every call takes a number of the generator itself for those that choose none.
    const std::uint32_t given = identifier(args, 0), low = identifier(args, 1);
    const std::uint32_t automatic = mcell_ran4_word(globals.mcell_high_default, low != 0 ? low : globals.mcell_low);
    const std::uint32_t high = given != 0 ? given : automatic;
    stream(self).use(make_mcell_ran4(globals, high, low));
    return static_cast<double>(high);
}

Value mlcg(Object& self, CallArgs& args) {
    stream(self).use(make_mlcg(static_cast<std::int32_t>(args.integer_or(0, 0)), static_cast<std::int32_t>(args.integer_or(1, 0))));
    return 0;
}

/// Models written for old generators run; their numbers differ from those generators', and that is said once.
Value replaced(Object& self, CallArgs& args) {
    struct Said { explicit Said(Runtime&) {} bool said = false; };
    auto& once = args.runtime().service<Said>();
    if (!once.said)
        args.runtime().warn(fmt::format("Random.{} no longer exists; a Random123 stream is used, whose numbers differ", args.function()));
    once.said = true;
    stream(self).use(make_random123(args.runtime().service<RandomGlobals>(), word_or(args, 0, 0), word_or(args, 1, 0), 0));
    return 0;
}

template <DistributionKind kind, int parameters>
Value distribution(Object& self, CallArgs& args) {
    const double a = args.number(0), b = parameters > 1 ? args.number(1) : 0;
    const auto require = [&](bool holds, const char* what) {
        if (!holds) throw Error(ErrorKind::Runtime, args.span, fmt::format("`Random.{}` needs {}", args.function(), what));
    };
    if constexpr (kind == DistributionKind::Normal || kind == DistributionKind::LogNormal) require(b >= 0, "a variance >= 0");
    if constexpr (kind == DistributionKind::Poisson) require(!(a > 1e7), "a mean up to 1e7");
    if constexpr (kind == DistributionKind::Binomial) require(a >= 0 && a < 1e9, "a number of trials from 0 to 1e9");
    if constexpr (kind == DistributionKind::Geometric) require(a < 1, "a probability below 1");
    if constexpr (kind == DistributionKind::Erlang) require(a > 0 && b > 0 && a * a / b < 1e9, "a mean and a variance > 0");
    if constexpr (kind == DistributionKind::HyperGeometric) require(b > a * a, "a variance greater than the square of the mean");
    if constexpr (kind == DistributionKind::DiscreteUniform) {
        stream(self).set(kind, std::trunc(a), std::trunc(b));
    } else if constexpr (kind == DistributionKind::Binomial) {
        stream(self).set(kind, std::trunc(a), b);
    } else {
        stream(self).set(kind, a, b);
    }
    return stream(self).pick();
}

Value repick(Object& self, CallArgs&) { return stream(self).pick(); }

Value seq(Object& self, CallArgs& args) {
    UniformGenerator& g = stream(self).generator();
    if (args.has(0)) {
        const double x = args.number(0);
        if (!(x >= 0 && x <= 17179869184.0))
            throw Error(ErrorKind::Runtime, args.span, fmt::format("a sequence number is from 0 to 2^34, not {}", x));
        g.set_sequence(x);
    }
    return g.sequence();
}

Value play(Object& self, CallArgs& args) {
    args.runtime().service<RandomPlay>().play(Ptr<Random>(&self_random(self)), RefPtr(&args.ref(0)));
    return 0;
}

// ---- functions -----------------------------------------------------------------------------------

Value mcell_ran4_function(CallArgs& args) {
    const Ref& ref = args.ref(0);
    const double x = ref.get().number();
    std::uint32_t high = word(x);
    const double drawn = mcell_ran4_uniform(high, args.runtime().service<RandomGlobals>().mcell_low);
    ref.set(static_cast<double>(high));
    return drawn;
}

Value mcell_ran4_init(CallArgs& args) {
    auto& globals = args.runtime().service<RandomGlobals>();
    const double previous = globals.mcell_low;
    if (args.has(0)) globals.mcell_low = word_or(args, 0, 0);
    return previous;
}

Value use_mcell_ran4(CallArgs& args) {
    auto& globals = args.runtime().service<RandomGlobals>();
    const bool before = globals.mod_files_use_mcell;
    if (args.has(0)) globals.mod_files_use_mcell = args.number(0) != 0;
    return before;
}

using K = DistributionKind;
constexpr Method methods[] = {
    {"Random123", random123, Returns::Number, "Random123(id1, id2 = 0, id3 = 0) -> 0\nDraws from the counter-based stream with these identifiers, from its beginning.\nPython: r.Random123(gid, 1, 0)     Hoc: r.Random123(gid, 1, 0)"},
    {"Random123_globalindex", random123_globalindex, Returns::Number, "Random123_globalindex(), Random123_globalindex(index) -> index\nThe part of the identifiers that all Random123 streams share."},
    {"MCellRan4", mcell_ran4, Returns::Number, "MCellRan4(high = 0, low = 0) -> high\nDraws from the MCellRan4 stream; high 0 means one for each call, low 0 means the index of mcell_ran4_init."},
    {"MLCG", mlcg, Returns::Number, "MLCG(seed1 = 0, seed2 = 0) -> 0\nL'Ecuyer's combined congruential generator."},
    {"ACG", replaced, Returns::Number, "ACG(seed) -> 0\nFor old models: a Random123 stream instead of the additive generator."},
    {"Isaac64", replaced, Returns::Number, "Isaac64(seed) -> 0\nFor old models: a Random123 stream instead of Isaac."},
    {"uniform", distribution<K::Uniform, 2>, Returns::Number, "uniform(low, high) -> pick\nUniform distribution; as every distribution it draws a first value.\nPython: r.uniform(0, 1); x = r.repick()     Hoc: r.uniform(0, 1)  x = r.repick()"},
    {"discunif", distribution<K::DiscreteUniform, 2>, Returns::Number, "discunif(low, high) -> pick\nWhole numbers from low to high, equally likely."},
    {"normal", distribution<K::Normal, 2>, Returns::Number, "normal(mean, variance) -> pick\nNormal distribution."},
    {"lognormal", distribution<K::LogNormal, 2>, Returns::Number, "lognormal(mean, variance) -> pick\nLognormal distribution."},
    {"negexp", distribution<K::NegativeExponential, 1>, Returns::Number, "negexp(mean) -> pick\nExponential distribution."},
    {"poisson", distribution<K::Poisson, 1>, Returns::Number, "poisson(mean) -> pick\nPoisson distribution."},
    {"binomial", distribution<K::Binomial, 2>, Returns::Number, "binomial(n, p) -> pick\nNumber of successes in n trials of probability p."},
    {"geometric", distribution<K::Geometric, 1>, Returns::Number, "geometric(p) -> pick\nNumber of trials up to the first failure."},
    {"hypergeo", distribution<K::HyperGeometric, 2>, Returns::Number, "hypergeo(mean, variance) -> pick\nHypergeometric (two exponentials) distribution."},
    {"erlang", distribution<K::Erlang, 2>, Returns::Number, "erlang(mean, variance) -> pick\nErlang distribution."},
    {"weibull", distribution<K::Weibull, 2>, Returns::Number, "weibull(alpha, beta) -> pick\nWeibull distribution."},
    {"repick", repick, Returns::Number, "repick() -> pick\nThe next value of the distribution chosen last."},
    {"seq", seq, Returns::Number, "seq(), seq(position) -> position\nHow many numbers the stream has given; with an argument it goes on from there."},
    {"play", play, Returns::Number, "play(ref) -> 0\nAssigns a fresh value to the variable at finitialize and at each step.\nPython: r.play(h._ref_noise)     Hoc: r.play(&noise)"},
};

constexpr Function functions[] = {
    {"mcell_ran4", mcell_ran4_function, Returns::Number, "mcell_ran4(ref) -> number in [0, 1)\nDraws with the high index in the variable, which is counted up.\nHoc: x = mcell_ran4(&index)"},
    {"mcell_ran4_init", mcell_ran4_init, Returns::Number, "mcell_ran4_init(), mcell_ran4_init(index) -> previous low index\nThe low index of MCellRan4 streams that give none."},
    {"use_mcell_ran4", use_mcell_ran4, Returns::Bool, "use_mcell_ran4(), use_mcell_ran4(flag) -> what it was before\nWhether random functions of mod files draw from MCellRan4."},
};

}  // namespace

void register_random(Runtime& runtime) {
    publish_class(runtime, std::make_unique<NativeClass>(
        "Random", construct, methods, std::span<const Property>{},
        "A stream of random numbers. Random(seed = 0)\nPython: r = h.Random(); r.Random123(1, 2, 3); r.normal(0, 1)     Hoc: r = new Random()"));
    runtime.scope().define_functions(functions);
}

}  // namespace nrn
