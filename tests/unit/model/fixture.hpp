// SPDX-License-Identifier: BSD-3-Clause
// A model in a runtime of its own, and its built-in functions called as any language would.
#pragma once
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <vector>

#include "model/model.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {

class ModelTest : public testing::Test {
  protected:
    ModelTest() {
        runtime.console().out = [this](std::string_view text) { printed += text; };
        runtime.console().err = [](std::string_view) {};
    }
    SectionPtr section(const std::string& name, int nseg = 1, double length = 100, double diam = 500) {
        auto s = model.create_section(name);
        s->set_nseg(nseg);
        s->set_length(length);
        range_set_all(variable("diam"), *s, diam);
        return s;
    }
    const RangeVariable& variable(std::string_view name) { return *model.range_variable(name); }
    double diam(Section& s, double x) { return range_get(variable("diam"), s, x); }
    Value function(Section& s, std::string_view name, std::initializer_list<Value> arguments = {}) {
        const std::vector<Value> values(arguments);
        CallArgs args(runtime, name, values);
        args.explicit_section = &s;
        return runtime.scope().find(name)->callable->call(args);
    }
    Value make(Section& s, std::string_view cls, std::initializer_list<Value> arguments = {}) {
        const std::vector<Value> values(arguments);
        CallArgs args(runtime, cls, values);
        args.explicit_section = &s;
        return runtime.classes().get(cls).construct(args);
    }
    Value call(Section& s, const Value& object, std::string_view method, std::initializer_list<Value> arguments = {}) {
        const std::vector<Value> values(arguments);
        CallArgs args(runtime, method, values);
        args.explicit_section = &s;
        return object.object()->cls().member(method)->call(*object.object(), args);
    }

    Runtime runtime{RuntimeOptions{.plugin_path = {}, .autoload = false, .host_program = "test"}};
    Model& model = runtime.model();
    std::string printed;
};

}  // namespace nrn
