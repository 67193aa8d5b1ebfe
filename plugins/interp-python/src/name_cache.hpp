// SPDX-License-Identifier: BSD-3-Clause
// What an attribute name means, by the address of its interned string: a hash table of one probe for the usual case.
#pragma once
#include <cstdint>
#include <vector>

#include "python_state.hpp"

namespace nrn::python {

template <class T>
class NameCache {
  public:
    /// Null when unknown. The name need not be interned: then it is simply not found.
    [[nodiscard]] const T* find(PyObject* name) const noexcept {
        if (slots_.empty()) return nullptr;
        for (std::size_t i = start(name);; i = (i + 1) & (slots_.size() - 1)) {
            if (slots_[i].name == name) return &slots_[i].value;
            if (!slots_[i].name) return nullptr;
        }
    }
    /// Keeps the name alive, so that its address stays its own. Names that are not interned are left out.
    void insert(PyObject* name, const T& value) {
        if (!PyUnicode_CheckExact(name) || !PyUnicode_CHECK_INTERNED(name)) return;
        if (2 * (count_ + 1) > slots_.size()) grow();
        std::size_t i = start(name);
        while (slots_[i].name && slots_[i].name != name) i = (i + 1) & (slots_.size() - 1);
        if (!slots_[i].name) {
            slots_[i].name = Py_NewRef(name);
            ++count_;
        }
        slots_[i].value = value;
    }

  private:
    struct Slot { PyObject* name = nullptr; T value{}; };
    [[nodiscard]] std::size_t start(PyObject* name) const noexcept {
        return (reinterpret_cast<std::uintptr_t>(name) >> 4) & (slots_.size() - 1);
    }
    void grow() {
        std::vector<Slot> old(slots_.empty() ? 64 : slots_.size() * 2);
        old.swap(slots_);
        for (Slot& s : old) {
            if (!s.name) continue;
            std::size_t i = start(s.name);
            while (slots_[i].name) i = (i + 1) & (slots_.size() - 1);
            slots_[i] = s;
        }
    }
    std::vector<Slot> slots_;
    std::size_t count_ = 0;
};

}  // namespace nrn::python
