// SPDX-License-Identifier: BSD-3-Clause
// The states of mechanisms on a range of nodes as a stretch of a solver's vector: type by type, and within a
// type state by state, so that gathering and scattering copies whole columns.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "nrn/abi/mechanism.h"

namespace nrn {

class MechanismType;
class Simulation;

class MechanismStates {
  public:
    struct Rows {  // of one type, rows [begin, end)
        MechanismType* type;
        std::int32_t begin, end;
        std::size_t first;  // of its states in the vector
        [[nodiscard]] std::size_t count() const noexcept { return static_cast<std::size_t>(end - begin); }
    };
    /// Nodes [begin, end): whole cells. @throws Error naming a mechanism that cannot run under a variable step
    MechanismStates(Simulation& simulation, std::int32_t begin, std::int32_t end);
    /// The vector holds `first` other unknowns before these.
    void place(std::size_t first);

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] const std::vector<Rows>& rows() const noexcept { return rows_; }
    /// States that are concentrations are taken from their ions, where users set them.
    void gather(std::span<double> y);
    /// Also copies states that are concentrations to their ions.
    void scatter(std::span<const double> y);
    /// f of the states, after currents were evaluated.
    void derivatives(std::span<double> dy);
    /// x of (1 - gamma J) x = b, in place.
    void solve(double gamma, std::span<double> x);
    /// Where a step begins, the last one having been of dt ms: blocks solved after_cvode, and state blocks without
    /// differential equations.
    void begin_step(double t, double dt);
    /// Zeroes currents of ions, follows concentrations, and evaluates the currents of all mechanisms into rhs and
    /// d of the nodes, which are zeroed before.
    void currents();
    void run(const Rows& rows, nrn_kernel kernel);
    void run_blocks(int when);
    /// Do blocks that run between steps look at currents?
    [[nodiscard]] bool reads_currents_between_steps() const noexcept { return reads_currents_; }

    /// @pre state i is one of these
    [[nodiscard]] std::string name(std::size_t i) const;
    /// "m_hh", "ExpSyn.g", "cai": what CVode.atolscale calls the state.
    [[nodiscard]] std::string scale_name(std::size_t i) const;
    /// What STATE ... abstol of the mechanism says, or 1.
    [[nodiscard]] double tolerance_scale(std::size_t i) const;

  private:
    struct Found {
        const Rows& rows;
        int column;
        std::size_t row;
    };
    struct Concentration {  // a state of rows_[rows] that is a column of an ion
        std::size_t rows;
        int state_column, ion, ion_column;
    };
    [[nodiscard]] Found find(std::size_t i) const;
    void find_concentrations(std::size_t rows);
    Simulation& simulation_;
    std::int32_t begin_, end_;
    std::vector<Rows> rows_;
    std::vector<Concentration> concentrations_;
    std::size_t size_ = 0;
    bool reads_currents_ = false;
    std::uint32_t timed_ = 0;  // bit of each block time that some mechanism has
};

}  // namespace nrn
