// SPDX-License-Identifier: BSD-3-Clause
// Cells in pieces (ParallelContext.multisplit, splitcell): points of the same id are one point, wherever its pieces are.
//
// Each piece is eliminated by itself; a piece with k such points then behaves there as k conductances and sources, which
// are found by one more solution per point. All ranks solve the small system of those points, and correct their pieces.
// Source: M. Hines, H. Eichner & F. Schuermann, J. Comput. Neurosci. 25 (2008) 203-210, for the aim; here any number of
// points may lie on a piece.
#pragma once
#include <cstdint>
#include <vector>

#include "model/section.hpp"

namespace nrn {

class Runtime;
class Simulation;

class SplitCells {
  public:
    explicit SplitCells(Runtime& runtime) : runtime_(runtime) {}
    /// (section, x) is the point `id`. @throws Error(Value) when the section already has a point there
    void add(Section& section, double x, long id);
    /// From now on the pieces are one. Collective.
    void connect();
    void clear() noexcept;
    [[nodiscard]] bool active() const noexcept { return active_; }
    /// In place of the elimination of the trees: rhs holds the change of v. `factor`: how many of it v changes by.
    void solve(Simulation& simulation, double factor);

  private:
    struct Point { SectionPtr section; double x; long id; };
    struct Piece {
        std::vector<std::uint32_t> points;               // in points_
        std::vector<std::int32_t> rows, point_rows;      // nodes, parents first; those of the points
        std::vector<double> response;                    // [point][node] change of v for a unit current into the point
    };
    void find_pieces(Simulation& simulation);
    void respond(Simulation& simulation, Piece& piece);
    Runtime& runtime_;
    std::vector<Point> points_;
    std::vector<Piece> pieces_;
    std::uint64_t version_ = 0;
    bool active_ = false;
};

[[nodiscard]] SplitCells& split_cells(Runtime& runtime);

}  // namespace nrn
