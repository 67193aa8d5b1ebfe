// SPDX-License-Identifier: BSD-3-Clause
// Everything that evolves, as plain numbers: time, potentials, states, connections, events in flight.
#pragma once
#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include "events/network.hpp"

namespace nrn {

class MechanismType;
class Simulation;

/// The columns of a mechanism that evolve.
[[nodiscard]] std::vector<int> state_columns(const MechanismType& type);

class SavedState {
  public:
    /// Takes the present state.
    void save(Simulation& simulation);
    /// Puts it back. @throws Error(Value) when the model has another structure, naming what differs
    void restore(Simulation& simulation, bool with_events = true) const;
    [[nodiscard]] bool empty() const noexcept { return !taken_; }
    [[nodiscard]] double time() const noexcept { return t_; }

    void write(std::ostream& out) const;
    /// Does the text begin as a state that was written?
    [[nodiscard]] static bool begins(std::string_view text);
    void read(std::istream& in);  // @throws Error(Io) for a file of another kind

  private:
    struct Mechanism {
        std::string name;
        std::uint64_t rows = 0;
        std::vector<double> values;  // [columns kept][rows], rows by id
        std::vector<double> places;  // in their streams: [RANDOM variables][rows]
    };
    bool taken_ = false;  // also of a model without sections
    double t_ = 0;
    std::vector<double> nodes_;  // v, by id
    std::vector<Mechanism> mechanisms_;
    Network::Snapshot network_;
};

}  // namespace nrn
