// SPDX-License-Identifier: BSD-3-Clause
// The built-in classes and functions, one registration per concept. What is registered where: register_classes.cpp.
#pragma once
#include <memory>

namespace nrn {

class Class;
class Runtime;

/// Registers everything built in, in the order of the list. Called once, by Runtime's constructor.
void register_classes(Runtime& runtime);

/// Adds a class to the registry and publishes its name at top level.
Class& publish_class(Runtime& runtime, std::unique_ptr<Class> cls);

}  // namespace nrn
