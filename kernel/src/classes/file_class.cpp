// SPDX-License-Identifier: BSD-3-Clause
// Class File.
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include <fmt/format.h>
#include <unistd.h>

#include "classes/file_stream.hpp"
#include "classes/register_classes.hpp"
#include "classes/text_format.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/interpreter.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {
namespace {

File& file(Object& self) { return static_cast<File&>(self); }

ObjectPtr construct(NativeClass& cls, CallArgs& args) {
    auto made = make_counted<File>(cls);
    if (args.has(0)) made->path = args.string(0);
    return made;
}

Value open(Object& self, CallArgs& args, const char* mode) {
    if (args.has(0)) file(self).path = args.string(0);
    return file(self).open(mode);
}
Value ropen(Object& self, CallArgs& args) { return open(self, args, "rb"); }
Value wopen(Object& self, CallArgs& args) { return open(self, args, "wb"); }
Value aopen(Object& self, CallArgs& args) { return open(self, args, "ab"); }
Value xopen(Object& self, CallArgs& args) {
    if (args.has(0)) file(self).path = args.string(0);
    const Value path[] = {Value(file(self).path)};
    CallArgs call(args.runtime(), "xopen", path);
    const Symbol* symbol = args.runtime().scope().find("xopen");
    if (!symbol || !symbol->callable) throw Error(ErrorKind::Unsupported, args.span, "`File.xopen` needs the Hoc interpreter");
    return symbol->callable->call(call);
}

[[noreturn]] void not_written(Object& self, const CallArgs& args) {
    throw Error(ErrorKind::Io, args.span, fmt::format("`{}`: what was written did not reach the file `{}`: {}", args.function(), file(self).path, std::strerror(errno)));
}
Value close(Object& self, CallArgs& args) {
    errno = 0;
    if (!file(self).close()) not_written(self, args);
    return 0;
}
Value isopen(Object& self, CallArgs&) { return file(self).handle != nullptr; }
Value eof(Object& self, CallArgs& args) { return at_end(file(self).stream(args)); }
Value flush(Object& self, CallArgs& args) {
    errno = 0;
    if (std::fflush(file(self).stream(args)) != 0) not_written(self, args);
    return 1;
}

Value print(Object& self, CallArgs& args) {
    std::FILE* out = file(self).stream(args);
    const std::string text = format_arguments(args, 0);
    std::fwrite(text.data(), 1, text.size(), out);
    return 0;
}

Value gets(Object& self, CallArgs& args) {
    StringCell& cell = args.string_cell(0);
    const auto line = read_line(file(self).stream(args));
    if (!line) return -1;
    cell.text = *line;
    return line->size();
}

Value scanstr(Object& self, CallArgs& args) {
    StringCell& cell = args.string_cell(0);
    const auto word = scan_word(file(self).stream(args));
    if (!word) return -1;
    cell.text = *word;
    return word->size();
}

Value scanvar(Object& self, CallArgs& args) {
    if (const auto x = scan_number(file(self).stream(args))) return *x;
    throw Error(ErrorKind::Runtime, args.span, fmt::format("`scanvar`: end of file `{}`, no number left", file(self).path));
}

Value seek(Object& self, CallArgs& args) {
    const long offset = args.integer_or(0, 0), origin = args.integer_or(1, 0);
    if (origin < 0 || origin > 2)
        throw Error(ErrorKind::Runtime, args.span, fmt::format("the origin of `seek` is 0 (begin), 1 (here) or 2 (end), not {}", origin));
    constexpr int kOrigins[] = {SEEK_SET, SEEK_CUR, SEEK_END};
    return std::fseek(file(self).stream(args), offset, kOrigins[origin]);
}
Value tell(Object& self, CallArgs& args) { return static_cast<double>(std::ftell(file(self).stream(args))); }

Value getname(Object& self, CallArgs& args) {
    if (args.has(0)) args.string_cell(0).text = file(self).path;
    return file(self).path;
}

Value dir(Object& self, CallArgs& args) {
    std::string folder = std::filesystem::path(file(self).path).parent_path().string();
    if (!folder.empty()) folder += "/";
    if (args.has(0)) args.string_cell(0).text = folder;
    return folder;
}

Value unlink(Object& self, CallArgs&) { return ::unlink(file(self).path.c_str()) == 0; }

/// Gives the object a new name in the temporary folder; the file exists, empty.
Value mktemp(Object& self, CallArgs&) {
    const char* folder = std::getenv("TMPDIR");
    std::string name = fmt::format("{}/nrnXXXXXX", folder && *folder ? folder : "/tmp");
    const int handle = ::mkstemp(name.data());
    if (handle < 0) return 0;
    ::close(handle);
    file(self).path = name;
    return 1;
}

/// Without a screen the choice is the file given, or none.
Value chooser(Object& self, CallArgs& args) {
    if (args.has(0) && args.is_string(0) && args.has(2) && args.is_string(2) && file(self).path.empty())
        file(self).path = "";
    return 0;
}

/// Binary numbers through a reference: File.vwrite(n, &x), File.vread(n, &x).
Value vwrite(Object& self, CallArgs& args) {
    std::FILE* out = file(self).stream(args);
    const bool counted = args.count() > 1;
    const auto n = static_cast<std::size_t>(counted ? args.number_in(0, 0, 1e12) : 1);
    const Ref& ref = args.ref(counted ? 1 : 0);
    if (n > ref.length()) throw Error(ErrorKind::Runtime, args.span, fmt::format("`vwrite` is to write {} numbers where there are {}", n, ref.length()));
    return std::fwrite(ref.data(), sizeof(double), n, out);
}
Value vread(Object& self, CallArgs& args) {
    std::FILE* in = file(self).stream(args);
    const bool counted = args.count() > 1;
    const auto n = static_cast<std::size_t>(counted ? args.number_in(0, 0, 1e12) : 1);
    const Ref& ref = args.ref(counted ? 1 : 0);
    if (n > ref.length()) throw Error(ErrorKind::Runtime, args.span, fmt::format("`vread` is to read {} numbers where there is room for {}", n, ref.length()));
    return std::fread(ref.data(), sizeof(double), n, in);
}

constexpr Method methods[] = {
    {"ropen", ropen, Returns::Number, "ropen(), ropen(name) -> whether it could be opened for reading\nPython: f.ropen('a.dat')     Hoc: f.ropen(\"a.dat\")"},
    {"wopen", wopen, Returns::Number, "wopen(), wopen(name) -> whether it could be opened for writing"},
    {"aopen", aopen, Returns::Number, "aopen(), aopen(name) -> whether it could be opened for appending"},
    {"xopen", xopen, Returns::Number, "xopen(), xopen(name) -> 1\nExecutes the file as Hoc."},
    {"close", close, Returns::Number, "close() -> 0"},
    {"isopen", isopen, Returns::Number, "isopen() -> whether a file is open"},
    {"eof", eof, Returns::Number, "eof() -> whether all has been read"},
    {"flush", flush, Returns::Number, "flush() -> 1\nWrites what is buffered."},
    {"printf", print, Returns::Number, "printf(format, ...) -> 0\nHoc: f.printf(\"%g\\t%g\\n\", t, v)"},
    {"gets", gets, Returns::Number, "gets(string) -> length of the line read with its newline, -1 at the end"},
    {"scanstr", scanstr, Returns::Number, "scanstr(string) -> length of the word read, -1 at the end"},
    {"scanvar", scanvar, Returns::Number, "scanvar() -> the next number of the file; other words are skipped"},
    {"seek", seek, Returns::Number, "seek(), seek(offset), seek(offset, origin) -> 0\norigin: 0 begin, 1 here, 2 end."},
    {"tell", tell, Returns::Int, "tell() -> position in the file, or -1"},
    {"getname", getname, Returns::String, "getname(), getname(string) -> name of the file"},
    {"dir", dir, Returns::String, "dir(), dir(string) -> folder of the file's name"},
    {"unlink", unlink, Returns::Number, "unlink() -> 1 if the file was removed"},
    {"mktemp", mktemp, Returns::Number, "mktemp() -> 1\nNames a new file in the temporary folder."},
    {"chooser", chooser, Returns::Number, "chooser(...) -> 1 if the user chose a file\nWithout a screen nothing is chosen."},
    {"vwrite", vwrite, Returns::Number, "vwrite(ref), vwrite(n, ref) -> numbers written\nWrites binary doubles."},
    {"vread", vread, Returns::Number, "vread(ref), vread(n, ref) -> numbers read\nReads binary doubles."},
};

// ---- the files of fprint, fscan and getstr ------------------------------------------------------------

/// Files that belong to no object: one for reading, one for writing; standard input and output when closed.
struct GlobalFiles {
    explicit GlobalFiles(Runtime&) {}
    ~GlobalFiles() {
        if (in) std::fclose(in);
        if (out) std::fclose(out);
    }
    std::FILE* in = nullptr;
    std::FILE* out = nullptr;
    int saved_output = -1;  // standard output while hoc_stdout redirects it
};

Value reopen(CallArgs& args, std::FILE*& handle, const char* mode) {
    if (handle) std::fclose(handle);
    handle = nullptr;
    if (!args.has(0) || args.string(0).empty()) return 1;
    handle = is_folder(args.string(0)) ? nullptr : std::fopen(args.string(0).c_str(), mode);
    return handle != nullptr;
}
Value global_ropen(CallArgs& args) { return reopen(args, args.runtime().service<GlobalFiles>().in, "rb"); }
Value global_wopen(CallArgs& args) { return reopen(args, args.runtime().service<GlobalFiles>().out, "wb"); }

Value fprint(CallArgs& args) {
    const std::string text = format_arguments(args, 0);
    if (std::FILE* out = args.runtime().service<GlobalFiles>().out) std::fwrite(text.data(), 1, text.size(), out);
    else args.runtime().print(text);
    return text.size();
}

/// Reads from what stands behind the running statement in its own text, else from standard input.
template <class Read>
auto read_program(CallArgs& args, Read read) {
    Interpreter* hoc = args.runtime().loaded_interpreter("hoc");
    const std::optional<std::string_view> text = hoc ? hoc->following_text() : std::nullopt;
    if (!text || text->empty()) return read(stdin);
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> in(::fmemopen(const_cast<char*>(text->data()), text->size(), "r"), std::fclose);
    auto result = read(in.get());
    if (result) hoc->skip_following_text(static_cast<std::size_t>(std::ftell(in.get())));
    return result;
}

/// The same, unless ropen opened a file.
template <class Read>
auto read_input(CallArgs& args, Read read) {
    std::FILE* const in = args.runtime().service<GlobalFiles>().in;
    return in ? read(in) : read_program(args, read);
}

/// The text that follows is a number or nothing.
std::optional<double> read_strictly(std::FILE* in) {
    double x = 0;
    const int found = std::fscanf(in, "%lf", &x);
    if (found == 0) throw Error(ErrorKind::Runtime, "`read`: non-number read into the variable: what follows is no number");
    return found == 1 ? std::optional(x) : std::nullopt;
}

Value read(CallArgs& args) {
    const auto x = read_program(args, read_strictly);
    args.ref(0).set(x.value_or(0));  // 0 at the end
    return x.has_value();
}

Value fscan(CallArgs& args) {
    if (const auto x = read_input(args, scan_number)) return *x;
    throw Error(ErrorKind::Runtime, args.span, "`fscan`: end of file, no number left");
}

Value getstr(CallArgs& args) {
    StringCell& cell = args.string_cell(0);
    const auto text = args.number_or(1, 0) != 0 ? read_input(args, scan_word) : read_input(args, read_line);
    if (!text) throw Error(ErrorKind::Runtime, args.span, "getstr: EOF: the input has ended, there is no line left");
    cell.text = *text;
    return cell.text.size();
}

/// hoc_stdout("file") sends standard output to a file, hoc_stdout() back.
Value hoc_stdout(CallArgs& args) {
    auto& files = args.runtime().service<GlobalFiles>();
    args.runtime().console().flush();
    std::fflush(stdout);
    if (args.has(0)) {
        if (files.saved_output >= 0)
            throw Error(ErrorKind::Runtime, args.span, "`hoc_stdout`: standard output is already redirected")
                .hint("end it with hoc_stdout()");
        std::FILE* to = std::fopen(args.string(0).c_str(), "wb");
        if (!to) throw Error(ErrorKind::Io, args.span, fmt::format("`hoc_stdout` cannot write `{}`", args.string(0)));
        files.saved_output = ::dup(STDOUT_FILENO);
        ::dup2(::fileno(to), STDOUT_FILENO);
        std::fclose(to);
    } else if (files.saved_output >= 0) {
        ::dup2(files.saved_output, STDOUT_FILENO);
        ::close(files.saved_output);
        files.saved_output = -1;
    }
    return 1;
}

constexpr Function functions[] = {
    {"ropen", global_ropen, Returns::Number, "ropen(name), ropen() -> whether it could be opened\nThe file that fscan and getstr read; without a name it is closed."},
    {"wopen", global_wopen, Returns::Number, "wopen(name), wopen() -> whether it could be opened\nThe file that fprint writes; without a name it is closed."},
    {"fprint", fprint, Returns::Number, "fprint(format, ...) -> number of characters\nWrites to the file of wopen, else to standard output."},
    {"fscan", fscan, Returns::Number, "fscan() -> next number of the file of ropen"},
    {"read", read, Returns::Number, "read(x) -> 1 and x is the next number that follows in the program's text or standard input, or 0 at the end"},
    {"getstr", getstr, Returns::Number, "getstr(string), getstr(string, 1) -> length\nReads a line with its newline, or a word, from the file of ropen."},
    {"hoc_stdout", hoc_stdout, Returns::Number, "hoc_stdout(name), hoc_stdout() -> 1\nSends standard output to a file, or back."},
};

}  // namespace

void register_file(Runtime& runtime) {
    publish_class(runtime, std::make_unique<NativeClass>(
        "File", construct, methods, std::span<const Property>{},
        "A file. File(), File(name)\nPython: f = h.File('a.dat'); f.wopen()     Hoc: f = new File(\"a.dat\")  f.wopen()"));
    runtime.scope().define_functions(functions);
}

}  // namespace nrn
