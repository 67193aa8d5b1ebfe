// SPDX-License-Identifier: BSD-3-Clause
// One simulator: owns everything, is passed by reference, and two of them live in one process.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "nrn/api/callable.hpp"

namespace nrn {

class ClassRegistry;
class Communicator;
class Interpreter;
class Model;
class PluginCatalog;
class Scope;
class Simulation;
class SourceRegistry;

/// Where output goes. An embedded or hosting Python replaces `out` so that prints of both languages interleave.
struct Console {
    std::function<void(std::string_view)> out;   // standard output by default
    std::function<void(std::string_view)> err;
    std::function<void()> flush;
};

struct RuntimeOptions {
    std::vector<std::filesystem::path> plugin_path;  // --plugin-path, searched after NRN_NMODL_PATH
    bool autoload = true;                            // x86_64/ in the working folder
    std::string host_program;                        // "nrn", "python"
    std::vector<std::string> arguments;              // what an embedded Python calls sys.argv
};

class Runtime {
  public:
    explicit Runtime(RuntimeOptions options = {});
    ~Runtime();
    Runtime(const Runtime&) = delete;
    Runtime& operator=(const Runtime&) = delete;

    [[nodiscard]] const RuntimeOptions& options() const noexcept { return options_; }
    [[nodiscard]] Console& console() noexcept { return console_; }
    void print(std::string_view text) { console_.out(text); }
    void warn(std::string_view text);  // "warning: ..." on the error stream

    [[nodiscard]] SourceRegistry& sources() noexcept { return *sources_; }
    [[nodiscard]] Scope& scope() noexcept { return *scope_; }
    [[nodiscard]] ClassRegistry& classes() noexcept { return *classes_; }
    [[nodiscard]] Model& model() noexcept { return *model_; }
    [[nodiscard]] Simulation& simulation() noexcept { return *simulation_; }
    [[nodiscard]] PluginCatalog& plugins() noexcept { return *plugins_; }

    /// The interpreter for `language`, loading its plugin at the first call.
    /// @throws Error(Plugin) naming what is there and how to get it
    [[nodiscard]] Interpreter& interpreter(std::string_view language);
    [[nodiscard]] Interpreter* loaded_interpreter(std::string_view language) const noexcept;
    /// An interpreter that already runs registers itself (the module neuron in a Python process).
    void adopt_interpreter(std::unique_ptr<Interpreter>);

    [[nodiscard]] Communicator& communicator() noexcept { return *communicator_; }
    void use_communicator(std::unique_ptr<Communicator>);

    /// The name of the file or folder search: load_file and friends. Empty when not found.
    [[nodiscard]] std::filesystem::path find_library_file(const std::string& name) const;

    /// Per-runtime services that subsystems keep here without the kernel knowing their type.
    template <class T>
    T& service() {
        static const char key = 0;
        auto& slot = service_slot(&key);
        if (!slot) slot = std::make_shared<T>(*this);
        return *static_cast<T*>(slot.get());
    }

    /// Renders an error as the user sees it (file, line, caret, hint, call chain).
    [[nodiscard]] std::string render(const class Error&) const;

  private:
    std::shared_ptr<void>& service_slot(const void* key);
    struct Services;
    RuntimeOptions options_;
    Console console_;
    std::unique_ptr<SourceRegistry> sources_;
    std::unique_ptr<Scope> scope_;
    std::unique_ptr<ClassRegistry> classes_;
    std::unique_ptr<Model> model_;
    std::unique_ptr<Simulation> simulation_;
    std::unique_ptr<PluginCatalog> plugins_;
    std::unique_ptr<Communicator> communicator_;
    std::vector<std::unique_ptr<Interpreter>> interpreters_;
    std::unique_ptr<Services> services_;
};

}  // namespace nrn
