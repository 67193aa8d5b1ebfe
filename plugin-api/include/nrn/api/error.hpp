// SPDX-License-Identifier: BSD-3-Clause
// What a user can cause. An error is made once, where the facts are known, and complete; interpreters add
// one frame per call on the way up, and translate it at their edge.
#pragma once
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "nrn/api/source.hpp"

namespace nrn {

/// The kind decides the label in the rendered text and the exception type in Python.
enum class ErrorKind {
    Syntax,       // SyntaxError-like; RuntimeError from h(...)
    Name,         // unknown name: AttributeError
    Lookup,       // assigning an unknown name on h: LookupError
    Type,         // TypeError
    Value,        // ValueError
    Index,        // IndexError
    Range,        // number out of its allowed range: ValueError
    Argument,     // missing or superfluous argument: TypeError
    Reference,    // something deleted: ReferenceError
    Runtime,      // RuntimeError
    Io,           // OSError
    Plugin,       // a plugin is missing, refused or faulty: RuntimeError (ImportError at import)
    Unsupported,  // known but not implemented: NotImplementedError
    Interrupt     // KeyboardInterrupt
};

/// "name", "syntax" ... as it stands in error[...].
[[nodiscard]] const char* label(ErrorKind kind) noexcept;

struct ErrorNote { SourceSpan span; std::string text; };
/// One interpreter call that the error passed through: innermost first.
struct ErrorFrame { SourceSpan span; std::string function; };

/// A foreign exception (a Python one) carried through the kernel, re-raised as itself by its language.
class ForeignException {
  public:
    virtual ~ForeignException() = default;
    [[nodiscard]] virtual const char* language() const = 0;
};

class Error : public std::exception {
  public:
    Error(ErrorKind kind, std::string message) : Error(kind, {}, std::move(message)) {}
    Error(ErrorKind kind, SourceSpan span, std::string message)
        : data_(std::make_shared<Data>(Data{kind, span, std::move(message), {}, {}, {}, nullptr})) {}

    Error& hint(std::string text) & { data_->hint = std::move(text); return *this; }
    Error&& hint(std::string text) && { data_->hint = std::move(text); return std::move(*this); }
    Error& note(SourceSpan span, std::string text) & { data_->notes.push_back({span, std::move(text)}); return *this; }
    Error&& note(SourceSpan span, std::string text) && { data_->notes.push_back({span, std::move(text)}); return std::move(*this); }
    /// Sets the primary span if none is known yet.
    void locate(SourceSpan span) { if (!data_->span) data_->span = span; }
    void add_frame(SourceSpan span, std::string function) { data_->frames.push_back({span, std::move(function)}); }
    void set_foreign(std::shared_ptr<ForeignException> f) { data_->foreign = std::move(f); }

    [[nodiscard]] ErrorKind kind() const noexcept { return data_->kind; }
    [[nodiscard]] const char* what() const noexcept override { return data_->message.c_str(); }
    [[nodiscard]] const std::string& message() const noexcept { return data_->message; }
    [[nodiscard]] SourceSpan span() const noexcept { return data_->span; }
    [[nodiscard]] const std::string& hint_text() const noexcept { return data_->hint; }
    [[nodiscard]] const std::vector<ErrorNote>& notes() const noexcept { return data_->notes; }
    [[nodiscard]] const std::vector<ErrorFrame>& frames() const noexcept { return data_->frames; }
    [[nodiscard]] const std::shared_ptr<ForeignException>& foreign() const noexcept { return data_->foreign; }

  private:
    struct Data {
        ErrorKind kind;
        SourceSpan span;
        std::string message, hint;
        std::vector<ErrorNote> notes;
        std::vector<ErrorFrame> frames;
        std::shared_ptr<ForeignException> foreign;
    };
    std::shared_ptr<Data> data_;
};

/// quit() was called: unwinds to whoever started the interpreter. Not an Error, so nothing swallows it.
struct QuitRequest { int status = 0; };

}  // namespace nrn
