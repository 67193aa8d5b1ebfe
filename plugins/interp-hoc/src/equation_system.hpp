// SPDX-License-Identifier: BSD-3-Clause
// The equations of `depvar` and `eqn`: a system that solve() improves by one Newton step, with slopes taken from differences.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "nrn/api/ref.hpp"
#include "nrn/api/scope.hpp"

namespace nrn::hoc {

class EquationSystem;

/// A number that solve() finds. An object's own ends with the object.
struct DependentVariable {
    Symbol* symbol = nullptr;
    std::size_t index = 0;
    bool owned = false;
    std::weak_ptr<const void> owner;
    /// Where it is, or null once it is no number any more.
    [[nodiscard]] double* data() const;
    [[nodiscard]] bool is(const Symbol& s, std::size_t i) const { return symbol == &s && index == i; }
};

/// One `eqn` statement while its sides are evaluated: as things are, then once for each dependent variable moved a little.
class EquationRow final : public Ref {
  public:
    EquationRow(EquationSystem& system, std::size_t row, bool anew);
    ~EquationRow() override;
    [[nodiscard]] double* data() const override;
    /// Takes the sides' values; true when they are to be evaluated again.
    bool take(double left, double right);

  private:
    void put_back();
    EquationSystem& system_;
    std::vector<DependentVariable> variables_;
    std::size_t row_, generation_;
    bool anew_, first_ = true;
    std::size_t moved_ = 0;         // the variable that stands apart from its value
    double* place_ = nullptr;       // of it
    double value_ = 0;
    double difference_ = 0;         // right - left
    std::map<std::size_t, double> slopes_;
};

class EquationSystem {
  public:
    /// @throws Error(Name) when it is one already
    void declare(DependentVariable variable);
    /// @throws Error(Name) unless it is a dependent variable
    [[nodiscard]] RefPtr begin(const Symbol& symbol, std::size_t index, bool anew);
    /// One step. Returns the sum of the differences and of the changes. @throws Error(Runtime) for an indeterminate system
    double solve();
    void clear();
    /// Which slopes are not zero, as text.
    [[nodiscard]] std::string pattern();

  private:
    friend class EquationRow;
    struct Row {
        double difference = 0;
        std::map<std::size_t, double> slopes;
    };
    void forget_ended();
    std::vector<DependentVariable> variables_;
    std::vector<Row> rows_;
    std::size_t generation_ = 0;  // of the variables: rows of an older one come too late
};

}  // namespace nrn::hoc
