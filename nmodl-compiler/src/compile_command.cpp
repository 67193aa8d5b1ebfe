// SPDX-License-Identifier: BSD-3-Clause
// Reads the command line, runs the passes on every file, builds the pack.
#include "compile_command.hpp"

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

#include "ast_printer.hpp"
#include "codegen/build_pack.hpp"
#include "codegen/cpp_printer.hpp"
#include "codegen/pack_recipe.hpp"
#include "dataflow/flow_text.hpp"
#include "error/renderer.hpp"
#include "lexer.hpp"
#include "parser.hpp"
#include "pipeline.hpp"

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
    std::vector<std::string> inputs, kept_words;  // options that make the pack what it is
    std::string emit, after;  // what to print instead of building; after which pass
    bool units = false, plain = false;
    BuildOptions build;
    std::vector<PackRecipe::Source> sources;  // that were read
};

constexpr const char* kUsage =
    "usage: nrn compile [DIR or FILES...] [options]\n"
    "  -o, --output PACK.so   where the pack goes (x86_64/libnrnmech.so)\n"
    "  --name NAME            the pack's name\n"
    "  --version VERSION      the pack's version\n"
    "  --portable             for any machine of this architecture, not this one alone\n"
    "  --plain                without kernels on registers of instances\n"
    "  --units                check the units of all expressions, and build nothing\n"
    "  --emit=ast|ir|cpp      print the syntax tree, the kernels or the C++ text, and build nothing\n"
    "  --after=PASS           print the tree as it is after a pass, and build nothing\n"
    "  --passes               list the passes\n"
    "  --dry-run              print the commands, and run none\n"
    "  -v, --verbose          print the commands\n"
    "  -j N                   so many compilers at a time\n";

int usage(const std::string& problem) {
    fmt::print(stderr, "error: {}\n{}", problem, kUsage);
    return 2;
}

std::string identifier(const std::string& text) {
    std::string s;
    for (const char c : text) s += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
    return s;
}

/// The text of the files in `folder` that VERBATIM blocks include, and those include in turn; `sources` takes them.
std::string included_headers(const Program& program, const fs::path& folder, std::vector<PackRecipe::Source>& sources) {
    static const std::regex include("#[ \t]*include[ \t]*\"([^\"\n]+)\"");
    std::string all;
    std::set<std::string> seen;
    const std::function<void(const std::string&)> follow = [&](const std::string& text) {
        for (std::sregex_iterator i(text.begin(), text.end(), include), end; i != end; ++i) {
            const std::string name = (*i)[1];
            if (!seen.insert(name).second) continue;
            std::error_code ignored;
            if (!fs::exists(folder / name, ignored)) continue;
            const std::string header = read_file(folder / name);
            sources.push_back({(folder / name).lexically_normal().string(), content_hash(header)});
            all += header + "\n";
            follow(header);
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

/// Runs the passes. @returns false when there are errors; a tree that was asked for is printed
bool run_passes(Mechanism& mechanism, const Request& request, Diagnostics& diagnostics) {
    for (const Pass& pass : passes()) {
        if (pass.when == Pass::When::IfGood && (diagnostics.failed() || request.units)) break;
        if (pass.when == Pass::When::IfAsked && !request.units) continue;
        pass.run(mechanism, diagnostics);
        if (request.after == pass.name && !diagnostics.failed()) fmt::print("{}", to_nmodl(mechanism.program));
    }
    return !diagnostics.failed();
}

/// Parses and prints one file. @returns false when it has errors, which are reported
bool translate(const fs::path& file, Request& request, std::vector<TranslationUnit>& units) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        fmt::print(stderr, "error: the file {} cannot be read\n", file.string());
        return false;
    }
    std::ostringstream text;
    text << in.rdbuf();
    request.sources.push_back({file.string(), content_hash(text.str())});
    SourceRegistry sources;
    Diagnostics diagnostics;
    const std::string nmodl = with_plain_line_ends(text.str());
    const std::uint32_t source = sources.add(file.string(), nmodl);
    const auto report = [&] {
        diagnostics.sort();
        for (const Error& w : diagnostics.warnings()) fmt::print(stderr, "{}", render_diagnostic("warning", w, sources));
        constexpr std::size_t most = 40;
        const std::size_t shown = std::min(most, diagnostics.errors().size());
        for (std::size_t i = 0; i < shown; ++i) fmt::print(stderr, "{}", render_diagnostic("error", diagnostics.errors()[i], sources));
        if (diagnostics.count() > shown) fmt::print(stderr, "error: {} more errors in {}\n", diagnostics.count() - shown, file.string());
        return !diagnostics.failed();
    };
    const fs::path folder = file.parent_path().empty() ? fs::path(".") : file.parent_path();
    Program program = parse(source, sources, folder, diagnostics);
    if (diagnostics.failed()) return report();
    if (request.emit == "ast" && request.after.empty()) fmt::print("{}", to_nmodl(program));
    for (const auto& [number, name] : program.included) request.sources.push_back({name, content_hash(read_file(name))});
    program.header_text = included_headers(program, folder, request.sources);
    const std::string header_hash = program.header_text.empty() ? std::string() : fmt::format("// headers {}\n", content_hash(program.header_text));
    Mechanism mechanism;
    mechanism.program = std::move(program);
    if (!run_passes(mechanism, request, diagnostics) || request.units || !request.after.empty() || request.emit == "ast") return report();
    if (request.emit == "ir") {
        fmt::print("{}", kernels_as_text(mechanism));
        return report();
    }
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
        const auto keep = [&](const std::vector<std::string>& option) { request.kept_words.insert(request.kept_words.end(), option.begin(), option.end()); };
        if (w == "-o" || w == "--output") request.build.output = value();
        else if (w == "--name") keep({w, request.build.pack_name = value()});
        else if (w == "--version") keep({w, request.build.version = value()});
        else if (w.starts_with("--emit=")) request.emit = w.substr(7);
        else if (w.starts_with("--after=")) request.after = w.substr(8);
        else if (w == "--units") request.units = true;
        else if (w == "-v" || w == "--verbose") request.build.verbose = true;
        else if (w == "--plain") request.plain = true, keep({w});
        else if (w == "--portable") request.build.portable = true, keep({w});
        else if (w == "--dry-run") request.build.dry_run = true;
        else if (w == "-j") request.build.jobs = std::max(1, std::atoi(value().c_str()));
        else if (w.starts_with("-j") && w.find_first_not_of("0123456789", 2) == std::string::npos) request.build.jobs = std::max(1, std::atoi(w.c_str() + 2));
        else if (w == "-h" || w == "--help") {
            fmt::print("{}", kUsage);
            return 0;
        } else if (w == "--passes") {
            for (const Pass& pass : passes()) fmt::print("{:<10} {}\n", pass.name, pass.purpose);
            return 0;
        } else if (w.starts_with("-")) return usage(fmt::format("unknown option `{}`", w));
        else request.inputs.push_back(w);
    }
    if (!request.emit.empty() && request.emit != "cpp" && request.emit != "ast" && request.emit != "ir") return usage(fmt::format("--emit={} is not available: use --emit=ast, ir or cpp", request.emit));
    if (!request.after.empty() && std::none_of(passes().begin(), passes().end(), [&](const Pass& p) { return p.name == request.after; })) return usage(fmt::format("there is no pass `{}`: see --passes", request.after));
    request.units = request.units || request.after == "units";
    if (request.inputs.empty()) request.inputs.emplace_back(".");
    const std::vector<fs::path> files = mod_files(request.inputs);
    if (files.empty()) {
        fmt::print(stderr, "error: there are no .mod files in {}\n", fmt::join(request.inputs, ", "));
        return 1;
    }
    std::vector<TranslationUnit> units;
    bool good = true;
    for (const auto& file : files) good = translate(file, request, units) && good;
    if (!good) return 1;
    if (!request.emit.empty() || !request.after.empty() || request.units) return 0;
    for (std::size_t i = 0; i < units.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (units[i].tag == units[j].tag) {
                fmt::print(stderr, "error: two files make the same mechanism file name: {} and {}\n", units[j].file, units[i].file);
                return 1;
            }
    if (request.build.output.empty()) request.build.output = "x86_64/libnrnmech.so";
    request.build.include_folder = include_folder();
    const int status = build_pack(units, request.build);
    if (status == 0 && !request.build.dry_run) {
        PackRecipe recipe{request.kept_words, request.inputs, request.sources};
        recipe.words.insert(recipe.words.end(), request.inputs.begin(), request.inputs.end());
        write_recipe(request.build.output, recipe);
    }
    return status;
}

}  // namespace nrn::nmodl
