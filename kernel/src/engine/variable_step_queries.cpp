// SPDX-License-Identifier: BSD-3-Clause
// The state vector and counts of all cells' integrations together, as class CVode shows them.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/variable_step.hpp"
#include "nrn/api/error.hpp"

namespace nrn {

std::size_t VariableStepMethod::state_count() {
    prepare();
    std::size_t n = 0;
    for (const Cell& cell : cells_) n += cell.y.size();
    return n;
}

void VariableStepMethod::states(std::vector<double>& out) {
    prepare();
    out.clear();
    for (Cell& cell : cells_) {
        std::vector<double> y(cell.y.size());
        cell.system->gather(y);
        out.insert(out.end(), y.begin(), y.end());
    }
}

void VariableStepMethod::set_states(const std::vector<double>& y) {
    prepare();
    std::size_t at = 0;
    for (Cell& cell : cells_) {
        if (at + cell.y.size() > y.size())
            throw Error(ErrorKind::Value, fmt::format("there are {} states, not {}", state_count(), y.size()));
        const auto part = std::span(y).subspan(at, cell.y.size());
        cell.system->put(simulation_.t, part);
        (void)cell.system->rhs(simulation_.t, part, cell.dy);
        at += cell.y.size();
    }
}

void VariableStepMethod::evaluate(double t, const std::vector<double>& y, std::vector<double>& dy) {
    prepare();
    if (y.size() != state_count()) throw Error(ErrorKind::Value, fmt::format("there are {} states, not {}", state_count(), y.size()));
    dy.assign(y.size(), 0);
    std::size_t at = 0;
    for (Cell& cell : cells_) {
        (void)cell.system->rhs(t, std::span(y).subspan(at, cell.y.size()), std::span(dy).subspan(at, cell.y.size()));
        at += cell.y.size();
    }
}

void VariableStepMethod::derivatives(std::vector<double>& out) {
    std::vector<double> y;
    states(y);
    evaluate(simulation_.t, y, out);
}

void VariableStepMethod::errors(std::vector<double>& out) {
    out.assign(state_count(), 0);
    std::size_t at = 0;
    for (Cell& cell : cells_) {
        if (cell.integration) cell.integration->errors(std::span(out).subspan(at, cell.y.size()));
        at += cell.y.size();
    }
}

void VariableStepMethod::weights(std::vector<double>& out) {
    out.assign(state_count(), 0);
    std::size_t at = 0;
    for (Cell& cell : cells_) {
        if (cell.integration) cell.integration->weights(std::span(out).subspan(at, cell.y.size()));
        at += cell.y.size();
    }
}

std::string VariableStepMethod::state_name(std::size_t i) {
    if (i >= state_count()) throw Error(ErrorKind::Index, fmt::format("there are {} states; there is no state {}", state_count(), i));
    for (const Cell& cell : cells_) {
        if (i < cell.y.size()) return cell.system->state_name(i);
        i -= cell.y.size();
    }
    return {};
}

std::string VariableStepMethod::state_base_name(std::size_t i) {
    if (i >= state_count()) throw Error(ErrorKind::Index, fmt::format("there are {} states; there is no state {}", state_count(), i));
    for (const Cell& cell : cells_) {
        if (i < cell.y.size()) return cell.system->scale_name(i);
        i -= cell.y.size();
    }
    return {};
}

void VariableStepMethod::watch_magnitudes(bool on) {
    watches_magnitudes_ = on;
    for (Cell& cell : cells_) {
        cell.largest.clear();
        cell.largest_error.clear();
    }
}

void VariableStepMethod::keep_magnitudes(Cell& cell) {
    const std::size_t n = cell.y.size();
    cell.largest.resize(n);
    cell.largest_error.resize(n);
    cell.integration->errors(cell.dy);
    for (std::size_t i = 0; i < n; ++i) {
        cell.largest[i] = std::max(cell.largest[i], std::fabs(cell.y[i]));
        cell.largest_error[i] = std::max(cell.largest_error[i], std::fabs(cell.dy[i]));
    }
}

void VariableStepMethod::magnitudes(std::vector<double>& states, std::vector<double>& errors) {
    states.clear();
    errors.clear();
    if (!watches_magnitudes_) return;
    prepare();
    for (const Cell& cell : cells_) {
        states.insert(states.end(), cell.largest.begin(), cell.largest.end());
        errors.insert(errors.end(), cell.largest_error.begin(), cell.largest_error.end());
        states.resize(states.size() + cell.y.size() - cell.largest.size());
        errors.resize(states.size());
    }
}

SolverStatistics VariableStepMethod::statistics() {
    SolverStatistics sum;
    for (const Cell& cell : cells_) {
        if (!cell.integration) continue;
        const auto s = cell.integration->statistics();
        sum.steps += s.steps;
        sum.rhs_calls += s.rhs_calls;
        sum.linear_solves += s.linear_solves;
        sum.error_test_failures += s.error_test_failures;
        sum.nonlinear_iterations += s.nonlinear_iterations;
        sum.order = std::max(sum.order, s.order);
    }
    return sum;
}

long VariableStepMethod::order(std::size_t i) {
    prepare();
    if (i >= cells_.size()) throw Error(ErrorKind::Index, fmt::format("CVode.order: there are {} integrations; there is no number {}", cells_.size(), i));
    return cells_[i].integration ? cells_[i].integration->statistics().order : 0;
}

std::size_t VariableStepMethod::cell_count() {
    prepare();
    return cells_.size();
}

}  // namespace nrn
