// SPDX-License-Identifier: BSD-3-Clause
// Ranks that take the same steps. Where values are transferred continuously (gap junctions), the cells of all ranks
// are one system: its error norms are over all ranks, an event on one of them interrupts the step on all, and what
// begins anew on one does so on all. Every call of transfer_values() is made by all ranks at the same place; what a
// rank does alone (a callback, a recorded current) uses the values transferred last, which are those of that time.
#include <algorithm>
#include <array>

#include "engine/variable_step.hpp"
#include "nrn/api/communicator.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {

bool VariableStepMethod::ranks_step_together() {
    return (simulation_.transfer_values || settings_.parallel) && simulation_.runtime().communicator().size() > 1;
}

double VariableStepMethod::smallest(double x) {
    if (together_) simulation_.runtime().communicator().allreduce(std::span<double>(&x, 1), Communicator::Op::Min);
    return x;
}

double VariableStepMethod::meet() {
    const double next = simulation_.network().queue().next_time();
    if (!together_) return next;
    Cell& cell = cells_.front();
    const auto unless = [](bool flag) { return flag ? 0.0 : 1.0; };
    std::array<double, 5> all{next, unless(cell.restart), cell.tn, unless(stop_ || simulation_.stop_requested != 0), unless(algebraic_)};
    simulation_.runtime().communicator().allreduce(std::span<double>(all), Communicator::Op::Min);
    if (all[4] == 0 && !algebraic_) {
        others_are_algebraic_ = stale_ = true;
        prepare();
    }
    if (all[1] == 0 && !cells_.front().restart) retreat(cells_.front(), all[2]);
    if (all[3] == 0) stop_ = true;
    return all[0];
}

void VariableStepMethod::transfer_at(double t) {
    if (!together_) return;
    Cell& cell = cells_.front();
    if (cell.restart || !cell.integration) {  // the model holds the state
        if (simulation_.transfer_values) simulation_.transfer_values();
        return;
    }
    const Together all(*cell.system);
    cell.shown = t;
    cell.complete = false;
    cell.integration->interpolate(std::clamp(t, cell.t0, cell.tn), cell.y);
    cell.system->put(t, cell.y);
}

}  // namespace nrn
