// SPDX-License-Identifier: BSD-3-Clause
// How a pack was made, kept in a file beside it: by that it can be made again when its sources have changed.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace nrn::nmodl {

struct PackRecipe {
    struct Source { std::string file, hash; };
    std::vector<std::string> words;  // of `nrn compile`, in the folder where it was called, but for the output
    std::vector<std::string> inputs; // folders and files among them
    std::vector<Source> sources;     // .mod files, and the files these include
};

void write_recipe(const std::filesystem::path& pack, const PackRecipe& recipe);
/// Nothing when the pack came from elsewhere.
[[nodiscard]] std::optional<PackRecipe> read_recipe(const std::filesystem::path& pack);
/// The .mod files that inputs name or, folder by folder, hold; sorted within a folder.
[[nodiscard]] std::vector<std::filesystem::path> mod_files(const std::vector<std::string>& inputs);
/// Sources that are not what they were when the pack was made, or were not there. Empty as well when a file that was
/// named is gone, or all are: the pack cannot be made again, or was made elsewhere.
[[nodiscard]] std::vector<std::string> changed_sources(const PackRecipe& recipe);

}  // namespace nrn::nmodl
