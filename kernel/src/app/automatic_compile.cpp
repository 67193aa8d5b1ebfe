// SPDX-License-Identifier: BSD-3-Clause
#include "app/automatic_compile.hpp"

#include <algorithm>
#include <cstdlib>

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/file.h>
#include <unistd.h>

#include "app/commands.hpp"
#include "codegen/pack_recipe.hpp"
#include "compile_command.hpp"
#include "plugin/plugin_card.hpp"

namespace nrn::app {
namespace {
namespace fs = std::filesystem;

constexpr const char* kFolder = "x86_64";

/// While one lives, no other process compiles in this folder. Where the file system knows no locks there is none.
class FolderLock {
  public:
    explicit FolderLock(const fs::path& folder) : descriptor_(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
        if (descriptor_ >= 0) (void)flock(descriptor_, LOCK_EX);
    }
    ~FolderLock() {
        if (descriptor_ >= 0) close(descriptor_);
    }
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

  private:
    int descriptor_;
};

std::vector<fs::path> packs_in(const fs::path& folder) {
    std::vector<fs::path> packs;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored))
        if (entry.path().extension() == ".so" && !entry.is_directory(ignored)) {
            const CardReading reading = read_plugin_card(entry.path());
            if (reading.found && reading.card.kind == NRN_PLUGIN_MECHANISMS) packs.push_back(entry.path());
        }
    std::sort(packs.begin(), packs.end());
    return packs;
}

struct Work {
    fs::path pack;
    std::vector<std::string> words, changed;
    bool fresh = false;  // there is no pack yet
};

/// What is to be compiled at this moment.
std::vector<Work> work_to_do(const RunOptions& options) {
    std::vector<Work> work;
    const std::vector<fs::path> packs = packs_in(kFolder);
    for (const fs::path& pack : packs) {
        const auto recipe = nmodl::read_recipe(pack);
        if (!recipe) continue;
        if (auto changed = nmodl::changed_sources(*recipe); !changed.empty()) work.push_back({pack, recipe->words, std::move(changed)});
    }
    const char* path = std::getenv("NRN_NMODL_PATH");
    const bool chosen = (path && *path) || !options.plugin_path.empty() || !packs_in(".").empty();
    if (!packs.empty() || chosen) return work;
    const std::vector<std::string> here{"."};
    std::vector<std::string> names;
    for (const fs::path& file : nmodl::mod_files(here)) names.push_back(file.string());
    if (!names.empty()) work.push_back({fs::path(kFolder) / "libnrnmech.so", here, std::move(names), true});
    return work;
}

void announce(const Work& work) {
    constexpr std::size_t most = 6;
    std::vector<std::string> names = work.changed;
    const std::size_t more = names.size() > most ? names.size() - most : 0;
    if (more) names.resize(most);
    fmt::print(stderr, "nrn: compiling {}{} ({}; --no-compile to refuse)\n", fmt::join(names, ", "), more ? fmt::format(" and {} more", more) : std::string(),
               work.fresh ? "there is no pack of the .mod files in this folder" : fmt::format("changed since {} was made", work.pack.string()));
}

}  // namespace

bool compile_changed_mechanisms(const RunOptions& options) {
    if (work_to_do(options).empty()) return true;
    std::error_code ignored;
    fs::create_directories(kFolder, ignored);
    if (access(kFolder, W_OK) != 0) {
        fmt::print(stderr, "warning: the folder's .mod files are not those of its pack, and {} cannot be written: nothing is compiled\n", kFolder);
        return true;
    }
    const FolderLock lock(kFolder);
    for (const Work& work : work_to_do(options)) {  // another process may have done it meanwhile
        announce(work);
        std::vector<std::string> words = work.words;
        words.insert(words.end(), {"-o", work.pack.string()});
        if (nmodl::compile_command(words) == 0) continue;
        fmt::print(stderr, "error: the .mod files of this folder do not compile\n  hint: correct them, or run with --no-compile\n");
        return false;
    }
    return true;
}

}  // namespace nrn::app
