// SPDX-License-Identifier: BSD-3-Clause
// Class StringFunctions, and the functions strcmp, sprint, sscanf, printf.
#include <cctype>
#include <map>
#include <regex>

#include <fmt/format.h>

#include "classes/register_classes.hpp"
#include "classes/regular_expression.hpp"
#include "classes/text_format.hpp"
#include "model/model.hpp"
#include "model/point_process.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"
#include "object/list.hpp"

namespace nrn {
namespace {

class StringFunctions final : public Object {
  public:
    using Object::Object;
};

ObjectPtr construct(NativeClass& cls, CallArgs&) { return make_counted<StringFunctions>(cls); }

Value length(Object&, CallArgs& args) { return args.string(0).size(); }

Value substr(Object&, CallArgs& args) {
    const auto at = args.string(0).find(args.string(1));
    return at == std::string::npos ? -1.0 : static_cast<double>(at);
}

/// "[]a]" and "[^]a]": a closing bracket that stands first belongs to the set, as in older expressions.
std::string bracket_first(std::string pattern) {
    for (std::size_t i = 0; i + 1 < pattern.size(); ++i) {
        if (pattern[i] == '\\') ++i;
        else if (pattern[i] == '[') {
            std::size_t first = i + 1 + (pattern[i + 1] == '^' ? 1 : 0);
            if (first < pattern.size() && pattern[first] == ']') pattern.insert(first++, 1, '\\');
            i = pattern.find(']', first + 1);
            if (i == std::string::npos) break;
        }
    }
    return pattern;
}

/// Finds the first match of argument 1 in argument 0.
bool find(CallArgs& args, const std::string& text, std::smatch& match) {
    try {
        // "<a-z>" is the older spelling of a range, from the days when [ ] stood for themselves.
        const std::regex pattern = regular_expression(bracket_first(args.string(1)));
        if (!bounded(pattern) && text.size() > 10'000)
            throw Error(ErrorKind::Value, args.span, fmt::format("`{}`: an expression with \\1 cannot be matched with {} characters", args.function(), text.size()));
        return std::regex_search(text, match, pattern);
    } catch (const std::regex_error& e) {  // matches nothing, as in the reference: models ask for "(" and the like
        args.runtime().warn(fmt::format("{}: \"{}\" is no regular expression: {}", args.function(), args.string(1), e.what()));
        return false;
    }
}

/// What precedes the match; returns its length, or -1.
Value head(Object&, CallArgs& args) {
    const std::string text = args.string(0);
    std::smatch match;
    StringCell& out = args.string_cell(2);
    if (!find(args, text, match)) {
        out.text.clear();
        return -1;
    }
    out.text = match.prefix().str();
    return out.text.size();
}

/// What follows the match; returns where it begins, or -1.
Value tail(Object&, CallArgs& args) {
    const std::string text = args.string(0);
    std::smatch match;
    StringCell& out = args.string_cell(2);
    if (!find(args, text, match)) {
        out.text.clear();
        return -1;
    }
    out.text = match.suffix().str();
    return text.size() - out.text.size();
}

Value right(Object&, CallArgs& args) {
    StringCell& s = args.string_cell(0);
    const long n = args.integer(1);
    if (n >= 0 && static_cast<std::size_t>(n) <= s.text.size()) s.text.erase(0, static_cast<std::size_t>(n));
    else throw Error(ErrorKind::Runtime, args.span, fmt::format("`right`: index {} is out of range 0 to {}", n, s.text.size()));
    return 1;
}

Value left(Object&, CallArgs& args) {
    StringCell& s = args.string_cell(0);
    const long n = args.integer(1);
    if (n >= 0 && static_cast<std::size_t>(n) <= s.text.size()) s.text.resize(static_cast<std::size_t>(n));
    else throw Error(ErrorKind::Runtime, args.span, fmt::format("`left`: index {} is out of range 0 to {}", n, s.text.size()));
    return 1;
}

std::string trimmed_set(CallArgs& args) { return args.has(2) ? args.string(2) : std::string(" \r\n\t\f\v"); }

Value ltrim(Object&, CallArgs& args) {
    const std::string text = args.string(0);
    const auto at = text.find_first_not_of(trimmed_set(args));
    args.string_cell(1).text = at == std::string::npos ? std::string() : text.substr(at);
    return 0;
}

Value rtrim(Object&, CallArgs& args) {
    const std::string text = args.string(0);
    const auto at = text.find_last_not_of(trimmed_set(args));
    args.string_cell(1).text = at == std::string::npos ? std::string() : text.substr(0, at + 1);
    return 0;
}

Value is_name(Object&, CallArgs& args) { return args.runtime().scope().find(args.string(0)) != nullptr; }

const PointProcess* point_process(CallArgs& args) { return args.object_if<PointProcess>(0); }

/// The number of its type among all mechanisms, from 1; 0 for other objects.
Value is_point_process(Object&, CallArgs& args) {
    const PointProcess* p = point_process(args);
    if (!p) return 0;
    int number = 1;
    for (const auto& type : args.runtime().model().mechanisms()) {
        if (type.get() == &p->type()) return number;
        number += type->is_point_process();
    }
    return number;
}
Value is_artificial(Object&, CallArgs& args) {
    const PointProcess* p = point_process(args);
    return p && p->type().is_artificial() ? is_point_process(*args.object(0), args) : Value(0);
}

// ---- aliases -----------------------------------------------------------------------------------------

/// A second name for a variable or object, for one instance of a class.
class AliasMember final : public Member {
  public:
    explicit AliasMember(std::string name) : Member(std::move(name), Kind::Dynamic) {}
    Value get(Object& self, Indices) const override { return current(self); }
    void set(Object& self, Indices, const Value& x) const override {
        const Value& v = target(self);
        if (v.is_ref()) v.ref().set(x);
        else refuse(self, "is an alias of an object and cannot be assigned to");
    }
    double* data(Object& self, Indices) const override {
        const auto at = targets.find(&self);
        return at != targets.end() && at->second.is_ref() ? at->second.ref().data() : nullptr;
    }
    RefPtr ref(Object& self, Indices) const override {
        const Value& v = target(self);
        if (v.is_ref()) return RefPtr(&v.ref());
        refuse(self, "is an alias of an object");
    }
    mutable std::map<const Object*, Value> targets;

  private:
    const Value& target(Object& self) const {
        const auto at = targets.find(&self);
        if (at == targets.end()) refuse(self, "is an alias that this instance does not have");
        return at->second;
    }
    Value current(Object& self) const {
        const Value& v = target(self);
        return v.is_ref() ? v.ref().get() : v;
    }
};

Value alias(Object&, CallArgs& args) {
    Object* o = args.object(0);
    if (!o) throw Error(ErrorKind::Type, args.span, "argument 1 of `alias` is a NULLobject");
    auto* cls = &o->cls();
    if (!args.has(1)) {
        for (const auto& name : cls->member_names())
            if (const auto* a = dynamic_cast<const AliasMember*>(cls->member(name))) a->targets.erase(o);
        return 0;
    }
    const std::string name = args.string(1);
    const Member* member = cls->member(name);
    const auto* existing = dynamic_cast<const AliasMember*>(member);
    if (member && !existing)
        throw Error(ErrorKind::Name, args.span, fmt::format("`{}` already has a member `{}`", cls->name(), name));
    if (!args.has(2)) {
        if (existing) existing->targets.erase(o);
        return 0;
    }
    if (!existing) {
        auto made = std::make_unique<AliasMember>(name);
        existing = made.get();
        cls->extend(std::move(made));
    }
    existing->targets[o] = args.at(2);
    return 0;
}

Value alias_list(Object&, CallArgs& args) {
    Object* o = args.object(0);
    Class& list_class = *args.runtime().scope().find("List")->cls;
    Class& string_class = *args.runtime().scope().find("String")->cls;
    CallArgs none(args.runtime(), "List");
    const ObjectPtr made = list_class.construct(none);
    if (!o) return made;
    for (const auto& name : o->cls().member_names()) {
        const auto* a = dynamic_cast<const AliasMember*>(o->cls().member(name));
        if (!a || !a->targets.contains(o)) continue;
        const Value text[] = {Value(name)};
        CallArgs with_name(args.runtime(), "String", text);
        static_cast<List&>(*made).items.push_back(string_class.construct(with_name));
    }
    return made;
}

Value references(Object&, CallArgs& args) {
    Object* o = args.object(0);
    if (!o) return 0;
    int found = 0;
    std::string text = fmt::format("{} has {} references\n", o->name(), o->use_count());
    for (const Symbol* s : args.runtime().scope().all())
        for (std::size_t i = 0; s->kind == Symbol::Kind::ObjectVar && i < s->objects.size(); ++i)
            if (s->objects[i] == o) {
                text += fmt::format("   {}{}\n", s->name, s->dims.empty() ? "" : fmt::format("[{}]", i));
                ++found;
            }
    args.runtime().print(text + fmt::format("found {} of them.\n", found));
    return 0;
}

constexpr Method methods[] = {
    {"len", length, Returns::Int, "len(text) -> number of characters"},
    {"substr", substr, Returns::Int, "substr(text, part) -> where part begins in text, or -1"},
    {"head", head, Returns::Int, "head(text, pattern, result) -> length of result, or -1\nPuts what precedes the first match of a regular expression into result.\nHoc: sf.head(s, \"[0-9]\", t)"},
    {"tail", tail, Returns::Int, "tail(text, pattern, result) -> where result begins in text, or -1\nPuts what follows the first match of a regular expression into result."},
    {"right", right, Returns::Number, "right(text, n) -> 1\nDrops the first n characters of text."},
    {"left", left, Returns::Number, "left(text, n) -> 1\nKeeps the first n characters of text."},
    {"ltrim", ltrim, Returns::Number, "ltrim(text, result, characters = white space) -> 0\nPuts text without leading characters into result."},
    {"rtrim", rtrim, Returns::Number, "rtrim(text, result, characters = white space) -> 0\nPuts text without trailing characters into result."},
    {"is_name", is_name, Returns::Bool, "is_name(text) -> whether it is the name of something at top level"},
    {"is_point_process", is_point_process, Returns::Int, "is_point_process(object) -> number of its type, from 1; 0 for other objects"},
    {"is_artificial", is_artificial, Returns::Int, "is_artificial(object) -> number of its type if it is an artificial cell, else 0"},
    {"alias", alias, Returns::Number, "alias(object, name, variable or object), alias(object, name), alias(object) -> 0\nGives an instance a member that stands for something else, or removes one or all of them.\nHoc: sf.alias(cell, \"vm\", &soma.v(0.5))"},
    {"alias_list", alias_list, Returns::Object, "alias_list(object) -> List of Strings: its aliases"},
    {"references", references, Returns::Int, "references(object) -> 0\nPrints how often and by which variables an object is referred to."},
};

// ---- functions -----------------------------------------------------------------------------------------

/// The difference of the first characters that differ, as users print it.
Value compare(CallArgs& args) {
    const std::string &a = args.string(0), &b = args.string(1);
    for (std::size_t i = 0;; ++i) {
        const int x = i < a.size() ? static_cast<unsigned char>(a[i]) : 0, y = i < b.size() ? static_cast<unsigned char>(b[i]) : 0;
        if (x != y || i >= a.size()) return x - y;
    }
}

Value print(CallArgs& args) {
    const std::string text = format_arguments(args, 0);
    args.runtime().print(text);
    return text.size();
}

Value sprint(CallArgs& args) {
    std::string text = format_arguments(args, 1);
    StringCell& out = args.string_cell(0);
    out.text = std::move(text);
    return 1.0;
}

Value scan(CallArgs& args) { return scan_arguments(args); }

constexpr Function functions[] = {
    {"strcmp", compare, Returns::Number, "strcmp(a, b) -> 0 if equal, < 0 if a comes before b, else > 0: how far the first characters that differ are apart"},
    {"printf", print, Returns::Number, "printf(format, ...) -> number of characters\nWrites formatted text; the conversions are %d %x %o %c %e %f %g %s.\nHoc: printf(\"%g %s\\n\", x, name)"},
    {"sprint", sprint, Returns::Number, "sprint(result, format, ...) -> 1\nPuts formatted text into a string.\nHoc: sprint(s, \"cell %d\", i)"},
    {"sscanf", scan, Returns::Number, "sscanf(text, format, ref, ...) -> number of values read\nHoc: sscanf(s, \"%f %s\", &x, word)"},
};

}  // namespace

void register_string_functions(Runtime& runtime) {
    publish_class(runtime, std::make_unique<NativeClass>(
        "StringFunctions", construct, methods, std::span<const Property>{},
        "Functions on strings.\nPython: sf = h.StringFunctions()     Hoc: sf = new StringFunctions()"));
    runtime.scope().define_functions(functions);
}

}  // namespace nrn
