// SPDX-License-Identifier: BSD-3-Clause
// Newton's method for the equations of `eqn`.
#include "equation_system.hpp"

#include <algorithm>
#include <cmath>

#include <Eigen/LU>
#include <fmt/format.h>

#include "nrn/api/error.hpp"

namespace nrn::hoc {
namespace {

constexpr double kStep = 0.001;  // of the differences that slopes are taken from, as in the reference

}  // namespace

double* DependentVariable::data() const {
    if (owned && owner.expired()) return nullptr;
    return symbol->kind == Symbol::Kind::Number && index < symbol->total() ? symbol->data + index : nullptr;
}

EquationRow::EquationRow(EquationSystem& system, std::size_t row, bool anew)
    : system_(system), variables_(system.variables_), row_(row), generation_(system.generation_), anew_(anew) {}

EquationRow::~EquationRow() { put_back(); }

double* EquationRow::data() const { throw Error(ErrorKind::Type, "an equation is no number"); }

/// The variable may have gone meanwhile, with what the sides called.
void EquationRow::put_back() {
    if (place_ && variables_[moved_].data() == place_) *place_ = value_;
    place_ = nullptr;
}

bool EquationRow::take(double left, double right) {
    if (first_) {
        difference_ = right - left;
        first_ = false;
    } else {
        const double slope = (difference_ - (right - left)) / kStep;
        if (place_ && slope != 0) slopes_[moved_] = slope;
        put_back();
        ++moved_;
    }
    for (; moved_ < variables_.size(); ++moved_) {
        place_ = variables_[moved_].data();
        if (!place_) continue;
        value_ = *place_;
        *place_ += kStep;
        return true;
    }
    if (system_.generation_ != generation_) return false;
    EquationSystem::Row& row = system_.rows_[row_];
    if (anew_) row = {};
    row.difference += difference_;
    for (const auto& [column, slope] : slopes_) row.slopes[column] += slope;
    return false;
}

void EquationSystem::forget_ended() {
    const auto ended = [](const DependentVariable& v) { return v.data() == nullptr; };
    if (std::none_of(variables_.begin(), variables_.end(), ended)) return;
    std::erase_if(variables_, ended);
    rows_.assign(variables_.size(), {});
    ++generation_;
}

void EquationSystem::declare(DependentVariable variable) {
    forget_ended();
    for (const DependentVariable& known : variables_)
        if (known.is(*variable.symbol, variable.index)) throw Error(ErrorKind::Name, fmt::format("`{}` is a dependent variable already: {} made dependent twice", variable.symbol->name, variable.symbol->name)).hint("eqinit() forgets all of them");
    variables_.push_back(std::move(variable));
    rows_.emplace_back();
    ++generation_;
}

RefPtr EquationSystem::begin(const Symbol& symbol, std::size_t index, bool anew) {
    for (std::size_t row = 0; row < variables_.size(); ++row)
        if (variables_[row].is(symbol, index)) return make_counted<EquationRow>(*this, row, anew);
    throw Error(ErrorKind::Name, fmt::format("illegal equation name {}: `{}` is no dependent variable", symbol.name, symbol.name)).hint(fmt::format("declare it: depvar {}", symbol.name));
}

double EquationSystem::solve() {
    forget_ended();
    const auto n = static_cast<Eigen::Index>(variables_.size());
    if (n == 0) return 0;
    Eigen::MatrixXd slopes = Eigen::MatrixXd::Zero(n, n);
    Eigen::VectorXd differences(n);
    for (Eigen::Index i = 0; i < n; ++i) {
        const Row& row = rows_[static_cast<std::size_t>(i)];
        differences[i] = row.difference;
        for (const auto& [column, slope] : row.slopes) slopes(i, static_cast<Eigen::Index>(column)) = slope;
    }
    const Eigen::FullPivLU<Eigen::MatrixXd> factors(slopes);
    rows_.assign(variables_.size(), {});  // each step needs its equations again
    if (!factors.isInvertible()) throw Error(ErrorKind::Runtime, "indeterminate system: the equations do not determine all dependent variables").hint("execute every eqn statement before each solve()");
    const Eigen::VectorXd changes = factors.solve(differences);
    for (Eigen::Index i = 0; i < n; ++i) *variables_[static_cast<std::size_t>(i)].data() += changes[i];
    return differences.lpNorm<1>() + changes.lpNorm<1>();
}

void EquationSystem::clear() {
    variables_.clear();
    rows_.clear();
    ++generation_;
}

std::string EquationSystem::pattern() {
    forget_ended();
    std::string tens(4, ' '), ones(4, ' ');
    for (std::size_t i = 1; i <= variables_.size(); ++i) {
        if (i % 10 == 0) tens += std::string(i - 1 - (tens.size() - 4), ' ') + std::to_string(i / 10 % 10);
        ones += std::to_string(i % 10);
    }
    std::string text = "\n\n" + tens + "\n" + ones + "\n\n";
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        std::string line;
        for (const auto& [column, slope] : rows_[i].slopes)
            if (slope != 0) line += std::string(column - line.size(), ' ') + "*";
        text += fmt::format("{:3d} {}\n", i + 1, line);
    }
    return text;
}

}  // namespace nrn::hoc
