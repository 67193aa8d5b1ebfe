// SPDX-License-Identifier: BSD-3-Clause
// The class PythonObject.
#include "foreign_object.hpp"

#include <unordered_map>

#include <fmt/format.h>

#include "callable_adapter.hpp"
#include "cycle_collection.hpp"
#include "error_translation.hpp"
#include "nrn/api/class_traits.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/scope.hpp"
#include "value_conversion.hpp"

namespace nrn::python {
namespace {

class Foreign;
std::unordered_map<PyObject*, Foreign*>& living() {
    static auto* map = new std::unordered_map<PyObject*, Foreign*>;  // outlives every object
    return *map;
}

class Foreign final : public Object, public PythonHolder {
  public:
    Foreign(Class& cls, PyObject* o) : Object(cls), object(Py_NewRef(o)) { living()[o] = this; }
    ~Foreign() override {
        living().erase(object);
        if (!Py_IsInitialized()) return;
        GilGuard gil;
        Py_DECREF(object);
    }
    int visit_python(visitproc visit, void* arg) const override {
        Py_VISIT(object);
        return 0;
    }
    PyObject* object;
};

PyObject* of(Object& o) noexcept { return static_cast<Foreign&>(o).object; }

/// An attribute; of the main module also a builtin (`p.len(x)`).
Owned attribute(PyObject* object, const std::string& name) {
    Owned value(PyObject_GetAttrString(object, name.c_str()));
    if (value) return value;
    if (object == state().main_module && PyErr_ExceptionMatches(PyExc_AttributeError)) {
        PyObject *type, *exception, *traceback;
        PyErr_Fetch(&type, &exception, &traceback);
        value = Owned(PyDict_GetItemString(PyEval_GetBuiltins(), name.c_str()));
        if (value) {
            Py_INCREF(value.get());
            Py_XDECREF(type);
            Py_XDECREF(exception);
            Py_XDECREF(traceback);
            return value;
        }
        PyErr_Restore(type, exception, traceback);
    }
    throw_python_error();
}

/// Hoc indexes with numbers; a list or dictionary wants a whole one as int.
Owned item(PyObject* object, long index) {
    Owned key(PyLong_FromLong(index));
    Owned value(PyObject_GetItem(object, key.get()));
    if (!value) throw_python_error();
    return value;
}

Owned indexed(Owned value, Indices indices) {
    for (long i : indices) value = item(value.get(), i);
    return value;
}

void set_item(PyObject* object, long index, const Value& value) {
    Owned key(PyLong_FromLong(index)), converted(to_python(value));
    if (!converted || PyObject_SetItem(object, key.get(), converted.get()) != 0) throw_python_error();
}

Value call_object(PyObject* function, CallArgs& args) {
    Owned tuple(PyTuple_New(static_cast<Py_ssize_t>(args.count())));
    for (std::size_t i = 0; i < args.count(); ++i) {
        PyObject* argument = to_python(args.values()[i]);
        if (!argument) throw_python_error();
        PyTuple_SET_ITEM(tuple.get(), static_cast<Py_ssize_t>(i), argument);
    }
    Owned keywords;
    if (!args.keywords.empty()) {
        keywords = Owned(PyDict_New());
        for (const auto& k : args.keywords) {
            Owned value(to_python(k.value));
            if (!value || PyDict_SetItemString(keywords.get(), k.name.c_str(), value.get()) != 0) throw_python_error();
        }
    }
    Owned result(PyObject_Call(function, tuple.get(), keywords.get()));
    if (!result) throw_python_error();
    return to_value(result.get());
}

/// An attribute of a Python object; the name `_` is the object itself (indexing and calling it).
class ForeignMember final : public Member {
  public:
    explicit ForeignMember(std::string name) : Member(std::move(name), Kind::Dynamic), itself_(this->name() == "_") {}
    Value get(Object& self, Indices indices) const override {
        GilGuard gil;
        return to_value(indexed(target(self), indices).get());
    }
    void set(Object& self, Indices indices, const Value& value) const override {
        GilGuard gil;
        if (indices.empty()) {
            Owned converted(to_python(value));
            if (!converted || PyObject_SetAttrString(of(self), name().c_str(), converted.get()) != 0) throw_python_error();
            return;
        }
        const Owned container = indexed(target(self), indices.first(indices.size() - 1));
        set_item(container.get(), indices.back(), value);
    }
    Value call(Object& self, CallArgs& args) const override {
        GilGuard gil;
        const ObjectPtr keep(&self);
        return call_object(target(self).get(), args);
    }

  private:
    [[nodiscard]] Owned target(Object& self) const {
        return itself_ ? Owned::borrowed(of(self)) : attribute(of(self), name());
    }
    bool itself_;
};

class ForeignClass final : public Class, public ObjectEquality {
  public:
    ForeignClass() : Class("PythonObject", "The main module of Python, and any Python object that other languages hold.") {}
    ObjectPtr construct(CallArgs&) override { return foreign_object(state().main_module); }
    const Member* member(std::string_view name) override {
        if (const Member* known = Class::member(name)) return known;
        add(std::make_unique<ForeignMember>(std::string(name)));
        return Class::member(name);
    }
    [[nodiscard]] bool is_sequence() const override { return true; }
    [[nodiscard]] std::size_t size(const Object& o) const override {
        GilGuard gil;
        const Py_ssize_t n = PyObject_Size(static_cast<const Foreign&>(o).object);
        if (n < 0) throw_python_error();
        return static_cast<std::size_t>(n);
    }
    [[nodiscard]] Value item(Object& o, long i) const override {
        GilGuard gil;
        return to_value(python::item(of(o), i).get());
    }
    void set_item(Object& o, long i, const Value& value) const override {
        GilGuard gil;
        python::set_item(of(o), i, value);
    }
    [[nodiscard]] CallablePtr as_callable(Object& o) const override {
        GilGuard gil;
        return python_callable(of(o));
    }
    [[nodiscard]] bool equal(const Object& a, const Object& b) const override {
        GilGuard gil;
        const int answer = PyObject_RichCompareBool(static_cast<const Foreign&>(a).object, static_cast<const Foreign&>(b).object, Py_EQ);
        if (answer < 0) throw_python_error();
        return answer != 0;
    }
    [[nodiscard]] bool truth(const Object& o) const override {
        GilGuard gil;
        const int answer = PyObject_IsTrue(static_cast<const Foreign&>(o).object);
        if (answer < 0) throw_python_error();
        return answer != 0;
    }
};

ForeignClass* foreign_class = nullptr;

Value nrnpython(CallArgs& args) {
    GilGuard gil;
    const std::string& text = args.string(0);
    PyObject* globals = PyModule_GetDict(state().main_module);
    Owned result(PyRun_String(text.c_str(), Py_file_input, globals, globals));
    if (result) return 1;
    if (PyErr_ExceptionMatches(PyExc_SystemExit)) throw_python_error();
    PyErr_Print();
    return 0;
}

Value quit(CallArgs& args) { throw QuitRequest{static_cast<int>(args.integer_or(0, 0))}; }
constexpr Function quit_function[] = {{"quit", quit, Returns::Number, "quit(status = 0)\nEnds the program."}};

constexpr Function functions[] = {
    {"nrnpython", nrnpython, Returns::Number, "nrnpython(text) -> 1, or 0 after an exception, whose traceback is printed\nExecutes Python statements in the main module."},
};

}  // namespace

ObjectPtr foreign_object(PyObject* object) {
    const auto found = living().find(object);
    if (found != living().end()) return ObjectPtr(found->second);
    return ObjectPtr(new Foreign(*foreign_class, object));
}

PyObject* python_object_of(Object& object) noexcept {
    return &object.cls() == foreign_class ? of(object) : nullptr;
}

void define_foreign_class() {
    Runtime& rt = runtime();
    auto cls = std::make_unique<ForeignClass>();
    foreign_class = cls.get();
    // The kernel may already have a class of this name that loads the language at its first use: that one calls
    // ours through Interpreter::evaluate.
    if (!rt.classes().find("PythonObject")) {
        rt.scope().define_class(rt.classes().add(std::move(cls)), true);
    } else {
        static_cast<void>(cls.release());  // lives as long as the process, as Python does
    }
    rt.scope().define_functions(functions);
    if (!rt.scope().find("quit")) rt.scope().define_functions(quit_function);
}

}  // namespace nrn::python
