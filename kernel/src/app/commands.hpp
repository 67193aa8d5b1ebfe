// SPDX-License-Identifier: BSD-3-Clause
// The commands of `nrn`, one file each.
#pragma once
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nrn::app {

struct RunOptions {
    std::string interpreter, communicator, dump;
    int threads = 1;
    std::vector<std::filesystem::path> plugin_path;
    bool autoload = true, compile = true, progress = false, interactive = false;
    std::vector<std::string> code;        // -c, in order, after the file
    std::vector<std::string> arguments;   // file, then its arguments
};

int run(const RunOptions& options);
int plugins(const std::string& action, const std::string& argument);
int config(const std::string& what);
int doctor();
/// The status of nrniv, nrnivmodl and the like, when the program was called by such a name.
std::optional<int> compatible_front(std::string_view program, std::span<const std::string> arguments);

}  // namespace nrn::app
