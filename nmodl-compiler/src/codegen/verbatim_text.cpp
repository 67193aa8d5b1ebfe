// SPDX-License-Identifier: BSD-3-Clause
// Identifier substitution in VERBATIM text. Macros would not do: a variable named `m` or `c` would also
// replace the members that other replacements mention.
#include "codegen/verbatim_text.hpp"

#include <cctype>
#include <regex>
#include <set>

#include <fmt/format.h>

namespace nrn::nmodl {
namespace {

bool starts_word(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; }
bool in_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

/// Old files declare the functions that verbatim.h offers, without arguments: such a declaration would hide ours.
std::string without_known_prototypes(const std::string& text) {
    static const std::string known =
        "(?:vector_\\w+|nrn_mlh_gsort|is_vector_arg|ifarg|getarg|gargstr|chkarg|hoc_\\w+|nrn_random_\\w+|ivoc_\\w+|install_vector_method|mcell_ran4|execerror|"
        "scop_random|set_seed|exprand|normrand|poisrand|ecalloc|emalloc|erealloc|is_obj_type|drand48|printf|nrnmpi_\\w+)";
    static const std::regex declaration("(^|[;{}\\n])([ \\t]*)(?:extern[ \\t]+)?(?:const[ \\t]+)?(?:unsigned[ \\t]+)?"
                                        "(?:double|void|int|char|float|FILE|Object|Symbol|Rand|IvocVect|Section|long|size_t|uint32_t|struct[ \\t]+\\w+)\\b"
                                        "[ \\t*]+" + known + "[ \\t]*\\([^;{}=]*\\)[^;{}=\\n]*;");
    // Twice: a match takes the character before it, which may end the match before.
    std::string once = std::regex_replace(text, declaration, "$1$2;");
    once = std::regex_replace(once, declaration, "$1$2;");
    static const std::regex variables("(^|\\n)[ \\t]*extern[ \\t]+(?:int|double)[ \\t]+(?:stoprun|nrnmpi_myid|nrnmpi_numprocs|t|dt|celsius|hoc_\\w+|ifarg)[ \\t]*;");
    once = std::regex_replace(once, variables, "$1;");
    static const std::regex threads("\\b_p\\s*,\\s*_ppvar\\s*,\\s*_thread\\s*,\\s*_nt\\b");
    return std::regex_replace(once, threads, "_threadargs_");
}

class Translation {
  public:
    Translation(std::string text, const Mechanism& m, bool in_block, const VariableText& variable)
        : text_(std::move(text)), m_(m), in_block_(in_block), variable_(variable) {}

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
        if (c == '#' && text_.compare(at_, 8, "#include") == 0) return copy(std::min(text_.find('\n', at_), text_.size()) - at_);
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

    void word(const std::string& name, std::size_t end) {
        std::size_t before = out_.find_last_not_of(" \t\n");
        const bool member = before != std::string::npos && (out_[before] == '.' || (before > 0 && out_[before] == '>' && out_[before - 1] == '-'));
        if (member) return copy(name.size());
        at_ = end;
        static const std::map<std::string, std::string> fixed{{"_threadargs_", "k, r, _v"}, {"_threadargscomma_", "k, r, _v,"}, {"_threadargsproto_", "const K& k, int r, double _v"},
            {"_threadargsprotocomma_", "const K& k, int r, double _v,"}, {"_internalthreadargs_", "k, r, _v"}, {"_internalthreadargsproto_", "const K& k, int r, double _v"}};
        if (const auto f = fixed.find(name); f != fixed.end()) {
            out_ += f->second;
            return;
        }
        if (const auto q = m_.procedures.find(name); q != m_.procedures.end() && blank(at_) < text_.size() && text_[blank(at_)] == '(') return call(name);
        if (name.starts_with("_ion_") && in_block_) return ion(name.substr(5));
        std::string plain = name;
        bool raw = false;
        if (name.starts_with("_p_")) {
            plain = name.substr(3);
            raw = true;
        }
        const auto v = m_.variables.find(plain);
        const bool built_in = plain == "t" || plain == "dt" || plain == "celsius" || plain == "v" || plain == "diam" || plain == "area" || plain == "secondorder";
        if (v == m_.variables.end() && !(built_in && !raw)) {
            out_ += name;
            return;
        }
        if (raw) {
            if (v->second.where != Variable::Where::Pointer || !in_block_) out_ += name;
            else out_ += fmt::format("(k.m->pointer[{}][r])", v->second.column);
            return;
        }
        if (v != m_.variables.end() && v->second.is_array && v->second.where != Variable::Where::Global) return array(plain);
        if (v != m_.variables.end() && v->second.where == Variable::Where::Global && v->second.is_array) {
            out_ += in_block_ ? fmt::format("(k.g + {})", v->second.column) : fmt::format("(nrn_verbatim_now.view->global + {})", v->second.column);
            return;
        }
        const std::string t = outside(plain, v == m_.variables.end() ? nullptr : &v->second);
        out_ += t.empty() ? name : t;
    }

    /// _ion_cai: the ion's own variable, where cai is this mechanism's copy.
    void ion(const std::string& name) {
        for (std::size_t i = 0; i < m_.program.ions.size(); ++i) {
            const std::string& n = m_.program.ions[i].name;
            const std::string of[] = {"e" + n, n + "i", n + "o", "i" + n, "di" + n + "dv"};
            for (int column = 0; column < 5; ++column)
                if (of[column] == name) {
                    out_ += fmt::format("(k.ion{0}_{1}[k.ion{0}_row[r]])", i, column);
                    return;
                }
        }
        out_ += "_ion_" + name;
    }

    std::string outside(const std::string& name, const Variable* v) const {
        if (in_block_) return variable_(name, "");
        if (!v) return name == "v" || name == "diam" || name == "area" || name == "secondorder" ? "" : "(nrn_verbatim_now.context->" + name + ")";
        if (v->where == Variable::Where::Global) return fmt::format("(nrn_verbatim_now.view->global[{}])", v->column);
        if (v->where == Variable::Where::Constant) return variable_(name, "");
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
        const std::string index = Translation(text_.substr(open + 1, end - open - 1), m_, in_block_, variable_).run();
        out_ += variable_(name, "(int)(" + index + ")");
        at_ = std::min(end + 1, text_.size());
    }

    void call(const std::string& name) {
        const Procedure& q = *m_.procedures.at(name);
        const std::size_t open = blank(at_), first = blank(open + 1);
        at_ = open + 1;
        if (q.kind == Procedure::Kind::FunctionTable) {
            out_ += fmt::format("table_{}(k{}", name, first < text_.size() && text_[first] == ')' ? "" : ", ");
            return;
        }
        out_ += "f_" + name + "(";
        if (text_.compare(first, 12, "_threadargs_") == 0 || text_.compare(first, 17, "_threadargscomma_") == 0 || text_.compare(first, 16, "_threadargsproto") == 0) return;
        out_ += in_block_ ? "k, r, _v" : "K(nrn_verbatim_now.context, nrn_verbatim_now.view), -1, 0.0";
        if (first < text_.size() && text_[first] != ')') out_ += ", ";
    }

    std::string text_, out_;
    std::size_t at_ = 0;
    const Mechanism& m_;
    bool in_block_;
    const VariableText& variable_;
};

}  // namespace

std::string translate_verbatim(const std::string& text, const Mechanism& mechanism, bool in_block, const VariableText& variable) {
    return Translation(without_known_prototypes(text), mechanism, in_block, variable).run();
}

}  // namespace nrn::nmodl
