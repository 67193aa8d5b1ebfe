// SPDX-License-Identifier: BSD-3-Clause
// Piecewise linear tables of one argument (evenly spaced or by an abscissa), constants for any number.
#include "engine/function_table.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/simulation.hpp"
#include "model/mechanism_type.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {

FunctionTables& function_tables(Simulation& simulation) { return simulation.runtime().service<FunctionTables>(); }

double FunctionTables::Table::value(std::size_t i) const { return y ? y->values[i] : y_ref->data()[i]; }

double FunctionTables::Table::place(std::size_t i) const {
    if (x) return x->values[i];
    if (x_ref) return x_ref->data()[i];
    return axes[0].low + (axes[0].high - axes[0].low) * static_cast<double>(i) / static_cast<double>(n - 1);
}

Value FunctionTables::set(MechanismType& type, int table, CallArgs& args) {
    Table made;
    if (auto* y = args.object_if<Vector>(0)) {
        made.y = VectorPtr(y);
        made.x = VectorPtr(&args.object<Vector>(1, "Vector"));
        made.n = std::min(y->values.size(), made.x->values.size());
    } else if (args.is_ref(0) && args.count() > 1) {
        made.y_ref = RefPtr(&args.ref(0));
        made.n = static_cast<std::size_t>(std::max(0L, args.integer(1)));
        if (made.n > made.y_ref->length())
            throw Error(ErrorKind::Range, fmt::format("table of {} values is longer than the array it is in ({})", made.n, made.y_ref->length()));
        if (args.is_ref(2)) made.x_ref = RefPtr(&args.ref(2));
        else made.axes.push_back({{}, args.number(2), args.number(3)});
    } else {
        made.constant = args.number(0);
        made.is_constant = true;
    }
    if (!made.is_constant && made.n < 2)
        throw Error(ErrorKind::Value, fmt::format("a FUNCTION_TABLE needs at least 2 values, not {}", made.n));
    tables_[{&type, table}] = std::move(made);
    return 0;
}

bool FunctionTables::look_up(MechanismType& type, int table, const double* arg, int n_arg, double& result) const {
    const auto found = tables_.find({&type, table});
    if (found == tables_.end()) return false;
    const Table& f = found->second;
    result = f.constant;
    if (f.is_constant || n_arg < 1) return true;
    const double x = arg[0];
    std::size_t low = 0, high = f.n - 1;
    if (!(x > f.place(low))) {
        result = f.value(low);
    } else if (x >= f.place(high)) {
        result = f.value(high);
    } else {
        while (high - low > 1) {
            const std::size_t middle = (low + high) / 2;
            (x < f.place(middle) ? high : low) = middle;
        }
        const double a = f.place(low), b = f.place(high);
        result = f.value(low) + (x - a) / (b - a) * (f.value(high) - f.value(low));
    }
    return true;
}

}  // namespace nrn
