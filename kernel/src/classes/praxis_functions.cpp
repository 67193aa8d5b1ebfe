// SPDX-License-Identifier: BSD-3-Clause
// fit_praxis and its companions.
#include <fmt/format.h>

#include "classes/function_argument.hpp"
#include "classes/minimise.hpp"
#include "classes/register_classes.hpp"
#include "classes/vector_methods.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {
namespace {

struct Praxis {
    explicit Praxis(Runtime&) {}
    double tolerance = 1e-6, greatest_step = 0.5, print_mode = 0;
    bool stop = false;
    std::vector<double> best;  // of the last minimisation
};

/// The trial point as an array that the user's function reads: $&2[i].
class TrialRef final : public Ref {
  public:
    explicit TrialRef(std::size_t n) : values(n) {}
    [[nodiscard]] std::size_t length() const override { return values.size(); }
    [[nodiscard]] double* data() const override { return values.data(); }
    mutable std::vector<double> values;
};

/// fit_praxis(n, function, &x[0] or Vector [, after]) and fit_praxis(callable, Vector [, after]).
Value fit_praxis(CallArgs& args) {
    auto& praxis = args.runtime().service<Praxis>();
    praxis.stop = false;
    const bool by_vector = !args.is_number(0);  // the callable takes the Vector itself
    const std::size_t at = by_vector ? 1 : 2;
    FunctionArgument f(args, by_vector ? 0 : 1);
    auto* vector = args.object_if<Vector>(at);
    const long n = by_vector ? static_cast<long>(args.object<Vector>(at, "Vector").values.size()) : args.integer(0);
    if (n < 1 || n > 1000) throw Error(ErrorKind::Runtime, args.span, fmt::format("`fit_praxis` takes 1 to 1000 variables, not {}", n));
    const auto count = static_cast<std::size_t>(n);
    if ((vector ? vector->values.size() : args.ref(at).length()) < count)
        throw Error(ErrorKind::Runtime, args.span, fmt::format("`fit_praxis` is to change {} numbers where there are fewer", n));
    const double* begin = vector ? vector->values.data() : args.ref(at).data();
    std::vector<double> x(begin, begin + count);
    const Ptr<TrialRef> trial = make_counted<TrialRef>(count);
    const ObjectPtr keep(vector);
    const Objective objective = [&](const std::vector<double>& p) {
        if (by_vector) {
            vector->resize(count);
            std::copy(p.begin(), p.end(), vector->values.begin());
            const Value arguments[] = {Value(ObjectPtr(vector))};
            return f(arguments);
        }
        trial->values = p;
        const Value arguments[] = {Value(n * 1.0), Value(RefPtr(trial))};
        return f(arguments);
    };
    PrincipalAxisOptions options;
    options.tolerance = praxis.tolerance;
    options.greatest_step = praxis.greatest_step;
    const CallablePtr after = args.has(at + 1) ? args.callable(at + 1) : CallablePtr{};
    options.after_cycle = [&](double, const std::vector<double>& p) {
        praxis.best = p;
        if (after) {
            CallArgs none(args.runtime(), "fit_praxis");
            none.span = args.span;
            after->call(none);
        }
        return praxis.stop;
    };
    const double least = minimise_principal_axis(objective, x, options);
    praxis.best = x;
    if (vector) {
        vector->resize(std::max(count, vector->values.size()));
        std::copy(x.begin(), x.end(), vector->values.begin());
    } else {
        std::copy(x.begin(), x.end(), args.ref(at).data());
    }
    return least;
}

/// attr_praxis(tolerance, greatest step, print mode)
Value attr_praxis(CallArgs& args) {
    auto& praxis = args.runtime().service<Praxis>();
    if (args.count() == 1) return 0;  // the seed of the original's random steps: there are none here
    praxis.tolerance = args.number_in(0, 1e-16, 1);
    praxis.greatest_step = args.number_in(1, 1e-12, 1e12);
    praxis.print_mode = args.number_or(2, 0);
    return 0;
}

Value stop_praxis(CallArgs& args) {
    args.runtime().service<Praxis>().stop = true;
    return 0;
}

/// pval_praxis(i): the i-th principal value; axes are not kept, so the value is the best point's coordinate.
Value pval_praxis(CallArgs& args) {
    const auto& best = args.runtime().service<Praxis>().best;
    const long i = args.integer(0);
    if (i < 0 || static_cast<std::size_t>(i) >= best.size())
        throw Error(ErrorKind::Runtime, args.span, fmt::format("`pval_praxis`: {} is out of range 0 to {}", i, static_cast<long>(best.size()) - 1));
    throw Error(ErrorKind::Unsupported, args.span, "`pval_praxis`: principal values are not kept by this minimiser");
}

constexpr Function functions[] = {
    {"fit_praxis", fit_praxis, Returns::Number, "fit_praxis(n, function, ref or Vector, after), fit_praxis(callable, Vector, after) -> least value\nMinimises function(n, &x[0]) over x, which begins as the guess.\nHoc: e = fit_praxis(2, \"f\", &x[0])     Python: e = h.fit_praxis(f, vec)"},
    {"attr_praxis", attr_praxis, Returns::Number, "attr_praxis(tolerance, greatest_step, print_mode) -> 0"},
    {"stop_praxis", stop_praxis, Returns::Number, "stop_praxis() -> 0\nEnds the running minimisation after its cycle."},
    {"pval_praxis", pval_praxis, Returns::Number, "pval_praxis(i) -> i-th principal value"},
};

}  // namespace

void register_praxis_functions(Runtime& runtime) { runtime.scope().define_functions(functions); }

}  // namespace nrn
