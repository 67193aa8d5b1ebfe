// SPDX-License-Identifier: BSD-3-Clause
// Values as Python objects and the other way. Identity of Python objects and of sections is kept.
#pragma once
#include <string>

#include "nrn/api/callable.hpp"
#include "nrn/api/value.hpp"
#include "python_state.hpp"

namespace nrn {
class Section;
}

namespace nrn::python {

/// Numbers (NumPy scalars too), strings, None, our own objects; anything else becomes a PythonObject.
/// @throws Error carrying the Python exception
[[nodiscard]] Value to_value(PyObject* object);
/// As it is, where its Python type matters: an int stays one. Objects of the simulator are themselves.
[[nodiscard]] Value to_value_unchanged(PyObject* object);
/// New reference, or null with the Python error set.
[[nodiscard]] PyObject* to_python(const Value& value, Returns returns = Returns::Any);
/// A Python object by which numbers are meant? NumPy scalars are, sequences are not.
[[nodiscard]] bool is_number(PyObject* object) noexcept;
/// False with TypeError (or what float() raised) set.
[[nodiscard]] bool to_double(PyObject* object, double& out) noexcept;
[[nodiscard]] std::string to_text(PyObject* unicode);

/// Positional arguments of a call as values, on the stack for the usual few. `unchanged`: the first is an object that
/// keeps its Python type.
class ArgumentList {
  public:
    ArgumentList(PyObject* const* args, std::size_t n, bool unchanged = false) : n_(n) {
        if (n > kInline) many_.resize(n);
        Value* v = data();
        for (std::size_t i = 0; i < n; ++i) v[i] = unchanged && i == 0 ? to_value_unchanged(args[i]) : to_value(args[i]);
    }
    [[nodiscard]] std::span<const Value> values() noexcept { return {data(), n_}; }

  private:
    Value* data() noexcept { return n_ > kInline ? many_.data() : few_; }
    static constexpr std::size_t kInline = 6;
    Value few_[kInline];
    std::vector<Value> many_;
    std::size_t n_;
};

/// Keyword arguments of a vectorcall: only sec= means something to built-ins and Hoc. Others are refused.
/// @returns false with the Python error set
bool section_keyword(PyObject* const* values, PyObject* names, const char* function, Section*& section);

}  // namespace nrn::python
