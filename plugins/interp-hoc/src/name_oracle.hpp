// SPDX-License-Identifier: BSD-3-Clause
// What the parser asks about names: Hoc's grammar depends on what they mean at that moment.
#pragma once
#include <string>

namespace nrn::hoc {

class NameOracle {
  public:
    virtual ~NameOracle() = default;
    /// Inside a template: does `name` mean the top level's (a built-in, a class, a range variable), so that it is not the template's own?
    [[nodiscard]] virtual bool is_global(const std::string& name) const = 0;
    /// Can `external` name it: does the top level know it, or will a library bring it?
    [[nodiscard]] virtual bool is_declared(const std::string& name) const { (void)name; return true; }
    /// A top-level name was read; from now on it is known to exist, be it undefined.
    virtual void seen(const std::string& name) const { (void)name; }
};

}  // namespace nrn::hoc
