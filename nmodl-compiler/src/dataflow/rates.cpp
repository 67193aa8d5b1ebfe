// SPDX-License-Identifier: BSD-3-Clause
// Mass action by graph: fluxes are added up per state and divided by its compartment.
#include "dataflow/rates.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include <fmt/format.h>

#include "algebra/differentiate.hpp"

namespace nrn::nmodl {
namespace {

class RateCollector {
  public:
    RateCollector(Trace& t, const Mechanism& m, bool conserve, bool slopes) : t_(t), g_(t.graph()), m_(m), conserve_(conserve), slopes_(slopes) {}

    Rates run(const Procedure& p, const std::function<void(bool)>& at_equation) {
        rates_.states = solved_states(m_, p);
        for (std::size_t i = 0; i < rates_.states.size(); ++i) {
            rate_.push_back(t_.declare(fmt::format("=rate{}", i)));
            slope_.push_back(t_.declare(fmt::format("=slope{}", i)));
            set_rate(static_cast<int>(i), g_.number(0));
            t_.write(slope_[i], g_.number(0));
        }
        rates_.conserved.assign(rates_.states.size(), 0);
        volume_.assign(rates_.states.size(), g_.number(1));
        const bool kinetic = p.kind == Procedure::Kind::Kinetic;
        if (kinetic) {
            forward_ = t_.declare("f_flux");
            backward_ = t_.declare("b_flux");
            compartments(p);
        }
        at_equation_ = at_equation ? &at_equation : nullptr;
        t_.equation = [&](const Stmt& s) {
            if (at_equation) at_equation(true);
            kinetic ? reaction(s) : derivative(s);
            if (at_equation) at_equation(false);
        };
        t_.run(p.body);
        t_.equation = nullptr;
        for (std::size_t i = 0; i < volume_.size(); ++i) {
            rates_.value.push_back(rates_.conserved[i] ? rate(static_cast<int>(i)) : g_.divide(rate(static_cast<int>(i)), volume_[i]));
            if (slopes_ && !kinetic) rates_.own_slope.push_back(unknown_slope_.contains(static_cast<int>(i)) ? NodeId{-1} : t_.read(slope_[i]));
        }
        return std::move(rates_);
    }

  private:
    int state_at(const std::string& key) const {
        for (std::size_t i = 0; i < rates_.states.size(); ++i)
            if (Trace::key(rates_.states[i].name, m_.variables.at(rates_.states[i].name).is_array, rates_.states[i].element) == key) return static_cast<int>(i);
        return -1;
    }
    // Rates are variables of the trace, so that an equation under a condition is one of two.
    NodeId rate(int i) { return t_.read(rate_[static_cast<std::size_t>(i)]); }
    void set_rate(int i, NodeId value) { t_.write(rate_[static_cast<std::size_t>(i)], value); }

    void compartments(const Procedure& p) {
        walk(p.body, [&](const Stmt& s) {
            if (s.kind != Stmt::Kind::Compartment) return;
            for (std::size_t i = 0; i < rates_.states.size(); ++i) {
                if (std::find(s.names.begin(), s.names.end(), rates_.states[i].name) == s.names.end()) continue;
                if (!s.name.empty()) t_.write(t_.declare(s.name), g_.number(rates_.states[i].element));
                volume_[i] = g_.value(t_.value(s.value));
            }
        });
    }

    void derivative(const Stmt& s) {
        if (s.kind != Stmt::Kind::DiffEq) throw NotAGraph{"an equation that is no derivative"};
        const int i = state_at(t_.place(s.target));
        if (i < 0) throw NotAGraph{"a derivative of what is no state"};
        set_rate(i, g_.value(t_.value(s.value)));
        if (!slopes_) return;
        const auto slope = differentiate(s.value, *s.target);
        if (slope) t_.write(slope_[static_cast<std::size_t>(i)], g_.value(t_.value(*slope)));
        else unknown_slope_.insert(i);
    }

    /// What a rate is computed from counts as the statements before it do.
    NodeId constant_of(const ExprPtr& e) {
        if (at_equation_) (*at_equation_)(false);
        const NodeId value = g_.value(t_.value(e));
        if (at_equation_) (*at_equation_)(true);
        return value;
    }

    NodeId flux(const ExprPtr& constant, const std::vector<Term>& side) {
        NodeId f = constant_of(constant);
        for (const Term& term : side)
            for (int i = 0; i < static_cast<int>(term.coefficient); ++i) f = g_.multiply(f, g_.value(t_.value(term.state)));
        return f;
    }

    void reaction(const Stmt& s) {
        if (s.kind == Stmt::Kind::Conserve) return conservation(s);
        if (s.kind != Stmt::Kind::Reaction) throw NotAGraph{"an equation in a KINETIC block"};
        if (s.arrow == Stmt::Arrow::Into) {
            const int i = state_at(t_.place(s.left[0].state));
            if (i < 0) throw NotAGraph{"a flux into what is no state"};
            set_rate(i, g_.add(rate(i), constant_of(s.forward)));
            t_.write(forward_, g_.number(0));
            t_.write(backward_, g_.number(0));
            return;
        }
        const NodeId forward = flux(s.forward, s.left), backward = s.arrow == Stmt::Arrow::Both ? flux(s.backward, s.right) : g_.number(0);
        t_.write(forward_, forward);
        t_.write(backward_, backward);
        const NodeId net = g_.subtract(forward, backward);
        for (const auto* side : {&s.left, &s.right})
            for (const Term& term : *side) {
                const auto known = m_.variables.find(term.state->text);
                if (known == m_.variables.end() || known->second.where != Variable::Where::Instance) continue;
                const int i = state_at(t_.place(term.state));
                if (i >= 0) set_rate(i, g_.add(rate(i), g_.multiply(g_.number(side == &s.left ? -term.coefficient : term.coefficient), net)));
            }
    }

    void conservation(const Stmt& s) {
        if (!conserve_) return;
        NodeId residual = g_.negate(g_.value(t_.value(s.value)));
        int last = -1;
        for (const Term& term : s.left) {
            const Variable& v = m_.variables.at(term.state->text);
            const bool whole = v.is_array && term.state->args.empty();
            for (int k = 0; k < (whole ? v.length : 1); ++k) {
                const std::string key = whole ? Trace::key(term.state->text, true, k) : t_.place(term.state);
                const int i = state_at(key);
                const NodeId volume = i >= 0 ? volume_[static_cast<std::size_t>(i)] : g_.number(1);
                residual = g_.add(residual, g_.multiply(g_.multiply(g_.number(term.coefficient), volume), t_.read(key)));
                last = i;
            }
        }
        if (last < 0) throw NotAGraph{"CONSERVE of what is no state"};
        set_rate(last, residual);
        rates_.conserved[static_cast<std::size_t>(last)] = 1;
    }

    Trace& t_;
    Graph& g_;
    const Mechanism& m_;
    bool conserve_, slopes_;
    const std::function<void(bool)>* at_equation_ = nullptr;  // while there is one
    Rates rates_;
    std::vector<NodeId> volume_;
    std::vector<std::string> rate_, slope_;  // keys of the trace
    std::set<int> unknown_slope_;
    std::string forward_, backward_;
};

}  // namespace

Rates rates_of(Trace& t, const Mechanism& m, const Procedure& p, bool conserve, const std::function<void(bool)>& at_equation, bool slopes) {
    return RateCollector(t, m, conserve, slopes).run(p, at_equation);
}

namespace {

/// Which unknown is eliminated when. Of large systems, always one that has fewest neighbours then: shells of a cell with
/// their buffers stay as sparse as they are written. Small ones are taken in their order.
std::vector<std::size_t> elimination_order(const Graph& g, const std::vector<std::vector<NodeId>>& a) {
    constexpr std::size_t small = 8;
    const std::size_t n = a.size();
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    if (n <= small) return order;
    std::vector<std::vector<char>> some(n, std::vector<char>(n));
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) some[i][j] = !g.is_number(a[i][j], 0);
    for (std::size_t step = 0; step < n; ++step) {
        std::size_t best = step, least = n * n;
        for (std::size_t candidate = step; candidate < n; ++candidate) {
            const std::size_t k = order[candidate];
            std::size_t row = 0, column = 0;
            for (std::size_t other = step; other < n; ++other) {
                row += some[k][order[other]] != 0;
                column += some[order[other]][k] != 0;
            }
            if (!some[k][k] || (row - 1) * (column - 1) >= least) continue;
            least = (row - 1) * (column - 1);
            best = candidate;
        }
        std::swap(order[step], order[best]);
        const std::size_t k = order[step];
        for (std::size_t i = step + 1; i < n; ++i)
            for (std::size_t j = step + 1; j < n; ++j)
                if (some[order[i]][k] && some[k][order[j]]) some[order[i]][order[j]] = 1;
    }
    return order;
}

}  // namespace

bool solve_linear(Graph& g, std::vector<std::vector<NodeId>>& a, std::vector<NodeId>& b, Elimination* steps) {
    const std::size_t n = b.size();
    std::vector<NodeId> inverse(n);
    const std::vector<std::size_t> order = elimination_order(g, a);
    for (std::size_t step = 0; step < n; ++step) {
        const std::size_t k = order[step];
        if (g.is_number(a[k][k], 0)) return false;
        inverse[k] = g.divide(g.number(1), a[k][k]);
        for (std::size_t later = step + 1; later < n; ++later) {
            const std::size_t i = order[later];
            if (g.is_number(a[i][k], 0)) continue;
            const NodeId factor = g.multiply(a[i][k], inverse[k]);
            if (steps) steps->factors.push_back(factor);
            for (std::size_t next = step + 1; next < n; ++next) {
                const std::size_t j = order[next];
                if (!g.is_number(a[k][j], 0)) a[i][j] = g.subtract(a[i][j], g.multiply(factor, a[k][j]));
            }
            b[i] = g.subtract(b[i], g.multiply(factor, b[k]));
        }
    }
    for (std::size_t step = n; step-- > 0;) {
        const std::size_t k = order[step];
        for (std::size_t later = step + 1; later < n; ++later) b[k] = g.subtract(b[k], g.multiply(a[k][order[later]], b[order[later]]));
        b[k] = g.multiply(b[k], inverse[k]);
    }
    if (steps) steps->inverses = std::move(inverse);
    return true;
}

}  // namespace nrn::nmodl
