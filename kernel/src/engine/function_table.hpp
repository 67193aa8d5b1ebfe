// SPDX-License-Identifier: BSD-3-Clause
// FUNCTION_TABLE: values the user gives with table_NAME(...), looked up by kernels and by name.
#pragma once
#include <map>
#include <vector>

#include "nrn/api/callable.hpp"
#include "object/vector.hpp"

namespace nrn {

class MechanismType;
class Runtime;
class Simulation;

class FunctionTables {
  public:
    explicit FunctionTables(Runtime&) {}
    /// table_NAME(value), (yvec, xvec), (&y, n, &x), (&y, n, min, max); for more arguments one (n, &x) or
    /// (n, min, max) each, the first varying slowest in y.
    Value set(MechanismType& type, int table, CallArgs& args);
    /// @returns false when the table has not been given yet
    bool look_up(MechanismType& type, int table, const double* arg, int n_arg, double& result) const;
    /// NAME(x, ...) called by an interpreter. @throws Error when the table has not been given yet
    Value call(MechanismType& type, int table, CallArgs& args) const;
    /// What to say when there are no values.
    static std::string missing(const MechanismType& type, int table);

  private:
    /// Places of the values along one argument: by an abscissa (referenced, not copied), or evenly spaced.
    struct Axis {
        std::size_t n = 0;
        double low = 0, high = 0;
        VectorPtr x;
        RefPtr x_ref;
        [[nodiscard]] double place(std::size_t i) const;
        /// The interval of `at` and the fraction of it, clamped at the ends.
        [[nodiscard]] std::pair<std::size_t, double> find(double at) const;
    };
    struct Table {
        double constant = 0;
        VectorPtr y;  // referenced, not copied
        RefPtr y_ref;
        std::vector<Axis> axes;  // none: a constant
        [[nodiscard]] double value(std::size_t i) const;
        [[nodiscard]] double interpolate(const double* arg, int n_arg, std::size_t axis, std::size_t first) const;
    };
    std::map<std::pair<const MechanismType*, int>, Table> tables_;
};

FunctionTables& function_tables(Simulation& simulation);

}  // namespace nrn
