// SPDX-License-Identifier: BSD-3-Clause
// Labels of error kinds.
#include "nrn/api/error.hpp"

namespace nrn {

const char* label(ErrorKind kind) noexcept {
    switch (kind) {
    case ErrorKind::Syntax: return "syntax";
    case ErrorKind::Name: return "name";
    case ErrorKind::Lookup: return "lookup";
    case ErrorKind::Type: return "type";
    case ErrorKind::Value: return "value";
    case ErrorKind::Index: return "index";
    case ErrorKind::Range: return "range";
    case ErrorKind::Argument: return "argument";
    case ErrorKind::Reference: return "reference";
    case ErrorKind::Runtime: return "runtime";
    case ErrorKind::Io: return "io";
    case ErrorKind::Plugin: return "plugin";
    case ErrorKind::Unsupported: return "unsupported";
    case ErrorKind::Interrupt: return "interrupt";
    }
    return "error";
}

}  // namespace nrn
