// SPDX-License-Identifier: BSD-3-Clause
// Top-level blocks of an NMODL file.
#include "parser.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "error/closest_name.hpp"
#include "parser_base.hpp"
#include "unit_table.hpp"

namespace nrn::nmodl {
namespace {

class Parser final : ParserBase {
  public:
    Parser(std::vector<Token> tokens, Program& program, Diagnostics& d, SourceRegistry& sources, std::filesystem::path folder)
        : ParserBase(std::move(tokens), program, d), sources_(sources), folder_(std::move(folder)) {}

    void run() {
        while (now().kind != Token::Kind::End) {
            const std::size_t begin = at_;
            try {
                top_level();
            } catch (const ParseFailure&) {
                recover(begin);
            }
        }
    }

  private:
    using Names = std::vector<std::pair<std::string, SourceSpan>>;

    /// To the start of the next block that can be recognised.
    void recover(std::size_t begin) {
        static const std::set<std::string> starts{"NEURON", "UNITS", "PARAMETER", "STATE", "ASSIGNED", "BREAKPOINT", "INITIAL", "DERIVATIVE",
                                                  "KINETIC", "LINEAR", "NONLINEAR", "PROCEDURE", "FUNCTION", "NET_RECEIVE", "CONSTANT", "FUNCTION_TABLE"};
        if (at_ == begin) next();
        while (now().kind != Token::Kind::End && !(starts.contains(now().text) && (ahead().text == "{" || ahead(2).text == "{" || ahead(2).text == "("))) next();
    }

    void top_level() {
        const Token t = now();
        if (t.kind == Token::Kind::Title) {
            program_.title = t.text.substr(std::min(t.text.find_first_not_of(" \t"), t.text.size()));
            next();
            return;
        }
        if (t.kind == Token::Kind::Verbatim) {
            program_.verbatim.push_back({t.text, t.span});
            program_.has_verbatim = true;
            next();
            return;
        }
        if (t.kind != Token::Kind::Name) fail(fmt::format("syntax error: the name of a block is needed here, not {}", shown()));
        next();
        if (t.text == "NEURON") return neuron();
        if (t.text == "UNITS") return units_block();
        if (t.text == "PARAMETER") return declarations(Declaration::Kind::Parameter);
        if (t.text == "ASSIGNED") return declarations(Declaration::Kind::Assigned);
        if (t.text == "STATE") return declarations(Declaration::Kind::State);
        if (t.text == "CONSTANT") return declarations(Declaration::Kind::Constant);
        if (t.text == "INDEPENDENT") return skip_block();
        if (t.text == "UNITSOFF" || t.text == "UNITSON") return void(program_.unit_switches.emplace_back(t.span, t.text == "UNITSON"));
        if (t.text == "DEFINE") {
            const Token n = name("a name");
            program_.defines[n.text] = integer_constant();
            return;
        }
        if (t.text == "INCLUDE") return include();
        if (t.text == "LOCAL") {
            do {
                Declaration d;
                d.kind = Declaration::Kind::Assigned;
                const Token n = name("a name");
                d.name = n.text;
                d.span = n.span;
                if (take("[")) {
                    d.is_array = true;
                    d.length = integer_constant();
                    check_length(d);
                    expect("]");
                    if (std::none_of(program_.global.begin(), program_.global.end(), [&](const auto& g) { return g.first == n.text; })) program_.hidden_globals.push_back(n.text);
                    program_.declarations.push_back(std::move(d));
                } else {
                    program_.file_locals.push_back(n.text);
                }
            } while (take(","));
            return;
        }
        if (t.text == "INITIAL") {
            program_.has_initial = true;
            Block b = block();
            program_.initial.insert(program_.initial.end(), b.begin(), b.end());
            return;
        }
        if (t.text == "BREAKPOINT") {
            if (program_.has_breakpoint) d_.warning(t.span, "there are two BREAKPOINT blocks: the second continues the first");
            program_.has_breakpoint = true;
            Block b = block();
            program_.breakpoint.insert(program_.breakpoint.end(), b.begin(), b.end());
            return;
        }
        if (t.text == "CONSTRUCTOR") { program_.constructor = block(); return; }
        if (t.text == "DESTRUCTOR") { program_.destructor = block(); return; }
        if (t.text == "BEFORE" || t.text == "AFTER") return timed(t);
        if (t.text == "NET_RECEIVE") return procedure(Procedure::Kind::NetReceive, t);
        if (t.text == "FUNCTION") return procedure(Procedure::Kind::Function, t);
        if (t.text == "PROCEDURE") return procedure(Procedure::Kind::Procedure, t);
        if (t.text == "DERIVATIVE") return procedure(Procedure::Kind::Derivative, t);
        if (t.text == "KINETIC") return procedure(Procedure::Kind::Kinetic, t);
        if (t.text == "LINEAR") return procedure(Procedure::Kind::Linear, t);
        if (t.text == "NONLINEAR") return procedure(Procedure::Kind::Nonlinear, t);
        if (t.text == "DISCRETE") return procedure(Procedure::Kind::Discrete, t);
        if (t.text == "FUNCTION_TABLE") return procedure(Procedure::Kind::FunctionTable, t);
        static const std::map<std::string, const char*> other_simulators{{"PARTIAL", "use KINETIC with LONGITUDINAL_DIFFUSION"}, {"STEPPED", "change a PARAMETER from Hoc or Python"},
            {"DEPENDENT", "declare it in ASSIGNED"}, {"EQUATION", "use BREAKPOINT"}, {"TERMINAL", "do it from Hoc or Python"}, {"MATCH", "solve it in a NONLINEAR block"},
            {"PLOT", "plot from Hoc or Python"}, {"SENS", ""}, {"PUTQ", "use net_send"}, {"GETQ", "use NET_RECEIVE"}, {"MODEL_LEVEL", ""}};
        if (const auto other = other_simulators.find(t.text); other != other_simulators.end()) {
            --at_;
            fail(fmt::format("`{}` is not supported: it belongs to other simulators that read this language", t.text), other->second);
        }
        --at_;
        ClosestName closest(t.text);
        for (const char* k : {"NEURON", "UNITS", "PARAMETER", "ASSIGNED", "STATE", "CONSTANT", "INITIAL", "BREAKPOINT", "DERIVATIVE", "KINETIC",
                              "PROCEDURE", "FUNCTION", "NET_RECEIVE", "LINEAR", "NONLINEAR", "TITLE", "VERBATIM", "FUNCTION_TABLE", "INDEPENDENT"})
            closest.offer(k);
        fail(fmt::format("syntax error: `{}` is not the name of a block", t.text), closest.hint());
    }

    void skip_block() {
        expect("{");
        int depth = 1;
        while (depth > 0 && now().kind != Token::Kind::End) {
            if (is("{")) ++depth;
            if (is("}")) --depth;
            next();
        }
    }

    void names(Names& list) {
        do {
            const Token t = name("a name");
            list.emplace_back(t.text, t.span);
            if (take("[")) {
                integer_constant();
                expect("]");
            }
        } while (take(","));
    }

    void neuron() {
        expect("{");
        while (!take("}")) {
            const Token t = next();
            if (t.kind == Token::Kind::End) fail("syntax error: the NEURON block is not closed");
            const auto define = [&](Program::Type type) {
                const Token n = name("a name");
                if (!program_.suffix.empty()) d_.warning(t.span, fmt::format("a second name for one mechanism: it is called `{}`, not `{}`", n.text, program_.suffix));
                if (type != Program::Type::Density || program_.suffix.empty()) program_.type = type;  // SUFFIX does not make a density of a point process
                program_.suffix = n.text;
                program_.suffix_span = n.span;
            };
            if (t.text == "SUFFIX") {
                define(Program::Type::Density);
                program_.nameless = program_.suffix == "nothing";
            } else if (t.text == "POINT_PROCESS") define(Program::Type::PointProcess);
            else if (t.text == "ARTIFICIAL_CELL") define(Program::Type::ArtificialCell);
            else if (t.text == "USEION") use_ion(t);
            else if (t.text == "NONSPECIFIC_CURRENT") names(program_.nonspecific);
            else if (t.text == "ELECTRODE_CURRENT") names(program_.electrode);
            else if (t.text == "RANGE" || t.text == "SECTION") names(program_.range);
            else if (t.text == "GLOBAL") names(program_.global);
            else if (t.text == "POINTER") names(program_.pointer);
            else if (t.text == "BBCOREPOINTER") names(program_.bbcore);
            else if (t.text == "RANDOM") names(program_.random);
            else if (t.text == "EXTERNAL") names(program_.external);
            else if (t.text == "REPRESENTS") represents();
            else if (t.text == "THREADSAFE") {
                program_.thread_safe = true;
                if (now().kind == Token::Kind::Name && ahead().text == ",") { Names ignored; names(ignored); }
            } else if (t.text == "," ) continue;
            else {
                --at_;
                ClosestName closest(t.text);
                for (const char* k : {"SUFFIX", "POINT_PROCESS", "ARTIFICIAL_CELL", "USEION", "NONSPECIFIC_CURRENT", "ELECTRODE_CURRENT", "RANGE",
                                      "GLOBAL", "POINTER", "BBCOREPOINTER", "EXTERNAL", "THREADSAFE", "RANDOM"})
                    closest.offer(k);
                fail(fmt::format("syntax error: {} does not belong in the NEURON block", shown()), closest.hint());
            }
        }
    }

    /// The identifier after REPRESENTS, without its brackets.
    std::string represents() {
        if (now().kind != Token::Kind::String) fail(fmt::format("syntax error: an identifier like CHEBI:29101 is needed after REPRESENTS, not {}", shown()));
        return next().text;
    }

    void use_ion(const Token& t) {
        IonUse use;
        use.span = t.span;
        use.name = name("an ion").text;
        while (true) {
            if (take("READ")) names(use.read);
            else if (take("WRITE")) names(use.write);
            else if (take("VALENCE") || take("CHARGE")) {
                use.has_valence = true;
                use.valence = number();
            } else if (take("REPRESENTS")) {
                use.represents = represents();
            } else break;
        }
        program_.ions.push_back(std::move(use));
    }

    void units_block() {
        expect("{");
        while (!take("}")) {
            if (now().kind == Token::Kind::End) fail("syntax error: the UNITS block is not closed");
            if (is("(")) {
                const SourceSpan span = ahead().span;
                const std::string alias = units();
                expect("=");
                const std::string text = units();
                unit_table_.define(alias, text);
                program_.unit_names.push_back({alias, text, span});
                continue;
            }
            const Token n = name("a constant or `(unit)`");
            expect("=");
            double factor = 1;
            if (is("(")) {
                const SourceSpan span = now().span;
                const std::string from = units();
                const std::string to = is("(") ? units() : std::string();
                const auto value = unit_table_.convert(from, to);
                if (!value) d_.error(span, fmt::format("`({}) ({})` is no known unit conversion", from, to));
                factor = value.value_or(1);
                program_.unit_constant_units[n.text] = to;
            } else {
                factor = number();
                program_.unit_constant_units[n.text] = units();
            }
            program_.unit_constants[n.text] = factor;
        }
    }

    void check_length(Declaration& d) {
        constexpr int kLongest = 100000;
        if (d.length >= 1 && d.length <= kLongest) return;
        d_.error(d.span, d.length < 1 ? fmt::format("array `{}` needs at least one element", d.name) : fmt::format("array `{}` of {} elements is too long: at most {}", d.name, d.length, kLongest));
        d.length = 1;
    }

    /// Tokens [from, to) as they stand in the text, with the blanks around and between them.
    std::string written(std::size_t from, std::size_t to) const {
        std::string text;
        for (std::size_t i = from; i <= to; ++i) {
            text += std::string(tokens_[i].offset - std::min(tokens_[i].offset, tokens_[i - 1].end), ' ');
            if (i < to) text += tokens_[i].text;
        }
        return text;
    }

    /// What units() answers in the reference: of a PARAMETER the first word of its units, else its lower limit; and
    /// nothing that begins with 0.
    static void tell_units(Declaration& d, const std::string& limit) {
        constexpr const char* blanks = " \t\n";
        const auto first_word = [&](const std::string& text) {
            const std::size_t first = text.find_first_not_of(blanks);
            return first == std::string::npos ? std::string() : text.substr(first, text.find_first_of(blanks, first) - first);
        };
        if (d.kind == Declaration::Kind::Parameter) {
            d.told_units = first_word(d.told_units);
            if (d.told_units.empty()) d.told_units = first_word(limit);
        }
        if (d.told_units.starts_with('0')) d.told_units.clear();
    }

    void declarations(Declaration::Kind kind) {
        expect("{");
        while (!take("}")) {
            if (now().kind == Token::Kind::End) fail("syntax error: the block of declarations is not closed");
            if (now().kind == Token::Kind::Verbatim || is("UNITSOFF") || is("UNITSON") || is(",")) {
                if (now().kind == Token::Kind::Name) program_.unit_switches.emplace_back(now().span, is("UNITSON"));
                next();
                continue;
            }
            Declaration d;
            d.kind = kind;
            const Token n = name("a variable");
            d.name = n.text;
            d.span = n.span;
            if (take("[")) {
                d.is_array = true;
                d.length = integer_constant();
                check_length(d);
                expect("]");
            }
            if (take("=")) {
                d.value = number();
                d.has_value = true;
            }
            if (take("FROM")) {
                d.lower = number();
                expect("TO");
                d.upper = number();
            }
            if (take("START")) {
                d.start = number();
                d.has_start = true;
            }
            const std::size_t opened = at_;
            if (is("(")) d.units = units();
            if (at_ > opened) d.told_units = written(opened + 1, at_ - 1);
            std::string limit;
            if (take("<")) {
                const std::size_t first = at_;
                const double a = number();
                if (take(",")) {
                    d.lower = a;
                    limit = tokens_[first].kind == Token::Kind::Name ? fmt::format("{:g}", a) : written(first, at_ - 1);
                    d.upper = number();
                } else {
                    d.abstol = a;
                }
                expect(">");
            }
            tell_units(d, limit);
            program_.declarations.push_back(std::move(d));
        }
    }

    void timed(const Token& t) {
        const Token what = name("INITIAL, BREAKPOINT, SOLVE or STEP");
        static const std::map<std::string, int> times{{"BEFORE INITIAL", 1}, {"AFTER INITIAL", 2}, {"BEFORE BREAKPOINT", 3}, {"AFTER SOLVE", 4}, {"BEFORE STEP", 5}};
        const auto found = times.find(t.text + " " + what.text);
        if (found == times.end())
            d_.error(what.span, fmt::format("{} {} blocks are not supported", t.text, what.text), "use BEFORE INITIAL, BREAKPOINT or STEP, AFTER INITIAL or SOLVE");
        Block b = block();
        if (found != times.end()) program_.timed.push_back({found->second, std::move(b), t.span});
    }

    void procedure(Procedure::Kind kind, const Token& t) {
        Procedure p;
        p.kind = kind;
        p.span = t.span;
        if (kind != Procedure::Kind::NetReceive) {
            const Token n = name("a name");
            p.name = n.text;
            p.span = n.span;
        } else {
            p.name = "net_receive";
        }
        if (take("(")) {
            while (!is(")")) {
                p.args.push_back(name("an argument").text);
                if (take("[")) {
                    integer_constant();
                    expect("]");
                }
                p.arg_units.push_back(units());
                if (!take(",") && !is(")")) fail(fmt::format("syntax error: `,` or `)` is needed here, not {}", shown()));
            }
            expect(")");
        }
        if (is("(")) p.units = units();
        if (take("METHOD")) next();
        while (take("SOLVEFOR")) {
            do p.solve_for.push_back(name("a state").text);
            while (take(","));
        }
        if (kind != Procedure::Kind::FunctionTable) p.body = block();
        program_.procedures.push_back(std::move(p));
    }

    void include() {
        const Token t = next();
        std::filesystem::path found = folder_ / t.text;
        std::error_code ignored;
        if (!std::filesystem::exists(found, ignored)) {
            if (const char* path = std::getenv("MODL_INCLUDE")) {
                std::istringstream folders(path);
                for (std::string f; std::getline(folders, f, ':');)
                    if (std::filesystem::exists(std::filesystem::path(f) / t.text, ignored)) found = std::filesystem::path(f) / t.text;
            }
        }
        std::ifstream in(found);
        if (!in) {
            d_.error(t.span, fmt::format("the file `{}` cannot be included: it is not found", t.text));
            return;
        }
        if (++included_ > 50) fail("files include each other without end");
        std::ostringstream text;
        text << in.rdbuf();
        const std::uint32_t source = sources_.add(found.string(), with_plain_line_ends(text.str()));
        program_.included[source] = found.string();
        std::vector<Token> more = tokenize(source, sources_.text(source), d_);
        more.pop_back();
        tokens_.insert(tokens_.begin() + static_cast<std::ptrdiff_t>(at_), more.begin(), more.end());
    }

    SourceRegistry& sources_;
    std::filesystem::path folder_;
    UnitTable unit_table_;
    int included_ = 0;
};

}  // namespace

Program parse(std::uint32_t source, SourceRegistry& sources, const std::filesystem::path& folder, Diagnostics& diagnostics) {
    Program program;
    program.source = source;
    program.file = sources.name(source);
    Parser(tokenize(source, sources.text(source), diagnostics), program, diagnostics, sources, folder).run();
    return program;
}

}  // namespace nrn::nmodl
