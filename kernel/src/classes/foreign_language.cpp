// SPDX-License-Identifier: BSD-3-Clause
// Names of other languages that programs use without loading anything first: the first use loads the language.
// The kernel knows only that an interpreter of that name may exist.
#include <fmt/format.h>

#include "classes/register_classes.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/interpreter.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {
namespace {

constexpr const char* kLanguage = "python";

/// `new PythonObject()`: the main module of the language. Its objects are of the class that the language provides.
class ForeignObjectClass final : public Class {
  public:
    explicit ForeignObjectClass(Runtime& runtime)
        : Class("PythonObject", "The main module of Python: its variables and functions are members.\nHoc: p = new PythonObject()  p.x = 3"),
          runtime_(runtime) {}
    ObjectPtr construct(CallArgs&) override {
        return ObjectPtr(runtime_.interpreter(kLanguage).evaluate("__import__('__main__')", nullptr).object());
    }

  private:
    Runtime& runtime_;
};

Value execute_foreign(CallArgs& args) {
    Runtime& runtime = args.runtime();
    Interpreter& interpreter = runtime.interpreter(kLanguage);
    try {
        interpreter.execute(args.string(0), nullptr, "<nrnpython>");
        return 1;
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::Interrupt) throw;
        runtime.console().err(runtime.render(error));
        return 0;
    }
}

constexpr Function functions[] = {
    {"nrnpython", execute_foreign, Returns::Number, "nrnpython(text) -> 1, or 0 after an error, which is printed\nExecutes Python statements."},
};

}  // namespace

void register_foreign_language(Runtime& runtime) {
    publish_class(runtime, std::make_unique<ForeignObjectClass>(runtime));
    runtime.scope().define_functions(functions);
}

}  // namespace nrn
