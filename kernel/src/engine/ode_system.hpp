// SPDX-License-Identifier: BSD-3-Clause
// The model, or one cell of it, as dy/dt = f(t, y): voltages of nodes with capacitance, then states of
// mechanisms. Section ends and nodes without capacitance are algebraic: their voltage follows from current
// balance inside rhs() and solve_linearised().
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/cable_tree.hpp"
#include "engine/mechanism_states.hpp"
#include "nrn/api/callable.hpp"
#include "nrn/api/solver.hpp"

namespace nrn {

class Simulation;

/// Calls what CVode.extra_scatter_gather was given.
void call_scatter_gather(Simulation& simulation, const std::vector<CallablePtr>& list);

/// What VariableStepMethod asks of the equations of whole cells, beyond what a solver does.
class CellSystem : public OdeSystem {
  public:
    /// Are values transferred with every put()? Not where this rank alone does something.
    bool transfers = true;
    /// Puts y into the model, and what follows from it at once: algebraic voltages, concentrations, played values.
    virtual void put(double t, std::span<const double> y) = 0;
    /// Before the step that begins at t; the last one was of dt ms.
    virtual void begin_step(double t, double dt) = 0;
    /// Runs BEFORE STEP blocks: wherever values are recorded.
    virtual void before_record() = 0;
    /// Does what runs in these two look at currents?
    [[nodiscard]] virtual bool reads_currents_between_steps() const = 0;
    [[nodiscard]] virtual std::int32_t begin() const = 0;  // nodes [begin, end)
    [[nodiscard]] virtual std::int32_t end() const = 0;
    /// "v", "m_hh": what CVode.atolscale calls the state.
    [[nodiscard]] virtual std::string scale_name(std::size_t i) const = 0;
};

class ModelOde final : public CellSystem {
  public:
    /// Nodes [begin, end): whole cells. @throws Error naming a mechanism that cannot run under a variable step
    ModelOde(Simulation& simulation, std::int32_t begin, std::int32_t end, const std::map<std::string, double>& scales);

    [[nodiscard]] std::size_t size() const override { return size_; }
    void gather(std::span<double> y) override;
    bool rhs(double t, std::span<const double> y, std::span<double> dy) override;
    bool solve_linearised(double t, double gamma, std::span<const double> y, std::span<const double> fy, std::span<double> b) override;
    void tolerances(double atol, std::span<double> abstol) override;
    [[nodiscard]] std::string state_name(std::size_t i) const override;

    void put(double t, std::span<const double> y) override;
    void begin_step(double t, double dt) override { mechanisms_.begin_step(t, dt); }
    void before_record() override { mechanisms_.run_blocks(NRN_BEFORE_STEP); }
    [[nodiscard]] bool reads_currents_between_steps() const override { return mechanisms_.reads_currents_between_steps(); }
    [[nodiscard]] std::int32_t begin() const override { return begin_; }
    [[nodiscard]] std::int32_t end() const override { return end_; }
    [[nodiscard]] std::string scale_name(std::size_t i) const override;

  private:
    void evaluate_currents();
    void keep_membrane_currents();
    void store_membrane_currents();

    Simulation& simulation_;
    std::int32_t begin_, end_;
    MechanismStates mechanisms_;
    CableTree cable_;
    std::vector<double> conductance_;  // the membrane's, from the last evaluation, [end - begin]
    std::size_t size_ = 0;
    std::map<std::string, double> scales_;
};

}  // namespace nrn
