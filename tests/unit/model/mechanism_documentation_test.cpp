// SPDX-License-Identifier: BSD-3-Clause
#include "model/mechanism_documentation.hpp"

#include <gtest/gtest.h>

namespace nrn {
namespace {

nrn_variable variable(const char* name, std::uint32_t kind, double value, const char* units, bool array = false) {
    return {name, kind, NRN_VISIBLE, 0, array ? 3 : 1, array ? 1 : 0, value, 1, 0, units, 0};
}

TEST(MechanismDocumentation, SaysWhatABuiltInVariableMeans) {
    nrn_mechanism clamp{};
    clamp.name = "IClamp";
    EXPECT_EQ(document_variable(clamp, variable("amp", NRN_PARAMETER, 0, "nA"), "amp"),
              "amp [nA]\nThe current while it flows; a positive one depolarises. 0 unless set.\nPython: iclamp.amp = 1     Hoc: iclamp.amp = 1");
    EXPECT_EQ(document_variable(clamp, variable("del", NRN_PARAMETER, 2, "ms"), "delay"), "delay [ms]\nWhen the current begins. 2 unless set.\nPython: iclamp.delay = 2     Hoc: iclamp.delay = 2");
}

TEST(MechanismDocumentation, TellsOfOthersWhatTheirDescriptionHas) {
    nrn_mechanism own{};
    own.name = "Own";
    own.flags = NRN_POINT_PROCESS;
    EXPECT_EQ(document_variable(own, variable("x", NRN_STATE, 0, "", true), "x"), "x[i]\nSTATE.\nPython: print(own.x[0])     Hoc: print own.x[0]");
    const char* const names[] = {"a", "b"};
    nrn_mech_function f{};
    f.name = "rate";
    f.n_arg = 2;
    f.arg_name = names;
    f.units = "/ms";
    EXPECT_EQ(document_function(own, f, "rate"), "rate(a, b) -> number [/ms]\nFUNCTION of `Own`.\nPython: print(own.rate(a, b))     Hoc: print own.rate(a, b)");
    own.flags = 0;
    f.flags = NRN_FUNCTION_PROCEDURE;
    EXPECT_EQ(document_function(own, f, "rate_Own"), "rate_Own(a, b)\nPROCEDURE of `Own`.\nPython: h.rate_Own(a, b)     Hoc: rate_Own(a, b)");
}

}  // namespace
}  // namespace nrn
