// SPDX-License-Identifier: BSD-3-Clause
#include "codegen/pack_recipe.hpp"

#include <algorithm>
#include <fstream>

#include "codegen/build_pack.hpp"

namespace nrn::nmodl {
namespace fs = std::filesystem;
namespace {

fs::path recipe_file(const fs::path& pack) { return pack.parent_path() / ("." + pack.filename().string() + ".recipe"); }

}  // namespace

void write_recipe(const fs::path& pack, const PackRecipe& recipe) {
    std::ofstream out(recipe_file(pack), std::ios::binary);
    for (const auto& w : recipe.words) out << "word " << w << "\n";
    for (const auto& i : recipe.inputs) out << "input " << i << "\n";
    for (const auto& s : recipe.sources) out << "source " << s.hash << " " << s.file << "\n";
}

std::optional<PackRecipe> read_recipe(const fs::path& pack) {
    std::ifstream in(recipe_file(pack), std::ios::binary);
    if (!in) return std::nullopt;
    PackRecipe recipe;
    for (std::string line; std::getline(in, line);) {
        const auto rest = [&](std::string_view kind) { return line.substr(kind.size() + 1); };
        if (line.starts_with("word ")) recipe.words.push_back(rest("word"));
        else if (line.starts_with("input ")) recipe.inputs.push_back(rest("input"));
        else if (line.starts_with("source ") && line.size() > 24) recipe.sources.push_back({line.substr(24), line.substr(7, 16)});
    }
    return recipe;
}

std::vector<fs::path> mod_files(const std::vector<std::string>& inputs) {
    std::vector<fs::path> files;
    for (const auto& input : inputs) {
        std::error_code problem;
        if (!fs::is_directory(input, problem)) {
            files.emplace_back(input);
            continue;
        }
        const auto first = static_cast<std::ptrdiff_t>(files.size());
        for (const auto& entry : fs::directory_iterator(input, problem))
            if (entry.path().extension() == ".mod" && !entry.is_directory(problem)) files.push_back(entry.path().lexically_normal());
        std::sort(files.begin() + first, files.end());
    }
    return files;
}

std::vector<std::string> changed_sources(const PackRecipe& recipe) {
    std::error_code ignored;
    for (const auto& input : recipe.inputs)
        if (!fs::exists(input, ignored)) return {};
    if (std::none_of(recipe.sources.begin(), recipe.sources.end(), [&](const auto& s) { return fs::exists(s.file, ignored); })) return {};  // the pack was moved
    std::vector<std::string> changed;
    for (const auto& s : recipe.sources)
        if (content_hash(read_file(s.file)) != s.hash) changed.push_back(s.file);
    for (const fs::path& file : mod_files(recipe.inputs))
        if (std::none_of(recipe.sources.begin(), recipe.sources.end(), [&](const auto& s) { return s.file == file.string(); })) changed.push_back(file.string());
    return changed;
}

}  // namespace nrn::nmodl
