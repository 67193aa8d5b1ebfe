// SPDX-License-Identifier: BSD-3-Clause
// The table.
#include "builtin_functions.hpp"

#include <algorithm>

namespace nrn::nmodl {
namespace {

constexpr int kAny = 100;
constexpr std::string_view kWrite = "write it as a FUNCTION of your own";

constexpr BuiltinFunction kTable[]{
    {"exp", 1, 1, "nrn_exp", {}},
    {"log", 1, 1, "nrn_log", {}},
    {"log10", 1, 1, "nrn_log10", {}},
    {"pow", 2, 2, "nrn_pow", {}},
    {"sqrt", 1, 1, "__builtin_sqrt", {}},
    {"sin", 1, 1, "__builtin_sin", {}},
    {"cos", 1, 1, "__builtin_cos", {}},
    {"tan", 1, 1, "__builtin_tan", {}},
    {"asin", 1, 1, "__builtin_asin", {}},
    {"acos", 1, 1, "__builtin_acos", {}},
    {"atan", 1, 1, "__builtin_atan", {}},
    {"atan2", 2, 2, "__builtin_atan2", {}},
    {"sinh", 1, 1, "__builtin_sinh", {}},
    {"cosh", 1, 1, "__builtin_cosh", {}},
    {"tanh", 1, 1, "__builtin_tanh", {}},
    {"fabs", 1, 1, "__builtin_fabs", {}},
    {"abs", 1, 1, "__builtin_fabs", {}},
    {"floor", 1, 1, "__builtin_floor", {}},
    {"ceil", 1, 1, "__builtin_ceil", {}},
    {"fmod", 2, 2, "__builtin_fmod", {}},
    {"min", 2, 2, "__builtin_fmin", {}},
    {"max", 2, 2, "__builtin_fmax", {}},
    {"erf", 1, 1, "__builtin_erf", {}},
    {"erfc", 1, 1, "__builtin_erfc", {}},
    {"exprelr", 1, 1, "nrn_mod::exprelr", {}},
    {"factorial", 1, 1, "nrn_mod::factorial", {}},
    {"gauss", 3, 3, "nrn_mod::gauss", {}},
    {"poisson", 2, 2, "nrn_mod::poisson", {}},
    {"harmonic", 4, 4, "nrn_mod::harmonic", {}},
    {"hyperbol", 3, 3, "nrn_mod::hyperbol", {}},
    {"revhyperbol", 3, 3, "nrn_mod::revhyperbol", {}},
    {"sigmoid", 4, 4, "nrn_mod::sigmoid", {}},
    {"revsigmoid", 4, 4, "nrn_mod::revsigmoid", {}},
    {"step", 3, 3, "nrn_mod::step_at", {}},
    {"ramp", 4, 4, "nrn_mod::ramp", {}},
    {"pulse", 4, 4, "nrn_mod::pulse", {}},
    {"squarewave", 3, 3, "nrn_mod::squarewave", {}},
    {"sawtooth", 3, 3, "nrn_mod::sawtooth", {}},
    {"revsawtooth", 3, 3, "nrn_mod::revsawtooth", {}},
    {"perpulse", 5, 5, "nrn_mod::perpulse", {}},
    {"perstep", 4, 4, "nrn_mod::perstep", {}},
    {"net_send", 2, 2, {}, {}},
    {"net_event", 0, 1, {}, {}},
    {"net_move", 1, 1, {}, {}},
    {"state_discontinuity", 2, 2, {}, {}},
    {"at_time", 1, 1, {}, {}},
    {"nrn_ghk", 4, 4, {}, {}},
    {"ghk", 4, 4, {}, {}},
    {"nernst", 3, 3, {}, {}},
    {"nrn_pointing", 1, 1, {}, {}},
    {"lag_value", 3, 3, {}, {}},
    {"lag_begin", 1, 1, {}, {}},
    {"lag_end", 1, 1, {}, {}},
    {"printf", 1, kAny, {}, {}},
    {"prterr", 1, kAny, {}, {}},
    {"hoc_execerror", 1, 2, {}, {}},
    {"error", 1, 2, {}, {}},
    {"scop_random", 0, 1, {}, {}},
    {"set_seed", 1, 1, {}, {}},
    {"exprand", 1, 1, {}, {}},
    {"normrand", 2, 2, {}, {}},
    {"poisrand", 1, 1, {}, {}},
    {"random_setseq", 2, 2, {}, {}},
    {"random_setids", 4, 4, {}, {}},
    {"random_uniform", 1, 3, {}, {}},
    {"random_negexp", 1, 2, {}, {}},
    {"random_normal", 1, 3, {}, {}},
    {"random_ipick", 1, 1, {}, {}},
    {"random_dpick", 1, 1, {}, {}},
    {"boltz", 0, kAny, {}, "write 1/(1 + exp(...))"},
    {"force", 0, kAny, {}, "set a RANGE variable from Hoc, or play a Vector into it"},
    {"expfit", 0, kAny, {}, "fit in Hoc or Python"},
    {"threshold", 0, kAny, {}, "use WATCH, or compare in an IF"},
    {"legendre", 0, kAny, {}, kWrite},
    {"romberg", 0, kAny, {}, kWrite},
    {"invert", 0, kAny, {}, "use a LINEAR block"},
    {"spline", 0, kAny, {}, "use a FUNCTION_TABLE"},
    {"nrn_random_play", 0, kAny, {}, "use a RANDOM variable"},
    {"fcurrent", 0, kAny, {}, "call it from Hoc or Python"},
    {"getarg", 0, kAny, {}, "name the arguments of the FUNCTION"},
};

}  // namespace

std::span<const BuiltinFunction> builtin_functions() { return kTable; }

const BuiltinFunction* find_builtin(std::string_view name) {
    const auto found = std::find_if(std::begin(kTable), std::end(kTable), [&](const BuiltinFunction& f) { return f.name == name; });
    return found == std::end(kTable) ? nullptr : found;
}

}  // namespace nrn::nmodl
