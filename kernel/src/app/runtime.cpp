// SPDX-License-Identifier: BSD-3-Clause
// Builds a simulator in order, and takes it down in the reverse.
#include "nrn/api/runtime.hpp"

#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <unordered_map>

#include <fmt/format.h>
#include <unistd.h>

#include "classes/register_classes.hpp"
#include "engine/simulation.hpp"
#include "error/renderer.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "network/serial_communicator.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/holder.hpp"
#include "nrn/api/interpreter.hpp"
#include "nrn/api/scope.hpp"
#include "plugin/plugin_catalog.hpp"

namespace nrn {

struct Runtime::Services {
    std::unordered_map<const void*, std::shared_ptr<void>> slots;
    std::vector<const void*> order;  // services go in the reverse order of their making
};

Runtime::Runtime(RuntimeOptions options) : options_(std::move(options)), services_(std::make_unique<Services>()) {
    console_.out = [](std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); };
    console_.err = [](std::string_view text) {
        std::fflush(stdout);  // what was printed before an error stands before it
        std::fwrite(text.data(), 1, text.size(), stderr);
    };
    console_.flush = [] { std::fflush(stdout); };
    sources_ = std::make_unique<SourceRegistry>();
    scope_ = std::make_unique<Scope>();
    classes_ = std::make_unique<ClassRegistry>();
    communicator_ = std::make_unique<SerialCommunicator>();
    model_ = std::make_unique<Model>(*this);
    simulation_ = std::make_unique<Simulation>(*this);
    plugins_ = std::make_unique<PluginCatalog>(*this);
    register_classes(*this);
    plugins_->load_at_start();
}

Runtime::~Runtime() {
    // From here on no user code runs: destructors see that the model is gone.
    model_->shut_down();
    // Interpreters go first: they hold objects. The top-level names hold objects too.
    for (const Symbol* s : scope_->all()) {
        auto& symbol = const_cast<Symbol&>(*s);
        std::vector<ObjectPtr> objects;
        objects.swap(symbol.objects);
        while (!objects.empty()) objects.pop_back();  // newest first: their class need not close gaps
    }
    for (const auto& cls : classes_->all()) {
        std::vector<ObjectPtr> left(cls->instances().begin(), cls->instances().end());
        for (const ObjectPtr& o : left)
            if (auto* holder = dynamic_cast<Holder*>(o.get())) holder->let_go_of_held();
    }
    while (!interpreters_.empty()) interpreters_.pop_back();
    for (auto key = services_->order.rbegin(); key != services_->order.rend(); ++key) services_->slots.erase(*key);
    for (const auto& type : model_->mechanisms()) type->store().forget_pointers();
    simulation_.reset();
    scope_.reset();
    model_.reset();
    plugins_.reset();
    classes_.reset();
}

void Runtime::warn(std::string_view text) { console_.err(fmt::format("warning: {}\n", text)); }

Interpreter* Runtime::loaded_interpreter(std::string_view language) const noexcept {
    for (const auto& i : interpreters_)
        if (i->language() == language) return i.get();
    return nullptr;
}

Interpreter& Runtime::interpreter(std::string_view language) {
    if (Interpreter* loaded = loaded_interpreter(language)) return *loaded;
    auto created = plugins_->create_interpreter(language);
    if (Interpreter* meanwhile = loaded_interpreter(language)) return *meanwhile;  // it registered itself
    interpreters_.push_back(std::move(created));
    return *interpreters_.back();
}

void Runtime::adopt_interpreter(std::unique_ptr<Interpreter> interpreter) {
    interpreters_.push_back(std::move(interpreter));
}

void Runtime::use_communicator(std::unique_ptr<Communicator> communicator) { communicator_ = std::move(communicator); }

std::filesystem::path Runtime::find_library_file(const std::string& name) const {
    namespace fs = std::filesystem;
    std::error_code ignored;
    if (fs::path(name).is_absolute()) return fs::exists(name, ignored) ? fs::path(name) : fs::path();
    std::vector<fs::path> folders{fs::path(".")};
    if (const char* path = std::getenv("HOC_LIBRARY_PATH")) {
        std::string text(path);
        for (char& c : text)
            if (c == ':' || c == ' ') c = '\n';
        std::istringstream lines(text);
        for (std::string folder; std::getline(lines, folder);)
            if (!folder.empty()) folders.emplace_back(folder);
    }
    for (const auto& folder : plugins_->library_folders()) folders.push_back(folder);
    for (const auto& folder : folders)
        if (fs::exists(folder / name, ignored)) return folder == "." ? fs::path(name) : folder / name;
    return {};
}

std::shared_ptr<void>& Runtime::service_slot(const void* key) {
    auto [slot, fresh] = services_->slots.try_emplace(key);
    if (fresh) services_->order.push_back(key);
    return slot->second;
}

std::string Runtime::render(const Error& error) const { return render_error(error, *sources_); }

}  // namespace nrn
