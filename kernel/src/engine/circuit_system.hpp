// SPDX-License-Identifier: BSD-3-Clause
// Linear circuits that users add to the cable: solved with it as one sparse system. Without any, the engine
// uses Hines elimination and this does nothing.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "model/section.hpp"

namespace nrn {

class Runtime;
class Simulation;

/// C y' + G y = b, where the first rows are nodes: their equations are added to the nodes' own.
/// Units for node rows: G in S/cm2, C in mF/cm2, b in mA/cm2.
class LinearCircuit {
  public:
    struct Place {
        SectionPtr section;
        double x = 0.5;
    };
    virtual ~LinearCircuit() = default;
    /// Called before the matrices are read, at every step.
    virtual void before_step() = 0;
    [[nodiscard]] virtual std::size_t size() const = 0;
    [[nodiscard]] virtual double capacitance(std::size_t i, std::size_t j) const = 0;
    [[nodiscard]] virtual double conductance(std::size_t i, std::size_t j) const = 0;
    [[nodiscard]] virtual double source(std::size_t i) const = 0;
    [[nodiscard]] virtual double start(std::size_t i) const = 0;
    virtual double& state(std::size_t i) = 0;
    std::vector<Place> places;
};

class CircuitSystem {
  public:
    explicit CircuitSystem(Runtime& runtime);
    ~CircuitSystem();
    void add(LinearCircuit& circuit);
    void remove(LinearCircuit& circuit) noexcept;
    [[nodiscard]] bool active() const noexcept { return !circuits_.empty(); }
    /// finitialize: nodes' rows from v, the others at their start.
    void initialize();
    /// In place of axial terms, capacitance and elimination. Expects rhs and d of membrane and electrodes; leaves
    /// the change of v in rhs. @param per_ms 1/dt
    void solve(Simulation& simulation, double per_ms);

  private:
    struct Matrix;
    void read_nodes(LinearCircuit& circuit);
    Runtime& runtime_;
    std::vector<LinearCircuit*> circuits_;
    std::vector<std::vector<std::int32_t>> unknowns_;  // of each circuit's rows
    std::unique_ptr<Matrix> matrix_;
};

/// The circuits of this simulator.
CircuitSystem& circuits(Runtime& runtime);

}  // namespace nrn
