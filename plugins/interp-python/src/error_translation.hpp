// SPDX-License-Identifier: BSD-3-Clause
// Errors of the kernel as Python exceptions and the other way; an exception that passed through the kernel is the
// cause of what is raised.
#pragma once
#include <new>
#include <utility>

#include "nrn/api/error.hpp"
#include "python_state.hpp"

namespace nrn::python {

/// Access: attributes and items, where the kind decides the Python type. Call: functions and methods, whose
/// failures are HocError (a RuntimeError) for users of the reference; the kind stays in `.kind`.
enum class Edge { Access, Call };

/// Sets the Python error.
void set_error(const Error& error, Edge edge) noexcept;
/// Sets SystemExit.
void set_quit(const QuitRequest& quit) noexcept;
/// How Python gets an exception back: as the cause of a HocError, or unchanged. What a handler of signals raised is an
/// interruption besides, which nothing on the way keeps to itself.
enum class Carried { AsCause, AsItself, Signal };
/// Takes the pending Python exception and throws it as an Error that carries it.
[[noreturn]] void throw_python_error(Carried how = Carried::AsCause);
/// Does the Error carry an exception that Python gets back unchanged?
[[nodiscard]] bool comes_back_as_itself(const Error& error) noexcept;
/// Message, hint, place and call chain in one text.
[[nodiscard]] std::string describe(const Error& error);
/// Raises `type` with a formatted text; @returns null
PyObject* raise(PyObject* type, const std::string& text) noexcept;
/// The exception carried by an Error, as a new reference, or null.
PyObject* carried_exception(const Error& error) noexcept;

/// Runs `f`; an exception becomes the Python error and `failure` is returned.
template <class F, class R>
R guarded(Edge edge, R failure, F&& f) noexcept {
    try {
        state().interruption->leave_if_deferred();  // by the end of an object, out of which nothing could be thrown
        return std::forward<F>(f)();
    } catch (const Error& error) {
        set_error(error, edge);
    } catch (const QuitRequest& quit) {
        set_quit(quit);
    } catch (const std::bad_alloc& problem) {
        PyErr_SetString(PyExc_MemoryError, problem.what());
    } catch (const std::exception& problem) {
        PyErr_SetString(PyExc_RuntimeError, problem.what());
    }
    return failure;
}
template <class F> PyObject* guarded_call(F&& f) noexcept { return guarded(Edge::Call, static_cast<PyObject*>(nullptr), std::forward<F>(f)); }
template <class F> PyObject* guarded_access(F&& f) noexcept { return guarded(Edge::Access, static_cast<PyObject*>(nullptr), std::forward<F>(f)); }

void define_error_types(PyObject* module);

}  // namespace nrn::python
