// SPDX-License-Identifier: BSD-3-Clause
// `nrn config` and `nrn doctor`.
#include <cstdlib>

#include <fmt/format.h>

#include "app/commands.hpp"
#include "nrn/api/runtime.hpp"
#include "plugin/plugin_card.hpp"
#include "plugin/plugin_catalog.hpp"

namespace nrn::app {
namespace fs = std::filesystem;

int config(const std::string& what) {
    const fs::path lib = PluginCatalog::prefix_library_folder();
    if (what == "pythonpath") fmt::print("{}\n", (lib / "nrn" / "python").string());
    else if (what == "version") fmt::print("{}\n", NRN_VERSION);
    else if (what == "prefix") fmt::print("{}\n", lib.parent_path().string());
    else if (what == "cmake-dir") fmt::print("{}\n", (lib / "cmake" / "nrn").string());
    else return 1;
    return 0;
}

int doctor() {
    int missing = 0;
    const auto say = [&](bool good, const std::string& what, const std::string& remedy) {
        fmt::print("{} {}{}\n", good ? "ok     " : "missing", what, good ? "" : ": " + remedy);
        missing += !good;
    };
    Runtime runtime(RuntimeOptions{.host_program = "nrn"});
    const auto has = [&](std::uint32_t kind, std::string_view name) {
        for (const auto& r : runtime.plugins().records())
            if (r->card.kind == kind && r->card.name == name && r->state != PluginRecord::State::Refused) return true;
        return false;
    };
    say(has(NRN_PLUGIN_MECHANISMS, "builtin"), "built-in mechanisms", "build the target `mechanisms`");
    say(has(NRN_PLUGIN_INTERPRETER, "hoc"), "Hoc", "build plugins/interp-hoc");
    say(has(NRN_PLUGIN_INTERPRETER, "python"), "Python", "install python3-dev and libboost-python-dev, then build again");
    say(has(NRN_PLUGIN_SOLVER, "cvode"), "variable step (CVODE)", "install libsundials-dev, then build again");
    say(has(NRN_PLUGIN_COMMUNICATOR, "mpi"), "MPI", "install libopenmpi-dev, then build again");
    say(std::system("c++ --version >/dev/null 2>&1") == 0, "a C++ compiler for `nrn compile`", "install g++");
    return missing ? 1 : 0;
}

}  // namespace nrn::app
