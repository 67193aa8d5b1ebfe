// SPDX-License-Identifier: BSD-3-Clause
// Functions about the machine, the process and this program.
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>
#include <malloc.h>
#include <unistd.h>

#include "classes/register_classes.hpp"
#include "engine/simulation.hpp"
#include "nrn/api/callable.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {
namespace {

/// system(command) -> what the shell's wait gave: 256 times the exit status, or the signal that ended it;
/// system(command, string) also captures what it printed.
Value run_command(CallArgs& args) {
    args.runtime().console().flush();
    std::fflush(nullptr);
    const std::string command = args.string(0);
    int status = 0;
    if (args.has(1)) {
        StringCell& out = args.string_cell(1);
        std::FILE* pipe = ::popen(command.c_str(), "r");
        if (!pipe) throw Error(ErrorKind::Io, args.span, fmt::format("`system` cannot run `{}`", command));
        std::string text;
        std::array<char, 4096> buffer;
        for (std::size_t n; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) text.append(buffer.data(), n);
        status = ::pclose(pipe);
        out.text = std::move(text);
    } else {
        status = std::system(command.c_str());
    }
    return status;
}

/// The working folder with a slash at its end, as scripts expect that append file names to it.
Value getcwd(CallArgs&) {
    std::error_code failed;
    std::string path = std::filesystem::current_path(failed).string();
    if (path.empty() || path.back() != '/') path += '/';
    return path;
}

Value chdir(CallArgs& args) { return ::chdir(args.string(0).c_str()); }

Value machine_name(CallArgs& args) {
    char name[256] = "";
    ::gethostname(name, sizeof name - 1);
    if (!args.has(0)) return std::string(name);
    args.string_cell(0).text = name;
    return 0;
}

Value neuronhome(CallArgs&) {
    if (const char* home = std::getenv("NEURONHOME")) return home;
    std::error_code failed;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", failed);
    return (program.parent_path().parent_path() / "share" / "nrn").string();
}

Value unix_mac_pc(CallArgs&) { return 1; }

/// The version of the language and interface that scripts are written for.
Value nrnversion(CallArgs& args) {
    static const std::string version = "VERSION 9.0.1 compatible";
    switch (static_cast<int>(args.has(0) ? args.number_in(0, 0, 20) : 1)) {
    case 0: return "9.0.1";
    case 2: return version;
    case 3: case 4: case 5: case 6: return "";  // commit, date and options of a build: of no use to a script
    case 7: {
        std::string line = args.runtime().options().host_program;
        for (const std::string& a : args.runtime().options().arguments) line += " " + a;
        return line;
    }
    case 8: return "x86_64-Linux";
    case 9: return "1";
    default: return "NEURON -- " + version;
    }
}

struct Stopwatch {
    explicit Stopwatch(Runtime&) {}
    std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();
};

Value startsw(CallArgs& args) {
    args.runtime().service<Stopwatch>().began = std::chrono::steady_clock::now();
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration<double>(now).count();
}
Value stopsw(CallArgs& args) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - args.runtime().service<Stopwatch>().began).count();
}

Value mallinfo(CallArgs&) { return static_cast<double>(::mallinfo2().uordblks); }
Value print_memory(CallArgs& args) {
    args.runtime().print(fmt::format("memory in use: {} bytes\n", ::mallinfo2().uordblks));
    return 0;
}

struct Setting { const char* key; const char* value; };
constexpr Setting settings[] = {
    {"NRN_ENABLE_PYTHON", "ON"}, {"NRN_ENABLE_MPI", "ON"},          {"NRN_ENABLE_CORENEURON", "OFF"},
    {"NRN_ENABLE_RX3D", "OFF"},  {"NRN_ENABLE_INTERVIEWS", "OFF"}, {"NRN_ENABLE_THREADS", "ON"},
};

Value config_count(CallArgs&) { return std::size(settings); }
Value config_key(CallArgs& args) {
    const long i = args.integer(0);
    if (i < 0 || static_cast<std::size_t>(i) >= std::size(settings)) throw Error(ErrorKind::Runtime, args.span, fmt::format("there is no configuration key {}", i));
    return settings[i].key;
}
Value config_value(CallArgs& args) {
    for (std::size_t i = 0; i < std::size(settings); ++i)
        if (args.is_string(0) ? args.string(0) == settings[i].key : args.integer(0) == static_cast<long>(i)) return settings[i].value;
    throw Error(ErrorKind::Runtime, args.span, "there is no such configuration key");
}

/// Trapping floating-point exceptions would end the process by a signal; runs check for NaN instead.
Value feenableexcept(CallArgs&) { return -2; }
Value nan_watch(CallArgs& args) {
    bool& on = args.runtime().simulation().watch_for_nan;
    const bool before = on;
    if (args.has(0)) on = args.number(0) != 0;
    return before ? 1 : 0;
}
Value keep_going(CallArgs&) { return 0; }
Value legacy_units(CallArgs&) { return 0; }
Value python_library(CallArgs&) { return ""; }
Value exp_pow_precision(CallArgs&) { return 0; }
Value windows_command(CallArgs&) { return 0; }

Value unsupported(CallArgs& args) {
    throw Error(ErrorKind::Unsupported, args.span, fmt::format("`{}` is obsolete and not implemented", args.function()));
}

Value print_stimuli(CallArgs&) { return 1; }

constexpr Function functions[] = {
    {"system", run_command, Returns::Number, "system(command), system(command, string) -> 0 when it succeeded, 256 times its exit status when not\nRuns a shell command; its output goes to the string if given.\nHoc: system(\"ls\", s)"},
    {"getcwd", getcwd, Returns::String, "getcwd() -> working folder, with a slash at the end"},
    {"chdir", chdir, Returns::Number, "chdir(path) -> 0, or -1 if that fails"},
    {"machine_name", machine_name, Returns::Any, "machine_name() -> name of this machine\nmachine_name(string) -> 0; the string becomes the name"},
    {"neuronhome", neuronhome, Returns::String, "neuronhome() -> folder of the library"},
    {"unix_mac_pc", unix_mac_pc, Returns::Number, "unix_mac_pc() -> 1"},
    {"nrnversion", nrnversion, Returns::String, "nrnversion(), nrnversion(i) -> the version scripts are written for\n0: the version, 2: with VERSION before it, 7: command line, 8: machine, else a sentence."},
    {"startsw", startsw, Returns::Number, "startsw() -> time [s]\nStarts the stopwatch."},
    {"stopsw", stopsw, Returns::Number, "stopsw() -> seconds since startsw"},
    {"nrn_mallinfo", mallinfo, Returns::Number, "nrn_mallinfo(i) -> bytes of memory in use"},
    {"print_local_memory_usage", print_memory, Returns::Number, "print_local_memory_usage() -> 0"},
    {"nrn_num_config_keys", config_count, Returns::Number, "nrn_num_config_keys() -> number of configuration keys"},
    {"nrn_get_config_key", config_key, Returns::String, "nrn_get_config_key(i) -> key"},
    {"nrn_get_config_val", config_value, Returns::String, "nrn_get_config_val(key) -> value"},
    {"nrn_feenableexcept", feenableexcept, Returns::Number, "nrn_feenableexcept(flag) -> -2\nFloating-point traps are not used: a NaN is reported where it appears."},
    {"nan_watch", nan_watch, Returns::Number, "nan_watch() -> 1 or 0\nnan_watch(flag) -> what it was before\nA run stops where a membrane potential or a mechanism's state is not a finite number, with an error that names it; nan_watch(0) lets runs go on.\nPython: h.nan_watch(0)\nHoc: nan_watch(0)"},
    {"nrnunit_use_legacy", legacy_units, Returns::Number, "nrnunit_use_legacy() -> 0\nUnits are those of 2019."},
    {"use_exp_pow_precision", exp_pow_precision, Returns::Number, "use_exp_pow_precision(mode) -> 0\nexp and pow always have full precision."},
    {"libpython_path", python_library, Returns::String, "libpython_path() -> path"},
    {"WinExec", windows_command, Returns::Number, "WinExec(command) -> 0\nFor another operating system."},
    {"coredump_on_error", keep_going, Returns::Number, "coredump_on_error(flag) -> 0"},
    {"show_errmess_always", keep_going, Returns::Number, "show_errmess_always(flag) -> 0"},
    {"saveaudit", keep_going, Returns::Number, "saveaudit(...) -> 0"},
    {"retrieveaudit", keep_going, Returns::Number, "retrieveaudit(...) -> 0"},
    {"install_vector_fitness", keep_going, Returns::Number, "install_vector_fitness() -> 0"},
    {"fclamp", unsupported, Returns::Number, "fclamp(...)\nObsolete: use SEClamp."},
    {"fclampi", unsupported, Returns::Number, "fclampi()\nObsolete: use SEClamp."},
    {"fclampv", unsupported, Returns::Number, "fclampv()\nObsolete: use SEClamp."},
    {"prstim", print_stimuli, Returns::Number, "prstim() -> 1\nPrinted the stimuli of fstim and fclamp, which are obsolete: there are none."},
};

}  // namespace

void register_system_functions(Runtime& runtime) { runtime.scope().define_functions(functions); }

}  // namespace nrn
