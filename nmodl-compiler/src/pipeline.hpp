// SPDX-License-Identifier: BSD-3-Clause
// The compiler's passes, in order. The driver in compile_command.cpp runs them and nothing else.
#pragma once
#include <span>
#include <string_view>

#include "diagnostics.hpp"
#include "symbols.hpp"

namespace nrn::nmodl {

struct Pass {
    std::string_view name, purpose;
    void (*run)(Mechanism&, Diagnostics&);
    enum class When {
        Always,    // even after errors: it looks only, and may find more of them
        IfGood,    // changes the tree, which must be right
        IfAsked    // --units
    } when;
};

std::span<const Pass> passes();

}  // namespace nrn::nmodl
