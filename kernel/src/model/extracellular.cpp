// SPDX-License-Identifier: BSD-3-Clause
// Makes the mechanism `extracellular` and its range variables, whose names carry no suffix but e's.
#include "model/extracellular.hpp"

#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {

void Model::add_extracellular() {
    using namespace extracellular_columns;
    struct Description : nrn_mechanism {
        std::vector<nrn_variable> variables;
    };
    auto d = std::make_unique<Description>();
    const auto row = [](const char* name, std::uint32_t kind, int column, bool layered, double value, const char* units) {
        return nrn_variable{name, kind, NRN_VISIBLE, column, layered ? kLayers : 1, layered, value, 1, 0, units, 0};
    };
    d->variables = {row("xraxial", NRN_PARAMETER, kAxial, true, 1e9, "MOhm/cm"), row("xg", NRN_PARAMETER, kConductance, true, 1e9, "S/cm2"),
                    row("xc", NRN_PARAMETER, kCapacitance, true, 0, "uF/cm2"), row("e", NRN_PARAMETER, kPotential, false, 0, "mV"),
                    row("i_membrane", NRN_ASSIGNED, kMembraneCurrent, false, 0, "mA/cm2"), row("vext", NRN_STATE, kVext, true, 0, "mV")};
    d->struct_size = sizeof(nrn_mechanism);
    d->name = "extracellular";
    d->title = d->file = d->source_hash = "";
    d->variable = d->variables.data();
    d->n_variable = static_cast<int>(d->variables.size());
    d->n_column = kColumns;
    d->rhs_column = d->g_column = -1;
    const nrn_mechanism& description = *d;
    own_descriptions_.push_back(OwnedDescription(d.release(), [](nrn_mechanism* p) { delete static_cast<Description*>(p); }));
    mechanisms_.push_back(std::make_unique<MechanismType>(*this, description, "", static_cast<int>(mechanisms_.size())));
    MechanismType& type = *mechanisms_.back();
    mechanism_by_name_[type.name()] = &type;
    runtime_.scope().define_mechanism(type, type.name());
    for (int i = 0; i < description.n_variable; ++i) {
        const nrn_variable& v = description.variable[i];
        RangeVariable rv;
        rv.bare_name = v.name;
        rv.name = rv.bare_name == "e" ? "e_extracellular" : rv.bare_name;
        rv.where = RangeVariable::Where::Mechanism;
        rv.column = v.column;
        rv.length = v.length;
        rv.is_array = v.is_array != 0;
        rv.mechanism = &type;
        rv.units = v.units;
        type.range_variables.push_back(&add_range_variable(std::move(rv)));
    }
}

}  // namespace nrn
