// SPDX-License-Identifier: BSD-3-Clause
// The frame of the generated file: data access, functions, kernels, description.
#include "codegen/cpp_printer.hpp"

#include <algorithm>
#include <cmath>

#include "codegen/diffusion_printer.hpp"
#include "codegen/emitter.hpp"
#include "codegen/mechanism_flags.hpp"
#include "codegen/solve_printer.hpp"
#include "codegen/vector_printer.hpp"
#include "codegen/verbatim_text.hpp"
#include "nrn/abi/mechanism.h"
#include "passes/keep_lags.hpp"

namespace nrn::nmodl {
namespace {

std::string quoted(const std::string& text) {
    std::string s = "\"";
    for (const char c : text) {
        if (c == '\n') s += "\\n\"\n\"";
        else if (c == '"' || c == '\\') s += std::string("\\") + c;
        else if (static_cast<unsigned char>(c) < 32 || static_cast<unsigned char>(c) > 126) s += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
        else s += c;
    }
    return s + "\"";
}

class CppPrinter {
  public:
    CppPrinter(Mechanism& m, std::string tag, Diagnostics& d, bool vectors) : registers_(vectors), m_(m), d_(d), e_(m, d), solve_(e_, m, d), tag_(std::move(tag)) {}

    std::string run(const std::string& source_text, const std::string& hash) {
        hidden_columns();
        vector_.emplace(m_, rhs_column_, g_column_, solve_.first_derivative_column, registers_);
        solve_.vectors = [this](std::string& o, const std::string& name) { return vector_->ode(o, name); };
        e_.solve = [this](std::string& o, const Stmt& s, int indent) { solve_.print_solve(o, s, indent); };
        const Program& p = m_.program;
        out_ += fmt::format("// Generated from {}. Do not edit.\n{}#include \"nrn/abi/batch.hpp\"\n#include \"nrn/abi/mechanism_support.hpp\"\n", p.file, (source_text + p.header_text).find("intrin.h") != std::string::npos ? "#define NRN_ALL_INSTRUCTIONS\n" : "");
        if (keeps_lags(m_)) out_ += "#include \"nrn/abi/lag.hpp\"\n";
        if (p.has_verbatim) out_ += std::string("#include \"nrn/abi/verbatim.h\"\n") + kAfterVerbatim;
        out_ += "\n";
        const std::size_t head = out_.size();
        out_ += fmt::format("namespace {{\nnamespace mod_{} {{\n\n", tag_);
        data_access();
        forward_declarations();
        if (!p.verbatim.empty()) {
            // Text outside blocks belongs to the file, where it may include headers and declare C functions.
            out_ += fmt::format("}}  // namespace mod_{}\n}}  // namespace\nusing namespace mod_{};\n", tag_, tag_);
            const VariableText text = [this](const std::string& n, const std::string& index) { return "(" + e_.variable(n, index) + ")"; };
            for (const auto& name : foreign_numbers(m_)) out_ += fmt::format("extern double {} __attribute__((weak));\n", name);
            for (const auto& v : p.verbatim) out_ += kBeforeVerbatim + e_.line_of(v.span) + translate_verbatim(v.text, m_, false, text) + "\n" + kAfterVerbatim + kGenerated;
            out_ += fmt::format("namespace {{\nnamespace mod_{} {{\n\n", tag_);
        }
        // The helpers evaluate blocks, so functions come after their declarations only.
        solve_.declare_helpers(out_);
        std::string functions;
        for (const auto& q : p.procedures) function(functions, q);
        out_ += functions;
        solve_.print_helpers(out_);
        kernels();
        tables();
        has_ode_ = solve_.print_ode(out_);
        net_receive();
        wrappers();
        description(source_text, hash);
        out_ += fmt::format("}}  // namespace mod_{}\n}}  // namespace\n\nextern \"C\" const nrn_mechanism* nrn_mechanism_of_{}(void) {{ return &mod_{}::mechanism; }}\n", tag_, tag_, tag_);
        call_exponentials(head);
        return std::move(out_);
    }

  private:
    bool registers_;

    /// So many exponentials in place would take the C++ compiler minutes.
    void call_exponentials(std::size_t head) {
        std::size_t count = 0;
        for (std::size_t at = out_.find("nrn_exp("); at != std::string::npos; at = out_.find("nrn_exp(", at + 1)) ++count;
        if (count > 200) out_.insert(head, "__attribute__((noinline)) static double nrn_exp_apart(double x) { return nrn_exp(x); }\n#define nrn_exp nrn_exp_apart\n");
    }

    void hidden_columns() {
        if (!m_.currents.empty() && (m_.program.type != Program::Type::Density || m_.electrode)) {
            rhs_column_ = m_.n_column++;
            g_column_ = m_.n_column++;
        }
        solve_.first_derivative_column = m_.n_column;
        m_.n_column += solve_.derivatives();
        for (const auto& q : m_.program.procedures)
            for (const Stmt& s : q.body)
                if (s.kind == Stmt::Kind::Table) {
                    m_.table_offset[q.name] = m_.n_table;
                    const int columns = q.kind == Procedure::Kind::Function ? 1 : static_cast<int>(items(s).size());
                    m_.n_table += table_head(s) + 8 + table_width(columns) * (s.count + 1);
                }
    }

    void data_access() {
        const bool artificial = m_.program.type == Program::Type::ArtificialCell;
        std::string members, init;
        for (const auto& n : m_.order) {
            const Variable& v = m_.variables.at(n);
            if (v.is_array) {
                members += fmt::format("    double* const* c_{};\n", n);
                init += fmt::format("        c_{} = m->column + {};\n", n, v.column);
            } else {
                members += fmt::format("    double* c_{};\n", n);
                init += fmt::format("        c_{} = m->column[{}];\n", n, v.column);
            }
        }
        for (const auto& n : m_.global_order) {
            const Variable& v = m_.variables.at(n);
            if (v.is_array || v.assigned) continue;
            members += fmt::format("    double g_{};\n", n);
            init += fmt::format("        g_{} = m->global[{}];\n", n, v.column);
        }
        for (std::size_t i = 0; i < m_.program.ions.size(); ++i) {
            members += fmt::format("    const int32_t* ion{}_row;\n", i);
            init += fmt::format("        ion{}_row = m->ion[{}].row;\n", i, i);
            for (int c = 0; c < NRN_ION_COLUMNS; ++c) {
                members += fmt::format("    double* ion{}_{};\n", i, c);
                init += fmt::format("        ion{}_{} = m->ion[{}].column[{}];\n", i, c, i, c);
            }
        }
        // C text of old files may set t for the functions it calls.
        out_ += fmt::format("struct K {{\n    nrn_context* c;\n    nrn_mech_view* m;\n    {} t, dt, celsius;\n    const int32_t* node;\n    double *v, *rhs, *d;\n    const double *area, *diam;\n    double* g;\n{}"
                            "    K(nrn_context* context, nrn_mech_view* view) : c(context), m(view) {{\n        t = c->t; dt = c->dt; celsius = c->celsius;\n        node = m->node; v = c->node.v; rhs = c->node.rhs; d = c->node.d; area = c->node.area; diam = c->node.diam;\n        g = m->global;\n{}    }}\n}};\n\n", m_.program.has_verbatim ? "mutable double" : "double", members, init);
        out_ += artificial || m_.program.nameless ? "static inline double voltage(const K&, int) { return 0; }\n" : "static inline double voltage(const K& k, int r) { return r >= 0 ? k.v[k.node[r]] : 0; }\n";
        std::string read, write, write_states, totals;
        for (const auto& copy : m_.ion_copies) {
            const Variable& v = m_.variables.at(copy.name);
            const std::string own = e_.variable(copy.name, ""), ion = fmt::format("k.ion{}_{}[k.ion{}_row[r]]", copy.ion, copy.ion_column, copy.ion);
            if (copy.read && !(copy.ion_column == NRN_ION_I && copy.written)) {
                // A concentration that is this mechanism's own STATE follows the ion too, except where the states are being solved for.
                read += fmt::format("    {}{} = {};\n", v.kind == Declaration::Kind::State ? "if (!solving) " : "", own, ion);
            }
            // What a DERIVATIVE block does not assign stays what it is.
            if (copy.written && !copy.read && copy.ion_column != NRN_ION_I && v.kind != Declaration::Kind::State) read += fmt::format("    if (solving) {} = {};\n", own, ion);
            // While states are solved for, a current that is read and written is the whole ion's: pools of calcium count on it.
            if (copy.read && copy.written && copy.ion_column == NRN_ION_I) totals += fmt::format("    {} = {};\n", own, ion);
            if (copy.written && copy.ion_column != NRN_ION_I) (v.kind == Declaration::Kind::State ? write_states : write) += fmt::format("    {} = {};\n", ion, own);
        }
        out_ += fmt::format("static inline void read_ions(const K& k, int r, bool solving) {{\n    (void)k; (void)r; (void)solving;\n{}}}\nstatic inline void write_state_ions(const K& k, int r) {{\n    (void)k; (void)r;\n{}}}\nstatic inline void write_ions(const K& k, int r) {{\n    write_state_ions(k, r);\n{}}}\nstatic inline void read_currents(const K& k, int r) {{\n    (void)k; (void)r;\n{}}}\n\n", read, write_states, write, totals);
    }

    static std::string signature(const Procedure& q, const std::string& prefix) {
        std::string s = fmt::format("static inline double {}{}(const K& k, int r, double _v", prefix, q.name);
        for (const auto& a : q.args) s += ", double _l" + a;
        return s + ")";
    }

    void forward_declarations() {
        if (tables_when_called()) out_ += "static void make_tables(nrn_context* c, nrn_mech_view* m, double by);\n";
        for (const auto& q : m_.program.procedures) {
            if (q.kind == Procedure::Kind::FunctionTable) {
                int index = 0;
                for (const auto& other : m_.program.procedures) {
                    if (&other == &q) break;
                    index += other.kind == Procedure::Kind::FunctionTable;
                }
                std::string params, list;
                for (const auto& a : q.args) {
                    params += ", double _l" + a;
                    list += (list.empty() ? "_l" : ", _l") + a;
                }
                out_ += fmt::format("static inline double table_{}(const K& k{}) {{\n    const double _a[] = {{{}}};\n    return k.c->host->function_table(k.c, k.m, {}, _a, {});\n}}\n", q.name, params, list.empty() ? "0" : list, index, q.args.size());
            } else if (q.kind == Procedure::Kind::Function || q.kind == Procedure::Kind::Procedure || q.kind == Procedure::Kind::Discrete) {
                out_ += signature(q, "f_") + ";\n";
                if (m_.table_offset.contains(q.name)) out_ += signature(q, "exact_") + ";\n";
            } else if (q.kind != Procedure::Kind::NetReceive) {  // a PROCEDURE may SOLVE
                out_ += fmt::format("static inline void deriv_{}(const K& k, int r, double _v, double* _f{});\n", q.name, q.kind == Procedure::Kind::Kinetic ? ", bool* _conserved, const double* _amount" : "");
            }
        }
        out_ += "\n";
    }

    void function(std::string& out, const Procedure& q) {
        if (q.kind != Procedure::Kind::Function && q.kind != Procedure::Kind::Procedure && q.kind != Procedure::Kind::Discrete) return;
        const bool table = m_.table_offset.contains(q.name);
        out += signature(q, table ? "exact_" : "f_") + " {\n    (void)k; (void)r; (void)_v;\n";
        e_.scopes.emplace_back();
        for (const auto& a : q.args) {
            e_.scopes.back()[a] = "_l" + a;
            out += fmt::format("    (void)_l{};\n", a);
        }
        const bool is_function = q.kind == Procedure::Kind::Function;
        out += fmt::format("    double _l{0} = 0; (void)_l{0};\n", q.name);
        if (is_function) e_.scopes.back()[q.name] = "_l" + q.name;
        e_.failure = "return 0;";
        e_.block(out, q.body, 1);
        e_.scopes.pop_back();
        out += fmt::format("    return _l{};\n}}\n\n", q.name);
        if (table) table_lookup(out, q);
    }

    const Stmt& table_of(const Procedure& q) const {
        return *std::find_if(q.body.begin(), q.body.end(), [](const Stmt& s) { return s.kind == Stmt::Kind::Table; });
    }

    struct TableItem { std::string name, index; };
    /// The scalars of a TABLE statement: an array counts for all its elements.
    std::vector<TableItem> items(const Stmt& s) const {
        std::vector<TableItem> list;
        for (const auto& n : s.names) {
            const Variable& v = m_.variables.at(n);
            for (int i = 0; i < v.length; ++i) list.push_back({n, v.is_array ? std::to_string(i) : ""});
        }
        return list;
    }

    /// Storage of a table: valid, low, per unit, where the rows begin, dependencies; then rows of all variables,
    /// from a multiple of 64 bytes on.
    static int table_head(const Stmt& s) { return 4 + static_cast<int>(s.depend.size()); }
    void table_lookup(std::string& out, const Procedure& q) {
        const Stmt& s = table_of(q);
        const int offset = m_.table_offset.at(q.name), width = table_width(q.kind == Procedure::Kind::Function ? 1 : static_cast<int>(items(s).size()));
        std::string args;
        for (const auto& a : q.args) args += ", _l" + a;
        const std::string x = q.args.empty() ? "0.0" : "_l" + q.args[0];
        out += signature(q, "f_") + fmt::format(" {{\n    if ({} == 0.0) return exact_{}(k, r, _v{});\n{}    const double* _t = k.m->table + {};\n", e_.variable("usetable", ""), q.name, args,
                                                tables_when_called() ? "    make_tables(k.c, k.m, 2.0);\n" : "", offset);
        out += fmt::format("    if ({0} != {0}) {{\n", x);
        if (q.kind == Procedure::Kind::Function) out += fmt::format("        return {};\n", x);
        else {
            for (const auto& item : items(s)) out += fmt::format("        {} = {};\n", e_.variable(item.name, item.index), x);
            out += "        return 0;\n";
        }
        out += fmt::format("    }}\n    const auto _p = nrn_mod::table_place({}, _t[1], _t[2], {});\n    const double* _c = _t + (int)_t[3] + _p.index * {};\n", x, s.count, width);
        const auto value = [&](std::size_t column) {
            return fmt::format("NRN_MATH_FMA(_p.fraction, _c[{1}] - _c[{0}], _c[{0}])", column, column + static_cast<std::size_t>(width));
        };
        if (q.kind == Procedure::Kind::Function) {
            out += fmt::format("    return {};\n}}\n\n", value(0));
            return;
        }
        const auto list = items(s);
        for (std::size_t i = 0; i < list.size(); ++i) out += fmt::format("    {} = {};\n", e_.variable(list[i].name, list[i].index), value(i));
        out += "    return 0;\n}\n\n";
    }

    bool thread_safe() const {
        const auto& locals = m_.program.file_locals;
        return safe_but_for_locals() && (m_.program.thread_safe || std::none_of(locals.begin(), locals.end(), [&](const std::string& n) { return m_.variables.at(n).assigned; }));
    }
    /// The reference keeps a LOCAL outside blocks once for each thread.
    bool safe_but_for_locals() const {
        if (m_.program.thread_safe) return true;
        const auto& locals = m_.program.file_locals;
        return !m_.program.has_verbatim && std::none_of(m_.global_order.begin(), m_.global_order.end(), [&](const std::string& n) {
            return m_.variables.at(n).assigned && n != "usetable" && std::find(locals.begin(), locals.end(), n) == locals.end();
        });
    }
    /// As in the reference: INITIAL may first assign globals that a table is made of. What the host has asked for before
    /// INITIAL (1) does not count where a block looks into it (2).
    bool tables_when_called() const { return !m_.table_offset.empty() && !safe_but_for_locals(); }

    void tables() {
        if (m_.table_offset.empty()) return;
        out_ += "static void make_tables(nrn_context* c, nrn_mech_view* m, double by) {\n    const K k(c, m);\n    const int r = 0; const double _v = 0; (void)r; (void)_v;\n";
        out_ += fmt::format("    if ({} == 0.0) return;\n", e_.variable("usetable", ""));
        for (const auto& q : m_.program.procedures) {
            if (!m_.table_offset.contains(q.name)) continue;
            const Stmt& s = table_of(q);
            const bool is_function = q.kind == Procedure::Kind::Function;
            bool instance = false;
            const auto list = is_function ? std::vector<TableItem>{} : items(s);
            if (!is_function)
                for (const auto& n : s.names) instance = instance || m_.variables.at(n).where == Variable::Where::Instance;
            const int width = table_width(is_function ? 1 : static_cast<int>(list.size()));
            out_ += fmt::format("    {}{{\n        double* _t = m->table + {};\n        bool _good = _t[0] >= by;\n", instance ? "if (m->n_row > 0) " : "", m_.table_offset.at(q.name));
            for (std::size_t i = 0; i < s.depend.size(); ++i) out_ += fmt::format("        _good = _good && _t[{}] == {};\n", 4 + i, e_.variable(s.depend[i], ""));
            out_ += fmt::format("        if (!_good) {{\n            const double _low = {}, _high = {};\n            double* const _rows = nrn_mod::aligned(_t + {});\n            _t[0] = by; _t[1] = _low; _t[2] = {} / (_high - _low); _t[3] = (double)(_rows - _t);\n", e_.expr(s.low), e_.expr(s.high), table_head(s), number_text(s.count));
            for (std::size_t i = 0; i < s.depend.size(); ++i) out_ += fmt::format("            _t[{}] = {};\n", 4 + i, e_.variable(s.depend[i], ""));
            if (!is_function)  // the block writes to row 0's variables: put them back afterwards
                for (std::size_t i = 0; i < list.size(); ++i) out_ += fmt::format("            const double _keep{} = {};\n", i, e_.variable(list[i].name, list[i].index));
            out_ += fmt::format("            for (int _i = 0; _i <= {}; ++_i) {{\n                const double _x = _low + _i * (_high - _low) / {};\n", s.count, number_text(s.count));
            std::string more;
            for (std::size_t i = 1; i < q.args.size(); ++i) more += ", 0.0";
            if (is_function) {
                out_ += fmt::format("                _rows[{} * _i] = exact_{}(k, r, _v{}{});\n", width, q.name, q.args.empty() ? "" : ", _x", more);
            } else {
                out_ += fmt::format("                (void)exact_{}(k, r, _v{}{});\n", q.name, q.args.empty() ? "" : ", _x", more);
                for (std::size_t i = 0; i < list.size(); ++i) out_ += fmt::format("                _rows[{} * _i + {}] = {};\n", width, i, e_.variable(list[i].name, list[i].index));
            }
            out_ += "            }\n";
            if (!is_function)
                for (std::size_t i = 0; i < list.size(); ++i) out_ += fmt::format("            {} = _keep{};\n", e_.variable(list[i].name, list[i].index), i);
            out_ += "        }\n    }\n";
        }
        out_ += fmt::format("}}\nstatic void check_tables(nrn_context* c, nrn_mech_view* m) {{ {}make_tables(c, m, 1.0);{} }}\n\n", may_throw() ? "try { " : "", may_throw() ? " } catch (...) {}" : "");
    }

    static constexpr const char* kLoop = "    for (int r = begin; r < end; ++r) {\n        double _v = voltage(k, r); (void)_v;\n";

    /// Tells VERBATIM text outside of blocks which instance is at hand.
    std::string at_hand(int indent) const { return m_.program.has_verbatim && instance_use(m_) != InstanceUse::None ? Emitter::pad(indent) + "nrn_verbatim_now.row = r;\n" : ""; }

    void kernel(const char* name, const std::string& body) {
        // Rows do not depend on each other; but where a row has a loop of its own, GCC 12 takes ivdep for that one too.
        const char* independent = body.find("for (") == std::string::npos && body.find("while (") == std::string::npos && at_hand(0).empty() ? "#pragma GCC ivdep\n" : "";
        out_ += fmt::format("static nrn_status {}(nrn_context* c, nrn_mech_view* m, int32_t begin, int32_t end) {{\n    const K k(c, m);\n    NRN_VERBATIM_SCOPE\n{}{}{}{}    }}\n    NRN_VERBATIM_END\n    return NRN_OK;\n}}\n\n", name, independent, kLoop, at_hand(2), body);
    }

    [[nodiscard]] bool has_pointers() const {
        return std::any_of(m_.variables.begin(), m_.variables.end(), [](const auto& v) { return v.second.slot == Variable::Slot::Pointer; });
    }
    [[nodiscard]] bool may_throw() const { return m_.program.has_verbatim || has_pointers(); }

    void kernels() {
        out_ += fmt::format("#define NRN_VERBATIM_SCOPE{}{}\n#define NRN_VERBATIM_END{}{}{}\n", m_.program.has_verbatim ? " const nrn_verbatim_scope _scope(c, m);" : "",
                            may_throw() ? " try {" : "", may_throw() ? " }" : "",
                            m_.program.has_verbatim ? " catch (const nrn_verbatim_failure&) { return NRN_FAILED; }" : "", has_pointers() ? " catch (const nrn_mod::PointsToNothing&) { return NRN_FAILED; }" : "");
        e_.failure = "return NRN_FAILED;";
        initial();
        if (!m_.currents.empty()) current();
        state();
        const auto simple = [&](const char* name, const Block& b) {
            std::string body;
            e_.returning_block(body, b, 2);
            kernel(name, body);
        };
        if (!m_.program.constructor.empty()) simple("construct", m_.program.constructor);
        if (!m_.program.destructor.empty()) simple("destruct", m_.program.destructor);
        for (std::size_t i = 0; i < m_.program.timed.size(); ++i) {
            std::string body = "        read_ions(k, r, false);\n";
            e_.returning_block(body, m_.program.timed[i].body, 2);
            body += "        write_ions(k, r);\n";
            kernel(fmt::format("timed_{}", i).c_str(), body);
        }
    }

    void initial() {
        if (!tables_when_called() && vector_->initial(out_)) return;
        std::string body = "        read_ions(k, r, false);\n";
        for (const auto& n : m_.order) {
            const Variable& v = m_.variables.at(n);
            if (v.kind != Declaration::Kind::State || v.ion >= 0) continue;
            std::string start = number_text(v.value);
            if (const auto named = m_.variables.find(n + "0"); named != m_.variables.end() && !named->second.is_array) start = e_.variable(n + "0", "");
            for (int i = 0; i < v.length; ++i) body += fmt::format("        {} = {};\n", e_.variable(n, v.is_array ? std::to_string(i) : ""), start);
        }
        e_.returning_block(body, m_.program.initial, 2);
        body += "        write_ions(k, r);\n";
        if (tables_when_called()) body += "        if (r == end - 1) make_tables(c, m, 2.0);\n";
        kernel("initial", body);
    }

    /// BREAKPOINT without its SOLVEs.
    Block current_part() const { return without_solves(m_.program.breakpoint); }

    void current() {
        if (vector_->current(out_)) return;
        const bool point = m_.program.type == Program::Type::PointProcess, columned = rhs_column_ >= 0;
        // A current that is read and written begins with what the mechanisms before this one brought.
        std::string total, body = "        read_ions(k, r, false);\n        read_currents(k, r);\n";
        for (const auto& c : m_.currents) total += (total.empty() ? "" : " + ") + e_.variable(c.name, "");
        std::string tail;
        const std::string scale = point ? " * _per_area" : "";
        if (point) body += "        const double _per_area = 100.0 / k.area[k.node[r]];\n";
        const auto deliver = [&](const std::function<std::string(std::size_t)>& slope) {
            std::string g;
            for (std::size_t i = 0; i < m_.currents.size(); ++i) {
                const auto& c = m_.currents[i];
                g += (g.empty() ? "" : " + ") + slope(i);
                if (c.ion < 0) continue;
                tail += fmt::format("        k.ion{0}_3[k.ion{0}_row[r]] += {1}{2};\n        k.ion{0}_4[k.ion{0}_row[r]] += {3}{2};\n", c.ion, e_.variable(c.name, ""), scale, slope(i));
            }
            tail += fmt::format("        const double _i = ({}){}, _g = ({}){};\n", total, scale, g, scale);
            if (columned) tail += fmt::format("        m->column[{}][r] = _i;\n        m->column[{}][r] = _g;\n", rhs_column_, g_column_);
            else tail += "        k.rhs[k.node[r]] -= _i;\n        k.d[k.node[r]] += _g;\n";
            tail += "        write_ions(k, r);\n";
        };
        if (!m_.program.slopes.empty()) {
            // One scope for the block's locals and the slopes that mention them.
            e_.scopes.emplace_back();
            for (const Stmt& s : current_part()) e_.statement(body, s, 2);
            deliver([&](std::size_t i) { return "(" + e_.expr(m_.program.slopes[i].second) + ")"; });
            body += tail;
            e_.scopes.pop_back();
        } else {
            std::string evaluate = "static inline void currents(const K& k, int r, double _v, bool _jumps) {\n    (void)k; (void)r; (void)_v; (void)_jumps;\n";
            e_.jumps_once = true;
            e_.block(evaluate, current_part(), 1);
            e_.jumps_once = false;
            out_ += evaluate + "}\n\n";
            body += "        currents(k, r, _v + 0.001, true);\n";
            for (std::size_t i = 0; i < m_.currents.size(); ++i) body += fmt::format("        const double _above{} = {};\n", i, e_.variable(m_.currents[i].name, ""));
            body += "        currents(k, r, _v, false);\n";
            deliver([&](std::size_t i) { return fmt::format("((_above{} - {}) / 0.001)", i, e_.variable(m_.currents[i].name, "")); });
            body += tail;
        }
        kernel("current", body);
    }

    void state() {
        std::string body;
        walk(m_.program.breakpoint, [&](const Stmt& s) {
            if (s.kind == Stmt::Kind::Solve) solve_.print_solve(body, s, 2);
        });
        if (m_.currents.empty() && m_.program.has_breakpoint) e_.returning_block(body, current_part(), 2);
        has_state_ = !body.empty();
        if (has_state_ && !vector_->state(out_)) kernel("state", "        read_ions(k, r, false);\n        read_currents(k, r);\n" + body + "        write_ions(k, r);\n");
    }

    void net_receive() {
        if (!m_.net_receive) return;
        const Procedure& q = *m_.net_receive;
        e_.scopes.emplace_back();
        for (std::size_t i = 0; i < q.args.size(); ++i) e_.scopes.back()[q.args[i]] = fmt::format("_args[{}]", i);
        e_.scopes.back()["flag"] = "_lflag";
        e_.weight = "_args";
        const std::string head = "    const K k(c, m);\n    NRN_VERBATIM_SCOPE\n" + at_hand(1) + "    double _v = voltage(k, r); (void)_v; (void)_args; int _first_watch = 1; (void)_first_watch;\n";
        std::string body;
        e_.adjusted = solve_.decaying_states();
        e_.returning_block(body, q.body, 1);
        e_.adjusted.clear();
        out_ += fmt::format("static nrn_status net_receive(nrn_context* c, nrn_mech_view* m, int32_t r, double* _args, double _lflag) {{\n{}    (void)_lflag;\n{}    NRN_VERBATIM_END\n    return NRN_OK;\n}}\n\n", head, body);
        for (const Stmt& s : q.body) {
            if (s.kind != Stmt::Kind::Initial) continue;
            net_initial_ = true;
            std::string inner;
            e_.returning_block(inner, s.body, 1);
            out_ += fmt::format("static nrn_status net_initial(nrn_context* c, nrn_mech_view* m, int32_t r, double* _args) {{\n{}{}    NRN_VERBATIM_END\n    return NRN_OK;\n}}\n\n", head, inner);
        }
        e_.scopes.pop_back();
        e_.weight = "nullptr";
        if (!e_.watches.empty()) {
            out_ += "static double watch_value(nrn_context* c, nrn_mech_view* m, int32_t r, int32_t _number) {\n    const K k(c, m);\n    const double _v = voltage(k, r); (void)_v;\n    switch (_number) {\n";
            for (std::size_t i = 0; i < e_.watches.size(); ++i) {
                const ExprPtr& w = e_.watches[i];
                const bool comparison = w->kind == Expr::Kind::Binary && (w->text == ">" || w->text == "<" || w->text == ">=" || w->text == "<=");
                if (!comparison) {
                    d_.error(w->span, "WATCH wants a comparison like (v > 10)");
                    continue;
                }
                const bool rising = w->text[0] == '>';
                out_ += fmt::format("    case {}: return ({}) - ({});\n", i, e_.expr(w->args[rising ? 0 : 1]), e_.expr(w->args[rising ? 1 : 0]));
            }
            out_ += "    }\n    return -1;\n}\n\n";
        }
    }

    void wrappers() {
        for (const auto& q : m_.program.procedures) {
            if (q.kind != Procedure::Kind::Function && q.kind != Procedure::Kind::Procedure) continue;
            std::string args;
            for (std::size_t i = 0; i < q.args.size(); ++i) args += fmt::format(", a[{}]", i);
            out_ += fmt::format("static nrn_status call_{0}(nrn_context* c, nrn_mech_view* m, int32_t r, const double* a, int32_t n, double* result) {{\n    (void)a; (void)n;\n    const K k(c, m);\n    NRN_VERBATIM_SCOPE\n{5}"
                                "    const double _v = {6};\n{1}    {3}f_{0}(k, r, _v{2});\n    {4}NRN_VERBATIM_END\n    return NRN_OK;\n}}\n\n", q.name, !m_.table_offset.empty() ? "    check_tables(c, m);\n" : "", args,
                                q.kind == Procedure::Kind::Function ? "*result = " : "(void)", q.kind == Procedure::Kind::Function ? "" : "*result = 1;\n    ", at_hand(1),
                                m_.kept_voltage.empty() ? std::string("voltage(k, r)") : fmt::format("r >= 0 ? {} : 0", e_.variable(m_.kept_voltage, "")));
        }
    }

    void description(const std::string& source_text, const std::string& hash);
    std::string variable_row(const std::string& name, bool global) const {
        const Variable& v = m_.variables.at(name);
        const char* kind = v.slot == Variable::Slot::Pointer ? "NRN_POINTER" : v.slot == Variable::Slot::BBCore ? "NRN_BBCOREPOINTER" : v.slot == Variable::Slot::Random ? "NRN_RANDOM"
                         : v.kind == Declaration::Kind::Parameter ? "NRN_PARAMETER" : v.kind == Declaration::Kind::State ? "NRN_STATE" : "NRN_ASSIGNED";
        std::string flags = v.visible ? "NRN_VISIBLE" : !global && vector_->scratch(v) ? "NRN_SCRATCH" : "0";
        if (!global && vector_->told(v)) flags += " | NRN_TOLD";
        const double value = v.kind == Declaration::Kind::State ? 0 : v.value;  // START holds from INITIAL on
        return fmt::format("    {{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}},\n", quoted(name), kind, flags, v.column, v.length, v.is_array ? 1 : 0, number_text(value), number_text(v.lower), number_text(v.upper), quoted(v.told_units), number_text(v.abstol));
    }

    Mechanism& m_;
    Diagnostics& d_;
    Emitter e_;
    SolvePrinter solve_;
    std::optional<VectorPrinter> vector_;
    std::string tag_, out_;
    int rhs_column_ = -1, g_column_ = -1;
    bool has_state_ = false, has_ode_ = false, net_initial_ = false;
};

void CppPrinter::description(const std::string& source_text, const std::string& hash) {
    const Program& p = m_.program;
    std::string rows;
    int n_variable = 0;
    for (const auto& n : m_.order) rows += variable_row(n, false), ++n_variable;
    for (const auto& [n, v] : m_.variables)
        if (v.where == Variable::Where::Pointer) rows += variable_row(n, false), ++n_variable;
    if (n_variable) out_ += "static const nrn_variable variables[] = {\n" + rows + "};\n";
    rows.clear();
    for (const auto& n : m_.global_order) rows += variable_row(n, true);
    if (!rows.empty()) out_ += "static const nrn_variable globals[] = {\n" + rows + "};\n";
    rows.clear();
    for (std::size_t i = 0; i < p.ions.size(); ++i) {
        std::string flags = "0";
        const auto add = [&](const auto& list, const char* access) {
            for (const auto& [n, span] : list) {
                const std::string& ion = p.ions[i].name;
                const char* what = n == "e" + ion ? "E" : n == ion + "i" ? "CI" : n == ion + "o" ? "CO" : "I";
                flags += fmt::format(" | NRN_ION_{}_{}", access, what);
            }
        };
        add(p.ions[i].read, "READ");
        add(p.ions[i].write, "WRITE");
        rows += fmt::format("    {{{}, {}, {}, {}}},\n", quoted(p.ions[i].name), flags, p.ions[i].has_valence ? number_text(p.ions[i].valence) : "__builtin_nan(\"\")", quoted(p.ions[i].represents));
    }
    if (!rows.empty()) out_ += "static const nrn_ion_use ions[] = {\n" + rows + "};\n";
    rows.clear();
    int n_function = 0, n_table = 0;
    std::string tables, names;
    for (const auto& q : p.procedures) {
        if (q.kind == Procedure::Kind::FunctionTable) {
            tables += fmt::format("    {{{}, {}}},\n", quoted(q.name), q.args.size());
            ++n_table;
        }
        if (q.kind != Procedure::Kind::Function && q.kind != Procedure::Kind::Procedure) continue;
        std::string flags = q.kind == Procedure::Kind::Procedure ? "NRN_FUNCTION_PROCEDURE" : "0";
        if (m_.needs_instance.contains(q.name)) flags += " | NRN_FUNCTION_NEEDS_INSTANCE";
        if (p.has_verbatim) flags += " | NRN_FUNCTION_VARIADIC";
        std::string list;
        for (const auto& a : q.args) list += quoted(a) + ", ";
        names += fmt::format("static const char* const args_{}[] = {{{}nullptr}};\n", q.name, list);
        rows += fmt::format("    {{{}, {}, {}, args_{}, {}, call_{}}},\n", quoted(q.name), flags, q.args.size(), q.name, quoted(q.units), q.name);
        ++n_function;
    }
    if (n_function) out_ += names + "static const nrn_mech_function functions[] = {\n" + rows + "};\n";
    if (n_table) out_ += "static const nrn_function_table function_tables[] = {\n" + tables + "};\n";
    if (!p.timed.empty()) {
        out_ += "static const nrn_timed_block timed[] = {\n";
        for (std::size_t i = 0; i < p.timed.size(); ++i) out_ += fmt::format("    {{{}, timed_{}}},\n", p.timed[i].when, i);
        out_ += "};\n";
    }
    if (has_ode_) {
        std::string states, derivatives;
        for (std::size_t i = 0; i < solve_.ode_states().size(); ++i) {
            states += std::to_string(solve_.ode_states()[i].column) + ", ";
            derivatives += std::to_string(solve_.first_derivative_column + static_cast<int>(i)) + ", ";
        }
        out_ += fmt::format("static const int32_t ode_states[] = {{{}}};\nstatic const int32_t ode_derivatives[] = {{{}}};\n", states, derivatives);
        out_ += "static nrn_status ode_synonym(nrn_context* c, nrn_mech_view* m, int32_t begin, int32_t end) {\n    const K k(c, m);\n    for (int r = begin; r < end; ++r) write_state_ions(k, r);\n    return NRN_OK;\n}\n";
    }
    const int n_diffusion = print_diffusion(out_, e_);
    out_ += fmt::format(
        "static const nrn_mechanism mechanism = {{\n    sizeof(nrn_mechanism), {}, {}, {}, {},\n    {},\n    {}, {},\n    {}, {}, {}, {}, {}, {}, {}, {},\n    {}, {}, {}, {}, {}, {}, {}, {}, {}, {},\n"
        "    {}, {}, {}, initial, {}, {}, {}, {}, nullptr,\n    {}, {}, {}, {}, {}, {}, nullptr,\n    {}, {}, {}, {}, {}, nullptr, nullptr}};\n",
        quoted(p.suffix), quoted(p.title), quoted(p.file), quoted(hash), quoted(source_text), flags_text(m_, {thread_safe(), net_initial_, !solve_.unfit_reason().empty()}), quoted(solve_.unfit_reason()),
        n_variable ? "variables" : "nullptr", n_variable, m_.n_column, m_.n_pointer, m_.global_order.empty() ? "nullptr" : "globals", m_.global_order.size(), m_.n_global, m_.n_table,
        p.ions.empty() ? "nullptr" : "ions", p.ions.size(), n_function ? "functions" : "nullptr", n_function, n_table ? "function_tables" : "nullptr", n_table,
        p.timed.empty() ? "nullptr" : "timed", p.timed.size(), n_diffusion ? "diffusions" : "nullptr", n_diffusion,
        p.constructor.empty() ? "nullptr" : "construct", p.destructor.empty() ? "nullptr" : "destruct", m_.table_offset.empty() ? "nullptr" : "check_tables",
        m_.currents.empty() ? "nullptr" : "current", rhs_column_, g_column_, has_state_ ? "state" : "nullptr",
        has_ode_ ? solve_.ode_states().size() : 0, has_ode_ ? "ode_states" : "nullptr", has_ode_ ? "ode_derivatives" : "nullptr", has_ode_ ? "ode_rhs" : "nullptr", has_ode_ ? "ode_solve" : "nullptr", has_ode_ ? "ode_synonym" : "nullptr",
        m_.net_receive ? std::max<std::size_t>(1, m_.net_receive->args.size()) : 0, m_.net_receive ? "net_receive" : "nullptr", net_initial_ ? "net_initial" : "nullptr", e_.watches.size(), e_.watches.empty() ? "nullptr" : "watch_value");
}

/// Fills in the line numbers of what the compiler itself made.
std::string with_own_lines(const std::string& text, const std::string& tag) {
    std::string out;
    std::size_t line = 1;
    for (std::size_t at = 0; at < text.size(); ++line) {
        const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
        if (text.compare(at, end - at, kGenerated) == 0) out += fmt::format("#line {} \"{}.cpp (generated)\"\n", line + 1, tag);
        else out.append(text, at, end - at);
        at = end;
    }
    return out;
}

}  // namespace

std::string print_cpp(Mechanism& mechanism, const std::string& tag, const std::string& source_text, const std::string& hash, Diagnostics& diagnostics, bool vectors) {
    return with_own_lines(CppPrinter(mechanism, tag, diagnostics, vectors).run(source_text, hash), tag);
}

}  // namespace nrn::nmodl
