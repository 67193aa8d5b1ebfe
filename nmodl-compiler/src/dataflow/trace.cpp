// SPDX-License-Identifier: BSD-3-Clause
// Statements and expressions of NMODL, run on a graph.
#include "dataflow/trace.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace nrn::nmodl {
namespace {

constexpr std::string_view kOwnVoltage = "%v";  // no other local's key begins so
constexpr int kMostNodes = 6000;  // more than that does not fit a function that compiles in reasonable time

const std::set<std::string> kPure{"exp", "log", "log10", "pow", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh",
                                  "fabs", "floor", "ceil", "fmod", "erf", "erfc", "exprelr", "min", "max"};

}  // namespace

int element_of_key(const std::string& key) {
    const auto open = key.find('[');
    return open == std::string::npos ? 0 : std::atoi(key.c_str() + open + 1);
}
std::string name_of_key(const std::string& key) { return key.substr(0, key.find('[')); }

const std::string* Trace::local(const std::string& name) const {
    const auto& frame = frames_.back();
    for (auto s = frame.rbegin(); s != frame.rend(); ++s)
        if (const auto found = s->find(name); found != s->end()) return &found->second;
    return nullptr;
}

int Trace::index(const ExprPtr& e) {
    const NodeId n = value(e);
    if (g_[n].op != Op::Number) throw NotAGraph{"an index depends on data"};
    if (!(g_[n].number > -1e6 && g_[n].number < 1e6)) throw NotAGraph{"an index is out of range"};
    return static_cast<int>(g_[n].number);
}

NodeId Trace::start_value(const std::string& key) {
    const Variable& v = m_.variables.at(name_of_key(key));
    const int element = element_of_key(key);
    if (element < 0 || element >= v.length) throw NotAGraph{"an index is out of range"};
    switch (v.where) {
    case Variable::Where::Instance: return g_.leaf({LeafPlace::Kind::Column, v.column + element, 0});
    case Variable::Where::Global: return g_.leaf({LeafPlace::Kind::Global, v.column + element, 0});
    case Variable::Where::Ion: return g_.leaf({LeafPlace::Kind::Ion, v.ion, v.column});
    case Variable::Where::Constant: return g_.number(v.value);
    case Variable::Where::Pointer:
        if (pointers && v.slot == Variable::Slot::Pointer) return g_.leaf({LeafPlace::Kind::Pointer, v.column, 0});
        [[fallthrough]];
    default: throw NotAGraph{fmt::format("`{}` is reached through a pointer", name_of_key(key))};
    }
}

NodeId Trace::read(const std::string& key) {
    const auto found = values_.find(key);
    if (found != values_.end()) return found->second;
    return start_value(key);
}

std::string Trace::declare(const std::string& name) {
    if (frames_.back().empty()) frames_.back().emplace_back();
    std::string own = fmt::format("%{}.{}", fresh_++, name);
    frames_.back().back()[name] = own;
    return own;
}

std::map<std::string, NodeId> Trace::written() const {
    std::map<std::string, NodeId> result;
    for (const auto& [key, node] : values_)
        if (key[0] != '%') result.emplace(key, node);
    return result;
}

NodeId Trace::name(const Expr& e) {
    if (const std::string* own = local(e.text)) {
        const auto array = local_arrays_.find(*own);
        std::string key = *own;
        if (array != local_arrays_.end()) {
            const int i = e.args.empty() ? 0 : index(e.args[0]);
            if (i < 0 || i >= array->second) throw NotAGraph{"an index is out of range"};
            key = fmt::format("{}[{}]", *own, i);
        }
        const auto found = values_.find(key);
        return found == values_.end() ? g_.number(0) : found->second;
    }
    static const std::map<std::string, LeafPlace::Kind> fixed{{"v", LeafPlace::Kind::Voltage}, {"t", LeafPlace::Kind::Time}, {"dt", LeafPlace::Kind::Step},
        {"celsius", LeafPlace::Kind::Celsius}, {"secondorder", LeafPlace::Kind::SecondOrder}, {"diam", LeafPlace::Kind::Diameter}, {"area", LeafPlace::Kind::Area}};
    if (const auto f = fixed.find(e.text); f != fixed.end()) return g_.leaf({f->second, 0, 0});
    const auto found = m_.variables.find(e.text);
    if (found == m_.variables.end()) {
        if (e.text == "pi") return g_.number(3.14159265358979323846);
        throw NotAGraph{fmt::format("`{}` is not known here", e.text)};
    }
    const Variable& v = found->second;
    return read(key(e.text, v.is_array, v.is_array && !e.args.empty() ? index(e.args[0]) : 0));
}

/// Published channels step aside of a singular v: each block and procedure has a voltage of its own to write.
std::string Trace::own_voltage() {
    auto& frame = frames_.back();
    std::string own = fmt::format("{}{}", kOwnVoltage, fresh_++);
    values_[own] = g_.leaf({LeafPlace::Kind::Voltage, 0, 0});
    frame.front()["v"] = own;
    return own;
}

/// What the innermost block that wrote v gave it; an argument called v is another thing.
std::optional<NodeId> Trace::written_voltage() const {
    for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame) {
        const auto v = frame->front().find("v");
        if (v == frame->front().end() || !v->second.starts_with(kOwnVoltage)) continue;
        const auto value = values_.find(v->second);
        return value == values_.end() ? std::nullopt : std::optional(value->second);
    }
    return {};
}

std::string Trace::place(const ExprPtr& target) {
    if (target->kind != Expr::Kind::Name) throw NotAGraph{"the left side is no variable"};
    if (const std::string* own = local(target->text)) {
        const auto array = local_arrays_.find(*own);
        if (array == local_arrays_.end()) return *own;
        const int i = target->args.empty() ? 0 : index(target->args[0]);
        if (i < 0 || i >= array->second) throw NotAGraph{"an index is out of range"};
        return fmt::format("{}[{}]", *own, i);
    }
    if (target->text == "v") return own_voltage();
    const auto found = m_.variables.find(target->text);
    if (found == m_.variables.end()) throw NotAGraph{fmt::format("`{}` cannot be written here", target->text)};
    const Variable& v = found->second;
    if (v.where != Variable::Where::Instance && v.where != Variable::Where::Global) throw NotAGraph{fmt::format("`{}` cannot be written here", target->text)};
    const int element = v.is_array && !target->args.empty() ? index(target->args[0]) : 0;
    if (element < 0 || element >= v.length) throw NotAGraph{"an index is out of range"};
    return key(target->text, v.is_array, element);
}

NodeId Trace::value(const ExprPtr& e) {
    if (g_.size() > kMostNodes) throw NotAGraph{"the block is too long"};
    switch (e->kind) {
    case Expr::Kind::Number: return g_.number(e->number);
    case Expr::Kind::String: throw NotAGraph{"a string"};
    case Expr::Kind::Name: return name(*e);
    case Expr::Kind::Unary: {
        const NodeId a = value(e->args[0]);
        if (e->text == "-") return g_.negate(g_.value(a));
        if (e->text == "!") return g_.opposite(a);
        if (e->text == "+") return a;
        throw NotAGraph{"the operator " + e->text};
    }
    case Expr::Kind::Binary: {
        const NodeId x = value(e->args[0]), y = value(e->args[1]);
        const std::string& op = e->text;
        if (op == "&&") return g_.both(x, y);
        if (op == "||") return g_.either(x, y);
        const NodeId a = g_.value(x), b = g_.value(y);
        if (op == "+") return g_.add(a, b);
        if (op == "-") return g_.subtract(a, b);
        if (op == "*") return g_.multiply(a, b);
        if (op == "/") return g_.divide(a, b);
        if (op == "^") return g_.power(a, b);
        if (op == "<") return g_.less(a, b);
        if (op == ">") return g_.less(b, a);
        if (op == "<=") return g_.less_equal(a, b);
        if (op == ">=") return g_.less_equal(b, a);
        if (op == "==") return g_.equal(a, b);
        if (op == "!=") return g_.opposite(g_.equal(a, b));
        throw NotAGraph{"the operator " + op};
    }
    case Expr::Kind::Call: return function(*e);
    }
    throw NotAGraph{"an expression"};
}

NodeId Trace::function(const Expr& e) {
    std::vector<NodeId> args;
    if (const auto own = m_.procedures.find(e.text); own != m_.procedures.end()) {
        const Procedure& p = *own->second;
        if (p.kind != Procedure::Kind::Function && p.kind != Procedure::Kind::Procedure) throw NotAGraph{fmt::format("`{}` is called", e.text)};
        for (const auto& a : e.args) args.push_back(g_.value(value(a)));
        return call(p, args);
    }
    const std::string text = e.text == "abs" ? "fabs" : e.text;
    if (!kPure.contains(text)) throw NotAGraph{fmt::format("`{}` is called", e.text)};
    for (const auto& a : e.args) args.push_back(g_.value(value(a)));
    if (args.empty() || args.size() > 2) throw NotAGraph{fmt::format("arguments of `{}`", e.text)};
    const NodeId a = args[0];
    if (args.size() == 2) {
        if (text == "pow") return g_.power(a, args[1]);
        if (text == "min" || text == "max" || text == "atan2" || text == "fmod") return g_.call(text, args);
        throw NotAGraph{fmt::format("arguments of `{}`", e.text)};
    }
    if (text == "exprelr")
        return g_.select(g_.less(g_.call("fabs", {a}), g_.number(1e-8)), g_.subtract(g_.number(1), g_.multiply(g_.number(0.5), a)),
                         g_.divide(a, g_.subtract(g_.call("exp", {a}), g_.number(1))));
    if (text == "pow" || text == "min" || text == "max" || text == "atan2" || text == "fmod") throw NotAGraph{fmt::format("arguments of `{}`", e.text)};
    return g_.call(text, args);
}

NodeId Trace::tabulated(const Procedure& p, const Stmt& table, const std::vector<NodeId>& args) {
    const NodeId x = args.empty() ? g_.number(0) : args[0];
    if (p.kind == Procedure::Kind::Function) return g_.table(p.name, x, 0);
    int column = 0;
    for (const auto& n : table.names) {
        const Variable& v = m_.variables.at(n);
        for (int i = 0; i < v.length; ++i) write(key(n, v.is_array, i), g_.table(p.name, x, column++));
    }
    return g_.number(0);
}

NodeId Trace::call(const Procedure& p, const std::vector<NodeId>& args) {
    if (++depth_ > 20) throw NotAGraph{fmt::format("`{}` calls itself", p.name)};
    if (tables_)
        for (const Stmt& s : p.body)
            if (s.kind == Stmt::Kind::Table) {
                --depth_;
                return tabulated(p, s, args);
            }
    Scope scope;
    const int id = fresh_++;
    for (std::size_t i = 0; i < p.args.size(); ++i) {
        const std::string own = fmt::format("%{}.{}", id, p.args[i]);
        scope[p.args[i]] = own;
        values_[own] = i < args.size() ? args[i] : g_.number(0);
    }
    if (const auto written = written_voltage(); written && !scope.contains("v")) {  // it begins with the voltage of its caller
        scope["v"] = fmt::format("{}{}", kOwnVoltage, fresh_++);
        values_[scope["v"]] = *written;
    }
    const std::string result = fmt::format("%{}.={}", id, p.name);
    if (p.kind == Procedure::Kind::Function) scope[p.name] = result;
    values_[result] = g_.number(0);
    frames_.push_back({std::move(scope)});
    run(p.body);
    frames_.pop_back();
    --depth_;
    return g_.value(values_.at(result));
}

void Trace::run(const Block& block) {
    frames_.back().emplace_back();
    for (const Stmt& s : block) statement(s);
    frames_.back().pop_back();
}

void Trace::branch(const Stmt& s) {
    const NodeId condition = g_.truth(value(s.value));
    if (const auto known = g_.known(condition)) return run(*known ? s.body : s.otherwise);
    const auto before = values_;
    run(s.body);
    const auto yes = std::exchange(values_, before);
    run(s.otherwise);
    const auto no = std::exchange(values_, before);
    const auto of = [&](const std::map<std::string, NodeId>& m, const std::string& key) {
        const auto found = m.find(key);
        if (found != m.end()) return found->second;
        if (key.starts_with(kOwnVoltage)) return g_.leaf({LeafPlace::Kind::Voltage, 0, 0});
        return key[0] == '%' ? g_.number(0) : start_value(key);
    };
    std::set<std::string> keys;
    for (const auto* m : {&yes, &no})
        for (const auto& [key, node] : *m) keys.insert(key);
    for (const auto& key : keys) values_[key] = g_.select(condition, of(yes, key), of(no, key));
}

void Trace::loop(const Stmt& s) {
    const int low = index(s.low), high = index(s.high), step = s.step ? index(s.step) : 1;
    if (step <= 0 || (high - low) / step > 500) throw NotAGraph{"a long loop"};
    const std::string own = fmt::format("%{}.{}", fresh_++, s.name);
    frames_.back().push_back({{s.name, own}});
    for (int i = low; i <= high; i += step) {
        values_[own] = g_.number(i);
        run(s.body);
    }
    frames_.back().pop_back();
}

void Trace::statement(const Stmt& s) {
    switch (s.kind) {
    case Stmt::Kind::Assign: {
        const NodeId x = g_.value(value(s.value));
        values_[place(s.target)] = x;
        return;
    }
    case Stmt::Kind::Call: (void)value(s.value); return;
    case Stmt::Kind::If: return branch(s);
    case Stmt::Kind::From: return loop(s);
    case Stmt::Kind::Block: return run(s.body);
    case Stmt::Kind::Local:
        for (std::size_t i = 0; i < s.names.size(); ++i) {
            const std::string own = fmt::format("%{}.{}", fresh_++, s.names[i]);
            if (s.sizes[i]) local_arrays_[own] = index(s.sizes[i]);
            frames_.back().back()[s.names[i]] = own;
        }
        return;
    case Stmt::Kind::Table:
    case Stmt::Kind::Conductance:
    case Stmt::Kind::Compartment:
    case Stmt::Kind::Initial: return;
    case Stmt::Kind::DiffEq:
    case Stmt::Kind::Reaction:
    case Stmt::Kind::Conserve:
    case Stmt::Kind::LinearEq:
        if (!equation) throw NotAGraph{"an equation"};
        return equation(s);
    case Stmt::Kind::Solve:
        if (!solve) throw NotAGraph{"SOLVE"};
        return solve(s);
    default: throw NotAGraph{"a statement with side effects"};
    }
}

}  // namespace nrn::nmodl
