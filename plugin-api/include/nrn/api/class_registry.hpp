// SPDX-License-Identifier: BSD-3-Clause
// Name -> Class: the only list of classes, built-in, mechanism-made, Hoc templates and Python subclasses.
#pragma once
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "nrn/api/class.hpp"

namespace nrn {

class ClassRegistry {
  public:
    /// Registers the class; its name is published by Scope::define_class. @throws Error(Name) if the name is taken
    Class& add(std::unique_ptr<Class> cls);
    /// Takes a class without instances out of use: its name is free again, whoever knows it keeps a valid reference.
    void retire(Class& cls) { by_name_.erase(cls.name()); }
    [[nodiscard]] Class* find(std::string_view name) const;
    /// @throws Error(Name) with the nearest known name
    [[nodiscard]] Class& get(std::string_view name) const;
    [[nodiscard]] const std::vector<std::unique_ptr<Class>>& all() const noexcept { return classes_; }

  private:
    std::vector<std::unique_ptr<Class>> classes_;
    std::unordered_map<std::string_view, Class*> by_name_;
};

}  // namespace nrn
