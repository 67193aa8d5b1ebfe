// SPDX-License-Identifier: BSD-3-Clause
// Reads a plugin's card from its file, before any of its code runs.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "nrn/abi/plugin.h"

namespace nrn {

struct CardReading {
    bool found = false;
    nrn_plugin_card card{};
    std::vector<std::string> problems;  // all of them, each as "built for X, this is Y"
};

/// Never throws: what is wrong with the file is in `problems`.
[[nodiscard]] CardReading read_plugin_card(const std::filesystem::path& file);

/// Identifies a compiler, standard library and version of the C++ interfaces.
[[nodiscard]] const char* host_build_tag();
[[nodiscard]] const char* kind_name(std::uint32_t kind);

}  // namespace nrn
