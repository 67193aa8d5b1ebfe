// SPDX-License-Identifier: BSD-3-Clause
// Drives the C++ compiler.
#include "codegen/build_pack.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace nrn::nmodl {
namespace fs = std::filesystem;

std::string content_hash(const std::string& text) {
    std::uint64_t h = 0xcbf29ce484222325ull;
    for (const unsigned char c : text) h = (h ^ c) * 0x100000001b3ull;
    return fmt::format("{:016x}", h);
}

std::string read_file(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

namespace {

fs::path cache_folder() {
    if (const char* given = std::getenv("NRN_CACHE_DIR")) return given;
    if (const char* xdg = std::getenv("XDG_CACHE_HOME")) return fs::path(xdg) / "nrn";
    if (const char* home = std::getenv("HOME")) return fs::path(home) / ".cache" / "nrn";
    return fs::temp_directory_path() / "nrn-cache";
}

pid_t start(const std::vector<std::string>& words, bool verbose) {
    if (verbose) fmt::print(stderr, "{}\n", fmt::join(words, " "));
    std::vector<char*> argv;
    for (const auto& w : words) argv.push_back(const_cast<char*>(w.c_str()));
    argv.push_back(nullptr);
    pid_t child = -1;
    if (posix_spawnp(&child, argv[0], nullptr, nullptr, argv.data(), environ) != 0) return -1;
    return child;
}

int finish(pid_t child) {
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) < 0) return 127;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

void write_file(const fs::path& file, const std::string& text) { std::ofstream(file, std::ios::binary) << text; }

/// What the processor of this machine can do; native packs are good for no less.
std::string processor_features() {
    std::ifstream in("/proc/cpuinfo");
    for (std::string line; std::getline(in, line);)
        if (line.starts_with("flags")) return line;
    return {};
}

bool supported(const std::string& feature) {
    const std::string names = " " + processor_features() + " ";
    return names.find(" " + feature + " ") != std::string::npos;
}

/// A kind of machine a pack is compiled for, best first.
struct Machine {
    const char *name, *flag;
    std::vector<const char*> features;  // as __builtin_cpu_supports names them
};
const std::vector<Machine>& machines() {
    static const std::vector<Machine> list{{"avx512", "-march=x86-64-v4", {"avx512f", "avx512vl", "avx512dq", "avx512bw", "avx512cd", "avx2", "fma", "bmi2"}},
                                           {"avx2", "-march=x86-64-v3", {"avx2", "fma", "bmi", "bmi2"}},
                                           {"sse2", "-march=x86-64", {}}};
    return list;
}

/// Kernels over registers differ between machines; C text of users is compiled once.
bool differs(const TranslationUnit& u) { return u.cpp.find("using namespace nrn_batch;") != std::string::npos && u.cpp.find("nrn/abi/verbatim.h") == std::string::npos; }

/// Is the program a link to, or called, clang?
bool is_clang(const std::string& compiler) {
    std::error_code ignored;
    if (compiler.find('/') != std::string::npos) return fs::canonical(compiler, ignored).string().find("clang") != std::string::npos;
    const char* path = std::getenv("PATH");
    std::istringstream folders(path ? path : "");
    for (std::string folder; std::getline(folders, folder, ':');)
        if (const fs::path program = fs::path(folder) / compiler; fs::exists(program, ignored)) return fs::canonical(program, ignored).string().find("clang") != std::string::npos;
    return false;
}

std::vector<std::string> common_flags(const std::string& compiler, const BuildOptions& o) {
    std::vector<std::string> flags{"-std=c++20", "-O2", "-fPIC", "-fvisibility=hidden", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math", "-w", "-I", o.include_folder.string()};
    // GCC 12 moves the zeroing of a column behind later stores to it (a row's states at 0, then their INITIAL).
    if (!is_clang(compiler)) flags.insert(flags.begin() + 2, {"-fno-tree-loop-distribution", "-fno-tree-loop-distribute-patterns", "-fpermissive"});
    return flags;
}

std::string condition(const Machine& m) {
    std::string s;
    for (const char* f : m.features) s += fmt::format("{}__builtin_cpu_supports(\"{}\")", s.empty() ? "" : " && ", f);
    return s.empty() ? "true" : s;
}

std::string pack_source(const std::vector<TranslationUnit>& units, const BuildOptions& o) {
    std::string s = "#include <cstdlib>\n#include <cstring>\n#include \"nrn/abi/mechanism.h\"\nextern \"C\" {\n";
    const auto symbol = [&](const TranslationUnit& u, const char* machine) { return fmt::format("nrn_mechanism_of_{}{}", u.tag, o.portable && differs(u) ? std::string("_") + machine : std::string()); };
    for (const auto& m : machines()) {
        for (const auto& u : units) s += fmt::format("const nrn_mechanism* {}(void);\n", symbol(u, m.name));
        if (!o.portable) break;
    }
    s += fmt::format("NRN_PLUGIN_CARD_SECTION const nrn_plugin_card nrn_plugin_card_v1 = {{NRN_PLUGIN_MAGIC, sizeof(nrn_plugin_card), NRN_ABI_MAJOR, NRN_ABI_MINOR, NRN_PLUGIN_MECHANISMS, \"{}\", \"{}\", \"\", \"\"}};\n}}\n", o.pack_name, o.version);
    s += "template <class... M> static const void* contents(M... mechanism) {\n    static const nrn_mechanism* const list[] = {mechanism()..., nullptr};\n"
         "    static const nrn_mechanism_pack pack = {sizeof(nrn_mechanism_pack), list, sizeof...(M), __VERSION__};\n    return &pack;\n}\n"
         "extern \"C\" NRN_PLUGIN_EXPORT const void* nrn_plugin_contents_v1(void) {\n    __builtin_cpu_init();\n";
    // NRN_MACHINE=avx2 or sse2: no more than that, for results that several machines share to the last bit.
    if (o.portable) s += "    const char* const most = std::getenv(\"NRN_MACHINE\");\n    const int first = !most ? 0 : !std::strcmp(most, \"sse2\") ? 2 : !std::strcmp(most, \"avx2\") ? 1 : 0;\n";
    int number = 0;
    // A native pack on a lesser machine has nothing to offer: the host says so.
    for (const auto& m : machines()) {
        if (!o.portable && std::any_of(m.features.begin(), m.features.end(), [](const char* f) { return !supported(f); })) continue;
        std::string list;
        for (const auto& u : units) list += (list.empty() ? "" : ", ") + symbol(u, m.name);
        s += fmt::format("    if ({}{}) return contents({});\n", o.portable ? fmt::format("first <= {} && ", number++) : std::string(), condition(m), list);
        if (!o.portable) break;
    }
    return s + "    return nullptr;\n}\n";
}

}  // namespace

int build_pack(const std::vector<TranslationUnit>& units, const BuildOptions& o) {
    const char* env = std::getenv("NRN_CXX");
    const std::string compiler = env ? env : "c++";
    const std::vector<std::string> flags = common_flags(compiler, o);
    std::string abi;
    for (const char* header : {"batch.hpp", "instances.h", "instructions.h", "lag.hpp", "mechanism.h", "mechanism_support.hpp", "vector_math.h", "mcell_ran4.h", "verbatim.h", "verbatim_instances.h", "verbatim_random.h", "verbatim_sections.h", "sections.h"}) abi += read_file(o.include_folder / "nrn" / "abi" / header);
    const std::string environment = compiler + fmt::format("{}", fmt::join(flags, " ")) + content_hash(abi);
    struct Part { std::string cpp; std::vector<std::string> flags; };
    std::vector<Part> all;
    const auto add = [&all](const TranslationUnit& u, std::vector<std::string> its) {
        if (!u.header_folder.empty()) its.insert(its.end(), {"-I", u.header_folder});
        all.push_back({u.cpp, std::move(its)});
    };
    for (const auto& u : units) {
        if (!o.portable) add(u, {"-march=native"});
        else if (!differs(u)) add(u, {"-march=x86-64"});
        else
            for (const auto& m : machines()) add(u, {m.flag, fmt::format("-Dnrn_mechanism_of_{0}=nrn_mechanism_of_{0}_{1}", u.tag, m.name)});
    }
    all.push_back({pack_source(units, o), {"-march=x86-64"}});
    const fs::path cache = cache_folder();
    std::error_code problem;
    fs::create_directories(cache, problem);
    if (problem) {
        fmt::print(stderr, "error: the cache folder {} cannot be made: {}\n", cache.string(), problem.message());
        return 1;
    }
    std::vector<std::string> objects;
    struct Job { pid_t child; fs::path object, made, source; };
    std::vector<Job> running;
    int status = 0;
    const auto reap = [&](std::size_t keep) {
        while (running.size() > keep) {
            const int s = finish(running.front().child);
            if (s == 0) fs::rename(running.front().made, running.front().object, problem);
            else if (status == 0) status = s;
            fs::remove(running.front().source, problem);
            running.erase(running.begin());
        }
    };
    std::string everything = environment;
    const std::string processor = processor_features();
    for (const auto& u : all) {
        // What "native" means belongs to the machine: a cache may be shared by several.
        const std::string hash = content_hash(environment + fmt::format("{}", fmt::join(u.flags, " ")) + (o.portable ? "" : processor) + u.cpp);
        everything += hash;
        const fs::path object = cache / (hash + ".o");
        objects.push_back(object.string());
        if (fs::exists(object, problem)) continue;
        const fs::path source = cache / fmt::format("{}.{}.cpp", hash, getpid()), made = cache / fmt::format("{}.{}.o", hash, getpid());
        write_file(source, u.cpp);
        std::vector<std::string> words{compiler};
        words.insert(words.end(), flags.begin(), flags.end());
        words.insert(words.end(), u.flags.begin(), u.flags.end());
        words.insert(words.end(), {"-c", source.string(), "-o", made.string()});
        if (o.dry_run) {
            fmt::print("{}\n", fmt::join(words, " "));
            continue;
        }
        reap(static_cast<std::size_t>(std::max(0, o.jobs - 1)));
        running.push_back({start(words, o.verbose), object, made, source});
    }
    reap(0);
    if (status != 0 || o.dry_run) return status;
    const std::string stamp = content_hash(everything);
    // Another program may have put a library of its own in the same place since.
    const auto stamp_of_file = [&] {
        std::error_code unknown;
        const auto size = fs::file_size(o.output, unknown);
        return fmt::format("{} {} {}", stamp, unknown ? 0 : size, fs::last_write_time(o.output, unknown).time_since_epoch().count());
    };
    const fs::path stamp_file = o.output.parent_path() / ("." + o.output.filename().string() + ".stamp");
    if (fs::exists(o.output, problem) && read_file(stamp_file) == stamp_of_file()) return 0;  // nothing has changed
    fs::create_directories(o.output.parent_path().empty() ? fs::path(".") : o.output.parent_path(), problem);
    const fs::path map = cache / fmt::format("plugin.{}.map", getpid());  // other compilations may share the cache
    write_file(map, "{ global: nrn_plugin_card_v1; nrn_plugin_contents_v1; local: *; };\n");
    // Of several processes that make one pack at a time each has its own copy until it is whole.
    const std::string made = fmt::format("{}.{}.new", o.output.string(), getpid());
    std::vector<std::string> words{compiler, "-shared", "-o", made, "-Wl,--version-script=" + map.string()};
    words.insert(words.end(), objects.begin(), objects.end());
    status = finish(start(words, o.verbose));
    fs::remove(map, problem);
    if (status != 0) return status;
    fs::rename(made, o.output, problem);
    if (problem) {
        fmt::print(stderr, "error: {} cannot be written: {}\n", o.output.string(), problem.message());
        return 1;
    }
    write_file(stamp_file, stamp_of_file());
    return 0;
}

}  // namespace nrn::nmodl
