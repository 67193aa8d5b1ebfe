// SPDX-License-Identifier: BSD-3-Clause
// Looks up functions given by name.
#include "classes/function_argument.hpp"

#include <vector>

#include <fmt/format.h>

#include "nrn/api/class.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {

FunctionArgument::FunctionArgument(CallArgs& args, std::size_t i) : runtime_(args.runtime()), span_(args.span) {
    if (!args.is_string(i)) {
        callable_ = args.callable(i);
        name_ = callable_->name();
        return;
    }
    name_ = args.string(i);
    if (args.context) {
        const Member* member = args.context->cls().member(name_);
        if (member && member->kind() == Member::Kind::Method) {
            self_ = ObjectPtr(args.context);
            member_ = member;
            return;
        }
    }
    if (const Symbol* symbol = runtime_.scope().find(name_); symbol && symbol->kind == Symbol::Kind::Function) {
        callable_ = symbol->callable;
        return;
    }
    throw Error(ErrorKind::Name, args.span, fmt::format("there is no function `{}` for {} to call", name_, args.function()));
}

double FunctionArgument::operator()(std::initializer_list<double> numbers) {
    const std::vector<Value> arguments(numbers.begin(), numbers.end());
    return (*this)(arguments);
}

double FunctionArgument::operator()(std::span<const Value> arguments) {
    CallArgs args(runtime_, name_, arguments);
    args.span = span_;
    const Value result = member_ ? member_->call(*self_, args) : callable_->call(args);
    if (result.is_number()) return result.raw_number();
    throw Error(ErrorKind::Type, span_, fmt::format("`{}` must return a number, not a {}", name_, result.type_name()));
}

double float_epsilon(Runtime& runtime) {
    const Symbol* symbol = runtime.scope().find("float_epsilon");
    return symbol && symbol->data ? *symbol->data : 1e-11;
}

}  // namespace nrn
