// SPDX-License-Identifier: BSD-3-Clause
// Python ends on an uncaught SystemExit without asking anybody, and where mpi4py has started MPI this rank then waits
// for the others, which wait for this rank. The one moment to act is the exception's destruction: when no Python code
// is left that could have caught it, Python is about to exit with its code.
#include "exit_watch.hpp"

#include <cstdlib>
#include <thread>
#include <utility>

#include "nrn/api/communicator.hpp"
#include "nrn/api/runtime.hpp"
#include "python_state.hpp"

namespace nrn::python {
namespace {

// Python is one per process, its types are, and so are these.
destructor destroy_exit = nullptr;
std::thread::id main_thread;
bool watching = false;

void flush(const char* stream) {
    if (PyObject* file = PySys_GetObject(stream); file && file != Py_None) {
        Owned done(PyObject_CallMethod(file, "flush", nullptr));
        if (!done) PyErr_Clear();
    }
}

/// As Python would: a number is the status, anything else is printed.
[[noreturn]] void end_all_ranks(PyObject* code) {
    int status = 1;
    if (PyLong_Check(code)) {
        status = static_cast<int>(PyLong_AsLong(code));
    } else if (PyObject* file = PySys_GetObject("stderr"); file && file != Py_None) {
        if (PyFile_WriteObject(code, file, Py_PRINT_RAW) != 0 || PyFile_WriteString("\n", file) != 0) PyErr_Clear();
    }
    flush("stdout");
    flush("stderr");
    state().runtime->console().flush();
    state().runtime->communicator().abort(status);
    std::_Exit(status);
}

bool is_last_word(PyObject* code) {
    if (!code || code == Py_None || (PyLong_Check(code) && PyLong_AsLong(code) == 0)) return false;
    return watching && !Py_InspectFlag && std::this_thread::get_id() == main_thread && !PyEval_GetFrame() && state().runtime &&
           state().runtime->communicator().size() > 1;
}

void destroy(PyObject* self) {
    if (PyObject* code = reinterpret_cast<PySystemExitObject*>(self)->code; is_last_word(code)) end_all_ranks(code);
    destroy_exit(self);
}

}  // namespace

void watch_exits() {
    if (destroy_exit) return;
    auto* type = reinterpret_cast<PyTypeObject*>(PyExc_SystemExit);
    destroy_exit = std::exchange(type->tp_dealloc, destroy);
    main_thread = std::this_thread::get_id();
    watching = true;
}

void stop_watching_exits() noexcept { watching = false; }

}  // namespace nrn::python
