// SPDX-License-Identifier: BSD-3-Clause
#include "random/mcell_ran4.hpp"

#include "nrn/abi/mcell_ran4.h"

namespace nrn {

std::uint32_t mcell_ran4_word(std::uint32_t& high, std::uint32_t low) noexcept { return nrn_mcell_ran4_word(high, low); }

}  // namespace nrn
