// SPDX-License-Identifier: BSD-3-Clause
// The extension module hoc (neuron.hoc), and with it the module nrn. One definition serves both ways to start.
#define BOOST_BIND_GLOBAL_PLACEHOLDERS  // Boost.Python 1.74 itself needs them
#include <boost/python.hpp>

#include <fmt/format.h>

#include "array_type.hpp"
#include "callable_adapter.hpp"
#include "error_translation.hpp"
#include "exit_watch.hpp"
#include "foreign_object.hpp"
#include "h_object.hpp"
#include "model/model.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/communicator.hpp"
#include "nrn/api/scope.hpp"
#include "object_types.hpp"
#include "plugin/plugin_catalog.hpp"
#include "python_runtime.hpp"
#include "ref_type.hpp"
#include "section_type.hpp"
#include "value_conversion.hpp"

namespace nrn::python {

void finish_start(Runtime& runtime);

namespace {
namespace bp = boost::python;

void translate(const Error& error) { set_error(error, Edge::Call); }
void translate_quit(const QuitRequest& quit) { set_quit(quit); }

/// Loads a pack now: h.nrn_load_dll, neuron.load_mechanisms.
bool load_dll(const std::string& file) {
    runtime().plugins().load_file(file);
    refresh_types();
    return true;
}

int load_folder(const std::string& folder) {
    const int loaded = runtime().plugins().load_folder(folder);
    refresh_types();
    return loaded;
}

bp::list mechanism_names(bool point_processes) {
    bp::list names;
    for (const auto& type : runtime().model().mechanisms())
        if ((type->is_point_process() || type->is_artificial()) == point_processes) names.append(type->name());
    return names;
}

/// Rows for DensityMechanism, psection and the stub generator: (name, length, units, kind) of each RANGE variable.
bp::list mechanism_variables(const std::string& name) {
    bp::list rows;
    const MechanismType& type = runtime().model().require_mechanism(name);
    const auto& d = type.description();
    for (const RangeVariable* rv : type.range_variables) {
        if (rv->is_stream) continue;
        int kind = 0;
        for (int i = 0; i < d.n_variable; ++i)
            if (rv->bare_name == d.variable[i].name) kind = static_cast<int>(d.variable[i].kind);
        rows.append(bp::make_tuple(rv->bare_name, rv->length, rv->units, kind));
    }
    return rows;
}

bp::tuple mechanism_facts(const std::string& name) {
    const MechanismType& type = runtime().model().require_mechanism(name);
    if (type.is_point_process() || type.is_artificial())
        throw Error(ErrorKind::Value, fmt::format("`{}` is not a density mechanism", name));
    return bp::make_tuple(type.is_ion(), std::string(type.description().title ? type.description().title : ""), type.file());
}

/// (name, kind, doc) of all top-level names, for stubs and help.
bp::list top_level_names() {
    bp::list rows;
    for (const Symbol* s : runtime().scope().all()) {
        std::string doc = s->doc;
        if (doc.empty() && s->callable) doc = s->callable->doc();
        rows.append(bp::make_tuple(s->name, static_cast<int>(s->kind), doc));
    }
    return rows;
}

bool execute(const std::string& text) {
    bp::object top(bp::handle<>(bp::borrowed(PyObject_GetAttrString(state().hoc_module, "_h"))));
    return bp::extract<bool>(top(text));
}

void run_code(bp::object code) {
    PyObject* globals = PyModule_GetDict(state().main_module);
    bp::object done(bp::handle<>(PyEval_EvalCode(code.ptr(), globals, globals)));
}

void hoc_ac(double x) { *runtime().scope().intern("hoc_ac_").data = x; }

void at_exit() {
    stop_watching_exits();
    if (!state().runtime) return;
    state().runtime->console().flush();
}

/// An exception on one rank ends all: the others would wait for it for ever.
void abort_ranks(int status) {
    if (!state().runtime || runtime().communicator().size() <= 1) return;
    state().runtime->console().flush();
    runtime().communicator().abort(status);
}

PyMethodDef element_ref{"numpy_element_ref", numpy_element_ref, METH_VARARGS,
                        "numpy_element_ref(array, index) -> reference to an element of a float64 array"};

PyObject* set_psection(PyObject*, PyObject* function) {
    if (PyObject_SetAttrString(state().nrn_module, "_psection", function) != 0) return nullptr;
    Py_RETURN_NONE;
}
PyObject* allsec(PyObject*, PyObject*) {
    return guarded_access([&] {
        std::vector<SectionPtr> all;
        for (Section* s : runtime().model().sections()) all.emplace_back(s);
        return iterate_sections(std::move(all));
    });
}
PyObject* cas(PyObject*, PyObject*) {
    return guarded_access([&] { return wrap_section(CallArgs(runtime(), "cas").section()); });
}
PyMethodDef nrn_functions[] = {{"set_psection", set_psection, METH_O, "set_psection(function): what Section.psection() calls"},
                               {"allsec", allsec, METH_NOARGS, "allsec() -> iterator over all sections"},
                               {"cas", cas, METH_NOARGS, "cas() -> the accessed section"},
                               {}};

void define_nrn_module() {
    static PyModuleDef definition{PyModuleDef_HEAD_INIT, "nrn", "Sections, segments and mechanisms.", -1, nrn_functions, nullptr, nullptr, nullptr, nullptr};
    PyObject* module = PyModule_Create(&definition);
    state().nrn_module = module;
    define_section_type(module);
    define_segment_type(module);
    define_mechanism_types(module);
    for (const char* name : {"MechOfSegIterator", "VarOfMechIterator"}) PyObject_SetAttrString(module, name, as_object(&PyListIter_Type));
    PyObject_SetAttrString(module, "OpaquePointer", as_object(state().ref_type));
    PyDict_SetItemString(PyImport_GetModuleDict(), "nrn", module);
    PyDict_SetItemString(PyImport_GetModuleDict(), "neuron.nrn", module);
}

}  // namespace

void show_runtime(PyObject* module) {
    State& s = state();
    s.hoc_module = Py_NewRef(module);
    s.main_module = Py_NewRef(PyImport_AddModule("__main__"));
    if (!s.runtime) start_hosted();
    define_error_types(module);
    define_function_type(module);
    define_ref_type(module);
    define_array_type(module);
    define_descriptor_types(module);
    define_object_types(module);
    define_nrn_module();
    define_top_level_type(module);
    define_foreign_class();
    extend_vector_class();
    finish_start(*s.runtime);
    Owned h(make_top_level()), n(make_top_level());
    PyObject_SetAttrString(module, "_h", h.get());
    PyObject_SetAttrString(module, "_n", n.get());
    PyObject_SetAttrString(module, "nrn", s.nrn_module);
    Owned function(PyCFunction_New(&element_ref, nullptr));
    PyObject_SetAttrString(module, "numpy_element_ref", function.get());
}

}  // namespace nrn::python

BOOST_PYTHON_MODULE(hoc) {
    using namespace nrn::python;
    namespace bp = boost::python;
    bp::scope().attr("__doc__") = "The simulator's top level and classes for Python.";
    try {
        show_runtime(bp::scope().ptr());
    } catch (const nrn::Error& error) {
        PyErr_SetString(PyExc_ImportError, error.what());
        bp::throw_error_already_set();
    }
    bp::register_exception_translator<nrn::Error>(&translate);
    bp::register_exception_translator<nrn::QuitRequest>(&translate_quit);
    bp::def("execute", execute, bp::arg("text"), "execute(text) -> bool: executes Hoc statements");
    bp::def("hoc_ac", hoc_ac, bp::arg("value"), "hoc_ac(value): sets hoc_ac_");
    bp::def("_run_code", run_code);
    bp::def("load_dll", load_dll, bp::arg("file"), "load_dll(file) -> bool: loads a mechanism pack");
    bp::def("load_folder", load_folder, bp::arg("folder"), "load_folder(folder) -> number of packs loaded");
    bp::def("mechanism_names", mechanism_names, bp::arg("point_processes"));
    bp::def("mechanism_variables", mechanism_variables, bp::arg("name"));
    bp::def("mechanism_facts", mechanism_facts, bp::arg("name"));
    bp::def("top_level_names", top_level_names);
    bp::def("_in_main_interpreter", +[] { return PyInterpreterState_Get() == PyInterpreterState_Main(); });
    bp::def("_at_exit", at_exit);
    bp::def("_abort_ranks", abort_ranks);
    bp::def("_watch_exits", watch_exits);
}
