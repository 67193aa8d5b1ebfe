// SPDX-License-Identifier: BSD-3-Clause
// Diffusion statements, with the volume of the COMPARTMENT that names the same state.
#include "codegen/diffusion_printer.hpp"

#include <algorithm>

#include "nrn/abi/mechanism.h"

namespace nrn::nmodl {
namespace {

const Stmt* compartment_of(const Procedure& p, const std::string& state) {
    for (const Stmt& s : p.body)
        if (s.kind == Stmt::Kind::Compartment && std::find(s.names.begin(), s.names.end(), state) != s.names.end()) return &s;
    return nullptr;
}

std::string value_text(Emitter& e, const Stmt& s) {
    e.scopes.emplace_back();
    if (!s.name.empty()) e.scopes.back()[s.name] = "_element";
    const std::string text = e.expr(s.value);
    e.scopes.pop_back();
    return text;
}

}  // namespace

int print_diffusion(std::string& out, Emitter& e) {
    Mechanism& m = e.mechanism();
    std::string rows;
    int count = 0, functions = 0;
    for (const auto& p : m.program.procedures)
        for (const Stmt& s : p.body) {
            if (s.kind != Stmt::Kind::Diffusion) continue;
            for (const auto& name : s.names) {
                const auto found = m.variables.find(name);
                if (found == m.variables.end() || found->second.where != Variable::Where::Instance) {
                    e.diagnostics().error(s.span, fmt::format("LONGITUDINAL_DIFFUSION is of a STATE, which `{}` is not", name), {}, ErrorKind::Name);
                    continue;
                }
                const Variable& v = found->second;
                const Stmt* compartment = compartment_of(p, name);
                out += fmt::format("static void diffusion_{}(nrn_context* c, nrn_mech_view* m, int32_t r, int32_t _element, double* _diffusion, double* _volume, double* _slope) {{\n"
                                   "    const K k(c, m);\n    const double _v = voltage(k, r); (void)_v; (void)_element;\n    *_diffusion = {};\n    *_volume = {};\n    *_slope = 0;\n}}\n",
                                   functions, value_text(e, s), compartment ? value_text(e, *compartment) : "1.0");
                int ion = -1, outside = 0;
                for (const auto& copy : m.ion_copies)
                    if (copy.name == name && copy.written) {
                        ion = copy.ion;
                        outside = copy.ion_column == NRN_ION_CO;
                    }
                for (int i = 0; i < v.length; ++i, ++count) rows += fmt::format("    {{{}, {}, {}, {}, diffusion_{}}},\n", v.column + i, ion, outside, i, functions);
                ++functions;
            }
        }
    if (count) out += "static const nrn_diffusion diffusions[] = {\n" + rows + "};\n";
    return count;
}

}  // namespace nrn::nmodl
