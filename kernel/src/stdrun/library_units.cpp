// SPDX-License-Identifier: BSD-3-Clause
// load_file and xopen. Standard names are units of the kernel; other files go to the language of their ending.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "classes/import3d_classes.hpp"
#include "nrn/api/callable.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/interpreter.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"
#include "plugin/plugin_catalog.hpp"
#include "stdrun/standard_run.hpp"

namespace nrn {
namespace {

namespace fs = std::filesystem;

struct Loaded {
    explicit Loaded(Runtime&) {}
    std::set<std::string> files;
};

void no_unit(Runtime&) {}
void standard_run(Runtime& runtime) {
    define_standard_library(runtime);
    define_standard_run(runtime);
}

void graphical_run(Runtime& runtime);

/// Library files that the kernel provides itself. A file of that name found in the working folder or in
/// HOC_LIBRARY_PATH is the user's own and is loaded instead.
struct Unit {
    const char* name;
    void (*load)(Runtime&);
};
constexpr Unit units[] = {
    {"import3d.hoc", define_import3d}, {"import3d/import3d_gui.hoc", define_import3d}, {"import3d/import3d_sec.hoc", define_import3d},
    {"import3d/read_swc.hoc", define_import3d}, {"import3d/read_nlcda.hoc", define_import3d}, {"import3d/read_nlcda3.hoc", define_import3d},
    {"import3d/read_nts.hoc", define_import3d}, {"import3d/read_morphml.hoc", define_import3d},
    {"stdlib.hoc", define_standard_library}, {"stdrun.hoc", standard_run}, {"nrngui.hoc", graphical_run}, {"stdgui.hoc", graphical_run},
    {"noload.hoc", standard_run}, {"runctl.hoc", standard_run}, {"family.hoc", no_unit}, {"pointman.hoc", no_unit}, {"shapebox.hoc", no_unit},
    {"wingroup.hoc", no_unit}, {"varspec.hoc", no_unit}, {"pointgrp.hoc", no_unit}, {"pointbsc.hoc", no_unit}, {"inserter.hoc", no_unit},
    {"electrod.hoc", no_unit}, {"electrode.hoc", no_unit}, {"celbild.hoc", no_unit}, {"chanbild.hoc", no_unit}, {"atoltool.hoc", no_unit},
    {"grapher.hoc", no_unit}, {"vclamp.hoc", no_unit}, {"impedanc.hoc", no_unit}, {"movierun.hoc", no_unit}, {"viewer.hoc", no_unit}, {"mview.hoc", no_unit},
    {"single.hoc", no_unit}, {"multsyn.hoc", no_unit}, {"netbild.hoc", no_unit}, {"spacetim.hoc", no_unit},
};

const Unit* find_unit(std::string_view name) {
    for (const Unit& u : units)
        if (name == u.name) return &u;
    return nullptr;
}

std::string text_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw Error(ErrorKind::Io, fmt::format("`{}` cannot be read", file.string()));
    constexpr std::size_t kMost = std::size_t{1} << 28;  // a device may go on for ever
    std::string text;
    for (char part[1 << 14]; in.read(part, sizeof part), in.gcount() > 0;) {
        text.append(part, static_cast<std::size_t>(in.gcount()));
        if (text.size() > kMost) throw Error(ErrorKind::Io, fmt::format("`{}` has more than {} characters: it is no program", file.string(), kMost));
    }
    return text;
}

void execute_file(Runtime& runtime, const fs::path& file, Object* context) {
    const char* language = file.extension() == ".py" ? "python" : "hoc";
    runtime.interpreter(language).execute(text_of(file), context, file.string());
}

/// A file named with a folder runs with that folder as the working one, so that it finds its neighbours. A file
/// of the working folder itself may change it for good with chdir.
struct WorkingFolder {
    explicit WorkingFolder(const fs::path& folder) : before(fs::current_path()), entered(!folder.empty()) {
        if (entered) fs::current_path(folder);
    }
    ~WorkingFolder() {
        std::error_code ignored;
        if (entered) fs::current_path(before, ignored);
    }
    fs::path before;
    bool entered;
};

/// `$(NAME)` stands for an environment variable. A file of the original's own library, `$(NEURONHOME)/lib/hoc/noload.hoc`,
/// is ours of the same name unless NEURONHOME is set to a folder that has it.
std::string expand_variables(const std::string& name) {
    static const std::regex variable(R"(\$[({]([A-Za-z_][A-Za-z_0-9]*)[)}])");
    std::string text;
    std::smatch found;
    std::string rest = name;
    while (std::regex_search(rest, found, variable)) {
        const char* value = std::getenv(found.str(1).c_str());
        if (!value && found.str(1) == "NEURONHOME") return fs::path(name).filename().string();
        text += found.prefix().str() + (value ? value : "");
        rest = found.suffix().str();
    }
    text += rest;
    std::error_code ignored;
    if (name.find("NEURONHOME") != std::string::npos && !fs::exists(text, ignored)) return fs::path(text).filename().string();
    return text;
}

/// @param context the instance in whose scope a file of Hoc runs
/// @returns false when there is no such file
bool load(Runtime& runtime, const std::string& given, bool enter_folder = true, Object* context = nullptr) {
    const std::string name = given.find('$') == std::string::npos ? given : expand_variables(given);
    const fs::path file = runtime.find_library_file(name);
    std::error_code ignored;
    if (fs::is_directory(name, ignored)) throw Error(ErrorKind::Io, fmt::format("can't open `{}`: it is a folder, not a file", name));
    if (!file.empty()) {
        const fs::path full = fs::absolute(file);
        const WorkingFolder folder(enter_folder && fs::path(name).has_parent_path() && !fs::path(name).is_absolute() ? full.parent_path() : fs::path());
        execute_file(runtime, folder.before == fs::current_path() ? file : full, context);
        return true;
    }
    const Unit* unit = find_unit(name);
    if (!unit) return false;
    unit->load(runtime);
    return true;
}

/// With the graphical library come the templates of small tools, which models and sessions use without loading them.
void graphical_run(Runtime& runtime) {
    standard_run(runtime);
    auto& loaded = runtime.service<Loaded>().files;
    for (const char* name : {"pointman.hoc", "inserter.hoc", "menuexplore.hoc", "family.hoc"})
        if (!runtime.find_library_file(name).empty() && loaded.insert(name).second) load(runtime, name);
}

/// load_file([force,] file[, name]): once per name, unless forced; not at all when `name` exists.
Value load_file(CallArgs& a) {
    Runtime& runtime = a.runtime();
    const std::size_t first = a.is_number(0) ? 1 : 0;
    const bool force = first == 1 && a.number(0) != 0;
    const std::string name = a.string(first);
    if (!force && a.is_string(first + 1)) {
        if (runtime.scope().find(a.string(first + 1))) return 0.0;
    }
    auto& loaded = runtime.service<Loaded>().files;
    if (!force && loaded.count(name)) return 1.0;
    const bool fresh = loaded.insert(name).second;  // before it runs: two files may load each other
    if (load(runtime, name)) return 1.0;
    if (fresh) loaded.erase(name);
    runtime.warn(fmt::format("load_file: couldn't find `{}`", name));
    return 0.0;
}

Value xopen(CallArgs& a) {
    const std::string& name = a.string(0);
    // xopen, unlike load_file, stays in the working folder and in the scope of the method that calls it.
    if (load(a.runtime(), name, false, a.context)) return 1.0;
    throw Error(ErrorKind::Io, fmt::format("xopen: can't open `{}`: there is no such file", name));
}

/// The working folder, HOC_LIBRARY_PATH, our own library.
std::vector<fs::path> search_folders(Runtime& runtime) {
    std::vector<fs::path> folders{fs::path(".")};
    if (const char* path = std::getenv("HOC_LIBRARY_PATH")) {
        std::string text(path);
        std::replace(text.begin(), text.end(), ':', ' ');
        std::istringstream words(text);
        for (std::string folder; words >> folder;) folders.emplace_back(folder);
    }
    for (const auto& folder : runtime.plugins().library_folders()) folders.push_back(folder);
    return folders;
}

/// The file of a folder that defines `name` at the start of a line, or an empty path.
fs::path file_that_defines(const fs::path& folder, const std::string& name) {
    const std::regex definition("(^|\\n)\\s*(proc|func|obfunc|strfunc|iterator|begintemplate)\\s+" + name + "\\b");
    std::vector<fs::path> files;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored))
        if (entry.path().extension() == ".hoc" || entry.path().extension() == ".oc") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files)
        if (std::regex_search(text_of(file), definition)) return file.lexically_normal();
    return {};
}

/// load_proc, load_func, load_template("name", ...): loads the library file that defines each name that does
/// not exist yet; the whole file runs.
Value load_names(CallArgs& a) {
    Runtime& runtime = a.runtime();
    for (std::size_t i = 0; i < a.count(); ++i) {
        const std::string& name = a.string(i);
        if (runtime.scope().find(name)) continue;
        fs::path file;
        for (const fs::path& folder : search_folders(runtime))
            if (file.empty()) file = file_that_defines(folder, name);
        if (file.empty()) {  // the reference goes on as well: the name may come to exist before it is used
            runtime.warn(fmt::format("{}: couldn't find a file that declares `{}` in the working folder and those of HOC_LIBRARY_PATH", a.function(), name));
            continue;
        }
        runtime.service<Loaded>().files.insert(file.filename().string());  // load_file need not load it again
        execute_file(runtime, file, nullptr);
    }
    return 1.0;
}

constexpr Function functions[] = {
    {"load_file", load_file, Returns::Number,
     "load_file([force,] \"file\"[, \"name\"]) -> 1, or 0 when there is no such file or `name` exists; loads each file once\n"
     "Python: h.load_file(\"stdrun.hoc\")\nHoc: load_file(\"stdrun.hoc\")"},
    {"xopen", xopen, Returns::Number, "xopen(\"file\"): executes a file, every time"},
    {"load_proc", load_names, Returns::Number, "load_proc(\"name\", ...): loads name.hoc unless the name exists"},
    {"load_func", load_names, Returns::Number, "load_func(\"name\", ...): loads name.hoc unless the name exists"},
    {"load_template", load_names, Returns::Number, "load_template(\"name\", ...): loads name.hoc unless the name exists"},
};

}  // namespace

void register_library(Runtime& runtime) { runtime.scope().define_functions(functions); }

}  // namespace nrn
