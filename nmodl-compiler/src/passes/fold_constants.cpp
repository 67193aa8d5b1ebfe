// SPDX-License-Identifier: BSD-3-Clause
// Sums, products and the like only: what a library function gives at run time may differ in its last bit.
#include "passes/fold_constants.hpp"

#include "passes/each_block.hpp"

namespace nrn::nmodl {
namespace {

class Folder {
  public:
    explicit Folder(const Mechanism& m) : m_(m) {}

    void block(Block& b, std::set<std::string> hidden) {
        for (Stmt& s : b) {
            if (s.kind == Stmt::Kind::Local) hidden.insert(s.names.begin(), s.names.end());
            std::set<std::string> inner = hidden;
            if (s.kind == Stmt::Kind::From || s.kind == Stmt::Kind::Compartment || s.kind == Stmt::Kind::Diffusion) inner.insert(s.name);
            if (s.kind == Stmt::Kind::ForNetcons) inner.insert(s.names.begin(), s.names.end());
            hidden_ = &inner;
            for (ExprPtr* e : {&s.value, &s.low, &s.high, &s.step, &s.forward, &s.backward}) fold(*e);
            for (ExprPtr& e : s.sizes) fold(e);
            if (s.kind == Stmt::Kind::LinearEq) fold(s.target);
            else if (s.target) index(s.target);
            for (auto* side : {&s.left, &s.right})
                for (Term& t : *side) index(t.state);
            block(s.body, inner);
            block(s.otherwise, inner);
        }
    }

  private:
    void index(ExprPtr& e) {
        if (e->args.empty()) return;
        auto copy = std::make_shared<Expr>(*e);
        for (auto& a : copy->args) fold(a);
        e = copy;
    }

    void fold(ExprPtr& e) {
        if (!e) return;
        if (e->kind == Expr::Kind::Name && e->args.empty() && !hidden_->contains(e->text)) {
            const auto v = m_.variables.find(e->text);
            if (v != m_.variables.end() && v->second.where == Variable::Where::Constant && !v->second.is_array) e = make_number(v->second.value, e->span);
            return;
        }
        if (e->args.empty() || (e->kind == Expr::Kind::Call && e->text == "nrn_pointing")) return;
        index(e);
        const auto is_number = [&](std::size_t i) { return e->args[i]->kind == Expr::Kind::Number; };
        const auto value = [&](std::size_t i) { return e->args[i]->number; };
        if (e->kind == Expr::Kind::Unary && e->text == "-" && is_number(0)) e = make_number(-value(0), e->span);
        if (e->kind != Expr::Kind::Binary || !is_number(0) || !is_number(1)) return;
        if (e->text == "+") e = make_number(value(0) + value(1), e->span);
        else if (e->text == "-") e = make_number(value(0) - value(1), e->span);
        else if (e->text == "*") e = make_number(value(0) * value(1), e->span);
        else if (e->text == "/" && value(1) != 0) e = make_number(value(0) / value(1), e->span);
    }

    const Mechanism& m_;
    const std::set<std::string>* hidden_ = nullptr;
};

}  // namespace

void fold_constants(Mechanism& mechanism, Diagnostics&) {
    Folder folder(mechanism);
    each_block(mechanism.program, [&](Block& b, const Procedure* q) {
        std::set<std::string> hidden;
        if (q) {
            hidden.insert(q->args.begin(), q->args.end());
            hidden.insert(q->name);
            hidden.insert("flag");
        }
        folder.block(b, std::move(hidden));
    });
}

}  // namespace nrn::nmodl
