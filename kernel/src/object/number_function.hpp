// SPDX-License-Identifier: BSD-3-Clause
// A built-in function of one number, as exp and sin: languages may call it without the apparatus of arguments.
#pragma once
#include "nrn/api/callable.hpp"

namespace nrn {

class NumberFunction final : public Callable {
  public:
    /// A row of a table of such functions.
    struct Row {
        const char* name;
        double (*value)(double);
        bool below_zero = true;  // is it defined there?
        const char* doc = "";
    };
    explicit NumberFunction(const Row& row) : row_(row) {}
    [[nodiscard]] bool defined(double x) const noexcept { return row_.below_zero || !(x < 0); }
    [[nodiscard]] double value(double x) const { return row_.value(x); }
    /// @throws Error(Argument, Type, Runtime): another number of arguments, no number, a number where it is not defined
    Value call(CallArgs& args) override;
    [[nodiscard]] std::string name() const override { return row_.name; }
    [[nodiscard]] const char* doc() const override { return row_.doc; }
    [[nodiscard]] Returns returns() const override { return Returns::Number; }

  private:
    Row row_;
};

}  // namespace nrn
