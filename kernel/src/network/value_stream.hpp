// SPDX-License-Identifier: BSD-3-Clause
// Values as bytes, for other ranks: numbers, strings, Vectors, and through the language's pickler all else.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "nrn/api/value.hpp"

namespace nrn {

class Runtime;

/// Appends `value`. An object of a class known to every rank (a Hoc template's instance) travels by its name.
void write_value(Runtime& runtime, std::vector<std::byte>& bytes, const Value& value);
[[nodiscard]] std::vector<std::byte> to_bytes(Runtime& runtime, std::span<const Value> values);
/// All values that to_bytes wrote. @throws Error(Value) for bytes that it did not write
[[nodiscard]] std::vector<Value> from_bytes(Runtime& runtime, std::span<const std::byte> bytes);
/// A copy that later changes to the original do not reach (Vectors, strings).
[[nodiscard]] Value detached_copy(Runtime& runtime, const Value& value);

}  // namespace nrn
