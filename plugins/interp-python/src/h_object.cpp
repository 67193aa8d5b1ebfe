// SPDX-License-Identifier: BSD-3-Clause
// The top level as an object.
#include "h_object.hpp"

#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include "array_type.hpp"
#include "callable_adapter.hpp"
#include "error_translation.hpp"
#include "model/model.hpp"
#include "name_cache.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/interpreter.hpp"
#include "nrn/api/scope.hpp"
#include "object_types.hpp"
#include "ref_type.hpp"
#include "section_type.hpp"
#include "stdrun/unknown_name.hpp"
#include "value_conversion.hpp"

namespace nrn::python {
namespace {

/// What a name means: a symbol, the function object made for it (while its generation holds), or a Python attribute.
struct Meaning {
    Symbol* symbol = nullptr;
    PyObject* function = nullptr;
    bool reference = false;
    bool generic = false;
    bool whole = false;  // an int for Python
};

NameCache<Meaning>& cache() {
    static auto* c = new NameCache<Meaning>;
    return *c;
}

Symbol* find_symbol(const std::string& name) {
    Symbol* symbol = runtime().scope().find(name);
    return symbol && symbol->kind != Symbol::Kind::Undefined ? symbol : nullptr;
}

/// A name that only the Hoc plugin defines (execute, load_proc ...) brings that plugin in. @returns whether it is new.
bool hoc_came_in() {
    if (std::exchange(state().hoc_asked_for, true)) return false;
    try {
        static_cast<void>(runtime().interpreter("hoc"));
        return true;
    } catch (const Error&) {
        return false;  // an installation without Hoc: the name stays unknown
    }
}

/// Switches and counters, which are no floating-point numbers in the reference either.
bool is_whole(std::string_view name) {
    for (const std::string_view known : {"secondorder", "stoprun", "diam_changed", "nrn_netrec_state_adjust", "nrn_sparse_partrans"})
        if (name == known) return true;
    return false;
}

PyObject* number(const Meaning& m) {
    const double x = *m.symbol->data;
    return m.whole && x == std::floor(x) && std::fabs(x) < 1e9 ? PyLong_FromDouble(x) : PyFloat_FromDouble(x);
}

bool look_up(PyObject* self, PyObject* name, Meaning& m) {
    if (const Meaning* known = cache().find(name)) {
        m = *known;
        return true;
    }
    const std::string text = to_text(name);
    // Names of the program come before the methods that every object has (same, hname), not before our own.
    if (PyDict_Contains(state().top_level_type->tp_dict, name) > 0 || (_PyType_Lookup(Py_TYPE(self), name) && !find_symbol(text))) {
        m.generic = true;
    } else {
        m.reference = text.rfind("_ref_", 0) == 0;
        const std::string wanted = m.reference ? text.substr(5) : text;
        m.symbol = find_symbol(wanted);
        if (!m.symbol && text.rfind("__", 0) != 0 && hoc_came_in()) m.symbol = find_symbol(wanted);
        if (!m.symbol) return false;
        m.whole = m.symbol->kind == Symbol::Kind::Number && m.symbol->built_in && is_whole(m.symbol->name);
        if (m.symbol->kind == Symbol::Kind::Function && !m.reference) m.function = wrap_symbol_function(*m.symbol);
    }
    cache().insert(name, m);
    return true;
}

PyObject* unknown(const std::string& name) {
    if (name.rfind("__", 0) == 0) return raise(PyExc_AttributeError, name);
    const std::string hint = hint_for_unknown(runtime(), name);
    return raise(PyExc_AttributeError, fmt::format("'hoc.HocObject' object has no attribute `{}` ({})", name, hint.empty() ? "is its mechanism or file loaded?" : hint));
}

PyObject* section_property(const Symbol& symbol) {
    const SectionPtr accessed(&CallArgs(runtime(), symbol.name).section());
    // As in the reference, reading h.L and its like uses up a pushed section; what was written for that
    // (push, read, pop_section, which does nothing on an empty stack) goes on working.
    runtime().model().stack().pop();
    Section& s = *accessed;
    if (symbol.name == "L") return PyFloat_FromDouble(s.length());
    if (symbol.name == "Ra") return PyFloat_FromDouble(s.axial_resistivity());
    if (symbol.name == "nseg") return PyLong_FromLong(s.nseg());
    return PyFloat_FromDouble(s.rallbranch());
}

PyObject* density_mechanism(const Symbol& symbol) {
    Owned package(PyImport_ImportModule("neuron"));
    return package ? PyObject_CallMethod(package.get(), "DensityMechanism", "s", symbol.name.c_str()) : nullptr;
}

PyObject* symbol_reference(Symbol& symbol) {
    switch (symbol.kind) {
    case Symbol::Kind::Number:
    case Symbol::Kind::String:
    case Symbol::Kind::ObjectVar:
        return symbol.dims.empty() ? wrap_ref(symbol_ref(symbol)) : view_symbol_array(symbol, true);
    case Symbol::Kind::RangeVariable: {
        Section& s = CallArgs(runtime(), symbol.name).section();
        return wrap_ref(range_ref(*symbol.range, s, 0.5));
    }
    default: return raise(PyExc_AttributeError, fmt::format("`{}` is no variable that can be referred to", symbol.name));
    }
}

PyObject* symbol_value(const Meaning& m, PyObject* name) {
    Symbol& symbol = *m.symbol;
    switch (symbol.kind) {
    case Symbol::Kind::Number:
        if (symbol.dims.empty()) return number(m);
        return view_symbol_array(symbol, false);
    case Symbol::Kind::Function: return m.function ? Py_NewRef(m.function) : wrap_symbol_function(symbol);
    case Symbol::Kind::String:
    case Symbol::Kind::ObjectVar:
    case Symbol::Kind::Sections:
        return symbol.dims.empty() ? symbol_element(symbol, 0) : view_symbol_array(symbol, false);
    case Symbol::Kind::Class: {
        PyTypeObject* type = type_of_class(*symbol.cls);
        return type ? Py_NewRef(as_object(type)) : nullptr;
    }
    case Symbol::Kind::SectionProperty: return section_property(symbol);
    case Symbol::Kind::RangeVariable:
        return raise(PyExc_TypeError, fmt::format("`{}` is a range variable: use section(x).{}", symbol.name, symbol.name));
    case Symbol::Kind::Mechanism: return density_mechanism(symbol);
    case Symbol::Kind::Undefined: return unknown(to_text(name));
    }
    return nullptr;
}

PyObject* get_attribute(PyObject* self, PyObject* name) {
    if (const Meaning* known = cache().find(name); known && known->symbol && !known->reference) {
        const Symbol& symbol = *known->symbol;  // the two kinds that programs read in loops
        if (symbol.kind == Symbol::Kind::Number && symbol.dims.empty()) return number(*known);
        if (symbol.kind == Symbol::Kind::Function && known->function) return Py_NewRef(known->function);
    }
    return guarded_access([&]() -> PyObject* {
        Meaning m;
        if (!look_up(self, name, m)) return unknown(to_text(name));
        if (m.generic) return PyObject_GenericGetAttr(self, name);
        return m.reference ? symbol_reference(*m.symbol) : symbol_value(m, name);
    });
}

void set_section_property(const Symbol& symbol, double x) {
    Section& s = CallArgs(runtime(), symbol.name).section();
    if (symbol.name == "L") s.set_length(x);
    else if (symbol.name == "Ra") s.set_axial_resistivity(x);
    else if (symbol.name == "nseg") s.set_nseg(static_cast<int>(x));
    else s.set_rallbranch(x);
}

int set_attribute(PyObject* self, PyObject* name, PyObject* value) {
    return guarded(Edge::Access, -1, [&] {
        Meaning m;
        const bool found = look_up(self, name, m);
        const std::string text = to_text(name);
        if (!found || (m.symbol && m.symbol->kind == Symbol::Kind::Undefined)) {
            PyErr_Format(PyExc_LookupError, "'%U' is not a defined hoc variable name.", name);
            return -1;
        }
        if (!value) throw Error(ErrorKind::Type, fmt::format("`{}` cannot be deleted", text));
        if (m.generic || m.reference) throw Error(ErrorKind::Type, fmt::format("`{}` cannot be assigned to", text));
        Symbol& symbol = *m.symbol;
        switch (symbol.kind) {
        case Symbol::Kind::Number:
        case Symbol::Kind::String:
        case Symbol::Kind::ObjectVar:
            if (!symbol.dims.empty()) throw Error(ErrorKind::Type, fmt::format("`{}` is an array: assign to its items", text));
            set_symbol_element(symbol, 0, value);
            return PyErr_Occurred() ? -1 : 0;
        case Symbol::Kind::SectionProperty: {
            double x = 0;
            if (!to_double(value, x)) return -1;
            set_section_property(symbol, x);
            return 0;
        }
        case Symbol::Kind::RangeVariable: throw Error(ErrorKind::Type, fmt::format("`{}` is a range variable: assign to section.{}", text, text));
        default: throw Error(ErrorKind::Type, fmt::format("`{}` cannot be assigned to", text));
        }
    });
}

/// h("text"): True, or False after an error, which is printed.
PyObject* call(PyObject*, PyObject* args, PyObject* keywords) {
    if (PyTuple_GET_SIZE(args) != 1 || !PyUnicode_Check(PyTuple_GET_ITEM(args, 0)) || (keywords && PyDict_GET_SIZE(keywords)))
        return raise(PyExc_TypeError, "h(text) takes one string of Hoc statements");
    return guarded_call([&]() -> PyObject* {
        Interpreter& hoc = runtime().interpreter("hoc");
        bool good = true;
        try {
            hoc.execute(to_text(PyTuple_GET_ITEM(args, 0)));
        } catch (const Error& error) {
            good = false;
            if (comes_back_as_itself(error)) throw;
            if (PyObject* cause = carried_exception(error)) {
                PyErr_SetObject(as_object(Py_TYPE(cause)), cause);
                Py_DECREF(cause);
                PyErr_Print();
            }
            runtime().console().err(runtime().render(error));
        }
        return PyBool_FromLong(good);
    });
}

PyObject* repr(PyObject*) { return PyUnicode_FromString("<TopLevelNEURONInterface>"); }
int truth(PyObject*) { return 1; }
Py_hash_t hash(PyObject* self) { return _Py_HashPointer(self); }

PyObject* compare(PyObject* a, PyObject* b, int op) {
    if (op != Py_EQ && op != Py_NE) Py_RETURN_NOTIMPLEMENTED;
    return PyBool_FromLong((Py_TYPE(a) == Py_TYPE(b)) == (op == Py_EQ));
}

PyObject* directory(PyObject* self, PyObject*) {
    return guarded_access([&]() -> PyObject* {
        Owned names(PyObject_CallMethod(as_object(&PyBaseObject_Type), "__dir__", "O", self));
        Owned list(names ? PySequence_List(names.get()) : nullptr);
        if (!list) return nullptr;
        static_cast<void>(hoc_came_in());
        for (const Symbol* s : runtime().scope().all()) {
            Owned item(PyUnicode_FromString(s->name.c_str()));
            PyList_Append(list.get(), item.get());
        }
        return list.release();
    });
}

PyObject* allsec(PyObject*, PyObject*) {
    return guarded_access([&] {
        std::vector<SectionPtr> all;
        for (Section* s : runtime().model().sections()) all.emplace_back(s);
        return iterate_sections(std::move(all));
    });
}

PyObject* cas(PyObject*, PyObject*) {
    CallArgs none(runtime(), "cas");
    Section* s = none.section_or_null();
    if (!s) return raise(PyExc_TypeError, "section access unspecified: there is no accessed section");
    return wrap_section(*s);
}

PyObject* setpointer(PyObject*, PyObject* args) {
    PyObject *ref = nullptr, *name = nullptr, *target = nullptr;
    if (!PyArg_ParseTuple(args, "OUO:setpointer", &ref, &name, &target)) return nullptr;
    return guarded_access([&]() -> PyObject* {
        if (Py_TYPE(ref) != state().ref_type) return raise(PyExc_TypeError, "setpointer(_ref_variable, 'POINTER name', mechanism or point process)");
        set_pointer_target(ref_of(ref), to_text(name), target);
        return PyErr_Occurred() ? nullptr : PyFloat_FromDouble(1);
    });
}

PyObject* refuse_pickling(PyObject*, PyObject*) { return raise(PyExc_TypeError, "the top level cannot be pickled"); }

PyMethodDef methods[] = {
    {"ref", make_ref, METH_VARARGS | METH_STATIC, "ref(value) -> reference\nA cell of its own for a number, string or object: r[0]."},
    {"allsec", allsec, METH_NOARGS, "allsec() -> iterator over all sections"},
    {"cas", cas, METH_NOARGS, "cas() -> the currently accessed section"},
    {"setpointer", setpointer, METH_VARARGS, "setpointer(_ref_variable, 'name', mechanism)\nMakes a POINTER refer to a variable."},
    {"__dir__", directory, METH_NOARGS, nullptr},
    {"__reduce_ex__", refuse_pickling, METH_O, nullptr},
    {}};

}  // namespace

PyObject* make_top_level() {
    PyTypeObject* type = state().top_level_type;
    return type->tp_alloc(type, 0);
}

void define_top_level_type(PyObject* module) {
    static PyType_Slot slots[] = {
        {Py_tp_repr, reinterpret_cast<void*>(repr)},
        {Py_tp_hash, reinterpret_cast<void*>(hash)},
        {Py_tp_richcompare, reinterpret_cast<void*>(compare)},
        {Py_tp_getattro, reinterpret_cast<void*>(get_attribute)},
        {Py_tp_setattro, reinterpret_cast<void*>(set_attribute)},
        {Py_tp_call, reinterpret_cast<void*>(call)},
        {Py_nb_bool, reinterpret_cast<void*>(truth)},
        {Py_tp_methods, methods},
        {Py_tp_doc, const_cast<char*>("The simulator's top level: variables, functions, classes and sections of every language.\n"
                                      "h.name reads, h.name = value writes what exists, h('text') executes Hoc.")},
        {0, nullptr}};
    static PyType_Spec spec{"hoc.HocObject", sizeof(ObjectView), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};
    Owned bases(PyTuple_Pack(1, as_object(state().object_type)));
    state().top_level_type = reinterpret_cast<PyTypeObject*>(PyType_FromSpecWithBases(&spec, bases.get()));
    Owned full(PyUnicode_FromString("TopLevelHocInterpreter"));
    PyObject_SetAttrString(as_object(state().top_level_type), "__qualname__", full.get());
    PyDict_SetItemString(state().top_level_type->tp_dict, "Section", as_object(state().section_type));
    PyType_Modified(state().top_level_type);
    PyObject_SetAttrString(module, "TopLevelHocInterpreter", as_object(state().top_level_type));
}

}  // namespace nrn::python
