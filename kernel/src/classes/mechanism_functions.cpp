// SPDX-License-Identifier: BSD-3-Clause
// Built-in functions about mechanisms and ions, and loading packs.
#include <cmath>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "model/extracellular.hpp"
#include "model/ion.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"
#include "plugin/plugin_catalog.hpp"

namespace nrn {
namespace {

Model& model(CallArgs& a) { return a.runtime().model(); }

Value ismembrane(CallArgs& a) {
    const MechanismType* type = model(a).mechanism(a.string(0));
    return type && model(a).is_inserted(a.section(), *type);
}

MechanismType& ion_argument(CallArgs& a) {
    MechanismType* type = model(a).mechanism(a.string(0));
    if (!type || !type->is_ion()) throw Error(ErrorKind::Name, fmt::format("{}: `{}` is not an ion mechanism", a.function(), a.string(0))).hint("ions are called na_ion, k_ion, ca_ion ...");
    return *type;
}

Value ion_style(CallArgs& a) {
    MechanismType& ion = ion_argument(a);
    Section& section = a.section();
    const auto* inserted = section.find_inserted(ion);
    if (!inserted) return -1.0;
    const double old = ion.store().at(kIonStyleColumn, inserted->rows[0]);
    if (a.count() == 1) return old;
    a.expect_count(6, 6);
    const long concentration = static_cast<long>(a.number_in(1, 0, 3)), potential = static_cast<long>(a.number_in(2, 0, 3));
    long style = concentration | potential << 3 | (static_cast<long>(old) & (WritesInside | WritesOutside));
    if (a.number(3) != 0) style |= InitPotential;
    if (a.number(4) != 0) style |= AdvancePotential;
    if (a.number(5) != 0) style |= InitConcentration;
    for (const RowId row : inserted->rows) ion.store().at(kIonStyleColumn, row) = static_cast<double>(style);
    model(a).structure_changed();  // which potentials follow concentrations is part of the layout
    return old;
}

Value ion_charge(CallArgs& a) { return ion_argument(a).valence; }

Value ion_register(CallArgs& a) {
    MechanismType& ion = model(a).ion(a.string(0), a.number(1));
    return ion.index();
}

/// nernst(ci, co, charge); or nernst("ena"[, x]) from the concentrations there, and nernst("nai") or
/// nernst("nao") [mM]: what the concentration would have to be for the potential there.
Value nernst_function(CallArgs& a) {
    const double celsius = model(a).celsius;
    if (!a.is_string(0)) return nernst(a.number(0), a.number(1), a.number(2), celsius);
    const std::string& name = a.string(0);
    const RangeVariable* variable = model(a).range_variable(name);
    if (!variable || variable->where != RangeVariable::Where::Ion || variable->column > NRN_ION_CO)
        throw Error(ErrorKind::Name, fmt::format("nernst: `{}` is not a reversal potential or concentration of an ion", name)).hint("for example nernst(\"ena\")");
    MechanismType& ion = *variable->mechanism;
    Section& section = a.section();
    const auto* inserted = section.find_inserted(ion);
    if (!inserted) throw Error(ErrorKind::Name, fmt::format("`{}` is not in section `{}`", ion.name(), section.name()));
    const RowId row = inserted->rows[static_cast<std::size_t>(section.segment_index(a.number_or(1, 0.5)))];
    const double e = ion.store().at(NRN_ION_E, row), ci = ion.store().at(NRN_ION_CI, row), co = ion.store().at(NRN_ION_CO, row);
    if (variable->column == NRN_ION_E) return nernst(ci, co, ion.valence, celsius);
    const double ratio = std::exp(e * ion.valence * kFaraday / (1000 * kGasConstant * (celsius + 273.15)));  // co / ci
    return variable->column == NRN_ION_CI ? co / ratio : ci * ratio;
}

Value nlayer_extracellular(CallArgs& a) {
    if (a.has(0)) a.runtime().model().set_extracellular_layers(static_cast<int>(a.number_in(0, -1e9, 1e9)));
    return static_cast<double>(ExtracellularColumns(*model(a).mechanism("extracellular")).layers);
}

Value ghk_function(CallArgs& a) { return ghk(a.number(0), a.number(1), a.number(2), a.number(3), model(a).celsius); }

/// Models name the library of another machine (nrnmech.dll) as well: one that is not there is passed over.
Value nrn_load_dll(CallArgs& a) {
    if (std::error_code ignored; !std::filesystem::exists(a.string(0), ignored)) {
        a.runtime().warn(fmt::format("nrn_load_dll: there is no file `{}`", a.string(0)));
        return 0.0;
    }
    a.runtime().plugins().load_file(a.string(0));
    return 1.0;
}

Value load_mechanisms(CallArgs& a) { return a.runtime().plugins().load_folder(a.string(0)); }

constexpr Function functions[] = {
    {"ismembrane", ismembrane, Returns::Number, "ismembrane(\"hh\") -> is it in the accessed section?\nPython: h.ismembrane('hh', sec=soma), or soma.has_membrane('hh')\nHoc: soma print ismembrane(\"hh\")"},
    {"ion_style", ion_style, Returns::Number,
     "ion_style(\"na_ion\"[, c_style, e_style, einit, eadvance, cinit]) -> style before, or -1 when the ion is not there\nPython: h.ion_style('ca_ion', 3, 2, 1, 1, 1, sec=soma)\nHoc: soma ion_style(\"ca_ion\", 3, 2, 1, 1, 1)"},
    {"ion_charge", ion_charge, Returns::Number, "ion_charge(\"na_ion\") -> valence\nPython: h.ion_charge('ca_ion')\nHoc: print ion_charge(\"ca_ion\")"},
    {"ion_register", ion_register, Returns::Number, "ion_register(\"name\", charge) -> number of the ion's mechanism type\nPython: h.ion_register('mg', 2)\nHoc: ion_register(\"mg\", 2)"},
    {"nernst", nernst_function, Returns::Number, "nernst(ci [mM], co [mM], charge) or nernst(\"ena\"[, x]) -> mV\nPython: h.nernst(10, 140, 1)\nHoc: print nernst(10, 140, 1)"},
    {"nlayer_extracellular", nlayer_extracellular, Returns::Number, "nlayer_extracellular([n]) -> number of layers of `extracellular`, 2 unless set before the first insert\nPython: h.nlayer_extracellular()\nHoc: print nlayer_extracellular()"},
    {"ghk", ghk_function, Returns::Number, "ghk(v [mV], ci [mM], co [mM], charge) -> mA/cm2 for a permeability of 1 cm/s\nPython: h.ghk(-65, 5e-5, 2, 2)\nHoc: print ghk(-65, 5e-5, 2, 2)"},
    {"nrn_load_dll", nrn_load_dll, Returns::Number, "nrn_load_dll(\"file.so\") -> 1, or 0 with a warning when there is no such file: loads a mechanism pack\nPython: h.nrn_load_dll('x86_64/libnrnmech.so')\nHoc: nrn_load_dll(\"x86_64/libnrnmech.so\")"},
    {"nrn_load_mechanisms", load_mechanisms, Returns::Number, "nrn_load_mechanisms(\"folder\") -> number of packs loaded"},
};

}  // namespace

void register_mechanism_functions(Runtime& runtime) { runtime.scope().define_functions(functions); }

}  // namespace nrn
