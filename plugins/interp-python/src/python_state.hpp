// SPDX-License-Identifier: BSD-3-Clause
// What the binding shares: the runtime it shows, and the Python types it made. One per process, because the
// Python interpreter is one per process; everything else hangs from the Runtime.
#pragma once
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <structmember.h>

#include <memory>

#include "nrn/api/interruption.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn::python {

struct State {
    Runtime* runtime = nullptr;
    Interruption* interruption = nullptr;  // the runtime's
    std::unique_ptr<Runtime> own_runtime;  // when Python is the host program
    PyTypeObject* object_type = nullptr;   // hoc.HocObject, base of all classes
    PyTypeObject* top_level_type = nullptr;
    PyTypeObject* function_type = nullptr;
    PyTypeObject* array_type = nullptr;
    PyTypeObject* ref_type = nullptr;
    PyTypeObject* section_type = nullptr;
    PyTypeObject* segment_type = nullptr;
    PyTypeObject* mechanism_type = nullptr;
    PyTypeObject* range_type = nullptr;
    PyTypeObject* mechanism_function_type = nullptr;
    PyTypeObject* method_type = nullptr;
    PyTypeObject* property_type = nullptr;
    PyTypeObject* sections_type = nullptr;  // iterator over live sections
    PyObject* hoc_error = nullptr;      // neuron.HocError
    PyObject* hoc_type_error = nullptr;   // neuron.HocTypeError, both a HocError and a TypeError; the next alike
    PyObject* hoc_value_error = nullptr;
    PyObject* hoc_index_error = nullptr;
    PyObject* hoc_os_error = nullptr;
    PyObject* point_error = nullptr;    // neuron.Point3dError
    PyObject* element_error = nullptr;  // neuron.ElementTypeError
    PyObject* hoc_module = nullptr;
    PyObject* nrn_module = nullptr;
    PyObject* main_module = nullptr;
    bool hoc_asked_for = false;  // for names that only the Hoc plugin defines
    bool shut_down = false;
};

State& state() noexcept;
inline Runtime& runtime() noexcept { return *state().runtime; }

/// An owned reference.
class Owned {
  public:
    Owned() = default;
    explicit Owned(PyObject* p) noexcept : p_(p) {}
    Owned(Owned&& o) noexcept : p_(o.release()) {}
    Owned& operator=(Owned&& o) noexcept { Owned(std::move(o)).swap(*this); return *this; }
    Owned(const Owned&) = delete;
    Owned& operator=(const Owned&) = delete;
    ~Owned() { Py_XDECREF(p_); }
    static Owned borrowed(PyObject* p) noexcept { Py_XINCREF(p); return Owned(p); }
    void swap(Owned& o) noexcept { std::swap(p_, o.p_); }
    [[nodiscard]] PyObject* get() const noexcept { return p_; }
    PyObject* release() noexcept { return std::exchange(p_, nullptr); }
    explicit operator bool() const noexcept { return p_ != nullptr; }

  private:
    PyObject* p_ = nullptr;
};

/// Held while the kernel calls back into Python.
class GilGuard {
  public:
    GilGuard() : state_(PyGILState_Ensure()) {}
    ~GilGuard() { PyGILState_Release(state_); }
    GilGuard(const GilGuard&) = delete;
    GilGuard& operator=(const GilGuard&) = delete;

  private:
    PyGILState_STATE state_;
};

template <class T> PyObject* as_object(T* p) noexcept { return reinterpret_cast<PyObject*>(p); }

}  // namespace nrn::python
