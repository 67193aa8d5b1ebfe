// SPDX-License-Identifier: BSD-3-Clause
// Texts that explain variables and functions of mechanisms to users: what they mean for those that are built in, and for
// others what their description tells.
#pragma once
#include <string>
#include <string_view>

#include "nrn/abi/mechanism.h"

namespace nrn {

/// `name` is the variable's, or another that it answers to.
[[nodiscard]] std::string document_variable(const nrn_mechanism& mechanism, const nrn_variable& variable, std::string_view name);
/// `call`: how it is called, as `rates_hh` at top level or `play` of an object.
[[nodiscard]] std::string document_function(const nrn_mechanism& mechanism, const nrn_mech_function& function, const std::string& call);

}  // namespace nrn
