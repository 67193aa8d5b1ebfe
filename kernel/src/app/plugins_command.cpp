// SPDX-License-Identifier: BSD-3-Clause
// `nrn plugins`: what would be loaded, from where, and why not.
#include <iostream>

#include <fmt/format.h>

#include "app/commands.hpp"
#include "nrn/api/runtime.hpp"
#include "plugin/plugin_card.hpp"
#include "plugin/plugin_catalog.hpp"

namespace nrn::app {
namespace {

void show(const PluginRecord& r) {
    const char* state = r.state == PluginRecord::State::Refused ? "refused" : r.state == PluginRecord::State::Loaded ? "loaded" : "found";
    fmt::print("{:<13} {:<16} {:<9} {:<8} {}\n", r.card.kind ? kind_name(r.card.kind) : "-", r.card.name[0] ? r.card.name : "-",
               r.card.version[0] ? r.card.version : "-", state, r.file.string());
    for (const auto& p : r.problems) fmt::print("    {}\n", p);
}

int info(const std::filesystem::path& file) {
    const CardReading reading = read_plugin_card(file);
    fmt::print("file      {}\n", file.string());
    if (reading.found) {
        const auto& c = reading.card;
        fmt::print("kind      {}\nname      {}\nversion   {}\nabi       {}.{}\nbuild tag {}\nneeds     {}\n", kind_name(c.kind), c.name, c.version,
                   c.abi_major, c.abi_minor, c.build_tag[0] ? c.build_tag : "(none: plain C)", c.depends_on[0] ? c.depends_on : "(nothing)");
    }
    for (const auto& p : reading.problems) fmt::print("refused   {}\n", p);
    return reading.problems.empty() ? 0 : 1;
}

int check(const std::filesystem::path& folder) {
    int bad = 0;
    std::error_code problem;
    for (const auto& entry : std::filesystem::directory_iterator(folder, problem)) {
        if (entry.path().extension() != ".so") continue;
        const CardReading reading = read_plugin_card(entry.path());
        fmt::print("{} {}\n", reading.problems.empty() ? "ok     " : "refused", entry.path().string());
        for (const auto& p : reading.problems) fmt::print("    {}\n", p);
        bad += !reading.problems.empty();
    }
    if (problem) fmt::print(stderr, "error: {}: {}\n", folder.string(), problem.message());
    return bad || problem ? 1 : 0;
}

}  // namespace

int plugins(const std::string& action, const std::string& argument) {
    if (action == "info") return info(argument);
    if (action == "check") return check(argument);
    Runtime runtime(RuntimeOptions{.host_program = "nrn"});
    fmt::print("{:<13} {:<16} {:<9} {:<8} {}\n", "kind", "name", "version", "state", "file");
    for (const auto& r : runtime.plugins().records()) show(*r);
    for (const auto& r : runtime.plugins().records()) {
        if (r->mechanisms.empty()) continue;
        fmt::print("\n{}:", r->card.name);
        for (const auto& m : r->mechanisms) fmt::print(" {}", m);
        fmt::print("\n");
    }
    fmt::print("\nsearched:\n");
    for (const auto& f : runtime.plugins().search_folders()) fmt::print("    {} ({})\n", f.path.string(), f.why);
    return 0;
}

}  // namespace nrn::app
