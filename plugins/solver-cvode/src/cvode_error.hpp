// SPDX-License-Identifier: BSD-3-Clause
// SUNDIALS' return codes in words.
#pragma once
#include <string>

namespace nrn::cvode {

/// What a negative return code of CVode() means to a modeller.
[[nodiscard]] std::string failure_text(int code);

}  // namespace nrn::cvode
