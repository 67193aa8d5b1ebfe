// SPDX-License-Identifier: BSD-3-Clause
// Makes the mechanism `extracellular` and its range variables, whose names carry no suffix but e's.
#include "model/extracellular.hpp"

#include <fmt/format.h>

#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {
namespace {

struct Description : nrn_mechanism {
    std::vector<nrn_variable> variables;
};

std::unique_ptr<Description> describe(int layers) {
    const ExtracellularColumns column(layers);
    auto d = std::make_unique<Description>();
    const auto row = [&](const char* name, std::uint32_t kind, int first, bool layered, double value, const char* units) {
        return nrn_variable{name, kind, NRN_VISIBLE, first, layered ? layers : 1, layered, value, 1, 0, units, 0};
    };
    d->variables = {row("xraxial", NRN_PARAMETER, column.axial(0), true, 1e9, "MOhm/cm"), row("xg", NRN_PARAMETER, column.conductance(0), true, 1e9, "S/cm2"),
                    row("xc", NRN_PARAMETER, column.capacitance(0), true, 0, "uF/cm2"), row("e", NRN_PARAMETER, column.potential(), false, 0, "mV"),
                    row("i_membrane", NRN_ASSIGNED, column.membrane_current(), false, 0, "mA/cm2"), row("vext", NRN_STATE, column.vext(0), true, 0, "mV")};
    d->struct_size = sizeof(nrn_mechanism);
    d->name = "extracellular";
    d->title = d->file = d->source_hash = "";
    d->variable = d->variables.data();
    d->n_variable = static_cast<int>(d->variables.size());
    d->n_column = column.count();
    d->rhs_column = d->g_column = -1;
    return d;
}

}  // namespace

ExtracellularColumns::ExtracellularColumns(const MechanismType& type) : layers((type.description().n_column - 2) / 4) {}

void Model::add_extracellular() {
    auto d = describe(ExtracellularColumns::kDefaultLayers);
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

void Model::set_extracellular_layers(int layers) {
    MechanismType& type = *mechanism("extracellular");
    if (layers == ExtracellularColumns(type).layers) return;
    if (layers < 1 || layers > ExtracellularColumns::kMostLayers)
        throw Error(ErrorKind::Range, fmt::format("nlayer_extracellular: the number of layers must be in the range 1 to {}, not {}", ExtracellularColumns::kMostLayers, layers));
    if (type.store().size() > 0)
        throw Error(ErrorKind::Runtime, "nlayer_extracellular: the number of layers cannot change while a section has the mechanism").hint("set it before the first insert extracellular");
    auto d = describe(layers);
    type.description_ = d.get();
    own_descriptions_.push_back(OwnedDescription(d.release(), [](nrn_mechanism* p) { delete static_cast<Description*>(p); }));
    type.store_ = std::make_unique<MechanismStore>(type);
    for (std::size_t i = 0; i < type.range_variables.size(); ++i) {
        type.range_variables[i]->column = type.description_->variable[i].column;
        type.range_variables[i]->length = type.description_->variable[i].length;
    }
    structure_changed();
}

}  // namespace nrn
