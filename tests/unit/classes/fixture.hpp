// SPDX-License-Identifier: BSD-3-Clause
// A runtime with objects whose methods tests call as any language would.
#pragma once
#include <gtest/gtest.h>

#include <initializer_list>
#include <vector>

#include "nrn/api/class_registry.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"
#include "object/vector.hpp"

namespace nrn {

class ClassesTest : public testing::Test {
  protected:
    ClassesTest() { runtime.console().out = [this](std::string_view text) { printed += text; }; }
    Value call(const Value& object, std::string_view method, std::initializer_list<Value> arguments = {}) {
        const std::vector<Value> values(arguments);
        CallArgs args(runtime, method, values);
        const Member* member = object.object()->cls().member(method);
        if (!member) throw Error(ErrorKind::Name, "no method " + std::string(method));
        return member->call(*object.object(), args);
    }
    Value function(std::string_view name, std::initializer_list<Value> arguments = {}) {
        const std::vector<Value> values(arguments);
        CallArgs args(runtime, name, values);
        return runtime.scope().find(name)->callable->call(args);
    }
    Value make(std::string_view name, std::initializer_list<Value> arguments = {}) {
        const std::vector<Value> values(arguments);
        CallArgs args(runtime, name, values);
        return runtime.classes().get(name).construct(args);
    }
    Value vector(std::vector<double> contents) {
        auto v = Vector::make(runtime);
        v->values = std::move(contents);
        return ObjectPtr(v);
    }
    static const std::vector<double>& contents(const Value& v) { return static_cast<Vector*>(v.object())->values; }

    Runtime runtime{RuntimeOptions{.plugin_path = {}, .autoload = false, .host_program = "test"}};
    std::string printed;
};

}  // namespace nrn
