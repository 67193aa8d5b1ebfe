// SPDX-License-Identifier: BSD-3-Clause
// Identifier substitution in VERBATIM text. Macros would not do: a variable named `m` or `c` would also
// replace the members that other replacements mention.
#include "codegen/verbatim_text.hpp"

#include <cctype>
#include <regex>
#include <functional>
#include <set>

#include <fmt/format.h>

#include "codegen/verbatim_prototypes.hpp"

namespace nrn::nmodl {

struct VerbatimFacts {
    DefinedFunctions own;
    InstanceUse use;
    std::set<std::string> foreign;
};

namespace {

bool starts_word(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; }
bool in_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

/// Headers of the simulator itself: what they offer is there already.
bool is_simulators_header(const std::string& name) {
    static const std::set<std::string> headers{"nrnran123.h", "mcellran4.h", "hocdec.h", "section.h", "nrniv_mf.h", "md1redef.h", "md2redef.h", "nrnconf.h", "ivocvect.h", "scoplib.h", "scoplib_ansi.h",
                                               "oc_ansi.h", "nrnmpi.h", "random1.h", "netcon.h", "nrnassrt.h", "newspike.h", "nmodlmutex.h", "treeset.h", "membfunc.h", "nrnoc_ml.h", "ocmisc.h"};
    return headers.contains(name.substr(name.rfind('/') + 1));
}

std::string with_modern_idioms(const std::string& text, const DefinedFunctions& own, const Mechanism& m) {
    static const std::regex threads("\\b_p\\s*,\\s*_ppvar\\s*,\\s*_thread\\s*,\\s*_nt\\b");
    std::set<std::string> blocks;
    for (const auto& [name, procedure] : m.procedures) blocks.insert(name);
    return std::regex_replace(modern_declarations(text, own, blocks), threads, "_threadargs_");
}

/// Does the text mention any of these words?
bool mentions(const std::string& text, const std::set<std::string, std::less<>>& words) {
    for (std::size_t i = 0; i < text.size();) {
        if (!starts_word(text[i])) {
            ++i;
            continue;
        }
        std::size_t end = i;
        while (end < text.size() && in_word(text[end])) ++end;
        if (words.contains(std::string_view(text).substr(i, end - i))) return true;
        i = end;
    }
    return false;
}

void for_each_verbatim(const Block& block, const std::function<void(const std::string&)>& see) {
    for (const Stmt& s : block) {
        if (s.kind == Stmt::Kind::Verbatim) see(s.name);
        for_each_verbatim(s.body, see);
        for_each_verbatim(s.otherwise, see);
    }
}

/// Text of the generated code inside VERBATIM text, where its short names are the user's.
std::string with_long_names(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i + 1;
        if (text[i] == '"') {
            while (end < text.size() && text[end] != '"') ++end;
            end = std::min(end + 1, text.size());
            out += text.substr(i, end - i);
        } else if (starts_word(text[i])) {
            while (end < text.size() && in_word(text[end])) ++end;
            const std::string word = text.substr(i, end - i);
            const bool member = !out.empty() && (out.back() == '.' || out.ends_with("->"));
            out += !member && word == "k" ? "nrn_k_" : !member && word == "r" ? "nrn_r_" : !member && word == "_v" ? "nrn_v_" : word;
        } else {
            if (std::isdigit(static_cast<unsigned char>(text[i])))
                while (end < text.size() && (in_word(text[end]) || text[end] == '.')) ++end;
            out += text.substr(i, end - i);
        }
        i = end;
    }
    return out;
}

class Translation {
  public:
    Translation(std::string text, const Mechanism& m, bool in_block, const VariableText& variable, const VerbatimFacts& facts)
        : text_(std::move(text)), m_(m), facts_(facts), own_(facts.own), in_block_(in_block), use_(facts.use), foreign_(facts.foreign), variable_(variable) {}

    std::string run() {
        while (at_ < text_.size()) step();
        return std::move(out_);
    }

  private:
    void copy(std::size_t n) {
        out_ += text_.substr(at_, n);
        at_ += n;
    }
    std::size_t blank(std::size_t from) const {
        while (from < text_.size() && std::isspace(static_cast<unsigned char>(text_[from]))) ++from;
        return from;
    }

    void step() {
        const char c = text_[at_];
        if (text_.compare(at_, 2, "//") == 0) return copy(std::min(text_.find('\n', at_), text_.size()) - at_);
        if (text_.compare(at_, 2, "/*") == 0) {
            const auto end = text_.find("*/", at_ + 2);
            return copy(end == std::string::npos ? text_.size() - at_ : end + 2 - at_);
        }
        if (c == '"' || c == '\'') {
            std::size_t end = at_ + 1;
            while (end < text_.size() && text_[end] != c) end += text_[end] == '\\' ? 2 : 1;
            return copy(std::min(end + 1, text_.size()) - at_);
        }
        if (c == '#' && (out_.empty() || line_blank())) {
            statement_start_ = true;
            return directive();
        }
        if (c == '{') {
            shadows_.emplace_back(std::move(parameters_));
            parameters_.clear();
        }
        if (c == '}' && shadows_.size() > 1) shadows_.pop_back();
        if (c == '(') ++parentheses_;
        if (c == ')' && parentheses_ > 0) --parentheses_;
        if (c == '{' || c == '}' || c == ';') parentheses_ = 0;
        if (c == '{' || c == '}' || c == ';') statement_start_ = true;
        else if (statement_start_ && starts_word(c)) {
            statement_start_ = false;
            for (auto& name : declared_names(text_, at_)) shadows_.back().insert(std::move(name));
        } else if (!std::isspace(static_cast<unsigned char>(c))) statement_start_ = false;
        if (std::isdigit(static_cast<unsigned char>(c))) {  // 1e5: the e is no name
            std::size_t end = at_;
            while (end < text_.size() && (in_word(text_[end]) || text_[end] == '.')) ++end;
            return copy(end - at_);
        }
        if (!starts_word(c)) return copy(1);
        std::size_t end = at_;
        while (end < text_.size() && in_word(text_[end])) ++end;
        word(text_.substr(at_, end - at_), end);
    }

    /// Only blanks since the last end of line.
    bool line_blank() const {
        const std::size_t last = out_.find_last_not_of(" \t");
        return last == std::string::npos || out_[last] == '\n';
    }
    /// The names of conditions belong to the preprocessor. A macro is used inside blocks: an instance is at hand there.
    void directive() {
        std::size_t end = at_;
        do end = std::min(text_.find('\n', end + 1), text_.size());
        while (end < text_.size() && text_[end - 1] == '\\');
        std::size_t i = text_.find_first_not_of(" \t", at_ + 1);
        if (i < end && text_.compare(i, 7, "include") == 0) {
            const std::size_t open = text_.find_first_of("<\"", i), close = open < end ? text_.find_first_of(">\"", open + 1) : std::string::npos;
            if (close < end && is_simulators_header(text_.substr(open + 1, close - open - 1))) {
                at_ = end;  // the line stays, empty
                return;
            }
        }
        if (i >= end || text_.compare(i, 6, "define") != 0) return copy(end - at_);
        i = text_.find_first_not_of(" \t", i + 6);
        while (i < end && in_word(text_[i])) ++i;
        if (i < end && text_[i] == '(') i = std::min(text_.find(')', i), end);
        if (i >= end) return copy(end - at_);
        copy(i - at_);
        Translation body(text_.substr(at_, end - at_), m_, in_block_, variable_, facts_);
        body.in_macro_ = true;
        out_ += body.run();
        at_ = end;
    }

    /// A function of the VERBATIM text that is given an instance: its body is like a block.
    void own_body() {
        std::size_t i = text_.find(')', at_);
        i = i == std::string::npos ? i : blank(i + 1);
        if (i >= text_.size() || text_[i] != '{') return;
        int depth = 0;
        for (; i < text_.size(); ++i) {
            if (text_[i] == '{') ++depth;
            if (text_[i] == '}' && --depth == 0) break;
        }
        body_until_ = i;
    }
    /// Part of this text, in the same scope.
    std::string inner(std::string part) const {
        Translation t(std::move(part), m_, in_block(), variable_, facts_);
        t.shadows_ = shadows_;
        t.in_macro_ = in_macro_;
        t.statement_start_ = false;
        return t.run();
    }
    bool in_block() const { return in_block_ || at_ < body_until_; }
    std::string array_element(const std::string& name, const std::string& index) const {
        // The index is the user's text; only what stands around it is ours.
        std::string text = with_long_names(variable_(name, "nrn_index_"));
        const std::size_t at = text.find("nrn_index_");
        return at == std::string::npos ? text : text.replace(at, 10, "(int)(" + index + ")");
    }

    void word(const std::string& name, std::size_t end) {
        std::size_t before = out_.find_last_not_of(" \t\n");
        const bool member = before != std::string::npos && (out_[before] == '.' || (before > 0 && out_[before] == '>' && out_[before - 1] == '-'));
        if (member && name == "template") out_ += "template_";  // a word of C++ only
        if (member && name == "template") return void(at_ = end);
        if (member) return copy(name.size());
        at_ = end;
        static const std::map<std::string, std::string> fixed{{"_threadargs_", "nrn_k_, nrn_r_, nrn_v_"}, {"_threadargscomma_", "nrn_k_, nrn_r_, nrn_v_,"},
            {"_threadargsproto_", "const K& nrn_k_, int nrn_r_, double nrn_v_"}, {"_threadargsprotocomma_", "const K& nrn_k_, int nrn_r_, double nrn_v_,"},
            {"_internalthreadargs_", "nrn_k_, nrn_r_, nrn_v_"}, {"_internalthreadargsproto_", "const K& nrn_k_, int nrn_r_, double nrn_v_"}};
        if (const auto f = fixed.find(name); f != fixed.end()) {
            out_ += f->second;
            if (name.find("proto") != std::string::npos && !in_block()) own_body();
            return;
        }
        if (const std::string at_hand = instance(name); !at_hand.empty()) {
            out_ += at_hand;
            return;
        }
        if (name.starts_with("_n_") && m_.procedures.contains(name.substr(3))) return call(name.substr(3));  // a table's interpolation
        if (name.starts_with("_check_") && m_.procedures.contains(name.substr(7))) {  // tables are checked by the host
            out_ += "nrn_verbatim_checked";
            return;
        }
        if (own_.contains(name) && shadows_.size() == 1)  // a definition: its parameters are known in the body that follows
            for (auto& parameter : parameter_names(own_.at(name))) parameters_.insert(std::move(parameter));
        for (const auto& scope : shadows_)
            if (scope.contains(name)) {
                out_ += name;
                return;
            }
        if (const auto q = m_.procedures.find(name); q != m_.procedures.end() && blank(at_) < text_.size() && text_[blank(at_)] == '(') return call(name);
        if (name.starts_with("_ion_") && (in_block() || in_macro_)) return ion(name.substr(5));
        std::string plain = name;
        bool raw = false;
        if (name.starts_with("_p_")) {
            plain = name.substr(3);
            raw = true;
        }
        auto v = m_.variables.find(plain);
        if (v != m_.variables.end() && v->second.where == Variable::Where::Foreign) v = m_.variables.end();
        const bool built_in = plain == "t" || plain == "dt" || plain == "celsius" || plain == "v" || plain == "diam" || plain == "area" || plain == "secondorder";
        if (v == m_.variables.end() && !(built_in && !raw)) {
            out_ += name;
            return;
        }
        const bool instance_data = v != m_.variables.end() && (v->second.where == Variable::Where::Instance || v->second.where == Variable::Where::Pointer);
        if (between_functions() && (instance_data || parentheses_ > 0)) {
            out_ += name;
            return;
        }
        if (raw) {
            if (v->second.where == Variable::Where::Pointer && through_hand()) out_ += fmt::format("nrn_verbatim_slot({})", v->second.column);
            else if (v->second.where != Variable::Where::Pointer || !(in_block() || in_macro_)) out_ += name;
            else out_ += fmt::format("(nrn_k_.m->pointer[{}][nrn_r_])", v->second.column);
            return;
        }
        if (v != m_.variables.end() && v->second.is_array && v->second.where != Variable::Where::Global) return array(plain);
        if (v != m_.variables.end() && v->second.where == Variable::Where::Global && v->second.is_array) {
            out_ += in_block() ? fmt::format("(nrn_k_.g + {})", v->second.column) : fmt::format("(nrn_verbatim_now.view->global + {})", v->second.column);
            return;
        }
        const std::string t = outside(plain, v == m_.variables.end() ? nullptr : &v->second);
        out_ += t.empty() ? name : t;
    }

    /// Is the instance that variables belong to the one at hand (nrn_verbatim_now), not the block's own?
    bool through_hand() const { return !between_functions() && (use_ == InstanceUse::Switched || (use_ == InstanceUse::Outside && (!in_block() || in_macro_))); }
    /// Where C text declares and defines, and runs nothing: the names of parameters stand there.
    bool between_functions() const { return shadows_.size() == 1 && !in_macro_ && !in_block(); }

    /// What stands for the instance itself, its private data, and tables; empty for other names.
    std::string instance(const std::string& name) const {
        for (const auto& scope : shadows_)
            if (scope.contains(name) || parameters_.contains(name)) return {};
        if (name == "_p") return "nrn_verbatim_p";
        if (name == "_ppvar") return "nrn_verbatim_ppvar";
        if (name == "_tqitem") return "nrn_verbatim_item";
        if (foreign_.contains(name)) return foreign_number(name);
        if (name == "stoprun") return "nrn_verbatim_stoprun()";
        if (name == "_pnt" && in_block()) return "nrn_verbatim_this()";
        const bool low = name.starts_with("_tmin_"), row = name.starts_with("_t_");
        if (!low && !row) return {};
        for (const auto& [procedure, offset] : m_.table_offset) {
            const std::string table = fmt::format("({}->table + {})", in_block() ? "nrn_k_.m" : "nrn_verbatim_now.view", offset);
            if (low && name.substr(6) == procedure) return fmt::format("({}[1])", table);
            if (!row) continue;
            if (m_.procedures.at(procedure)->kind == Procedure::Kind::Function) {
                if (name.substr(3) == procedure) return fmt::format("({0} + (int){0}[3])", table);
                continue;
            }
            for (const Stmt& s : m_.procedures.at(procedure)->body)
                if (s.kind == Stmt::Kind::Table && s.names.size() == 1 && s.names[0] == name.substr(3)) return fmt::format("({0} + (int){0}[3])", table);
        }
        return {};
    }

    /// _ion_cai: the ion's own variable, where cai is this mechanism's copy.
    void ion(const std::string& name) {
        for (std::size_t i = 0; i < m_.program.ions.size(); ++i) {
            const std::string& n = m_.program.ions[i].name;
            const std::string of[] = {"e" + n, n + "i", n + "o", "i" + n, "di" + n + "dv"};
            for (int column = 0; column < 5; ++column)
                if (of[column] == name) {
                    out_ += fmt::format("(nrn_k_.ion{0}_{1}[nrn_k_.ion{0}_row[nrn_r_]])", i, column);
                    return;
                }
        }
        out_ += "_ion_" + name;
    }

    std::string outside(const std::string& name, const Variable* v) const {
        if (v && through_hand() && v->where == Variable::Where::Instance) return fmt::format("nrn_verbatim_cell({})", v->column);
        if (v && through_hand() && v->where == Variable::Where::Pointer && v->slot == Variable::Slot::Pointer) return fmt::format("nrn_verbatim_pointed({})", v->column);
        if (in_block()) return with_long_names(variable_(name, ""));
        if (!v) return name == "v" || name == "diam" || name == "area" || name == "secondorder" ? "" : "(nrn_verbatim_now.context->" + name + ")";
        if (v->where == Variable::Where::Global) return fmt::format("(nrn_verbatim_now.view->global[{}])", v->column);
        if (v->where == Variable::Where::Constant || in_macro_) return with_long_names(variable_(name, ""));
        return "";
    }

    /// x[expr] of an array with one column per element.
    void array(const std::string& name) {
        const std::size_t open = blank(at_);
        if (open >= text_.size() || text_[open] != '[') {
            out_ += name;
            return;
        }
        int depth = 0;
        std::size_t end = open;
        for (; end < text_.size(); ++end) {
            if (text_[end] == '[') ++depth;
            if (text_[end] == ']' && --depth == 0) break;
        }
        const std::string index = inner(text_.substr(open + 1, end - open - 1));
        out_ += through_hand() ? fmt::format("nrn_verbatim_cell({} + (int)({}))", m_.variables.at(name).column, index) : array_element(name, index);
        at_ = std::min(end + 1, text_.size());
    }

    void call(const std::string& name) {
        const Procedure& q = *m_.procedures.at(name);
        const std::size_t open = blank(at_), first = blank(open + 1);
        at_ = open + 1;
        if (q.kind == Procedure::Kind::FunctionTable) {
            out_ += fmt::format("table_{}({}{}", name, in_block() ? "nrn_k_" : "K(nrn_verbatim_now.context, nrn_verbatim_now.view)", first < text_.size() && text_[first] == ')' ? "" : ", ");
            return;
        }
        out_ += "f_" + name + "(";
        if (text_.compare(first, 12, "_threadargs_") == 0 || text_.compare(first, 17, "_threadargscomma_") == 0 || text_.compare(first, 16, "_threadargsproto") == 0) return;
        if (!in_block()) out_ += fmt::format("K(nrn_verbatim_now.context, nrn_verbatim_now.view), {}, 0.0", use_ == InstanceUse::None ? "-1" : "nrn_verbatim_now.row");
        else out_ += use_ == InstanceUse::Switched ? "nrn_k_, nrn_verbatim_now.row, nrn_v_" : "nrn_k_, nrn_r_, nrn_v_";
        if (first < text_.size() && text_[first] != ')') out_ += ", ";
    }

    std::string text_, out_;
    std::size_t at_ = 0;
    const Mechanism& m_;
    const VerbatimFacts& facts_;
    const DefinedFunctions& own_;
    bool statement_start_ = true;
    int parentheses_ = 0;
    std::vector<std::set<std::string>> shadows_{1};  // names of the C text's own variables, by braces
    std::set<std::string> parameters_;
    bool in_block_, in_macro_ = false;
    InstanceUse use_;
    const std::set<std::string>& foreign_;
    std::size_t body_until_ = 0;
    const VariableText& variable_;
};

InstanceUse found_use(const Mechanism& m) {
    static const std::set<std::string, std::less<>> switches{"set_globals_from_prop", "_hoc_setdata", "_p", "_ppvar"};
    std::set<std::string, std::less<>> variables;
    for (const auto& [name, v] : m.variables) {
        if (v.where == Variable::Where::Instance || v.where == Variable::Where::Pointer) variables.insert(name);
        if (v.where == Variable::Where::Pointer) variables.insert("_p_" + name);
    }
    InstanceUse use = InstanceUse::None;
    for (const auto& v : m.program.verbatim) {
        static const std::regex customary("\\b_p\\s*,\\s*_ppvar");
        const std::string plain = std::regex_replace(v.text, customary, "");
        if (mentions(plain, switches)) use = InstanceUse::Switched;
        if (use == InstanceUse::None && mentions(plain, variables)) use = InstanceUse::Outside;
    }
    return use;
}

std::set<std::string> found_foreign_numbers(const Mechanism& m) {
    std::string text = m.program.header_text;
    for (const auto& v : m.program.verbatim) text += v.text;
    std::set<std::string> names = foreign_numbers(text);
    std::erase_if(names, [&](const std::string& name) { const auto own = m.variables.find(name);
        return (own != m.variables.end() && own->second.where != Variable::Where::Foreign) || name == "stoprun" || name == "hoc_epsilon" || name == "t" || name == "dt" || name == "celsius"; });
    return names;
}

const VerbatimFacts& facts_of(Mechanism& m) {
    if (!m.verbatim_facts) {
        std::string outside;  // functions are defined outside blocks
        for (const auto& v : m.program.verbatim) outside += v.text;
        m.verbatim_facts = std::make_shared<const VerbatimFacts>(VerbatimFacts{find_definitions(outside), found_use(m), found_foreign_numbers(m)});
    }
    return *m.verbatim_facts;
}

}  // namespace

InstanceUse instance_use(Mechanism& m) { return facts_of(m).use; }

const std::set<std::string>& foreign_numbers(Mechanism& m) { return facts_of(m).foreign; }

std::string foreign_number(const std::string& name) { return fmt::format("(*nrn_verbatim_foreign(\"{0}\", &{0}))", name); }

std::string translate_verbatim(const std::string& text, Mechanism& mechanism, bool in_block, const VariableText& variable) {
    const VerbatimFacts& facts = facts_of(mechanism);
    return Translation(with_modern_idioms(text, facts.own, mechanism), mechanism, in_block, variable, facts).run();
}

}  // namespace nrn::nmodl
