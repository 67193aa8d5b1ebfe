// SPDX-License-Identifier: BSD-3-Clause
// The Python interpreter as an Interpreter of the kernel.
#include "python_runtime.hpp"

#define BOOST_BIND_GLOBAL_PLACEHOLDERS  // Boost.Python 1.74 itself needs them
#include <boost/python.hpp>
#include <dlfcn.h>

#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "callable_adapter.hpp"
#include "error_translation.hpp"
#include "foreign_object.hpp"
#include "nrn/api/interruption.hpp"
#include "nrn/api/pickler.hpp"
#include "plugin/plugin_catalog.hpp"
#include "value_conversion.hpp"

namespace nrn::python {

State& state() noexcept {
    static auto* s = new State;  // as long as the process: Python may call us while it ends
    return *s;
}

namespace {
namespace fs = std::filesystem;
namespace bp = boost::python;

/// Prints through sys.stdout, so that prints of all languages keep their order.
void write_to(const char* stream, std::string_view text) {
    GilGuard gil;
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyObject* file = PySys_GetObject(stream);
    if (file && file != Py_None) {
        Owned unicode(PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace"));
        Owned done(PyObject_CallMethod(file, "write", "O", unicode.get()));
        PyErr_Clear();
    }
    PyErr_Restore(type, value, traceback);
}

void flush(const char* stream) {
    if (!Py_IsInitialized()) return;
    GilGuard gil;
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyObject* file = PySys_GetObject(stream);
    if (file && file != Py_None) Owned done(PyObject_CallMethod(file, "flush", nullptr));
    PyErr_Clear();
    PyErr_Restore(type, value, traceback);
}

void redirect_console(Runtime& runtime) {
    runtime.console().out = [](std::string_view text) {
        if (Py_IsInitialized()) write_to("stdout", text);
        else std::fwrite(text.data(), 1, text.size(), stdout);
    };
    runtime.console().err = [](std::string_view text) {
        if (!Py_IsInitialized()) {
            std::fwrite(text.data(), 1, text.size(), stderr);
            return;
        }
        flush("stdout");
        write_to("stderr", text);
    };
    runtime.console().flush = [] {
        flush("stdout");
        std::fflush(stdout);
    };
}

/// While work goes on: handlers of signals run (Ctrl-C ends the work with KeyboardInterrupt), and other Python threads get
/// their turn. They find the simulator between two steps or statements, where anything may be looked at and changed.
void attend() {
    if (!Py_IsInitialized()) return;
    GilGuard gil;
    if (PyErr_CheckSignals() != 0) throw_python_error(Carried::Signal);
    static bool others_turn = false;  // guarded by the GIL. Work that another thread begins meanwhile runs to its end.
    if (others_turn) return;
    others_turn = true;
    Py_BEGIN_ALLOW_THREADS
    Py_END_ALLOW_THREADS
    others_turn = false;
}

/// Bytes of Python values for ParallelContext.
class PythonPickler final : public Pickler {
  public:
    std::vector<std::byte> pickle(const Value& value) override {
        GilGuard gil;
        Owned module(PyImport_ImportModule("pickle")), object(to_python(value));
        Owned bytes(module && object ? PyObject_CallMethod(module.get(), "dumps", "Oi", object.get(), -1) : nullptr);
        if (!bytes) throw_python_error();
        const auto* data = reinterpret_cast<const std::byte*>(PyBytes_AS_STRING(bytes.get()));
        return {data, data + PyBytes_GET_SIZE(bytes.get())};
    }
    Value unpickle(std::span<const std::byte> bytes) override {
        GilGuard gil;
        Owned module(PyImport_ImportModule("pickle"));
        Owned object(module ? PyObject_CallMethod(module.get(), "loads", "y#", reinterpret_cast<const char*>(bytes.data()), static_cast<Py_ssize_t>(bytes.size())) : nullptr);
        if (!object) throw_python_error();
        return to_value_unchanged(object.get());
    }
    Value make_list(std::span<const Value> items) override {
        GilGuard gil;
        Owned list(PyList_New(0));
        for (const Value& v : items) {
            Owned item(to_python(v));
            if (!item || PyList_Append(list.get(), item.get()) != 0) throw_python_error();
        }
        return to_value(list.get());
    }
    std::vector<Value> list_items(const Value& list) override {
        GilGuard gil;
        Owned object(to_python(list));
        Owned fast(object ? PySequence_Fast(object.get(), "a list or other iterable is needed") : nullptr);
        if (!fast) throw_python_error();
        std::vector<Value> items;
        for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(fast.get()); ++i) {
            const Owned item(Py_NewRef(PySequence_Fast_GET_ITEM(fast.get(), i)));
            items.push_back(to_value_unchanged(item.get()));
        }
        return items;
    }
};

/// Prints the traceback as Python does; ends with the status that SystemExit or the exception means.
[[noreturn]] void end_with_exception() {
    int status = 1;
    if (PyErr_ExceptionMatches(PyExc_SystemExit)) {
        PyObject *type, *value, *traceback;
        PyErr_Fetch(&type, &value, &traceback);
        PyErr_NormalizeException(&type, &value, &traceback);
        Owned code(PyObject_GetAttrString(value, "code"));
        if (code && code.get() == Py_None) status = 0;
        else if (code && PyLong_Check(code.get())) status = static_cast<int>(PyLong_AsLong(code.get()));
        else if (code) {
            Owned text(PyObject_Str(code.get()));
            if (text) write_to("stderr", to_text(text.get()) + "\n");
        }
        Py_XDECREF(type);
        Py_XDECREF(value);
        Py_XDECREF(traceback);
    } else {
        if (PyErr_ExceptionMatches(PyExc_KeyboardInterrupt)) status = 130;  // as shells count an end by Ctrl-C
        flush("stdout");
        PyErr_Print();
    }
    throw QuitRequest{status};
}

class PythonInterpreter final : public Interpreter {
  public:
    PythonInterpreter(Runtime& runtime, bool embedded) : runtime_(runtime), embedded_(embedded) {}
    ~PythonInterpreter() override {
        if (!embedded_ || !Py_IsInitialized()) return;
        flush("stdout");
        static_cast<void>(Py_FinalizeEx());  // while the runtime still stands: Python's objects hold its objects
        state().shut_down = true;
    }
    [[nodiscard]] std::string_view language() const override { return "python"; }
    [[nodiscard]] std::vector<std::string> extensions() const override { return {".py"}; }

    void run_file(const fs::path& file, std::span<const std::string> argv) override {
        GilGuard gil;
        set_arguments(argv);
        const fs::path folder = file.parent_path();
        prepend_path(folder.empty() ? fs::current_path() : folder);
        std::ifstream stream(file);
        if (!stream) throw Error(ErrorKind::Io, fmt::format("cannot read `{}`", file.string()));
        std::stringstream text;
        text << stream.rdbuf();
        Owned name(PyUnicode_FromString(file.string().c_str()));
        PyDict_SetItemString(globals(), "__file__", name.get());
        Owned code(Py_CompileString(text.str().c_str(), file.string().c_str(), Py_file_input));
        Owned result(code ? PyEval_EvalCode(code.get(), globals(), globals()) : nullptr);
        if (!result) end_with_exception();
        flush("stdout");
    }
    void execute(std::string_view text, Object*, std::string_view source_name) override {
        GilGuard gil;
        Owned code(Py_CompileString(std::string(text).c_str(), std::string(source_name).c_str(), Py_file_input));
        Owned result(code ? PyEval_EvalCode(code.get(), globals(), globals()) : nullptr);
        if (!result && source_name == "<-c>") end_with_exception();
        if (!result) throw_python_error();
    }
    [[nodiscard]] Value evaluate(std::string_view expression, Object*) override {
        GilGuard gil;
        Owned result(PyRun_String(std::string(expression).c_str(), Py_eval_input, globals(), globals()));
        if (!result) throw_python_error();
        return to_value(result.get());
    }
    [[nodiscard]] CallablePtr compile(std::string_view statement, Object*) override {
        GilGuard gil;
        Owned code(Py_CompileString(std::string(statement).c_str(), "<statement>", Py_file_input));
        if (!code) throw_python_error();
        Owned run(PyObject_GetAttrString(state().hoc_module, "_run_code"));
        Owned bound(PyTuple_Pack(2, run.get(), code.get()));
        return python_callable(bound.get());
    }
    [[nodiscard]] std::vector<std::string> complete(std::string_view prefix) override {
        GilGuard gil;
        std::vector<std::string> found;
        try {
            bp::object completer = bp::import("rlcompleter").attr("Completer")(bp::object(bp::handle<>(bp::borrowed(globals()))));
            for (int i = 0; i < 200; ++i) {
                bp::object next = completer.attr("complete")(std::string(prefix), i);
                if (next.is_none()) break;
                found.push_back(bp::extract<std::string>(next));
            }
        } catch (const bp::error_already_set&) {
            PyErr_Clear();
        }
        return found;
    }
    int interactive(bool tty) override {
        GilGuard gil;
        if (!tty) {
            std::string text;
            for (char buffer[4096]; const std::size_t n = std::fread(buffer, 1, sizeof buffer, stdin);) text.append(buffer, n);
            execute(text, nullptr, "<-c>");
            flush("stdout");
            return 0;
        }
        Owned result(PyRun_String("def _prompt():\n"
                                  "    import code, readline, rlcompleter, sys, atexit, os\n"
                                  "    names = sys.modules['__main__'].__dict__\n"
                                  "    from neuron import h\n"
                                  "    names.setdefault('h', h)\n"
                                  "    readline.set_completer(rlcompleter.Completer(names).complete)\n"
                                  "    readline.parse_and_bind('tab: complete')\n"
                                  "    history = os.path.expanduser('~/.nrn_python_history')\n"
                                  "    try: readline.read_history_file(history)\n"
                                  "    except OSError: pass\n"
                                  "    atexit.register(readline.write_history_file, history)\n"
                                  "    code.interact(banner='', local=names, exitmsg='')\n"
                                  "_prompt()\n", Py_file_input, globals(), globals()));
        if (!result) end_with_exception();
        return 0;
    }

    static void set_arguments(std::span<const std::string> argv) {
        bp::list list;
        for (const auto& a : argv) list.append(a);
        PySys_SetObject("argv", list.ptr());
    }
  private:
    static PyObject* globals() { return PyModule_GetDict(state().main_module); }
    static void prepend_path(const fs::path& folder) {
        PyObject* path = PySys_GetObject("path");
        Owned item(PyUnicode_FromString(folder.string().c_str()));
        if (path && item) PyList_Insert(path, 0, item.get());
    }
    Runtime& runtime_;
    bool embedded_;
};

/// The folder with the package `neuron`, for the embedded interpreter.
fs::path package_folder() { return PluginCatalog::prefix_library_folder() / "nrn" / "python"; }

}  // namespace

std::unique_ptr<Interpreter> start_embedded(Runtime& runtime) {
    if (state().runtime && state().runtime != &runtime)
        throw Error(ErrorKind::Unsupported, "Python already serves another runtime of this process");
    state().runtime = &runtime;
    state().interruption = &interruption_of(runtime);
    // Extension modules (NumPy's) take Python's symbols from the process, which our RTLD_LOCAL loading hides.
    Dl_info info{};
    if (dladdr(reinterpret_cast<void*>(&Py_InitializeEx), &info) && info.dli_fname)
        static_cast<void>(dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_GLOBAL));
    PyConfig config;
    PyConfig_InitPythonConfig(&config);
    config.install_signal_handlers = 1;
    config.parse_argv = 0;
    PyConfig_SetBytesString(&config, &config.executable, NRN_PYTHON_EXECUTABLE);  // not whichever python3 is first on PATH
    const PyStatus status = Py_InitializeFromConfig(&config);
    PyConfig_Clear(&config);
    if (PyStatus_Exception(status)) throw Error(ErrorKind::Plugin, fmt::format("Python did not start: {}", status.err_msg ? status.err_msg : "?"));
    Owned folder(PyUnicode_FromString(package_folder().string().c_str()));
    PyList_Insert(PySys_GetObject("path"), 0, folder.get());
    Owned module(PyInit_hoc());
    if (!module) throw_python_error();
    PyObject* modules = PyImport_GetModuleDict();
    PyDict_SetItemString(modules, "neuron.hoc", module.get());
    PyDict_SetItemString(modules, "hoc", module.get());
    if (!runtime.options().arguments.empty()) PythonInterpreter::set_arguments(runtime.options().arguments);
    return std::make_unique<PythonInterpreter>(runtime, true);
}

void start_hosted() {
    RuntimeOptions options;
    options.host_program = "python";
    state().own_runtime = std::make_unique<Runtime>(options);
    state().runtime = state().own_runtime.get();
    state().interruption = &interruption_of(*state().runtime);
    state().runtime->adopt_interpreter(std::make_unique<PythonInterpreter>(*state().runtime, false));
}

void finish_start(Runtime& runtime) {
    redirect_console(runtime);
    interruption_of(runtime).attend = attend;
    set_pickler(runtime, std::make_unique<PythonPickler>());
}

}  // namespace nrn::python
