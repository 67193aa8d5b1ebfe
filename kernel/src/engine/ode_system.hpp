// SPDX-License-Identifier: BSD-3-Clause
// The model, or one cell of it, as dy/dt = f(t, y): voltages of nodes with capacitance, then states of
// mechanisms instance by instance. Section ends and nodes without capacitance are algebraic: their voltage
// follows from current balance inside rhs() and solve_linearised().
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "nrn/abi/mechanism.h"
#include "nrn/api/solver.hpp"

namespace nrn {

class MechanismType;
class Simulation;

class ModelOde final : public OdeSystem {
  public:
    /// Nodes [begin, end): whole cells. @throws Error naming a mechanism that cannot run under a variable step
    ModelOde(Simulation& simulation, std::int32_t begin, std::int32_t end, const std::map<std::string, double>& scales);

    [[nodiscard]] std::size_t size() const override { return size_; }
    void gather(std::span<double> y) override;
    bool rhs(double t, std::span<const double> y, std::span<double> dy) override;
    bool solve_linearised(double t, double gamma, std::span<const double> y, std::span<const double> fy, std::span<double> b) override;
    void tolerances(double atol, std::span<double> abstol) override;
    [[nodiscard]] std::string state_name(std::size_t i) const override;

    /// Puts y into the model and computes what follows from it: algebraic voltages, concentrations, currents.
    void scatter(double t, std::span<const double> y);
    /// Once per accepted step of dt ms: blocks solved after_cvode, and state blocks without differential equations.
    void step_done(double t, double dt);
    [[nodiscard]] std::int32_t begin() const noexcept { return begin_; }
    [[nodiscard]] std::int32_t end() const noexcept { return end_; }
    /// "v", "m_hh": what CVode.atolscale calls the state.
    [[nodiscard]] std::string scale_name(std::size_t i) const;
    /// Where state i lives now.
    [[nodiscard]] double* place(std::size_t i) const;

  private:
    struct Rows {  // of one type, rows [begin, end)
        MechanismType* type;
        std::int32_t begin, end;
        std::size_t first;  // of its states in y
    };
    void run(const Rows& rows, nrn_kernel kernel);
    void run_blocks(int when);
    void currents();            // of membranes, into rhs, d and conductance_
    void add_axial_currents();
    void keep_membrane_currents();
    void store_membrane_currents();
    void solve_algebraic();
    void eliminate();
    [[nodiscard]] const Rows* rows_of_state(std::size_t i) const;

    Simulation& simulation_;
    std::int32_t begin_, end_;
    std::vector<Rows> rows_;
    std::vector<std::int32_t> voltages_;       // nodes with capacitance
    std::vector<std::uint8_t> algebraic_;      // [end - begin]
    bool any_algebraic_ = false, driven_algebraic_ = false;  // driven: mechanisms deliver current there
    std::vector<double> conductance_;          // membrane's, from the last evaluation, [end - begin]
    std::size_t size_ = 0;
    std::map<std::string, double> scales_;
};

}  // namespace nrn
