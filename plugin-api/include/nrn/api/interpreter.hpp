// SPDX-License-Identifier: BSD-3-Clause
// What a language offers the kernel. A plugin's contents are an InterpreterFactory.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nrn/api/callable.hpp"
#include "nrn/api/error.hpp"

namespace nrn {

class Runtime;

class Interpreter {
  public:
    virtual ~Interpreter() = default;
    [[nodiscard]] virtual std::string_view language() const = 0;
    /// File name endings it takes, e.g. {".hoc", ".ses"}.
    [[nodiscard]] virtual std::vector<std::string> extensions() const = 0;
    /// Runs a program as the main script. argv[0] is the script. @throws Error, QuitRequest
    virtual void run_file(const std::filesystem::path& file, std::span<const std::string> argv) = 0;
    static constexpr std::string_view kStatement = "<string>";
    /// Executes statements at top level (or in `context`'s scope; of a file, `source_name`, names that the scope does
    /// not have are the top level's). @throws Error
    virtual void execute(std::string_view text, Object* context = nullptr, std::string_view source_name = kStatement) = 0;
    /// Evaluates an expression. @throws Error
    [[nodiscard]] virtual Value evaluate(std::string_view expression, Object* context = nullptr) = 0;
    /// A statement as something to call later, any number of times (event handlers). Parsed now or at the first call.
    [[nodiscard]] virtual CallablePtr compile(std::string_view statement, Object* context = nullptr) = 0;
    /// Continuations of what stands before the cursor.
    [[nodiscard]] virtual std::vector<std::string> complete(std::string_view prefix) { (void)prefix; return {}; }
    /// Prompts until end of input or quit(). Reads standard input; `tty` tells whether a person is there.
    virtual int interactive(bool tty) = 0;
    /// What stands behind the running top-level statement in its text, for functions that read data written there (fscan
    /// without a file); none when no text is being run.
    [[nodiscard]] virtual std::optional<std::string_view> following_text() { return {}; }
    /// The first `n` characters of it were data: the program goes on behind them.
    virtual void skip_following_text(std::size_t n) { (void)n; }
    /// Where it is now, for error messages made in the kernel.
    [[nodiscard]] virtual SourceSpan location() const { return {}; }
    /// `--dump=ast|bytecode`. @throws Error(Unsupported)
    virtual void dump(const std::filesystem::path&, std::string_view what) {
        throw Error(ErrorKind::Unsupported, "this interpreter cannot dump `" + std::string(what) + "`");
    }
};

struct InterpreterFactory {
    const char* language;
    std::unique_ptr<Interpreter> (*create)(Runtime&);
};

}  // namespace nrn
