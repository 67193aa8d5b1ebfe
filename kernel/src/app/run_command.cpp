// SPDX-License-Identifier: BSD-3-Clause
// `nrn run`: a program in Hoc or Python, statements, or a prompt.
#include "app/automatic_compile.hpp"
#include "app/commands.hpp"
#include "app/outcome.hpp"
#include "app/progress_meter.hpp"

#include <cstdio>
#include <iostream>

#include <fmt/format.h>
#include <unistd.h>

#include "error/closest_name.hpp"
#include "nrn/api/communicator.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/interpreter.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"
#include "plugin/plugin_catalog.hpp"

namespace nrn::app {
namespace {

std::string language_of(const RunOptions& options) {
    if (!options.interpreter.empty()) return options.interpreter;
    if (!options.arguments.empty() && std::filesystem::path(options.arguments[0]).extension() == ".py") return "python";
    return "hoc";
}

constexpr const char* kStandardInput = "-";

/// A script's further arguments are its own, but no Hoc program can ask for them: they are more files.
std::vector<std::filesystem::path> files_of(const RunOptions& options) {
    std::vector<std::filesystem::path> files(options.arguments.begin(), options.arguments.end());
    if (language_of(options) != "hoc" && files.size() > 1) files.resize(1);
    return files;
}

void read_standard_input(Interpreter& interpreter) {
    const int status = interpreter.interactive(isatty(STDIN_FILENO) != 0);
    if (status != 0) throw QuitRequest{status};
}

void run_program(Runtime& runtime, const RunOptions& options) {
    if (!options.communicator.empty() && options.communicator != "self")
        runtime.use_communicator(runtime.plugins().create_communicator(options.communicator));
    const std::vector<std::filesystem::path> files = files_of(options);
    for (const auto& file : files) {
        std::error_code ignored;
        if (file != kStandardInput && !std::filesystem::exists(file, ignored)) throw Error(ErrorKind::Io, fmt::format("there is no file `{}`", file.string()));
    }
    Interpreter& interpreter = runtime.interpreter(language_of(options));
    std::optional<ProgressMeter> meter;
    if (options.progress && runtime.communicator().rank() == 0 && isatty(STDERR_FILENO) && isatty(STDOUT_FILENO)) meter.emplace(runtime);
    for (const auto& file : files) {
        if (file == kStandardInput) {
            read_standard_input(interpreter);
            continue;
        }
        if (!options.dump.empty()) return interpreter.dump(file, options.dump);
        interpreter.run_file(file, options.arguments);
    }
    for (const auto& code : options.code) interpreter.execute(code, nullptr, "<-c>");
    if ((options.arguments.empty() && options.code.empty()) || options.interactive) read_standard_input(interpreter);
}

}  // namespace

int run(const RunOptions& options) {
    if (options.autoload && options.compile && options.dump.empty() && !compile_changed_mechanisms(options)) return 1;
    std::unique_ptr<Runtime> runtime;
    const int status = outcome_of(runtime, [&] {
        runtime = std::make_unique<Runtime>(RuntimeOptions{.plugin_path = options.plugin_path, .autoload = options.autoload, .host_program = "nrn", .arguments = options.arguments});
        run_program(*runtime, options);
    });
    std::fflush(stdout);
    return status;
}

}  // namespace nrn::app
