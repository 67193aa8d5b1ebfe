// SPDX-License-Identifier: BSD-3-Clause
// nrniv, nrngui, special, nrnivmodl, modlunit and sortspike: the commands that users' scripts already call.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>

#include <fmt/format.h>
#include <unistd.h>

#include "app/commands.hpp"
#include "app/outcome.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/interpreter.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"
#include "compile_command.hpp"
#include "plugin/plugin_catalog.hpp"

namespace nrn::app {
namespace {

namespace fs = std::filesystem;

struct Words {
    bool python = false, mpi = false, gui = false, is_tty = isatty(STDIN_FILENO) != 0;
    std::vector<std::string> libraries;
    enum class Kind { File, Code, StandardInput };
    struct Item { Kind kind; std::string text; };
    std::vector<Item> items;             // files, -c statements and -, in order
    std::vector<std::string> arguments;  // the whole command line: sys.argv, as users' scripts expect it of these commands
};

constexpr const char* kUsage =
    "usage: nrniv [options] [files...]\n"
    "  -python            files and statements are Python\n"
    "  -mpi               one of several ranks that mpirun starts\n"
    "  -dll FILE          load a mechanism pack\n"
    "  -c STATEMENT       execute a statement, in its place among the files\n"
    "  -                  read statements from standard input, in its place among the files\n"
    "  -isatty, -notatty  with or without a prompt, whatever standard input is\n"
    "  -nogui, -nobanner, -nopython, -NSTACK N, -NFRAME N, ... are accepted: there is nothing to set\n"
    "  -h, -help          print this\n"
    "  --version          print the version\n";

/// Flags without meaning here take their value along: -NSTACK 1000.
bool takes_value(std::string_view flag) {
    return flag == "-NSTACK" || flag == "-NFRAME" || flag == "-nthread" || flag == "-pyexe" || flag == "-mswin_scale" || flag == "-display" || flag == "-geometry" || flag == "-fn" || flag == "-title";
}

bool means_nothing(std::string_view flag) {
    return flag == "-nogui" || flag == "-nobanner" || flag == "-nopython" || flag == "-printfile" || flag == "-debug" || flag == "-realtime" || flag == "-Py_NoSiteFlag";
}

/// `special` calls with its own name and pack in front, which are not the user's words: --special NAME PACK.
Words read_words(std::string_view program, std::span<const std::string> words) {
    Words read;
    read.arguments.emplace_back(program);
    if (words.size() >= 3 && words[0] == "--special") {
        read.arguments[0] = words[1];
        read.libraries.push_back(words[2]);
        words = words.subspan(3);
    }
    read.arguments.insert(read.arguments.end(), words.begin(), words.end());
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& w = words[i];
        const auto value = [&] {
            if (i + 1 >= words.size()) throw Error(ErrorKind::Argument, fmt::format("the option `{}` needs a value", w));
            return words[++i];
        };
        if (w == "-") read.items.push_back({Words::Kind::StandardInput, w});
        else if (w == "-python") read.python = true;
        else if (w == "-mpi") read.mpi = true;
        else if (w == "-isatty") read.is_tty = true;
        else if (w == "-notatty") read.is_tty = false;
        else if (w == "-dll" || w == "-d") read.libraries.push_back(value());
        else if (w == "-c") read.items.push_back({Words::Kind::Code, value()});
        else if (w == "-gui") read.gui = true;
        else if (takes_value(w)) (void)value();
        else if (means_nothing(w)) continue;
        else if (w.starts_with("-") && !fs::exists(w)) throw Error(ErrorKind::Argument, fmt::format("unknown option `{}`", w)).hint("see nrniv -h");
        else {
            read.items.push_back({Words::Kind::File, w});
            if (read.python || fs::path(w).extension() == ".py") {  // the rest is the script's
                for (std::size_t k = i + 1; k < words.size(); ++k)
                    if (words[k] == "-") read.items.push_back({Words::Kind::StandardInput, "-"});
                break;
            }
        }
    }
    return read;
}

void run_items(Runtime& runtime, const Words& words, bool gui_default) {
    if (words.mpi) runtime.use_communicator(runtime.plugins().create_communicator("mpi"));
    for (const auto& library : words.libraries) {
        std::string file = library;
        std::error_code ignored;
        if (fs::exists(file, ignored)) {  // its name may have spaces
            runtime.plugins().load_file(file);
            continue;
        }
        std::replace(file.begin(), file.end(), ';', ' ');
        std::istringstream files(file);
        for (std::string one; files >> one;) runtime.plugins().load_file(one);
    }
    Interpreter& first = runtime.interpreter(words.python ? "python" : "hoc");
    if (gui_default) runtime.interpreter("hoc").execute("{load_file(\"nrngui.hoc\")}\n", nullptr, "<start>");
    const auto read_standard_input = [&] {
        const int status = first.interactive(words.is_tty);
        if (status != 0) throw QuitRequest{status};
    };
    for (const auto& item : words.items) {
        if (item.kind == Words::Kind::StandardInput) {
            read_standard_input();
            continue;
        }
        if (item.kind == Words::Kind::Code) {
            first.execute(item.text + "\n", nullptr, "<-c>");
            continue;
        }
        std::error_code ignored;
        if (!fs::exists(item.text, ignored)) throw Error(ErrorKind::Io, fmt::format("can't open `{}`: there is no such file", item.text));
        const bool is_python = fs::path(item.text).extension() == ".py";
        runtime.interpreter(is_python || words.python ? "python" : "hoc").run_file(item.text, words.arguments);
    }
    const bool was_read = std::ranges::find(words.items, Words::Kind::StandardInput, &Words::Item::kind) != words.items.end();
    if (words.items.empty() || (gui_default && words.is_tty && !was_read)) read_standard_input();
}

int nrniv(std::string_view program, std::span<const std::string> arguments, bool gui_default) {
    for (const std::string& w : arguments) {
        if (!w.starts_with("-")) break;  // what follows is a script's
        if (w == "--version" || w == "-version") return config("version");
        if (w != "-h" && w != "-help" && w != "--help") continue;
        std::cout << kUsage;
        return 0;
    }
    std::unique_ptr<Runtime> runtime;
    return outcome_of(runtime, [&] {
        const Words words = read_words(program, arguments);
        runtime = std::make_unique<Runtime>(RuntimeOptions{.host_program = "nrniv", .arguments = words.arguments});
        run_items(*runtime, words, gui_default && !words.python);
    });
}

/// As `nrn compile`, and leaves x86_64/special, which runs with the pack wherever it is called from.
int nrnivmodl(std::span<const std::string> arguments) {
    std::vector<std::string> words;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& w = arguments[i];
        if (w == "-h" || w == "-help" || w == "--help") return nmodl::compile_command(std::vector<std::string>{"-h"});
        if (w == "-coreneuron" || w == "-loadflags" || w == "-incflags" || w == "-nmodl" || w == "-nmodlflags") {
            if (w != "-coreneuron") ++i;  // flags of another compiler
            continue;
        }
        std::error_code ignored;
        words.push_back(!w.starts_with("-") && !fs::exists(w, ignored) && fs::exists(w + ".mod", ignored) ? w + ".mod" : w);
    }
    const int status = nmodl::compile_command(words);
    if (status != 0) return status;
    std::error_code problem;
    fs::create_directories("x86_64", problem);
    std::ofstream special("x86_64/special");
    special << "#!/bin/sh\n"
               "# Runs with the mechanisms compiled here.\n"
               "here=$(cd \"$(dirname \"$0\")\" && pwd)\n"
               "exec "
            << (PluginCatalog::prefix_library_folder().parent_path() / "bin" / "nrniv").string() << " --special \"$0\" \"$here/libnrnmech.so\" \"$@\"\n";
    special.close();
    fs::permissions("x86_64/special", fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec | fs::perms::others_read | fs::perms::others_exec, problem);
    if (problem || !special) {
        std::cerr << "error: x86_64/special cannot be written\n";
        return 1;
    }
    std::cout << "Successfully created x86_64/special\n";
    return 0;
}

/// Checks units and all else that can be checked without compiling.
int modlunit(std::span<const std::string> arguments) {
    std::vector<std::string> words(arguments.begin(), arguments.end());
    words.emplace_back("--units");
    return nmodl::compile_command(words);
}

/// sortspike IN OUT: lines `time gid` by time, then gid.
int sortspike(std::span<const std::string> arguments) {
    if (arguments.size() != 2) {
        std::cerr << "usage: sortspike IN OUT\n";
        return 2;
    }
    std::ifstream in(arguments[0]);
    if (!in) {
        std::cerr << "error: `" << arguments[0] << "` cannot be read\n";
        return 1;
    }
    struct Line { double time, gid; std::string text; };
    std::vector<Line> lines;
    for (std::string text; std::getline(in, text);) {
        std::istringstream words(text);
        Line line{0, 0, text};
        if (words >> line.time >> line.gid) lines.push_back(line);
    }
    std::stable_sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) { return a.time != b.time ? a.time < b.time : a.gid < b.gid; });
    std::ofstream out(arguments[1]);
    for (const Line& line : lines) out << line.text << "\n";
    out.close();
    if (!out) {
        std::cerr << "error: `" << arguments[1] << "` cannot be written\n";
        return 1;
    }
    return 0;
}

}  // namespace

std::optional<int> compatible_front(std::string_view program, std::span<const std::string> arguments) {
    const std::string name = fs::path(program).filename().string();
    if (name == "nrniv" || name == "special") return nrniv(program, arguments, false);
    if (name == "nrngui") return nrniv(program, arguments, true);
    if (name == "nrnivmodl") return nrnivmodl(arguments);
    if (name == "modlunit") return modlunit(arguments);
    if (name == "sortspike") return sortspike(arguments);
    return std::nullopt;
}

}  // namespace nrn::app
