// SPDX-License-Identifier: BSD-3-Clause
// Multilinear tables of any number of arguments, and constants.
#include "engine/function_table.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/simulation.hpp"
#include "model/mechanism_type.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {

FunctionTables& function_tables(Simulation& simulation) { return simulation.runtime().service<FunctionTables>(); }

double FunctionTables::Axis::place(std::size_t i) const {
    if (x) return x->values[i];
    if (x_ref) return x_ref->data()[i];
    return low + (high - low) * static_cast<double>(i) / static_cast<double>(n - 1);
}

std::pair<std::size_t, double> FunctionTables::Axis::find(double at) const {
    const std::size_t count = x ? std::min(n, x->values.size()) : n;  // the Vector may have been shortened since
    if (count < 2 || !(at > place(0))) return {0, 0};
    if (at >= place(count - 1)) return {count - 2, 1};
    std::size_t before = 0, after = count - 1;
    while (after - before > 1) {
        const std::size_t middle = (before + after) / 2;
        (at < place(middle) ? after : before) = middle;
    }
    return {before, (at - place(before)) / (place(after) - place(before))};
}

double FunctionTables::Table::value(std::size_t i) const {
    if (!y) return y_ref->data()[i];
    return i < y->values.size() ? y->values[i] : 0;
}

double FunctionTables::Table::interpolate(const double* arg, int n_arg, std::size_t axis, std::size_t first) const {
    const Axis& a = axes[axis];
    const auto [index, fraction] = a.find(static_cast<int>(axis) < n_arg ? arg[axis] : 0);
    const auto at = [&](std::size_t i) {
        const std::size_t place = first * a.n + i;
        return axis + 1 == axes.size() ? value(place) : interpolate(arg, n_arg, axis + 1, place);
    };
    if (fraction == 0) return at(index);
    if (fraction == 1) return at(index + 1);
    const double below = at(index);
    return below + fraction * (at(index + 1) - below);
}

Value FunctionTables::set(MechanismType& type, int table, CallArgs& args) {
    Table made;
    std::size_t total = 1;
    if (auto* y = args.object_if<Vector>(0)) {
        made.y = VectorPtr(y);
        auto& x = args.object<Vector>(1, "Vector");
        made.axes.push_back({std::min(y->values.size(), x.values.size()), 0, 0, VectorPtr(&x), {}});
    } else if (args.is_ref(0) && args.count() > 1) {
        made.y_ref = RefPtr(&args.ref(0));
        for (std::size_t i = 1; i < args.count();) {
            Axis axis;
            axis.n = static_cast<std::size_t>(std::max(0L, args.integer(i++)));
            if (args.is_ref(i)) {
                axis.x_ref = RefPtr(&args.ref(i++));
            } else {
                axis.low = args.number(i++);
                axis.high = args.number(i++);
            }
            if (axis.x_ref && axis.n > axis.x_ref->length())
                throw Error(ErrorKind::Range, fmt::format("{} places are more than the array they are in has ({})", axis.n, axis.x_ref->length()));
            total *= axis.n;
            made.axes.push_back(std::move(axis));
        }
        if (total > made.y_ref->length())
            throw Error(ErrorKind::Range, fmt::format("table of {} values is longer than the array it is in ({})", total, made.y_ref->length()));
    } else {
        made.constant = args.number(0);
    }
    for (const Axis& axis : made.axes)
        if (axis.n < 2) throw Error(ErrorKind::Value, fmt::format("a FUNCTION_TABLE needs at least 2 values, not {}", axis.n));
    const int wanted = type.description().function_table[table].n_arg;
    if (!made.axes.empty() && static_cast<int>(made.axes.size()) != wanted)
        throw Error(ErrorKind::Argument, fmt::format("FUNCTION_TABLE `{}` has {} arguments, the table given {}", type.description().function_table[table].name, wanted, made.axes.size()));
    tables_[{&type, table}] = std::move(made);
    return 0;
}

bool FunctionTables::look_up(MechanismType& type, int table, const double* arg, int n_arg, double& result) const {
    const auto found = tables_.find({&type, table});
    if (found == tables_.end()) return false;
    const Table& f = found->second;
    result = f.axes.empty() ? f.constant : f.interpolate(arg, n_arg, 0, 0);
    return true;
}

Value FunctionTables::call(MechanismType& type, int table, CallArgs& args) const {
    std::vector<double> numbers(args.count());
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = args.number(i);
    double result = 0;
    if (!look_up(type, table, numbers.data(), static_cast<int>(numbers.size()), result)) throw Error(ErrorKind::Runtime, args.span, missing(type, table));
    return result;
}

std::string FunctionTables::missing(const MechanismType& type, int table) {
    const char* name = type.description().function_table[table].name;
    return fmt::format("FUNCTION_TABLE `{0}` has no values: table not specified; call table_{0}_{1}(...) first", name, type.name());
}

}  // namespace nrn
