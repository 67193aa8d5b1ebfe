// SPDX-License-Identifier: BSD-3-Clause
// A procedure or function of the library: users may redefine it, unlike a built-in.
#pragma once
#include <string>

#include "nrn/api/callable.hpp"

namespace nrn {

class LibraryProcedure final : public Callable {
  public:
    using Body = Value (*)(CallArgs&);
    LibraryProcedure(std::string name, Kind kind, Body body) : name_(std::move(name)), kind_(kind), body_(body) {}
    Value call(CallArgs& args) override { return body_(args); }
    [[nodiscard]] std::string name() const override { return name_; }
    [[nodiscard]] Kind kind() const override { return kind_; }
    [[nodiscard]] Returns returns() const override { return kind_ == Kind::Procedure ? Returns::Number : Returns::Any; }

  private:
    std::string name_;
    Kind kind_;
    Body body_;
};

}  // namespace nrn
