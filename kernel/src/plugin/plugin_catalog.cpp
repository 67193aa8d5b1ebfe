// SPDX-License-Identifier: BSD-3-Clause
// Finding, checking and loading plugins.
#include "plugin/plugin_catalog.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <sstream>

#include <boost/dll/shared_library.hpp>
#include <dlfcn.h>
#include <fmt/format.h>

#include "error/closest_name.hpp"
#include "model/model.hpp"
#include "nrn/api/communicator.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/interpreter.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/solver.hpp"
#include "plugin/plugin_card.hpp"

namespace nrn {
namespace fs = std::filesystem;

PluginCatalog::PluginCatalog(Runtime& runtime) : runtime_(runtime) {}
PluginCatalog::~PluginCatalog() = default;

fs::path PluginCatalog::prefix_library_folder() {
    Dl_info info{};
    if (dladdr(reinterpret_cast<void*>(&host_build_tag), &info) == 0 || !info.dli_fname) return ".";
    std::error_code ignored;
    const fs::path library = fs::canonical(info.dli_fname, ignored);
    return library.empty() ? fs::path(".") : library.parent_path();
}

std::vector<fs::path> PluginCatalog::library_folders() const {
    std::vector<fs::path> folders;
    if (const char* home = std::getenv("NEURONHOME")) folders.emplace_back(fs::path(home) / "lib" / "hoc");
    folders.push_back(prefix_library_folder() / "nrn" / "hoc");
    return folders;
}

std::vector<PluginCatalog::Folder> PluginCatalog::search_folders() const {
    std::vector<Folder> folders{{prefix_library_folder() / "nrn" / "plugins", "built in"}};
    if (runtime_.options().autoload) folders.push_back({fs::path("x86_64"), "working folder"});
    const auto add_tree = [&](const fs::path& top, const std::string& why) {
        for (const fs::path& f : {top, top / "x86_64", top / "lib"}) folders.push_back({f, why});
    };
    if (const char* path = std::getenv("NRN_NMODL_PATH")) {
        std::istringstream entries(path);
        for (std::string entry; std::getline(entries, entry, ':');)
            if (!entry.empty()) add_tree(entry, "NRN_NMODL_PATH");
    }
    for (const auto& p : runtime_.options().plugin_path) add_tree(p, "--plugin-path");
    return folders;
}

namespace {

std::vector<fs::path> libraries_in(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored))
        if (entry.path().extension() == ".so" && !entry.is_directory(ignored)) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace

PluginRecord& PluginCatalog::record(const fs::path& file) {
    std::error_code ignored;
    fs::path full = fs::canonical(file, ignored);
    if (full.empty()) full = file;
    for (const auto& r : records_)
        if (r->file == full) return *r;
    auto made = std::make_unique<PluginRecord>();
    made->file = full;
    CardReading reading = read_plugin_card(full);
    made->card = reading.card;
    made->problems = std::move(reading.problems);
    if (!made->problems.empty()) made->state = PluginRecord::State::Refused;
    for (const auto& r : records_)
        if (made->state != PluginRecord::State::Refused && r->state != PluginRecord::State::Refused && r->card.kind == made->card.kind &&
            std::strcmp(r->card.name, made->card.name) == 0 && made->card.kind != NRN_PLUGIN_MECHANISMS) {
            made->problems.push_back(fmt::format("the {} plugin `{}` is already provided by {}", kind_name(made->card.kind), made->card.name, r->file.string()));
            made->state = PluginRecord::State::Refused;
        }
    records_.push_back(std::move(made));
    return *records_.back();
}

void PluginCatalog::open(PluginRecord& r) {
    // Kept open for the life of the process: code of a plugin may be anywhere by now.
    boost::system::error_code problem;
    auto* library = new boost::dll::shared_library;
    library->load(r.file.string(), boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local, problem);
    if (problem) {
        const char* reason = dlerror();
        r.problems.push_back(fmt::format("it cannot be loaded: {}", reason ? reason : problem.message()));
        delete library;
    } else if (!library->has("nrn_plugin_contents_v1")) {
        r.problems.push_back("it does not export `nrn_plugin_contents_v1`");
    } else {
        r.contents = library->get<const void*()>("nrn_plugin_contents_v1")();
        if (!r.contents) r.problems.push_back("its `nrn_plugin_contents_v1` returned nothing");
    }
    r.state = r.problems.empty() ? PluginRecord::State::Loaded : PluginRecord::State::Refused;
}

void PluginCatalog::import_pack(PluginRecord& r) {
    const auto& pack = *static_cast<const nrn_mechanism_pack*>(r.contents);
    for (int i = 0; i < pack.n_mechanism; ++i) {
        const nrn_mechanism& m = *pack.mechanism[i];
        if (m.struct_size < sizeof(nrn_mechanism)) {
            r.problems.push_back(fmt::format("mechanism `{}` was built for a description of {} bytes, this is {}", m.name, m.struct_size, sizeof(nrn_mechanism)));
            continue;
        }
        try {
            runtime_.model().add_mechanism(m, r.file.string());
            r.mechanisms.emplace_back(m.name);
        } catch (const Error& e) {
            r.problems.push_back(e.message());
        }
    }
}

PluginRecord& PluginCatalog::load_file(const fs::path& file) {
    std::error_code ignored;
    if (!fs::exists(file, ignored)) throw Error(ErrorKind::Plugin, fmt::format("there is no plugin file {}", file.string()));
    PluginRecord& r = record(file);
    if (r.state == PluginRecord::State::Found) {
        open(r);
        if (r.state == PluginRecord::State::Loaded && r.card.kind == NRN_PLUGIN_MECHANISMS) import_pack(r);
    }
    if (!r.problems.empty()) {
        std::string reasons;
        for (const auto& p : r.problems) reasons += (reasons.empty() ? "" : "; ") + p;
        throw Error(ErrorKind::Plugin, fmt::format("plugin {} was refused: {}", r.file.string(), reasons))
            .hint(r.card.name[0] ? "build it again for this version" : "compile mechanisms with `nrn compile`");
    }
    return r;
}

int PluginCatalog::load_folder(const fs::path& folder) {
    int loaded = 0;
    for (const fs::path& f : {folder, folder / "x86_64", folder / "lib"})
        for (const fs::path& file : libraries_in(f)) {
            load_file(file);
            ++loaded;
        }
    return loaded;
}

void PluginCatalog::load_at_start() {
    for (const Folder& folder : search_folders())
        for (const fs::path& file : libraries_in(folder.path)) {
            PluginRecord& r = record(file);
            if (r.state == PluginRecord::State::Refused) {
                runtime_.warn(fmt::format("plugin {} was refused: {}", r.file.string(), r.problems.front()));
                continue;
            }
            if (r.card.kind != NRN_PLUGIN_MECHANISMS || r.state != PluginRecord::State::Found) continue;
            try {
                load_file(file);
            } catch (const Error& e) {
                runtime_.warn(e.message());
            }
        }
}

const void* PluginCatalog::contents_of(std::uint32_t kind, std::string_view name, const char* remedy) {
    ClosestName closest(name);
    std::string known, refused;
    for (const auto& r : records_) {
        if (r->card.kind != kind) continue;
        if (r->card.name == name && r->state != PluginRecord::State::Refused) {
            if (r->state == PluginRecord::State::Found) open(*r);
            if (r->state == PluginRecord::State::Loaded) return r->contents;
        }
        if (r->card.name == name) refused = fmt::format("; {} was refused: {}", r->file.string(), r->problems.empty() ? "" : r->problems.front());
        closest.offer(r->card.name);
        known += fmt::format("{}`{}`", known.empty() ? "" : ", ", r->card.name);
    }
    std::string hint = closest.hint();
    if (hint.empty()) hint = known.empty() ? remedy : fmt::format("available: {}", known);
    throw Error(ErrorKind::Plugin, fmt::format("there is no {} plugin `{}`{}", kind_name(kind), name, refused)).hint(hint);
}

std::unique_ptr<Interpreter> PluginCatalog::create_interpreter(std::string_view language) {
    return static_cast<const InterpreterFactory*>(contents_of(NRN_PLUGIN_INTERPRETER, language, "build the plugins interp-hoc and interp-python"))->create(runtime_);
}

std::unique_ptr<Solver> PluginCatalog::create_solver(std::string_view name) {
    return static_cast<const SolverFactory*>(contents_of(NRN_PLUGIN_SOLVER, name, "install libsundials-dev and build the plugin solver-cvode"))->create(runtime_);
}

const CommunicatorFactory& PluginCatalog::communicator_factory(std::string_view name) {
    return *static_cast<const CommunicatorFactory*>(contents_of(NRN_PLUGIN_COMMUNICATOR, name, "install libopenmpi-dev and build the plugin comm-mpi"));
}

std::unique_ptr<Communicator> PluginCatalog::create_communicator(std::string_view name) { return communicator_factory(name).create(runtime_); }

std::unique_ptr<Communicator> PluginCatalog::adopt_communicator(std::string_view name, const Value& given) {
    const CommunicatorFactory& factory = communicator_factory(name);
    if (!factory.adopt) throw Error(ErrorKind::Unsupported, fmt::format("the plugin `{}` takes no communicator of others", name));
    return factory.adopt(runtime_, given);
}

std::unique_ptr<Communicator> PluginCatalog::adopt_active_communicator() {
    // MPI in this process shows by its library's symbol; only then is the plugin worth loading.
    if (!dlsym(RTLD_DEFAULT, "MPI_Initialized")) return nullptr;
    for (const auto& r : records_) {
        if (r->card.kind != NRN_PLUGIN_COMMUNICATOR || r->state == PluginRecord::State::Refused) continue;
        if (r->state == PluginRecord::State::Found) open(*r);
        if (r->state != PluginRecord::State::Loaded) continue;
        const auto* factory = static_cast<const CommunicatorFactory*>(r->contents);
        if (factory->already_active && factory->already_active()) return factory->create(runtime_);
    }
    return nullptr;
}

}  // namespace nrn
