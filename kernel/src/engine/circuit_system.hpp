// SPDX-License-Identifier: BSD-3-Clause
// Linear circuits that users add to the cable: solved with it as one sparse system. Without any, the engine
// uses Hines elimination and this does nothing.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/block_tree.hpp"
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
        int layer = 0;  // 0: inside (v, or v + vext[0] where there is a medium); k: vext[k - 1]
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
    /// the change of v in rhs, and vext advanced. @param per_ms 1/dt
    void solve(Simulation& simulation, double per_ms);

    // ---- parts, for a variable step -------------------------------------------------------------------
    [[nodiscard]] const std::vector<LinearCircuit*>& circuits() const noexcept { return circuits_; }
    /// Calls the circuits' callbacks, takes the potentials of nodes into their states, and counts the unknowns:
    /// those of the tree, then the circuits' own rows.
    void prepare(Simulation& simulation, int width);
    /// Index of each row's unknown, for circuit c: node * width + layer, or beyond the tree's.
    [[nodiscard]] const std::vector<std::int32_t>& unknowns(std::size_t c) const { return unknowns_[c]; }
    [[nodiscard]] std::size_t own_unknowns() const noexcept { return own_; }
    /// x = (tree + per_ms C + G)^-1 b; b is of the tree's unknowns, then the circuits' own.
    void solve_with(BlockTree& tree, double per_ms, std::span<double> b);

  private:
    struct Matrix;
    Runtime& runtime_;
    std::vector<LinearCircuit*> circuits_;
    std::vector<std::vector<std::int32_t>> unknowns_;  // of each circuit's rows
    std::size_t own_ = 0;
    BlockTree tree_;
    std::unique_ptr<Matrix> matrix_;
};

/// The circuits of this simulator.
CircuitSystem& circuits(Runtime& runtime);
/// The cable without any medium as a tree of width 1.
void assemble_cable(Simulation& simulation, double per_ms, BlockTree& tree);

}  // namespace nrn
