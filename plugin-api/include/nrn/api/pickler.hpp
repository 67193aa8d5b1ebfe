// SPDX-License-Identifier: BSD-3-Clause
// What ParallelContext needs of a language whose objects cross ranks: to turn them into bytes and back, and
// to make and read its lists. The Python plugin provides one; without it py_* methods are an error that says so.
#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "nrn/api/value.hpp"

namespace nrn {

class Runtime;

class Pickler {
  public:
    virtual ~Pickler() = default;
    /// Any value of the language, callables (by name) included. @throws Error
    [[nodiscard]] virtual std::vector<std::byte> pickle(const Value& value) = 0;
    [[nodiscard]] virtual Value unpickle(std::span<const std::byte> bytes) = 0;
    /// A list of the language; py_allgather and friends return one.
    [[nodiscard]] virtual Value make_list(std::span<const Value> items) = 0;
    /// The items of a list or other iterable. @throws Error(Type)
    [[nodiscard]] virtual std::vector<Value> list_items(const Value& list) = 0;
};

/// Installs the pickler of a runtime (called by the language's plugin when it starts).
void set_pickler(Runtime& runtime, std::unique_ptr<Pickler> pickler);
/// Null while no language has installed one.
[[nodiscard]] Pickler* find_pickler(Runtime& runtime);
/// @throws Error(Unsupported) when there is none
[[nodiscard]] Pickler& require_pickler(Runtime& runtime, const char* wanted_by);

}  // namespace nrn
