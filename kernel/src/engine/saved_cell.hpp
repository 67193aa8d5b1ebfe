// SPDX-License-Identifier: BSD-3-Clause
// The evolving state of single cells as text, by gid, so that it can be restored where the cells are spread
// over other ranks: what class BBSaveState keeps. Parameters and structure are the script's business.
#pragma once
#include <iosfwd>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "events/network.hpp"

namespace nrn {

class Simulation;

/// Words of a text that CellState wrote. @throws Error(Io) naming the file, the line and what was expected
class CellStateReader {
  public:
    CellStateReader(std::istream& in, std::string file) : in_(in), file_(std::move(file)) {}
    std::string word(const char* expected);
    double number(const char* expected);
    long count(const char* expected);
    void expect(const char* keyword);
    [[noreturn]] void fail(const std::string& why) const;

  private:
    std::istream& in_;
    std::string file_;
    long line_ = 1;
};

class CellState {
  public:
    CellState(Simulation& simulation, const std::set<const PointProcess*>& ignored);

    /// A tree of sections or an artificial cell.
    struct Cell {
        long gid = -1;  // -1: none
        Section* root = nullptr;
        PointProcess* artificial = nullptr;
    };
    /// Cells of this rank: those with gids in their order, then the others in order of creation.
    [[nodiscard]] const std::vector<Cell>& cells() const noexcept { return cells_; }
    [[nodiscard]] const Cell* find(long gid) const;

    /// `with_sources`: artificial cells without gid go with the connections that they drive.
    void write(std::ostream& out, const Cell& cell, bool with_sources) const;
    /// Puts the state back; events wait until put_events().
    void read(CellStateReader& in, const Cell& cell);
    /// After the last read(): the events that were in flight, those of all cells together.
    void put_events();

    void write_all(std::ostream& out) const;  // time and every cell
    void read_all(CellStateReader& in);
    void set_time(double t);

  private:
    struct Restored {
        Network::InFlight event;
        long order;
    };
    [[nodiscard]] std::vector<NetCon*> connections_to(const PointProcess& target) const;
    void write_instance(std::ostream& out, MechanismType& type, RowId row) const;
    void read_instance(CellStateReader& in, MechanismType& type, RowId row);
    void write_point(std::ostream& out, PointProcess& p, bool with_sources) const;
    void read_point(CellStateReader& in, PointProcess& p);
    void write_connection(std::ostream& out, const NetCon& c, long ordinal, bool with_sources) const;
    void read_connection(CellStateReader& in, PointProcess& target);
    void write_extra(std::ostream& out, MechanismType& type, RowId row) const;
    void read_extra(CellStateReader& in, MechanismType& type, RowId row);
    [[nodiscard]] bool kept(const PointProcess* p) const { return !ignored_.contains(p); }

    Simulation& simulation_;
    const std::set<const PointProcess*>& ignored_;
    std::vector<Cell> cells_;
    std::multimap<const PointProcess*, NetCon*> connections_;
    std::vector<Network::InFlight> in_flight_;
    std::vector<Restored> restored_;
    std::set<const PointProcess*> done_;  // artificial sources whose state was read
};

}  // namespace nrn
