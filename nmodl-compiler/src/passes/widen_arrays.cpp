// SPDX-License-Identifier: BSD-3-Clause
// Indices that are known here: numbers, names of DEFINE, and the index of a FROM loop between such bounds.
#include "passes/widen_arrays.hpp"

#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "passes/each_block.hpp"

namespace nrn::nmodl {
namespace {

class Indices {
  public:
    Indices(Program& p, Diagnostics& d) : p_(p), d_(d) {
        for (auto& declared : p.declarations)
            if (declared.is_array) arrays_[declared.name] = &declared;
    }

    void run() {
        if (arrays_.empty()) return;
        each_block(p_, [&](Block& b, const Procedure* q) {
            own_.clear();
            if (q) own_.insert(q->args.begin(), q->args.end());
            block(b);
        });
    }

  private:
    /// The greatest value that an index takes.
    std::optional<double> greatest(const ExprPtr& e) const {
        if (!e) return std::nullopt;
        if (e->kind == Expr::Kind::Number) return e->number;
        if (e->kind != Expr::Kind::Name || !e->args.empty()) return std::nullopt;
        if (const auto loop = loops_.find(e->text); loop != loops_.end()) return loop->second;
        const auto defined = p_.defines.find(e->text);
        return defined == p_.defines.end() || own_.contains(e->text) ? std::nullopt : std::optional(defined->second);
    }

    void expression(const ExprPtr& e) {
        if (!e) return;
        for (const auto& a : e->args) expression(a);
        if (e->kind != Expr::Kind::Name || e->args.size() != 1 || own_.contains(e->text)) return;
        const auto array = arrays_.find(e->text);
        if (array == arrays_.end()) return;
        Declaration& declared = *array->second;
        if (const auto index = greatest(e->args[0]); !index || *index != declared.length) return;
        if (!widened_.insert(e->text).second) return;
        d_.warning(e->span, fmt::format("`{}` has elements 0 to {}, and {} is used: it gets one element more (declare {}[{}])", e->text, declared.length - 1, declared.length, e->text, declared.length + 1));
        ++declared.length;
    }

    void block(const Block& b) {
        for (const Stmt& s : b) {
            if (s.kind == Stmt::Kind::Local) own_.insert(s.names.begin(), s.names.end());
            // A state that is solved for is what its equations say.
            if (s.kind == Stmt::Kind::DiffEq || s.kind == Stmt::Kind::Reaction || s.kind == Stmt::Kind::Conserve || s.kind == Stmt::Kind::LinearEq) continue;
            for (const auto& e : {s.target, s.value, s.low, s.high, s.step}) expression(e);
            const auto before = loops_;
            if (s.kind == Stmt::Kind::From) {
                loops_.erase(s.name);
                if (const auto last = greatest(s.high); last && greatest(s.low)) loops_[s.name] = *last;
            }
            block(s.body);
            block(s.otherwise);
            loops_ = before;
        }
    }

    Program& p_;
    Diagnostics& d_;
    std::map<std::string, Declaration*> arrays_;
    std::map<std::string, double> loops_;  // last value of the index of each loop around
    std::set<std::string> own_, widened_;  // arguments and LOCALs of the block; arrays that have grown
};

}  // namespace

void widen_arrays(Mechanism& mechanism, Diagnostics& diagnostics) { Indices(mechanism.program, diagnostics).run(); }

}  // namespace nrn::nmodl
