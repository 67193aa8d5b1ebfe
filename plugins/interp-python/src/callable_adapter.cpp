// SPDX-License-Identifier: BSD-3-Clause
// Functions both ways.
#include "callable_adapter.hpp"

#include <fmt/format.h>

#include "cycle_collection.hpp"
#include "error_translation.hpp"
#include "model/model.hpp"
#include "nrn/api/scope.hpp"
#include "value_conversion.hpp"

namespace nrn::python {
namespace {

class PythonCallable final : public Callable, public PythonHolder {
  public:
    /// Takes over the references.
    PythonCallable(PyObject* function, PyObject* arguments) : function_(function), arguments_(arguments) {}
    ~PythonCallable() override {
        if (!Py_IsInitialized()) return;
        GilGuard gil;
        Py_DECREF(function_);
        Py_XDECREF(arguments_);
    }
    int visit_python(visitproc visit, void* arg) const override {
        Py_VISIT(function_);
        Py_VISIT(arguments_);
        return 0;
    }
    Value call(CallArgs& args) override {
        GilGuard gil;
        Owned tuple;
        if (arguments_) {
            tuple = Owned::borrowed(arguments_);
        } else {
            tuple = Owned(PyTuple_New(static_cast<Py_ssize_t>(args.count())));
            for (std::size_t i = 0; i < args.count(); ++i) {
                PyObject* item = to_python(args.values()[i]);
                if (!item) throw_python_error();
                PyTuple_SET_ITEM(tuple.get(), static_cast<Py_ssize_t>(i), item);
            }
        }
        Owned result(PyObject_CallObject(function_, tuple.get()));
        if (!result) throw_python_error();
        return to_value(result.get());
    }
    [[nodiscard]] std::string name() const override {
        GilGuard gil;
        Owned text(PyObject_GetAttrString(function_, "__name__"));
        if (text && PyUnicode_Check(text.get())) return to_text(text.get());
        PyErr_Clear();
        return Py_TYPE(function_)->tp_name;
    }
    [[nodiscard]] Kind kind() const override { return Kind::Foreign; }

  private:
    PyObject* function_;
    PyObject* arguments_;
};

struct FunctionObject {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    Symbol* symbol;      // stable address; or null
    Callable* callable;  // owned when there is no symbol
    PyObject* weakrefs;
};

PyObject* call_function(PyObject* self_object, PyObject* const* args, size_t nargsf, PyObject* keyword_names) {
    auto* self = reinterpret_cast<FunctionObject*>(self_object);
    const auto n = static_cast<std::size_t>(PyVectorcall_NARGS(nargsf));
    return guarded_call([&]() -> PyObject* {
        CallablePtr callable(self->symbol ? self->symbol->callable.get() : self->callable);
        if (!callable) return raise(PyExc_TypeError, "this is no longer a function");
        const std::string name = self->symbol ? std::string() : callable->name();
        const std::string_view shown = self->symbol ? std::string_view(self->symbol->name) : std::string_view(name);
        ArgumentList list(args, n);
        CallArgs call(runtime(), shown, list.values());
        call.texts_are_values = true;
        if (!keyword_names) return to_python(callable->call(call), callable->returns());
        Section* section = nullptr;
        if (!section_keyword(args + n, keyword_names, std::string(shown).c_str(), section)) return nullptr;
        call.explicit_section = section;
        const SectionStack::Guard guard(runtime().model().stack(), section);
        return to_python(callable->call(call), callable->returns());
    });
}

void function_dealloc(PyObject* o) {
    auto* self = reinterpret_cast<FunctionObject*>(o);
    if (self->weakrefs) PyObject_ClearWeakRefs(o);
    if (self->callable && !state().shut_down) self->callable->release();
    PyTypeObject* type = Py_TYPE(o);
    type->tp_free(o);
    Py_DECREF(type);
}

std::string function_name(PyObject* o) {
    auto* self = reinterpret_cast<FunctionObject*>(o);
    return self->symbol ? self->symbol->name : self->callable->name();
}

PyObject* function_repr(PyObject* o) {
    return PyUnicode_FromFormat("%s()", function_name(o).c_str());
}

PyObject* get_name(PyObject* o, void*) { return PyUnicode_FromString(function_name(o).c_str()); }

PyObject* get_doc(PyObject* o, void*) {
    auto* self = reinterpret_cast<FunctionObject*>(o);
    const Callable* c = self->symbol ? self->symbol->callable.get() : self->callable;
    std::string text = c ? c->doc() : "";
    if (text.empty() && self->symbol) text = self->symbol->doc;
    if (text.empty()) Py_RETURN_NONE;
    return PyUnicode_FromString(text.c_str());
}

Py_hash_t function_hash(PyObject* o) {
    auto* self = reinterpret_cast<FunctionObject*>(o);
    return _Py_HashPointer(self->symbol ? static_cast<void*>(self->symbol) : static_cast<void*>(self->callable));
}

PyObject* function_compare(PyObject* a, PyObject* b, int op) {
    if (Py_TYPE(a) != Py_TYPE(b) || (op != Py_EQ && op != Py_NE)) Py_RETURN_NOTIMPLEMENTED;
    const auto *f = reinterpret_cast<FunctionObject*>(a), *g = reinterpret_cast<FunctionObject*>(b);
    const bool same = f->symbol == g->symbol && f->callable == g->callable;
    return PyBool_FromLong(same == (op == Py_EQ));
}

PyObject* make_function(Symbol* symbol, Callable* callable) {
    auto* f = PyObject_New(FunctionObject, state().function_type);
    if (!f) return nullptr;
    f->vectorcall = call_function;
    f->symbol = symbol;
    f->callable = callable;
    f->weakrefs = nullptr;
    if (callable) callable->retain();
    return as_object(f);
}

}  // namespace

CallablePtr python_callable(PyObject* object) {
    if (PyCallable_Check(object)) return make_counted<PythonCallable>(Py_NewRef(object), nullptr);
    if (!PyTuple_Check(object) || PyTuple_GET_SIZE(object) < 1 || !PyCallable_Check(PyTuple_GET_ITEM(object, 0))) return {};
    PyObject* arguments = nullptr;
    if (PyTuple_GET_SIZE(object) == 2) {
        // (f, x) calls f(x); (f, (x, y)) calls f(x, y). A list is one argument.
        PyObject* second = PyTuple_GET_ITEM(object, 1);
        arguments = PyTuple_Check(second) ? Py_NewRef(second) : PyTuple_Pack(1, second);
    } else {
        arguments = PyTuple_GetSlice(object, 1, PyTuple_GET_SIZE(object));
    }
    return make_counted<PythonCallable>(Py_NewRef(PyTuple_GET_ITEM(object, 0)), arguments);
}

PyObject* wrap_symbol_function(Symbol& symbol) { return make_function(&symbol, nullptr); }
PyObject* wrap_callable(CallablePtr callable) { return make_function(nullptr, callable.get()); }

Value function_value(PyObject* o) {
    auto* self = reinterpret_cast<FunctionObject*>(o);
    return Value(self->symbol ? self->symbol->callable.get() : self->callable);
}

void define_function_type(PyObject* module) {
    static PyGetSetDef properties[] = {
        {"__name__", get_name, nullptr, nullptr, nullptr}, {"__doc__", get_doc, nullptr, nullptr, nullptr}, {}};
    static PyMemberDef members[] = {
        {"__vectorcalloffset__", T_PYSSIZET, offsetof(FunctionObject, vectorcall), READONLY, nullptr},
        {"__weaklistoffset__", T_PYSSIZET, offsetof(FunctionObject, weakrefs), READONLY, nullptr}, {}};
    static PyType_Slot slots[] = {
        {Py_tp_dealloc, reinterpret_cast<void*>(function_dealloc)},
        {Py_tp_repr, reinterpret_cast<void*>(function_repr)},
        {Py_tp_call, reinterpret_cast<void*>(PyVectorcall_Call)},
        {Py_tp_hash, reinterpret_cast<void*>(function_hash)},
        {Py_tp_richcompare, reinterpret_cast<void*>(function_compare)},
        {Py_tp_getset, properties},
        {Py_tp_members, members},
        {0, nullptr}};
    static PyType_Spec spec{"hoc.HocFunction", sizeof(FunctionObject), 0,
                            Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};
    state().function_type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
    PyObject_SetAttrString(module, "HocFunction", as_object(state().function_type));
}

}  // namespace nrn::python
