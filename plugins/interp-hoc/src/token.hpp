// SPDX-License-Identifier: BSD-3-Clause
// One token of Hoc. Newlines are tokens; comments and continued lines are gone.
#pragma once
#include <cstdint>
#include <string>

#include "nrn/api/source.hpp"

namespace nrn::hoc {

/// Words that begin statements. A local variable may be called like one.
enum class Keyword : std::uint8_t {
    None, Proc, Func, Obfunc, Iterator, IteratorStatement, BeginTemplate, EndTemplate, If, Else, While, For, ForAll, ForSec, IfSec,
    Break, Continue, Stop, Return, Print, Create, Objref, Strdef, Double, Local, LocalObj, Public, External, Access, Connect, Insert, Uninsert,
    Setpointer, New, Delete, Help, Depvar, Eqn
};

struct Token {
    enum class Kind : std::uint8_t { End, Newline, Name, Number, String, Punctuation, Argument };
    Kind kind = Kind::End;
    Keyword keyword = Keyword::None;
    std::string text;   // of an Argument: "", "s", "o" or "&"
    double number = 0;  // of an Argument: its number, or -1 for $i
    SourceSpan span;
};

}  // namespace nrn::hoc
