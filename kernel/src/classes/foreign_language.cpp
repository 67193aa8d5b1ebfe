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

/// The first use loads the language, which puts its own methods in place of these.
Value of_language(Object& self, CallArgs& args) {
    const Member* const before = self.cls().member(args.function());
    (void)args.runtime().interpreter(kLanguage);
    const Member* const member = self.cls().member(args.function());
    if (member == before) throw Error(ErrorKind::Unsupported, args.span, fmt::format("{} does not provide `{}`", kLanguage, args.function()));
    return member->call(self, args);
}

constexpr Method vector_methods[] = {
    {"to_python", of_language, Returns::Object, "to_python() -> list, or to_python(target) -> target\nCopies the numbers to a Python list or array of equal length.\nHoc: l = v.to_python()"},
    {"as_numpy", of_language, Returns::Object, "as_numpy() -> array that shares the Vector's data\nHoc: a = v.as_numpy()"},
    {"from_python", of_language, Returns::Object, "from_python(iterable of numbers) -> self\nReplaces the contents by those of a Python object.\nHoc: v.from_python(p.numbers)"},
};

constexpr Function functions[] = {
    {"nrnpython", execute_foreign, Returns::Number, "nrnpython(text) -> 1, or 0 after an error, which is printed\nExecutes Python statements."},
};

}  // namespace

void register_foreign_language(Runtime& runtime) {
    publish_class(runtime, std::make_unique<ForeignObjectClass>(runtime));
    runtime.scope().define_functions(functions);
    if (auto* vector = dynamic_cast<NativeClass*>(runtime.classes().find("Vector"))) vector->add_methods(vector_methods);
}

}  // namespace nrn
