// SPDX-License-Identifier: BSD-3-Clause
// Functions that are the language: they look into the running call or run text.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "model/model.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/error.hpp"
#include "template_class.hpp"

namespace nrn::hoc {
namespace {

HocInterpreter& self(CallArgs& args) { return static_cast<HocInterpreter&>(args.runtime().interpreter("hoc")); }

Value numarg(CallArgs& args) {
    const Frame* f = self(args).vm().function_frame();
    return f ? static_cast<std::size_t>(f->n_arguments) : std::size_t{0};  // at top level nothing was called
}

Value argtype(CallArgs& args) {
    const Frame* f = self(args).vm().function_frame();
    if (!f) throw Error(ErrorKind::Runtime, "argtype belongs inside a procedure or function");
    const long i = args.integer(0) - 1;
    if (i < 0 || i >= static_cast<long>(f->n_arguments)) return -1.0;
    const Value& v = f->arguments[i];
    const Value target = v.is_ref() ? v.ref().get() : v;
    if (target.is_object() || target.is_none()) return 1.0;
    if (target.is_string()) return 2.0;
    return v.is_ref() ? 3.0 : 0.0;
}

TemplateInstance* context_argument(CallArgs& args, std::size_t i) {
    if (!args.has(i)) return nullptr;  // the top level
    Object* o = args.object(i);
    if (!o) return nullptr;
    auto* instance = dynamic_cast<TemplateInstance*>(o);
    if (!instance) throw Error(ErrorKind::Type, fmt::format("`{}` is of a built-in class and cannot be the context of execute", o->name()));
    return instance;
}

Value execute(CallArgs& args) {
    const std::string text = args.string(0);
    const std::size_t depth = args.runtime().model().stack().depth();
    try {
        if (text.starts_with("~")) self(args).execute_text(text.substr(1), context_argument(args, 1), false);  // may define
        else self(args).execute_text(text, context_argument(args, 1), true);
    } catch (const StopRequest&) {  // ends the text that says it
        args.runtime().model().stack().unwind(depth);
    }
    return 0.0;
}

Value execute1(CallArgs& args) {
    // execute1("text" [, object] [, show_error])
    bool show = true;
    TemplateInstance* context = nullptr;
    for (std::size_t i = 1; i < args.count(); ++i) {
        if (args.is_number(i)) show = args.number(i) != 0;
        else context = context_argument(args, i);
    }
    const std::size_t depth = args.runtime().model().stack().depth();
    try {
        self(args).execute_text(args.string(0), context, false);
        return 1.0;
    } catch (const StopRequest&) {
        args.runtime().model().stack().unwind(depth);
        return 1.0;
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::Interrupt) throw;
        args.runtime().model().stack().unwind(depth);
        if (show) args.runtime().console().err(args.runtime().render(error));
        return 0.0;
    }
}

Value execerror(CallArgs& args) {
    std::string text = args.string(0);
    if (args.has(1)) text += " " + args.string(1);
    throw Error(ErrorKind::Runtime, text);
}

Value name_declared(CallArgs& args) {
    // 0 none, 1 other, 2 objref, 3 section, 4 strdef, 5 number (6 array)
    const Symbol* s = args.runtime().scope().find(args.string(0));
    // name_declared(name, 1): names of the template whose code runs, and what is built in; else those of the top level.
    if (HocInterpreter& h = self(args); h.vm().self() && args.has(1) && args.number(1) == 1) {
        auto& cls = static_cast<TemplateClass&>(h.vm().self()->cls());
        if (s && !s->built_in && s->kind != Symbol::Kind::Class) s = nullptr;
        if (const int slot = cls.slot_of(args.string(0)); slot >= 0 && args.string(0) != "this") s = &h.vm().self()->slot(static_cast<std::size_t>(slot));
        if (!s) return 0.0;
    }
    static const std::set<std::string_view> keywords{"for", "if", "else", "while", "proc", "func", "obfunc", "iterator", "begintemplate", "endtemplate",
        "create", "access", "connect", "insert", "uninsert", "forall", "forsec", "ifsec", "objref", "objectvar", "strdef", "double", "local", "localobj",
        "public", "external", "return", "break", "continue", "stop", "print", "new", "setpointer", "iterator_statement"};
    if (!s) return keywords.contains(args.string(0)) || self(args).was_seen(args.string(0)) ? 1.0 : 0.0;
    switch (s->kind) {
    case Symbol::Kind::Undefined: return 0.0;
    case Symbol::Kind::ObjectVar: return 2.0;
    case Symbol::Kind::Sections: return 3.0;
    case Symbol::Kind::String: return 4.0;
    case Symbol::Kind::Number: return 5.0;
    case Symbol::Kind::SectionProperty: return s->name == "rallbranch" ? 1.0 : 5.0;
    default: return 1.0;
    }
}

Value object_id(CallArgs& args) {
    Object* o = args.object(0);
    if (args.has(1) && args.number(1) == 1) return o ? static_cast<double>(o->index()) : -1.0;
    return o ? static_cast<double>(reinterpret_cast<std::uintptr_t>(o)) : 0.0;
}

/// object_push(o): names of o's template mean its own until object_pop().
Value object_push(CallArgs& args) {
    auto* instance = dynamic_cast<TemplateInstance*>(args.object(0));
    if (!instance && args.object(0)) throw Error(ErrorKind::Type, "object_push wants an object of a template");
    self(args).pushed_objects.push_back(ObjectPtr(instance));
    return 0.0;
}

Value object_pop(CallArgs& args) {
    auto& stack = self(args).pushed_objects;
    if (stack.empty()) throw Error(ErrorKind::Runtime, "object_pop without an object_push before it");
    stack.pop_back();
    return 0.0;
}

Value object_pushed(CallArgs& args) { return self(args).pushed_objects.size(); }

Value allobjects(CallArgs& args) {
    if (args.count() > 0) {
        if (Object* o = args.object_or_null(0)) return static_cast<double>(o->use_count() - 1);  // without the argument's
        if (args.is_string(0)) {
            Class& cls = args.runtime().classes().get(args.string(0));
            for (Object* o : cls.instances()) args.runtime().print(fmt::format("{} with {} refs\n", o->name(), o->use_count()));
            return 0.0;
        }
        return 0.0;
    }
    double n = 0;
    for (const auto& cls : args.runtime().classes().all())
        for (Object* o : cls->instances()) {
            args.runtime().print(fmt::format("{} with {} refs\n", o->name(), o->use_count()));
            ++n;
        }
    return n;
}

/// The elements of an object variable and, further to the right, the variables of the template's objects that they hold.
void print_object_variable(Runtime& runtime, const Symbol& variable, const std::string& indent, std::set<const Object*>& above) {
    for (std::size_t i = 0; i < variable.objects.size(); ++i) {
        Object* o = variable.objects[i].get();
        runtime.print(fmt::format("{}obp {}[{}] -> {}\n", indent, variable.name, i, o ? fmt::format("{} with {} refs.", o->name(), o->use_count()) : std::string("NULL")));
        auto* instance = dynamic_cast<TemplateInstance*>(o);
        if (!instance || !above.insert(o).second) continue;
        for (const auto& own : instance->slots)
            if (own && own->kind == Symbol::Kind::ObjectVar && own->name != "this") print_object_variable(runtime, *own, indent + "   ", above);
        above.erase(o);
    }
}

Value allobjectvars(CallArgs& args) {
    std::set<const Object*> above;
    for (const Symbol* s : args.runtime().scope().mentioned())
        if (s->kind == Symbol::Kind::ObjectVar) print_object_variable(args.runtime(), *s, "", above);
    return 0.0;
}

Value quit(CallArgs& args) { throw QuitRequest{args.has(0) ? static_cast<int>(args.number(0)) : 0}; }

Value nrnpython(CallArgs& args) {
    try {
        args.runtime().interpreter("python").execute(args.string(0));
        return 1.0;
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::Plugin || error.kind() == ErrorKind::Interrupt) throw;
        args.runtime().console().err(args.runtime().render(error));
        return 0.0;
    }
}

Value hoc_pointer(CallArgs& args) {
    (void)args.ref(0);
    return 1.0;
}

/// Questions go where errors do: what a program prints stays free of them.
void ask(Runtime& runtime, const std::string& question) {
    runtime.console().flush();
    runtime.console().err(question);
}

/// Asks for one of the characters; the default when nothing is typed.
Value sred(CallArgs& args) {
    const std::string& choices = args.string(2);
    StringCell& next_default = args.string_cell(1);
    char chosen = next_default.text.empty() ? '\0' : next_default.text[0];
    while (true) {
        ask(args.runtime(), fmt::format("{} ({})", args.string(0), std::string(1, chosen)));
        std::string line;
        const bool read = static_cast<bool>(std::getline(std::cin, line));
        const char typed = line.empty() ? chosen : line[0];
        const std::size_t at = typed ? choices.find(typed) : std::string::npos;
        if (at != std::string::npos) {
            next_default.text = std::string(1, typed);
            return at;
        }
        if (!read) throw Error(ErrorKind::Runtime, args.span, fmt::format("sred: one of `{}` is needed, but the input has ended", choices));
    }
}

/// Asks until a number within the bounds is given; the default when there is nothing to read.
Value xred(CallArgs& args) {
    const double given = args.number(1), low = args.number(2), high = args.number(3);
    std::string line;
    while (true) {
        ask(args.runtime(), fmt::format("{} ({:g})", args.string(0), given));
        if (!std::getline(std::cin, line) || line.empty()) return given;
        char* end = nullptr;
        const double x = std::strtod(line.c_str(), &end);
        if (end != line.c_str() && x >= low && x <= high) return x;
        args.runtime().console().err(fmt::format("must be > {:g} and < {:g}\n", low, high));
    }
}

Value solve(CallArgs& args) { return self(args).equations.solve(); }

Value forget_equations(CallArgs& args) {
    self(args).equations.clear();
    return 0.0;
}

Value print_pattern(CallArgs& args) {
    args.runtime().print(self(args).equations.pattern());
    return 1.0;
}

constexpr Function kFunctions[] = {
    {"solve", solve, Returns::Number, "solve() -> sum of the equations' differences and of the changes made\nOne Newton step of the system that depvar and eqn statements define; execute the eqn statements before each.\nHoc: depvar x  eqn x:: x*x = 2  solve()"},
    {"eqinit", forget_equations, Returns::Number, "eqinit() -> 0\nForgets all dependent variables and equations."},
    {"prmat", print_pattern, Returns::Number, "prmat() -> 1\nPrints which equation depends on which dependent variable."},
    {"numarg", numarg, Returns::Number, "numarg() -> number of arguments of the running procedure"},
    {"argtype", argtype, Returns::Number, "argtype(i) -> 0 number, 1 object, 2 string, 3 reference, -1 absent"},
    {"execute", execute, Returns::Number, "execute(\"statement\" [, object])"},
    {"execute1", execute1, Returns::Number, "execute1(\"statement\" [, object] [, show_error]) -> 1 when it succeeded"},
    {"execerror", execerror, Returns::Nothing, "execerror(\"text\" [, \"text\"]): stops with an error"},
    {"name_declared", name_declared, Returns::Number, "name_declared(\"name\" [, scope]) -> what it is"},
    {"object_id", object_id, Returns::Number, "object_id(object [, 1]) -> identity, or index"},
    {"object_push", object_push, Returns::Number, "object_push(object): its template's names mean its own until object_pop()"},
    {"object_pop", object_pop, Returns::Number, "object_pop() -> 0\nNames mean again what they did before the last object_push.\nHoc: object_push(o)  print n  object_pop()"},
    {"object_pushed", object_pushed, Returns::Number, "object_pushed() -> depth"},
    {"allobjects", allobjects, Returns::Number, "allobjects([\"Class\" or object])"},
    {"allobjectvars", allobjectvars, Returns::Number, "allobjectvars() -> 0\nPrints every object variable with what it holds.\nHoc: allobjectvars()"},
    {"quit", quit, Returns::Nothing, "quit([status])"},
    {"nrnpython", nrnpython, Returns::Number, "nrnpython(\"statement\") -> 1 when it succeeded"},
    {"hoc_pointer_", hoc_pointer, Returns::Number, "hoc_pointer_(&x)"},
    {"xred", xred, Returns::Number, "xred(\"prompt\", default, low, high) -> number read from standard input"},
    {"sred", sred, Returns::Number, "sred(\"prompt\", default, choices) -> index in `choices` of the character typed"},
};

}  // namespace

void register_language_functions(HocInterpreter& interpreter) {
    Scope& scope = interpreter.runtime().scope();
    for (const Function& f : kFunctions)
        if (!scope.find(f.name)) scope.define_functions({&f, 1});
    if (!scope.find("hoc_ac_")) scope.define_number("hoc_ac_");
}

}  // namespace nrn::hoc
