// SPDX-License-Identifier: BSD-3-Clause
// FUNCTION_TABLE: values the user gives with table_NAME(...), looked up by kernels.
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
    /// table_NAME(value), (yvec, xvec), (&y, n, &x), (&y, n, min, max).
    Value set(MechanismType& type, int table, CallArgs& args);
    /// @returns false when the table has not been given yet
    bool look_up(MechanismType& type, int table, const double* arg, int n_arg, double& result) const;

  private:
    struct Axis { std::vector<double> x; double low = 0, high = 0; };
    struct Table {
        double constant = 0;
        bool is_constant = false;
        VectorPtr y, x;          // referenced, not copied
        RefPtr y_ref, x_ref;     // likewise
        std::size_t n = 0;
        std::vector<Axis> axes;  // evenly spaced, or from x
        [[nodiscard]] double value(std::size_t i) const;
        [[nodiscard]] double place(std::size_t i) const;
    };
    std::map<std::pair<const MechanismType*, int>, Table> tables_;
};

FunctionTables& function_tables(Simulation& simulation);

}  // namespace nrn
