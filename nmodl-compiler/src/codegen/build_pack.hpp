// SPDX-License-Identifier: BSD-3-Clause
// C++ files to one shared object: parallel, cached by content.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace nrn::nmodl {

struct TranslationUnit { std::string tag, cpp, file, header_folder; };  // header_folder: "" or where its #include "..." are

struct BuildOptions {
    std::filesystem::path output;
    std::string pack_name = "nrnmech", version = "1.0.0";
    std::filesystem::path include_folder;
    int jobs = 2;
    bool verbose = false, dry_run = false;
    bool portable = false;  // for any x86-64 machine, kernels chosen when the pack is loaded; else for this machine
};

/// @returns 0, or the exit status of the compiler that failed (its messages are on the error stream)
int build_pack(const std::vector<TranslationUnit>& units, const BuildOptions& options);
/// 64-bit FNV-1a of a text, as 16 hexadecimal digits.
std::string content_hash(const std::string& text);
/// The whole text; empty when the file cannot be read.
std::string read_file(const std::filesystem::path& file);

}  // namespace nrn::nmodl
