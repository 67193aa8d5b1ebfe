// SPDX-License-Identifier: BSD-3-Clause
// Reads the command line, runs the passes on every file, builds the pack.
#include "pipeline.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <regex>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <unistd.h>

#include "codegen/build_pack.hpp"
#include "codegen/cpp_printer.hpp"
#include "error/renderer.hpp"
#include "lexer.hpp"
#include "parser.hpp"
#include "passes/resolve.hpp"

namespace nrn::nmodl {
namespace {
namespace fs = std::filesystem;

/// The headers a pack is compiled against: beside the program when installed, else in the source tree.
fs::path include_folder() {
    if (const char* given = std::getenv("NRN_INCLUDE_DIR")) return given;
    std::error_code ignored;
    const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
    const fs::path installed = program.parent_path().parent_path() / "include";
    if (fs::exists(installed / "nrn" / "abi" / "mechanism.h", ignored)) return installed;
    return NRN_SOURCE_INCLUDE_DIR;
}

struct Request {
    std::vector<std::string> inputs;
    std::string emit;
    bool units = false, plain = false;
    BuildOptions build;
};

int usage(const std::string& problem) {
    fmt::print(stderr, "error: {}\nusage: nrn compile [DIR or FILES...] [-o PACK.so] [--name NAME] [--portable] [--plain] [--emit=cpp] [-v] [--dry-run] [-j N]\n", problem);
    return 2;
}

std::string identifier(const std::string& text) {
    std::string s;
    for (const char c : text) s += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
    return s;
}

/// The text of the files in `folder` that VERBATIM blocks include, and those include in turn.
std::string included_headers(const Program& program, const fs::path& folder) {
    static const std::regex include("#[ \t]*include[ \t]*\"([^\"\n]+)\"");
    std::string all;
    std::set<std::string> seen;
    const std::function<void(const std::string&)> follow = [&](const std::string& text) {
        for (std::sregex_iterator i(text.begin(), text.end(), include), end; i != end; ++i) {
            const std::string name = (*i)[1];
            if (!seen.insert(name).second) continue;
            std::ifstream in(folder / name, std::ios::binary);
            if (!in) continue;
            std::ostringstream header;
            header << in.rdbuf();
            all += header.str() + "\n";
            follow(header.str());
        }
    };
    for (const auto& v : program.verbatim) follow(v.text);
    const std::function<void(const Block&)> walk = [&](const Block& b) {
        for (const Stmt& s : b) {
            if (s.kind == Stmt::Kind::Verbatim) follow(s.name);
            walk(s.body);
            walk(s.otherwise);
        }
    };
    for (const auto* b : {&program.initial, &program.breakpoint, &program.constructor, &program.destructor}) walk(*b);
    for (const auto& q : program.procedures) walk(q.body);
    return all;
}

/// Parses and prints one file. @returns false when it has errors, which are reported
bool translate(const fs::path& file, const Request& request, std::vector<TranslationUnit>& units) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        fmt::print(stderr, "error: the file {} cannot be read\n", file.string());
        return false;
    }
    std::ostringstream text;
    text << in.rdbuf();
    SourceRegistry sources;
    Diagnostics diagnostics;
    const std::string nmodl = with_plain_line_ends(text.str());
    const std::uint32_t source = sources.add(file.string(), nmodl);
    const auto report = [&] {
        for (const Error& w : diagnostics.warnings()) fmt::print(stderr, "{}", render_diagnostic("warning", w, sources));
        for (const Error& e : diagnostics.errors()) fmt::print(stderr, "{}", render_diagnostic("error", e, sources));
        return !diagnostics.failed();
    };
    const fs::path folder = file.parent_path().empty() ? fs::path(".") : file.parent_path();
    Program program = parse(source, sources, folder, diagnostics);
    if (diagnostics.failed()) return report();
    program.header_text = included_headers(program, folder);
    const std::string header_hash = program.header_text.empty() ? std::string() : fmt::format("// headers {}\n", content_hash(program.header_text));
    Mechanism mechanism = resolve(std::move(program), diagnostics);
    if (diagnostics.failed()) return report();
    const std::string tag = identifier(file.stem().string());
    std::string cpp = print_cpp(mechanism, tag, nmodl, content_hash(nmodl), diagnostics, !request.plain) + header_hash;
    const bool good = report();
    if (good && request.emit == "cpp") fmt::print("{}", cpp);
    units.push_back({tag, std::move(cpp), file.string(), header_hash.empty() ? std::string() : fs::absolute(folder).string()});
    return good;
}

}  // namespace

int compile_command(std::span<const std::string> words) {
    Request request;
    request.build.jobs = static_cast<int>(std::max(1L, sysconf(_SC_NPROCESSORS_ONLN)));
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& w = words[i];
        const auto value = [&]() -> std::string { return i + 1 < words.size() ? words[++i] : std::string(); };
        if (w == "-o" || w == "--output") request.build.output = value();
        else if (w == "--name") request.build.pack_name = value();
        else if (w == "--version") request.build.version = value();
        else if (w.starts_with("--emit=")) request.emit = w.substr(7);
        else if (w == "-v" || w == "--verbose") request.build.verbose = true;
        else if (w == "--plain") request.plain = true;
        else if (w == "--portable") request.build.portable = true;
        else if (w == "--dry-run") request.build.dry_run = true;
        else if (w == "-j") request.build.jobs = std::max(1, std::atoi(value().c_str()));
        else if (w == "-h" || w == "--help") {
            fmt::print("usage: nrn compile [DIR or FILES...] [-o PACK.so] [--name NAME] [--portable] [--plain] [--emit=cpp] [-v] [--dry-run] [-j N]\n");
            return 0;
        } else if (w.starts_with("-")) return usage(fmt::format("unknown option `{}`", w));
        else request.inputs.push_back(w);
    }
    if (!request.emit.empty() && request.emit != "cpp") return usage(fmt::format("--emit={} is not available: use --emit=cpp", request.emit));
    if (request.inputs.empty()) request.inputs.emplace_back(".");
    std::vector<fs::path> files;
    for (const auto& input : request.inputs) {
        std::error_code problem;
        if (fs::is_directory(input, problem)) {
            for (const auto& entry : fs::directory_iterator(input, problem))
                if (entry.path().extension() == ".mod") files.push_back(entry.path().lexically_normal());
        } else {
            files.emplace_back(input);
        }
    }
    std::sort(files.begin(), files.end());
    if (files.empty()) {
        fmt::print(stderr, "error: there are no .mod files in {}\n", fmt::join(request.inputs, ", "));
        return 1;
    }
    std::vector<TranslationUnit> units;
    bool good = true;
    for (const auto& file : files) good = translate(file, request, units) && good;
    if (!good) return 1;
    if (!request.emit.empty()) return 0;
    for (std::size_t i = 0; i < units.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (units[i].tag == units[j].tag) {
                fmt::print(stderr, "error: two files make the same mechanism file name: {} and {}\n", units[j].file, units[i].file);
                return 1;
            }
    if (request.build.output.empty()) request.build.output = "x86_64/libnrnmech.so";
    request.build.include_folder = include_folder();
    return build_pack(units, request.build);
}

}  // namespace nrn::nmodl
