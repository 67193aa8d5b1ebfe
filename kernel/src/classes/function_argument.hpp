// SPDX-License-Identifier: BSD-3-Clause
// Arguments that name a function, and the tolerance of comparisons.
#pragma once
#include <initializer_list>

#include "nrn/api/callable.hpp"

namespace nrn {

/// A function given by its name (a Hoc string; also a method of the object in whose scope the call stands) or as
/// something to call. @throws Error(Name) when there is no such function
class FunctionArgument {
  public:
    FunctionArgument(CallArgs& args, std::size_t i);
    /// Calls it with numbers and expects a number.
    double operator()(std::initializer_list<double> numbers);
    double operator()(std::span<const Value> arguments);
    [[nodiscard]] const std::string& name() const { return name_; }

  private:
    Runtime& runtime_;
    SourceSpan span_;
    std::string name_;
    CallablePtr callable_;
    ObjectPtr self_;                 // with member_: a method of this object
    const class Member* member_ = nullptr;
};

/// The user's `float_epsilon`, which comparisons of numbers allow for.
[[nodiscard]] double float_epsilon(Runtime& runtime);

}  // namespace nrn
