// SPDX-License-Identifier: BSD-3-Clause
// A scanner for the declarations that occur in VERBATIM text; it reads types, declarator lists and balanced
// parentheses, not C.
#include "codegen/verbatim_prototypes.hpp"

#include <cctype>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

namespace nrn::nmodl {
namespace {

bool starts_word(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; }
bool in_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

const std::set<std::string, std::less<>> kTypes{"double", "void", "int", "char", "float", "FILE", "Object", "Symbol", "Rand", "IvocVect", "Point_process", "Prop", "Datum", "Section", "long", "short",
                                                "size_t", "uint32_t", "unsigned", "signed", "struct", "const", "extern", "static", "inline", "time_t", "Node", "Symlist"};
const std::set<std::string, std::less<>> kKeywords{"if", "while", "for", "switch", "return", "sizeof", "else", "do", "case"};

/// Is it declared by nrn/abi/verbatim.h or the C library headers it includes?
bool offered(std::string_view name) {
    static const std::set<std::string, std::less<>> exact{
        "nrn_mlh_gsort", "nrnRan4int", "nrnRan4dbl", "is_vector_arg", "ifarg", "getarg", "gargstr", "chkarg", "install_vector_method", "mcell_ran4", "mcell_ran4_init", "execerror", "scop_random",
        "set_seed", "exprand", "normrand", "poisrand", "ecalloc", "emalloc", "erealloc", "is_obj_type", "drand48", "srand48", "printf", "fprintf", "sprintf", "sscanf",
        "fopen", "fclose", "fread", "fwrite", "malloc", "calloc", "realloc", "free", "exp", "log", "sqrt", "pow", "sin", "cos", "time", "strlen", "strcmp", "strcpy",
        "stoprun", "t", "dt", "celsius", "nrnmpi_myid", "nrnmpi_numprocs", "chk_access", "secname", "nrn_noerr_access", "nrn_pushsec", "nrn_popsec", "section_length", "nrn_section_orientation", "nrn_random_pick", "nrn_random_arg", "state_discontinuity", "net_send", "net_event", "net_move", "nrn_net_send", "ob2pntproc", "pnt_receive", "nrn_event_queue_stats", "clear_event_queue", "cvode_fadvance",
        "cvode_active_", "at_time", "nrn_mallinfo", "hoc_ac_", "artcell_net_send", "artcell_net_move", "point_process_name", "random", "srandom"};
    if (exact.contains(name)) return true;
    if (name == "vector_newsize") return false;  // a customary name of models' own, shared between the files of a pack
    for (const std::string_view prefix : {"vector_", "hoc_", "nrn_random_", "nrn_random123_", "nrnran123_", "ivoc_", "nrnmpi_"})
        if (name.starts_with(prefix)) return true;
    return false;
}

class Scanner {
  public:
    explicit Scanner(const std::string& text) : text_(text) {}

    /// Comments, strings and preprocessor lines count as blank; @returns the place after them
    [[nodiscard]] std::size_t blank(std::size_t from) const {
        while (from < text_.size()) {
            if (std::isspace(static_cast<unsigned char>(text_[from]))) ++from;
            else if (text_.compare(from, 2, "//") == 0) from = std::min(text_.find('\n', from), text_.size());
            else if (text_.compare(from, 2, "/*") == 0) {
                const auto end = text_.find("*/", from + 2);
                from = end == std::string::npos ? text_.size() : end + 2;
            } else break;
        }
        return from;
    }
    [[nodiscard]] std::size_t word_end(std::size_t from) const {
        while (from < text_.size() && in_word(text_[from])) ++from;
        return from;
    }
    [[nodiscard]] std::string word(std::size_t from) const { return text_.substr(from, word_end(from) - from); }
    /// The place after the bracket that closes the one at `open`, or npos.
    [[nodiscard]] std::size_t closed(std::size_t open) const {
        int depth = 0;
        for (std::size_t i = open; i < text_.size(); ++i) {
            const char c = text_[i];
            if (c == '"' || c == '\'') i = string_end(i) - 1;
            else if (c == '(' || c == '[' || c == '{') ++depth;
            else if ((c == ')' || c == ']' || c == '}') && --depth == 0) return i + 1;
        }
        return std::string::npos;
    }
    [[nodiscard]] std::size_t string_end(std::size_t from) const {
        std::size_t end = from + 1;
        while (end < text_.size() && text_[end] != text_[from] && text_[end] != '\n') end += text_[end] == '\\' ? 2 : 1;
        return std::min(end + 1, text_.size());
    }
    [[nodiscard]] std::size_t line_end(std::size_t from) const {
        std::size_t end = std::min(text_.find('\n', from), text_.size());
        while (end < text_.size() && end > 0 && text_[end - 1] == '\\') end = std::min(text_.find('\n', end + 1), text_.size());
        return end;
    }

    const std::string& text_;
};

/// `int a; double *b, c;` between the parentheses and the body of an old definition: name -> declaration.
std::optional<std::string> old_parameters(const std::string& names, const std::string& declarations) {
    std::map<std::string, std::string> types;
    std::string type, current;
    std::size_t i = 0;
    const Scanner s(declarations);
    while ((i = s.blank(i)) < declarations.size()) {
        type.clear();
        while (i < declarations.size() && starts_word(declarations[i])) {
            const std::string w = s.word(i);
            const std::size_t after = s.blank(s.word_end(i));
            if (after < declarations.size() && (declarations[after] == ',' || declarations[after] == ';' || declarations[after] == '[') && !type.empty()) break;
            type += w + " ";
            i = after;
        }
        if (type.empty()) return std::nullopt;
        while (true) {
            current.clear();
            while (i < declarations.size() && declarations[i] != ',' && declarations[i] != ';') current += declarations[i++];
            if (i >= declarations.size()) return std::nullopt;
            std::string name;
            for (const char c : current) {
                if (in_word(c)) name += c;
                else if (!name.empty()) break;
            }
            types[name] = type + current;
            const bool more = declarations[i++] == ',';
            i = s.blank(i);
            if (!more) break;
        }
    }
    std::string result, name;
    for (const char c : names + ",") {
        if (in_word(c)) name += c;
        if (c != ',' || name.empty()) continue;
        const auto found = types.find(name);
        result += (result.empty() ? "" : ", ") + (found == types.end() ? "int " + name : found->second);
        name.clear();
    }
    return result;
}

struct Definition { std::size_t name, open, close, body; bool old; std::string parameters; };

/// The next function definition from `from` on, outside of braces.
std::optional<Definition> next_definition(const std::string& text, std::size_t from) {
    const Scanner s(text);
    std::string previous;
    for (std::size_t i = from; (i = s.blank(i)) < text.size();) {
        const char c = text[i];
        if (c == '#') {
            i = s.line_end(i);
        } else if (c == '"' || c == '\'') {
            i = s.string_end(i);
        } else if (c == '{') {
            const std::size_t end = s.closed(i);
            if (end == std::string::npos) return std::nullopt;
            i = end;
            previous.clear();
        } else if (starts_word(c)) {
            const std::size_t end = s.word_end(i), open = s.blank(end);
            const std::string name = text.substr(i, end - i);
            if (open < text.size() && text[open] == '(' && !previous.empty() && !kKeywords.contains(name)) {
                const std::size_t close = s.closed(open);
                if (close == std::string::npos) return std::nullopt;
                const std::size_t body = s.blank(close);
                std::string inside = text.substr(open + 1, close - open - 2);
                if (body < text.size() && text[body] == '{') return Definition{i, open, close, body, false, inside};
                if (body < text.size() && starts_word(text[body]) && kTypes.contains(s.word(body))) {
                    const std::size_t brace = text.find('{', body), stop = text.find_first_of("()=}#", body);
                    if (brace != std::string::npos && (stop == std::string::npos || brace < stop))
                        if (auto p = old_parameters(inside, text.substr(body, brace - body))) return Definition{i, open, close, brace, true, *p};
                }
                i = close;
            } else {
                i = end;
            }
            previous = name;
        } else {
            if (c == ';') previous.clear();
            ++i;
        }
    }
    return std::nullopt;
}

/// A declarator list from after the type to before the `;`; nothing when it is no declaration.
std::optional<std::vector<std::string>> declarators(const Scanner& s, std::size_t from, std::size_t& end) {
    std::vector<std::string> list(1);
    for (std::size_t i = from; i < s.text_.size();) {
        const char c = s.text_[i];
        if (c == ';') {
            end = i;
            return list;
        }
        if (c == ',') {
            list.emplace_back();
            ++i;
            continue;
        }
        std::size_t next = i + 1;
        if (c == '(' || c == '[' || (c == '{' && list.back().find('=') != std::string::npos)) next = s.closed(i);
        else if (c == '"' || c == '\'') next = s.string_end(i);
        else if (c == '{' || c == '}' || c == '#') return std::nullopt;
        if (next == std::string::npos) return std::nullopt;
        list.back() += s.text_.substr(i, next - i);
        i = next;
    }
    return std::nullopt;
}

struct Declarator { std::string name, parameters; bool function = false; };
Declarator read_declarator(const std::string& text) {
    const Scanner s(text);
    std::size_t i = 0;
    while (i < text.size() && (std::isspace(static_cast<unsigned char>(text[i])) || text[i] == '*')) ++i;
    Declarator d;
    d.name = s.word(i);
    i = s.blank(i + d.name.size());
    if (i < text.size() && text[i] == '(') {
        const std::size_t close = s.closed(i);
        d.function = close != std::string::npos && s.blank(close) >= text.size();
        if (d.function) d.parameters = text.substr(i + 1, close - i - 2);
    }
    return d;
}

/// One declaration statement that begins at `begin` with a type; empty when it stays as it is.
std::optional<std::string> rewritten(const Scanner& s, std::size_t begin, const DefinedFunctions& own, const std::set<std::string>& blocks, std::size_t& end) {
    bool is_extern = false, any = false;
    std::size_t i = begin;
    while (i < s.text_.size() && starts_word(s.text_[i])) {
        const std::string w = s.word(i);
        if (!kTypes.contains(w)) break;
        is_extern = is_extern || w == "extern";
        i = s.blank(s.word_end(i));
        if (w == "struct") i = s.blank(s.word_end(i));
        any = true;
    }
    const std::string type = s.text_.substr(begin, i - begin);
    if (!any || i >= s.text_.size() || (!starts_word(s.text_[i]) && s.text_[i] != '*')) return std::nullopt;
    const auto list = declarators(s, i, end);
    if (!list) return std::nullopt;
    std::string kept;
    bool changed = false;
    for (const std::string& text : *list) {
        const Declarator d = read_declarator(text);
        std::string shown = text;
        const auto definition = own.find(d.name);
        if (definition == own.end() && ((offered(d.name) && (d.function || is_extern)) || (d.function && blocks.contains(d.name)))) {
            changed = true;
            continue;
        }
        if (definition != own.end() && d.function && d.parameters.find_first_not_of(" \t\n") == std::string::npos && !definition->second.empty()) {
            shown = text.substr(0, text.find('(')) + "(" + definition->second + ")";
            changed = true;
        }
        kept += (kept.empty() ? "" : ",") + shown;
    }
    if (!changed) return std::nullopt;
    std::string lines;  // the text keeps its length in lines, so that positions stay right
    if (kept.empty())
        for (std::size_t k = begin; k < end; ++k)
            if (s.text_[k] == '\n') lines += '\n';
    return kept.empty() ? lines : type + kept;
}

}  // namespace

std::vector<std::string> declared_names(const std::string& text, std::size_t at) {
    const Scanner s(text);
    std::size_t i = at;
    int words = 0;
    // One or more words of a type, then the first declarator: the last word before `,` `;` `=` `[` or a `*`.
    while (i < text.size() && starts_word(text[i])) {
        const std::string w = s.word(i);
        if (kKeywords.contains(w) || w == "goto" || w == "typedef" || w == "using" || w == "delete" || w == "throw") return {};
        const std::size_t next = s.blank(s.word_end(i));
        if (words > 0 && !kTypes.contains(w) && (next >= text.size() || (!starts_word(text[next]) && text[next] != '*'))) break;
        ++words;
        i = next;
    }
    if (words == 0 || i >= text.size() || (!starts_word(text[i]) && text[i] != '*')) return {};
    if (text[i] == '*' && !kTypes.contains(s.word(at))) {
        // `a * b;` might be an expression, but nobody writes that as a statement.
        std::size_t star = i;
        while (star < text.size() && (text[star] == '*' || std::isspace(static_cast<unsigned char>(text[star])))) ++star;
        if (star >= text.size() || !starts_word(text[star])) return {};
    }
    std::size_t end = 0;
    const auto list = declarators(s, i, end);
    if (!list) return {};
    std::vector<std::string> names;
    for (const auto& d : *list) {
        const Declarator read = read_declarator(d);
        if (!read.name.empty() && !read.function) names.push_back(read.name);
    }
    return names;
}

std::set<std::string> foreign_numbers(const std::string& text) {
    const Scanner s(text);
    std::set<std::string> names;
    for (std::size_t at = text.find("extern"); at != std::string::npos; at = text.find("extern", at + 6)) {
        if ((at > 0 && in_word(text[at - 1])) || s.word(at) != "extern") continue;
        const std::size_t type = s.blank(at + 6);
        if (type >= text.size() || s.word(type) != "double") continue;
        std::size_t end = 0;
        const auto list = declarators(s, s.blank(s.word_end(type)), end);
        if (!list) continue;
        for (const std::string& one : *list) {
            const std::size_t first = one.find_first_not_of(" \t\n");
            if (first == std::string::npos || !starts_word(one[first])) continue;
            const Declarator d = read_declarator(one);
            if (!d.function && one.find_first_of("[(*", first) == std::string::npos) names.insert(d.name);
        }
    }
    return names;
}

std::vector<std::string> parameter_names(const std::string& parameters) {
    std::vector<std::string> names;
    std::string last;
    for (std::size_t i = 0; i <= parameters.size(); ++i) {
        if (i == parameters.size() || parameters[i] == ',') {
            if (!last.empty()) names.push_back(last);
            last.clear();
        } else if (starts_word(parameters[i])) {
            const Scanner s(parameters);
            last = s.word(i);
            i = s.word_end(i) - 1;
        }
    }
    return names;
}

DefinedFunctions find_definitions(const std::string& text) {
    DefinedFunctions found;
    std::size_t at = 0;
    while (const auto d = next_definition(text, at)) {
        std::string parameters = d->parameters;
        for (char& c : parameters)
            if (c == '\n') c = ' ';
        if (parameters.find_first_not_of(" \t") == std::string::npos || parameters == "void") parameters.clear();
        const Scanner s(text);
        found[s.word(d->name)] = parameters;
        at = s.closed(d->body);
        if (at == std::string::npos) break;
    }
    return found;
}

std::string modern_declarations(const std::string& text, const DefinedFunctions& own, const std::set<std::string>& blocks) {
    // Old definitions first: their parameter declarations are no statements.
    std::string modern = text;
    std::size_t at = 0;
    while (const auto d = next_definition(modern, at)) {
        const Scanner s(modern);
        const std::size_t end = s.closed(d->body);
        if (end == std::string::npos) break;
        at = end;
        if (!d->old) continue;
        std::string lines;
        for (std::size_t k = d->close; k < d->body; ++k)
            if (modern[k] == '\n') lines += '\n';
        const std::string head = "(" + d->parameters + ")" + lines;
        at = end - (d->body - d->open) + head.size();
        modern.replace(d->open, d->body - d->open, head);
    }
    std::string out;
    const Scanner s(modern);
    bool statement_start = true, line_start = true;
    for (std::size_t i = 0; i < modern.size();) {
        const std::size_t after = s.blank(i);
        if (after > i) {
            if (modern.find('\n', i) < after) line_start = true;
            out += modern.substr(i, after - i);
            i = after;
            continue;
        }
        const char c = modern[i];
        std::size_t next = i + 1;
        if (c == '#' && line_start) {
            next = s.line_end(i);
            statement_start = true;
        } else if (c == '"' || c == '\'') {
            next = s.string_end(i);
            statement_start = false;
        } else if (starts_word(c)) {
            next = s.word_end(i);
            if (statement_start && kTypes.contains(s.word(i))) {
                std::size_t end = 0;
                if (const auto better = rewritten(s, i, own, blocks, end)) {
                    out += *better;
                    i = end;  // at the `;`
                    continue;
                }
            }
            statement_start = false;
        } else {
            statement_start = c == ';' || c == '{' || c == '}';
        }
        line_start = false;
        out += modern.substr(i, next - i);
        i = next;
    }
    return out;
}

}  // namespace nrn::nmodl
