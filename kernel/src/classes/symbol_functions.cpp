// SPDX-License-Identifier: BSD-3-Clause
// Functions about names: their units, their domains, and which there are.
#include <fmt/format.h>

#include "classes/register_classes.hpp"
#include "model/range_variable.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {
namespace {

/// The symbol behind a name or a reference to a top-level variable; null for anything else.
Symbol* symbol_of(CallArgs& args, std::string& name) {
    name = args.is_string(0) ? args.string(0) : args.is_ref(0) ? args.ref(0).name() : std::string();
    const auto bracket = name.find('[');
    return args.runtime().scope().find(name.substr(0, bracket));
}

std::string units_of(CallArgs& args, const std::string& name, const Symbol* symbol) {
    if (symbol) {
        if (!symbol->units.empty()) return symbol->units;
        if (symbol->range) return symbol->range->units;
        if (name == "L") return "um";
        if (name == "Ra") return "ohm-cm";
        return symbol->units;
    }
    const auto dot = name.find('.');
    if (dot != std::string::npos)
        if (Class* cls = args.runtime().classes().find(name.substr(0, dot)))
            if (const Member* member = cls->member(name.substr(dot + 1))) return member->units();
    if (!args.is_string(0)) return {};  // a reference to something without a name
    throw Error(ErrorKind::Name, args.span, fmt::format("`units`: nothing is called `{}`", name));
}

/// units(name), units(ref), and either with the new units as second argument.
Value units(CallArgs& args) {
    if (args.is_number(0) && !args.is_ref(0)) return "";
    std::string name;
    Symbol* symbol = symbol_of(args, name);
    if (!args.has(1)) return units_of(args, name, symbol);
    if (!symbol) throw Error(ErrorKind::Runtime, args.span, fmt::format("`units`: `{}` is no top-level variable", name));
    symbol->units = args.string(1);
    return symbol->units;
}

/// The limits that editors of values keep to; nothing else does.
Value variable_domain(CallArgs& args) {
    if (args.has(1)) static_cast<void>(args.number(1));
    if (args.has(2)) static_cast<void>(args.number(2));
    return 1;
}

/// The user's names, in the order of their first mention; what is built in is not listed.
Value symbols(CallArgs& args) {
    using Kind = Symbol::Kind;
    const std::vector<const Symbol*> all = args.runtime().scope().mentioned();
    const auto listed = [&](const char* title, const auto& belongs) {
        std::string text = fmt::format("\n{}\n", title);
        for (const Symbol* s : all) {
            if (s->built_in || s->redefinable || !belongs(*s)) continue;
            text += "\t" + s->name;
            for (const long n : s->dims) text += fmt::format("[{}]", n);
        }
        return text + "\n";
    };
    const auto function = [](Callable::Kind kind) {
        return [kind](const Symbol& s) { return s.kind == Kind::Function && s.callable && s.callable->kind() == kind; };
    };
    const auto none = [](const Symbol&) { return false; };
    args.runtime().print(listed("Builtins", none) + listed("Other Builtins", none) + listed("Functions", function(Callable::Kind::Function)) +
                         listed("Procedures", function(Callable::Kind::Procedure)) + listed("Undefined", [](const Symbol& s) { return s.kind == Kind::Undefined; }) +
                         listed("Scalars", [](const Symbol& s) { return s.kind == Kind::Number; }));
    return 0;
}

constexpr Function functions[] = {
    {"units", units, Returns::String, "units(name), units(ref), units(name or ref, units) -> units\nHoc: print units(\"gnabar_hh\")"},
    {"variable_domain", variable_domain, Returns::Number, "variable_domain(ref, low, high) -> 1\nThe limits that editors of the variable keep to."},
    {"symbols", symbols, Returns::Number, "symbols() -> 0\nPrints the user's functions, procedures, names without a meaning, and variables, in the order of their first mention.\nHoc: symbols()"},
};

}  // namespace

void register_symbol_functions(Runtime& runtime) {
    Scope& scope = runtime.scope();
    scope.define_functions(functions);
    for (const char* name : {"hoc_ac_", "hoc_cross_x_", "hoc_cross_y_"}) scope.define_number(name).built_in = true;  // templates see them
    scope.define_number("clamp_resist", 1e-3).built_in = true;  // [MOhm], of fclamp
    scope.define_object("hoc_obj_", {2});
}

}  // namespace nrn
