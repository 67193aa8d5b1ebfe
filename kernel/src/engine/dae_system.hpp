// SPDX-License-Identifier: BSD-3-Clause
// The whole model as F(t, y, y') = 0, for what has no explicit derivative: extracellular medium, linear circuits,
// nodes without capacitance. Unknowns: the membrane potential of every node; around nodes with a medium, the
// voltage across each of its layers; the circuits' own rows; states of mechanisms.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "engine/block_tree.hpp"
#include "engine/mechanism_states.hpp"
#include "engine/ode_system.hpp"

namespace nrn {

class CircuitSystem;
class Extracellular;

class ModelDae final : public CellSystem {
  public:
    ModelDae(Simulation& simulation, const std::map<std::string, double>& scales);

    [[nodiscard]] std::size_t size() const override { return size_; }
    [[nodiscard]] bool has_algebraic() const override { return true; }
    void gather(std::span<double> y) override;
    /// Derivatives of mechanisms' states; for voltages those of the last residual().
    bool rhs(double t, std::span<const double> y, std::span<double> dy) override;
    bool solve_linearised(double t, double gamma, std::span<const double> y, std::span<const double> fy, std::span<double> b) override;
    bool residual(double t, std::span<const double> y, std::span<const double> yp, std::span<double> out) override;
    bool solve_residual(double t, double per_ms, std::span<double> b) override;
    void differential(std::span<double> marks) override;
    void tolerances(double atol, std::span<double> abstol) override;
    [[nodiscard]] std::string state_name(std::size_t i) const override;

    void put(double t, std::span<const double> y) override;
    void begin_step(double t, double dt) override { mechanisms_.begin_step(t, dt); }
    void before_record() override { mechanisms_.run_blocks(NRN_BEFORE_STEP); }
    [[nodiscard]] bool reads_currents_between_steps() const override { return mechanisms_.reads_currents_between_steps(); }
    [[nodiscard]] std::int32_t begin() const override { return 0; }
    [[nodiscard]] std::int32_t end() const override { return n_node_; }

  private:
    void evaluate(double per_ms);       // membrane's rhs and d, and the tree for steps of 1/per_ms
    void charge(std::span<const double> yp, std::span<double> out) const;  // C y', by rows of the tree
    void keep_membrane_currents();
    [[nodiscard]] std::string scale_name(std::size_t i) const override;
    [[nodiscard]] double membrane_capacitance(std::size_t node) const;  // mA/cm2 per mV/ms
    /// Index in y of the voltage across layer k of the j-th node with a medium.
    [[nodiscard]] std::size_t layer_index(std::size_t j, std::size_t k) const { return nodes_ + j * layers_ + k; }

    Simulation& simulation_;
    Extracellular& medium_;
    CircuitSystem& circuits_;
    std::int32_t n_node_;
    std::size_t nodes_, width_ = 1, layers_ = 0, own_ = 0, first_own_ = 0, size_ = 0;
    std::vector<std::size_t> around_;   // nodes with a medium
    MechanismStates mechanisms_;
    BlockTree tree_;
    std::vector<double> membrane_slope_, membrane_rhs_;  // rhs and d of the nodes after the last evaluation
    std::vector<double> rows_, charge_, rate_;  // scratch, by rows of the tree; y' of the last residual
    std::vector<double> inside_;  // current into each node's inside other than by capacitors, mA/cm2, [n_node]
    std::map<std::string, double> scales_;
};

}  // namespace nrn
