// SPDX-License-Identifier: BSD-3-Clause
// Runs blocks on a graph: procedures are put in place, branches become selections, loops with known bounds are
// written out. What cannot be a graph (side effects, loops that depend on data) throws NotAGraph.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "dataflow/graph.hpp"
#include "symbols.hpp"

namespace nrn::nmodl {

struct NotAGraph { std::string reason; };

class Trace {
  public:
    /// @param tables whether procedures with TABLE look their values up (usetable is 1)
    Trace(Graph& graph, const Mechanism& mechanism, bool tables) : g_(graph), m_(mechanism), tables_(tables) { frames_.emplace_back(1); }

    void run(const Block& block);
    NodeId value(const ExprPtr& e);
    NodeId call(const Procedure& p, const std::vector<NodeId>& args);
    /// A variable of the mechanism; `key` is its name or name[element].
    NodeId read(const std::string& key);
    void write(const std::string& key, NodeId value) { values_[key] = value; }
    /// Variables of the mechanism that were written.
    [[nodiscard]] std::map<std::string, NodeId> written() const;
    /// A new local of the innermost scope; @returns its key.
    std::string declare(const std::string& name);
    /// The key of an lvalue.
    std::string place(const ExprPtr& target);
    static std::string key(const std::string& name, bool is_array, int element) { return is_array ? name + "[" + std::to_string(element) + "]" : name; }

    /// DiffEq and other equations; SOLVE.
    std::function<void(const Stmt&)> equation, solve;
    Graph& graph() { return g_; }
    /// Whether POINTERs are read. They may lead to what the kernel writes for another instance: only where instances are
    /// taken one after the other.
    bool pointers = false;

  private:
    void statement(const Stmt& s);
    void branch(const Stmt& s);
    void loop(const Stmt& s);
    NodeId name(const Expr& e);
    NodeId function(const Expr& e);
    NodeId start_value(const std::string& key);
    NodeId tabulated(const Procedure& p, const Stmt& table, const std::vector<NodeId>& args);
    const std::string* local(const std::string& name) const;
    int index(const ExprPtr& e);
    std::string own_voltage();
    [[nodiscard]] std::optional<NodeId> written_voltage() const;
    using Scope = std::map<std::string, std::string>;  // name of a local -> its key
    Graph& g_;
    const Mechanism& m_;
    bool tables_;
    std::map<std::string, NodeId> values_;
    std::vector<std::vector<Scope>> frames_;
    std::map<std::string, int> local_arrays_;  // key -> length
    int fresh_ = 0, depth_ = 0;
};

/// The element that a key name[element] means; 0 without an index.
int element_of_key(const std::string& key);
std::string name_of_key(const std::string& key);

}  // namespace nrn::nmodl
