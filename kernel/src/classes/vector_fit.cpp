// SPDX-License-Identifier: BSD-3-Clause
// Vector: fitting a function's parameters to the elements.
#include <cmath>
#include <memory>

#include <fmt/format.h>

#include "classes/function_argument.hpp"
#include "classes/minimise.hpp"
#include "classes/vector_methods.hpp"
#include "nrn/api/error.hpp"

namespace nrn::vector_class {
namespace {

using Model = std::function<double(double x, const Values& p)>;

struct Named {
    const char* name;
    std::size_t parameters;
    double (*value)(double x, const Values& p);
};

constexpr Named known[] = {
    {"exp1", 2, [](double x, const Values& p) { return p[0] * std::exp(-x / p[1]); }},
    {"exp2", 4, [](double x, const Values& p) { return p[0] * std::exp(-x / p[1]) + p[2] * std::exp(-x / p[3]); }},
    {"charging", 4, [](double x, const Values& p) { return p[0] * (1 - std::exp(-x / p[1])) + p[2] * (1 - std::exp(-x / p[3])); }},
    {"line", 2, [](double x, const Values& p) { return p[0] * x + p[1]; }},
    {"quad", 3, [](double x, const Values& p) { return (p[0] * x + p[1]) * x + p[2]; }},
};

Model model(CallArgs& args, std::size_t parameters) {
    for (const auto& k : known) {
        if (!args.is_string(1) || args.string(1) != k.name) continue;
        if (parameters != k.parameters)
            throw Error(ErrorKind::Runtime, args.span, fmt::format("`fit` with \"{}\" needs {} parameters, not {}", k.name, k.parameters, parameters));
        return k.value;
    }
    auto f = std::make_shared<FunctionArgument>(args, 1);
    return [f](double x, const Values& p) {
        std::vector<Value> arguments{x};
        arguments.insert(arguments.end(), p.begin(), p.end());
        return (*f)(arguments);
    };
}

/// data.fit(dest, function, x, &p1, &p2 ...): the parameters are the first guess and receive the result.
Value fit(Object& self, CallArgs& args) {
    const Values data(values(self)), x(vector_argument(args, 2));
    auto& dest = args.object<Vector>(0, "Vector");
    require_equal_size(args, data.size(), x.size());
    require_size(args, data.size(), 1);
    Values p;
    for (std::size_t i = 3; i < args.count(); ++i) p.push_back(*args.ref(i).data());
    if (p.empty()) args.missing(3);
    const Model f = model(args, p.size());
    const auto error = [&](const Values& q) {
        double s = 0;
        for (std::size_t i = 0; i < data.size(); ++i) {
            const double d = f(x[i], q) - data[i];
            s += d * d;
        }
        return s / static_cast<double>(data.size());
    };
    const double left = minimise_simplex(error, p, 20000);
    for (std::size_t i = 0; i < p.size(); ++i) args.ref(3 + i).set(p[i]);
    Values fitted(data.size());
    for (std::size_t i = 0; i < data.size(); ++i) fitted[i] = f(x[i], p);
    store(dest, std::move(fitted));
    return left;
}

constexpr Method table[] = {
    {"fit", fit, Returns::Number, "fit(dest, function, x, ref, ...) -> mean squared error\nFits parameters by a simplex search; the function is \"exp1\", \"exp2\", \"charging\", \"line\", \"quad\" or one of the user's, f(x, p1, ...).\nHoc: e = y.fit(f, \"line\", x, &a, &b)"},
};

}  // namespace

std::span<const Method> fit_methods() { return table; }

}  // namespace nrn::vector_class
