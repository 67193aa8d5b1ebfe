// SPDX-License-Identifier: BSD-3-Clause
// The `nrn` command: reads the command line and hands over.
#include <iostream>
#include <span>

#include <CLI/CLI.hpp>

#include "app/commands.hpp"
#include "nrn/api/error.hpp"
#include "compile_command.hpp"

int main(int argc, char** argv) {
    const std::vector<std::string> given(argv + 1, argv + argc);
    if (const auto status = nrn::app::compatible_front(argv[0], given)) return *status;
    // `nrn compile` has its own options: hand the words over as they are.
    if (argc > 1 && std::string_view(argv[1]) == "compile") {
        const std::vector<std::string> words(argv + 2, argv + argc);
        return nrn::nmodl::compile_command(words);
    }
    CLI::App app("A simulator of neurons: runs models in Hoc, Python and NMODL.", "nrn");
    app.require_subcommand(1);

    nrn::app::RunOptions options;
    auto* run = app.add_subcommand("run", "Run a model, statements, or a prompt");
    bool no_autoload = false, no_compile = false;
    run->add_option("--interp", options.interpreter, "hoc or python (default: by the file's ending)");
    run->add_option("--comm", options.communicator, "how ranks talk: self or mpi");
    run->add_option("--threads", options.threads, "worker threads")->check(CLI::Range(1, 1024));
    run->add_option("--plugin-path", options.plugin_path, "more folders to search for plugins; may be repeated")->expected(1)->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    run->add_flag("--no-autoload", no_autoload, "do not load x86_64/ of the working folder");
    run->add_flag("--no-compile", no_compile, "do not compile the folder's .mod files when they are newer than its pack");
    run->add_flag("--progress", options.progress, "show simulated time, speed and time left while running, on a terminal");
    run->add_flag("-i,--interactive", options.interactive, "prompt after the file");
    run->add_option("--dump", options.dump, "print the ast or bytecode of the file instead of running it");
    run->add_option("-c", options.code, "a statement to execute (after the file); may be repeated")->expected(1)->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    run->prefix_command();  // what follows the file is the program's

    auto* plugins = app.add_subcommand("plugins", "Show plugins: list, info FILE, check DIR");
    std::string action = "list", argument;
    plugins->add_option("action", action)->check(CLI::IsMember({"list", "info", "check"}));
    plugins->add_option("argument", argument);

    auto* config = app.add_subcommand("config", "Print where things are");
    bool python_path = false, version = false, prefix = false, cmake = false;
    config->add_flag("--pythonpath", python_path);
    config->add_flag("--version", version);
    config->add_flag("--prefix", prefix);
    config->add_flag("--cmake-dir", cmake);
    auto* doctor = app.add_subcommand("doctor", "Check the installation");
    app.add_subcommand("compile", "Compile NMODL files to a mechanism pack: nrn compile [DIR or FILES...] [-o PACK.so]");

    CLI11_PARSE(app, argc, argv);
    try {
        if (*run) {
            options.autoload = !no_autoload;
            options.compile = !no_compile;
            options.arguments = run->remaining();
            return nrn::app::run(options);
        }
        if (*plugins) return nrn::app::plugins(action, argument);
        if (*config) return nrn::app::config(python_path ? "pythonpath" : version ? "version" : prefix ? "prefix" : cmake ? "cmake-dir" : "version");
        if (*doctor) return nrn::app::doctor();
    } catch (const nrn::Error& error) {
        std::cerr << "error: " << error.message() << "\n";
        return 1;
    }
    return 1;
}
