// SPDX-License-Identifier: BSD-3-Clause
// Sizes that users ask for, checked before anything is allocated: a system that promises more memory than it has would
// end the program later, without a word.
#pragma once
#include <cstddef>
#include <new>
#include <string>

namespace nrn {

/// A size that the machine cannot give. Each language has its own exception for std::bad_alloc.
class OutOfMemory final : public std::bad_alloc {
  public:
    explicit OutOfMemory(std::string text) : text_(std::move(text)) {}
    [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }

  private:
    std::string text_;
};

/// @param elements  how many; a double, so that no product overflows on the way here
/// @throws OutOfMemory when they need more than the machine, its control group or the process' limits have left
void require_memory(double elements, std::size_t bytes_each = sizeof(double));

}  // namespace nrn
