// SPDX-License-Identifier: BSD-3-Clause
// Random Hoc programs.
#include "program_generator.hpp"

namespace nrn::hoc::fuzz {
namespace {

constexpr int kDeepest = 5;

struct Level {
    int& depth;
    explicit Level(int& d) : depth(d) { ++depth; }
    ~Level() { --depth; }
};

}  // namespace

std::string ProgramGenerator::number() {
    static constexpr const char* special[] = {"0", "1", "2", "3", "-1", "0.5", "1e-12", ".25", "7", "1e3", "0x1f", "100"};
    return one_of(special);
}

std::string ProgramGenerator::text() {
    static constexpr const char* texts[] = {"\"a\"", "\"s%d %g\\n\"", "\"x = 1\"", "\"sa\"", "\"sb\"", "\"p0()\"", "\"\"", "\"f0(2)\"", "\"o1\"", "\"%s\"",
        "\"i = i + 1\"", "\"hh\"", "\"stop\"", "\"{\"", "\"proc q() { print 1 }\"", "s1", "s2", "$s1", "o3.s"};
    return one_of(texts);
}

std::string ProgramGenerator::variable() {
    static constexpr const char* names[] = {"a", "b", "i", "x", "j", "k", "t", "dt", "d1[1]", "d2[0][1]", "d1[i]", "d2[i][j]", "d1", "new1", "celsius"};
    if (in_function_ && chance(30)) {
        static constexpr const char* own[] = {"i", "k", "l1", "la[1]", "la[i]", "$1", "$2", "$i", "$&1", "$&1[i]"};
        return one_of(own);
    }
    return one_of(names);
}

std::string ProgramGenerator::place() { return chance(70) ? one_of({"0", "0.5", "1", "0.1"}) : expression(); }

std::string ProgramGenerator::object() {
    static constexpr const char* names[] = {"o1", "o2", "o3", "list", "vec", "vec", "os[1]", "os[i]", "nil", "o3.o", "list.o(0)", "T0[0]", "Vector[0]", "o3.os[1]", "g0()", "new T0(1)"};
    if (in_function_ && chance(25)) return one_of({"$o1", "lo", "this", "$o2", "$oi"});
    return one_of(names);
}

std::string ProgramGenerator::section() { return one_of({"sa", "sb[0]", "sb[1]", "sb", "sb[i]", "o3.soma", "o3.dend[1]", "sr.sec", "sr.child[0]", "nosec"}); }

std::string ProgramGenerator::argument() {
    switch (below(8)) {
    case 0: return text();
    case 1: return object();
    case 2: return "&" + variable();
    case 3: return "&v(" + place() + ")";
    default: return expression();
    }
}

std::string ProgramGenerator::arguments(int most) {
    std::string list = "(";
    const int n = below(most + 1);
    for (int i = 0; i < n; ++i) list += (i ? ", " : "") + argument();
    return list + ")";
}

std::string ProgramGenerator::call() {
    if (chance(35)) {
        static constexpr const char* own[] = {"p0", "p1", "f0", "f1", "g0", "undefined_thing"};
        return one_of(own) + arguments(3);
    }
    if (chance(45)) {
        static constexpr const char* methods[] = {".m", ".f", ".o.m", ".x", ".n", ".s", ".size", ".append", ".count", ".object", ".remove", ".resize(3)", ".x[1]", ".get", ".sum()",
            ".indgen()", ".c", ".add(1)", ".arr[1]", ".nothing", ".set", ".fill(2)", ".mul(2)", ".o(0)", ".soma.v(0.5)", ".os[i]"};
        const std::string method = one_of(methods);
        return object() + method + (chance(60) && method.back() != ')' && method.back() != ']' ? arguments(2) : "");
    }
    static constexpr const char* functions[] = {"sin", "exp", "sqrt", "log", "int", "abs", "numarg", "argtype", "printf", "sprint", "execute", "execute1", "secname", "n3d", "area",
        "name_declared", "object_id", "allobjects", "sscanf", "ismembrane", "distance", "push_section", "pop_section", "pt3dadd", "pt3dclear", "define_shape",
        "parent_connection", "section_orientation", "execerror", "solve", "eqinit", "prmat", "symbols", "allobjectvars", "this_node", "make_mechanism", "object_push", "object_pop", "delete_section", "disconnect", "nrn_load_dll", "ri", "unix_mac_pc",
        "strcmp", "hoc_pointer_", "finitialize", "fadvance", "psection", "topology", "init", "secondorder"};
    return one_of(functions) + arguments(4);
}

std::string ProgramGenerator::expression() {
    if (depth_ >= kDeepest) return chance(50) ? number() : variable();
    const Level level(depth_);
    switch (below(16)) {
    case 0:
    case 1: return number();
    case 2:
    case 3:
    case 4: return variable();
    case 5: return "(" + expression() + ")";
    case 6: return one_of({"-", "!", "- -", "+"}) + expression();
    case 7:
    case 8:
    case 9: return expression() + " " + one_of({"+", "-", "*", "/", "%", "^", "<", "<=", ">", ">=", "==", "!=", "&&", "||"}) + " " + expression();
    case 10: return target() + one_of({" = ", " += ", " *= "}) + expression();
    case 11: return section() + one_of({".v", ".diam", ".L", ".nseg", ".gnabar_hh", ".nothing", ".Ra", ".cm"}) + (chance(60) ? "(" + place() + ")" : "");
    case 12: return one_of({"v", "diam", "gnabar_hh", "g_pas", "L", "nseg"}) + (chance(60) ? "(" + place() + ")" : "");
    case 13: return object() + one_of({" == ", " != "}) + object();
    default: return call();
    }
}

std::string ProgramGenerator::target() {
    switch (below(10)) {
    case 0: return "vec.x[" + expression() + "]";
    case 1: return object() + one_of({".n", ".arr[1]", ".x", ".s", ".o", ".os[0]", ".hidden"});
    case 2: return section() + one_of({".v", ".diam", ".L", ".nseg", ".gnabar_hh", ".cm"}) + (chance(50) ? "(" + place() + ")" : "");
    case 3: return one_of({"v", "diam", "gnabar_hh", "L", "Ra", "nseg", "cm"}) + (chance(50) ? "(" + place() + ")" : "");
    default: return variable();
    }
}

std::string ProgramGenerator::block(int most) {
    std::string all = "{ ";
    const int n = below(most) + 1;
    for (int i = 0; i < n; ++i) all += statement() + (chance(70) ? "\n" : " ");
    return all + "}";
}

std::string ProgramGenerator::loop() {
    static constexpr const char* simple[] = {"break", "continue"};
    const std::string body = chance(50) ? statement() : "{ " + statement() + "\n if (" + expression() + ") { " + one_of(simple) + " }\n " + statement() + "\n}";
    switch (below(9)) {
    case 0: return "while (" + expression() + " < 3) { i += 1\n " + statement() + "\n}";
    case 1: return "for (i = 0; i < " + number() + "; i += 1) " + body;
    case 2: return "for " + (chance(70) ? one_of({"i", "j", "k", "x"}) : target()) + " = " + expression() + ", " + one_of({"2", "3", "i", "-1"}) + " " + body;
    case 3: return "for (x" + std::string(chance(50) ? ", 0" : "") + ") " + body;
    case 4: return "forall " + body;
    case 5: return "forsec " + one_of({"\"sb\"", "sl", "s1", "\".*\"", "\"<\"", "vec"}) + " " + body;
    case 6: return "ifsec " + one_of({"\"sa\"", "sl"}) + " " + body;
    case 7: return "for it0(&" + one_of({"i", "j", "d1[0]"}) + ", " + expression() + ") " + body;
    default: return "for o3.walk(&i) " + body;
    }
}

std::string ProgramGenerator::section_statement() {
    switch (below(10)) {
    case 0: return section() + " " + block(2);
    case 1: return section() + " insert " + one_of({"hh", "pas", "nomech", "extracellular"});
    case 2: return "uninsert hh";
    case 3: return "connect " + section() + "(" + place() + "), " + section() + "(" + place() + ")";
    case 4: return section() + " connect " + section() + "(0), " + place();
    case 5: return "access " + section();
    case 6: return "create " + one_of({"sa", "sb[2]", "sc[i]", "sd, se[2]"});
    case 7: return one_of({"diam", "v", "gnabar_hh"}) + "(" + place() + ":" + place() + ") = " + expression() + ":" + expression();
    case 8: return "setpointer " + one_of({"ptr_x(0.5)", "o1.p", "sa.ptr(0.5)"}) + ", " + variable();
    default: return section() + " nseg = " + number();
    }
}

std::string ProgramGenerator::statement() {
    if (depth_ >= kDeepest) return variable() + " = " + number();
    const Level level(depth_);
    switch (below(18)) {
    case 0:
    case 1:
    case 2: return target() + one_of({" = ", " += ", " -= ", " *= ", " /= ", " = "}) + expression();
    case 3: return one_of({"o1", "o2", "os[1]", "o3", "list", "vec", "o3.o"}) + " = " + (chance(60) ? "new " + one_of({"T0", "T1", "Vector", "List", "Matrix", "NoClass", "SectionRef"}) + arguments(2) : object());
    case 4: return "if (" + expression() + ") " + statement() + (chance(50) ? " else " + statement() : "");
    case 5:
    case 6: return loop();
    case 7:
    case 8: return section_statement();
    case 9: return "print " + argument() + ", " + expression();
    case 10: return block(3);
    case 11: return "s1 = " + text();
    case 12: return one_of({"strdef s1", "objref o1, os[2]", "double d1[3], d2[2][2]", "double dn[i]", "objref nn[x]", "delete new1", "depvar x, y", "depvar d1", "eqn x:: x*i = 2 + y", "eqn y: x + f1(y) =", "eqn d1[1]: = d1[0]", "strdef a", "double o1[2]", "localobj lx", "local l9"});
    case 13: return in_function_ && chance(60) ? "return " + (chance(70) ? expression() : object()) : "execute1(" + text() + ", 0)";
    case 14: return in_iterator_ ? "iterator_statement" : one_of({"stop", "x = 1", "i = 0", "iterator_statement", "return"});
    default: return call();
    }
}

std::string ProgramGenerator::definition() {
    static constexpr const char* kinds[] = {"proc p0", "proc p1", "func f0", "func f1", "obfunc g0", "iterator it0"};
    const std::string kind = one_of(kinds);
    in_function_ = true;
    in_iterator_ = kind.starts_with("iterator");
    std::string body = "() { local i, k, l1, la[3]  localobj lo\n";
    const int n = below(4) + 1;
    for (int i = 0; i < n; ++i) body += "  " + statement() + "\n";
    if (in_iterator_) body += "  $&1 = i\n  iterator_statement\n";
    if (kind.starts_with("func")) body += "  return " + expression() + "\n";
    if (kind.starts_with("obfunc")) body += "  return " + object() + "\n";
    in_function_ = in_iterator_ = false;
    return kind + body + "}\n";
}

std::string ProgramGenerator::template_text() {
    const std::string name = "T" + std::to_string(templates_++);
    std::string all = "begintemplate " + name + "\npublic m, f, n, s, o, os, arr, walk, soma, dend, x\nexternal p0, f0, it0, a\n";
    all += "objref o, os[2], this\nstrdef s\ndouble arr[2]\ncreate soma, dend[2]\n";
    in_function_ = true;
    all += "proc init() { local i\n if (numarg() > 0) { n = 1 }\n " + (chance(70) ? statement() : "") + "\n}\n";
    all += "proc m() { " + statement() + "\n " + statement() + "\n}\nfunc f() { " + statement() + "\n return " + expression() + "\n}\n";
    in_iterator_ = true;
    all += "iterator walk() { local i\n for i = 0, 2 { $&1 = i\n iterator_statement\n }\n}\n";
    in_function_ = in_iterator_ = false;
    if (chance(30)) all += "proc unref() { " + statement() + " }\n";
    return all + "endtemplate " + name + "\n";
}

std::vector<std::string> ProgramGenerator::program() {
    depth_ = 0;
    std::vector<std::string> all{
        "objref o1, o2, o3, os[2], list, vec, nil, sl, sr\n", "strdef s1, s2\n", "double d1[3], d2[2][2]\n", "{ i = 0  j = 1  k = 0  x = 2  a = 3  b = 4 }\n",
        "create sa, sb[2]\n", "access sa\n", "vec = new Vector(4, 1)\n", "list = new List()\n", "sl = new SectionList()\n", "sr = new SectionRef()\n"};
    const int definitions = below(4);
    for (int i = 0; i < definitions; ++i) all.push_back(definition());
    if (chance(60)) {
        all.push_back(template_text());
        all.push_back("o3 = new T" + std::to_string(templates_ - 1) + "(1)\n");
    }
    const int n = below(20) + 2;
    for (int i = 0; i < n; ++i) all.push_back(chance(8) ? definition() : statement() + "\n");
    return all;
}

std::string ProgramGenerator::damaged(std::string text, const std::string& other) {
    const int edits = below(4) + 1;
    for (int e = 0; e < edits && !text.empty(); ++e) {
        const auto at = static_cast<std::size_t>(below(static_cast<int>(text.size())));
        const std::size_t length = std::min<std::size_t>(text.size() - at, static_cast<std::size_t>(below(20) + 1));
        switch (below(6)) {
        case 0: text.erase(at, length); break;
        case 1: text.insert(at, text.substr(at, length)); break;
        case 2: text[at] = static_cast<char>(below(256)); break;
        case 3: text.insert(at, one_of({"(", ")", "{", "}", "\"", "$", "&", ".", "[", "]", "/*", "//", "\\\n", "=", "$o1", "proc", "new", "-", "endtemplate", ":"})); break;
        case 4:
            if (!other.empty()) {
                const auto from = static_cast<std::size_t>(below(static_cast<int>(other.size())));
                text.insert(at, other.substr(from, static_cast<std::size_t>(below(60) + 1)));
            }
            break;
        default: text.insert(at, std::string(static_cast<std::size_t>(below(2000)), "({[-!"[below(5)])); break;
        }
    }
    return text;
}

}  // namespace nrn::hoc::fuzz
