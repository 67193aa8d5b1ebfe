// SPDX-License-Identifier: BSD-3-Clause
// Classes Pointer (one variable) and PtrVector (many).
#include <fmt/format.h>

#include "classes/register_classes.hpp"
#include "classes/vector_methods.hpp"
#include "error/memory_limit.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/holder.hpp"
#include "nrn/api/interpreter.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {
namespace {

/// A variable given by name: a top-level number, or whatever reference the Hoc expression `&name` yields. Names are
/// those of the top level, also inside a template.
RefPtr reference_by_name(CallArgs& args, const std::string& name) {
    if (Symbol* symbol = args.runtime().scope().find(name); symbol && symbol->kind == Symbol::Kind::Number) return symbol_ref(*symbol);
    const Value value = args.runtime().interpreter("hoc").evaluate("&" + name);
    if (value.is_ref()) return RefPtr(&value.ref());
    throw Error(ErrorKind::Type, args.span, fmt::format("`{}` is no variable that can be pointed at", name));
}

class Pointer final : public Object, public Holder {
  public:
    using Object::Object;
    RefPtr target;
    std::string text;        // the variable as the user wrote it
    CallablePtr assignment;  // runs at assign; the value is $1
    void visit_held(HeldVisitor& visitor) const override {
        visitor.visit(target);
        visitor.visit(assignment);
    }
};

Pointer& pointer(Object& self) { return static_cast<Pointer&>(self); }

/// A statement in which $1 is the value becomes a procedure; a plain name is one already.
CallablePtr assignment(CallArgs& args, const std::string& statement) {
    Scope& scope = args.runtime().scope();
    if (const Symbol* symbol = scope.find(statement); symbol && symbol->callable) return symbol->callable;
    constexpr const char* kName = "pointer_assignment_";
    args.runtime().interpreter("hoc").execute(fmt::format("proc {}() {{ {} }}", kName, statement));
    const Symbol* made = scope.find(kName);
    if (!made || !made->callable) throw Error(ErrorKind::Syntax, args.span, fmt::format("`{}` is no statement", statement));
    return made->callable;
}

ObjectPtr construct_pointer(NativeClass& cls, CallArgs& args) {
    auto made = make_counted<Pointer>(cls);
    if (args.is_ref(0) && !args.is_string(0)) {
        made->target = RefPtr(&args.ref(0));
        made->text = "unknown";
    } else {
        made->text = args.string(0);
        made->target = reference_by_name(args, made->text);
    }
    if (args.has(1)) {
        if (args.is_string(1)) {
            made->assignment = assignment(args, args.string(1));
        } else {
            made->assignment = args.callable(1);
        }
    }
    return made;
}

Value get_value(Object& self, Indices) { return pointer(self).target->get(); }
void set_value(Object& self, Indices, const Value& x) { pointer(self).target->set(x); }
double* value_data(Object& self, Indices) { return pointer(self).target->data(); }
Value get_text(Object& self, Indices) { return pointer(self).text; }

Value assign(Object& self, CallArgs& args) {
    const Value x = args.number(0);
    pointer(self).target->set(x);
    if (pointer(self).assignment) {
        const Value arguments[] = {x};
        CallArgs call(args.runtime(), "Pointer.assign", arguments);
        call.span = args.span;
        pointer(self).assignment->call(call);
    }
    return pointer(self).target->get();
}

constexpr Property pointer_properties[] = {
    {.name = "val", .get = get_value, .set = set_value, .data = value_data, .doc = "val: the variable pointed at"},
    {.name = "s", .get = get_text, .kind = Member::Kind::String, .doc = "s: the variable as text, or \"unknown\""},
};
constexpr Method pointer_methods[] = {
    {"assign", assign, Returns::Number, "assign(value) -> value\nAssigns, and runs the statement given at construction if there is one, with the value as $1."},
};

// ---- PtrVector ---------------------------------------------------------------------------------------

class PtrVector final : public Object, public Holder {
  public:
    using Object::Object;
    std::vector<RefPtr> targets;
    std::string label;
    CallablePtr update;
    void visit_held(HeldVisitor& visitor) const override {
        for (const RefPtr& target : targets) visitor.visit(target);
        visitor.visit(update);
    }
};

PtrVector& pointers(Object& self) { return static_cast<PtrVector&>(self); }

std::size_t position(Object& self, CallArgs& args, std::size_t i) {
    const long k = args.integer(i);
    const std::size_t n = pointers(self).targets.size();
    if (k < 0 || static_cast<std::size_t>(k) >= n)
        throw Error(ErrorKind::Runtime, args.span, fmt::format("index {} of `{}` is out of range 0 to {}", k, self.name(), static_cast<long>(n) - 1));
    return static_cast<std::size_t>(k);
}

/// An element that points at nothing yet is 0 and takes no value.
double read(Object& self, std::size_t i) {
    const RefPtr& ref = pointers(self).targets[i];
    return ref ? *ref->data() : 0;
}
void write(Object& self, std::size_t i, double x) {
    if (const RefPtr& ref = pointers(self).targets[i]) ref->set(x);
}

void set_size(Object& self, CallArgs& args) {
    const double n = args.number(0);
    if (!(n >= 1 && n < 1e9)) throw Error(ErrorKind::Runtime, args.span, fmt::format("the size of a PtrVector must be 1 or more, not {}", n));
    require_memory(n, sizeof(RefPtr));
    pointers(self).targets.resize(static_cast<std::size_t>(args.integer(0)));
}

ObjectPtr construct_pointers(NativeClass& cls, CallArgs& args) {
    auto made = make_counted<PtrVector>(cls);
    set_size(*made, args);
    return made;
}

Value size(Object& self, CallArgs&) { return pointers(self).targets.size(); }
Value resize(Object& self, CallArgs& args) {
    set_size(self, args);
    return pointers(self).targets.size();
}
Value pset(Object& self, CallArgs& args) {
    const std::size_t i = position(self, args, 0);
    pointers(self).targets[i] = RefPtr(&args.ref(1));
    return *args.ref(1).data();
}
Value getval(Object& self, CallArgs& args) { return read(self, position(self, args, 0)); }
Value setval(Object& self, CallArgs& args) {
    write(self, position(self, args, 0), args.number(1));
    return args.number(1);
}
Value scatter(Object& self, CallArgs& args) {
    const auto& from = vector_class::vector_argument(args, 0);
    vector_class::require_equal_size(args, from.size(), pointers(self).targets.size());
    for (std::size_t i = 0; i < from.size(); ++i) write(self, i, from[i]);
    return 0;
}
Value gather(Object& self, CallArgs& args) {
    auto& to = args.object<Vector>(0, "Vector");
    vector_class::require_equal_size(args, to.values.size(), pointers(self).targets.size());
    for (std::size_t i = 0; i < to.values.size(); ++i) to.values[i] = read(self, i);
    return 0;
}
Value label(Object& self, CallArgs& args) {
    if (args.has(0)) pointers(self).label = args.string(0);
    return pointers(self).label;
}
Value update_callback(Object& self, CallArgs& args) {
    pointers(self).update = args.callable(0);
    return 0;
}
Value plot(Object&, CallArgs&) { return 0; }

constexpr Method pointers_methods[] = {
    {"size", size, Returns::Int, "size() -> number of elements"},
    {"resize", resize, Returns::Int, "resize(n) -> n"},
    {"pset", pset, Returns::Number, "pset(i, ref) -> value\nLets element i point at a variable.\nPython: p.pset(0, soma(.5)._ref_v)     Hoc: p.pset(0, &soma.v(.5))"},
    {"getval", getval, Returns::Number, "getval(i) -> value of the variable"},
    {"setval", setval, Returns::Number, "setval(i, value) -> value"},
    {"scatter", scatter, Returns::Number, "scatter(vector) -> 0\nCopies the vector into the variables."},
    {"gather", gather, Returns::Number, "gather(vector) -> 0\nCopies the variables into the vector."},
    {"label", label, Returns::String, "label(), label(text) -> label"},
    {"plot", plot, Returns::Number, "plot(graph, ...) -> 0\nDraws the values where there is a screen."},
    {"ptr_update_callback", update_callback, Returns::Number, "ptr_update_callback(statement) -> 0\nKept for old models: references here stay valid when storage moves, so it is never needed."},
};

}  // namespace

void register_pointer(Runtime& runtime) {
    publish_class(runtime, std::make_unique<NativeClass>("Pointer", construct_pointer, pointer_methods, pointer_properties,
        "A variable by reference. Pointer(ref), Pointer(\"name\"), each with an optional statement for assign\nHoc: p = new Pointer(&soma.v(.5))  print p.val"));
    publish_class(runtime, std::make_unique<NativeClass>("PtrVector", construct_pointers, pointers_methods, std::span<const Property>{},
        "Many variables by reference, read and assigned together. PtrVector(n)"));
}

}  // namespace nrn
