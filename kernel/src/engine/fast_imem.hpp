// SPDX-License-Identifier: BSD-3-Clause
// i_membrane_: each node's total current through the membrane [nA], capacitive included, electrodes not.
#pragma once
#include <vector>

namespace nrn {

class Runtime;
class Simulation;

class MembraneCurrents {
  public:
    explicit MembraneCurrents(Runtime&) {}
    /// After currents were evaluated, before axial terms are added: what is the membrane's in rhs and d.
    void keep(Simulation& simulation, double per_ms);
    /// The change of v is in rhs: current at the end of the (half) step.
    void store(Simulation& simulation) const;
    /// finitialize: nothing has changed yet, so what comes along the axis and from electrodes leaves here.
    void start(Simulation& simulation);

  private:
    std::vector<double> current_, slope_;
};

MembraneCurrents& membrane_currents(Runtime& runtime);

}  // namespace nrn
