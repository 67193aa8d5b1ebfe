// SPDX-License-Identifier: BSD-3-Clause
// The model as a whole: built-in range variables, inserting mechanisms, shutting down.
#include "model/model.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "error/closest_name.hpp"
#include "model/mechanism_store.hpp"
#include "model/point_process.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {

Model::Model(Runtime& runtime) : runtime_(runtime) {
    section_class_ = &runtime.classes().add(std::make_unique<Class>("Section", "An unbranched cable."));
    segment_class_ = &runtime.classes().add(std::make_unique<Class>("Segment", "A place on a section."));
    for (const char* name : {"L", "Ra", "nseg", "rallbranch"}) runtime.scope().define_section_property(name);
    // The description of a mechanism that the kernel itself provides: no variables of its own in a store.
    const auto kernel_mechanism = [&](const char* name) -> MechanismType& {
        auto d = std::make_unique<nrn_mechanism>();
        d->rhs_column = d->g_column = -1;
        d->struct_size = sizeof(nrn_mechanism);
        d->name = name;
        d->title = d->file = d->source_hash = "";
        own_descriptions_.push_back(OwnedDescription(d.release(), [](nrn_mechanism* p) { delete p; }));
        mechanisms_.push_back(std::make_unique<MechanismType>(*this, *own_descriptions_.back(), "", static_cast<int>(mechanisms_.size())));
        mechanism_by_name_[name] = mechanisms_.back().get();
        return *mechanisms_.back();
    };
    MechanismType& morphology = kernel_mechanism("morphology");
    MechanismType& capacitance = kernel_mechanism("capacitance");
    const auto node_variable = [&](const char* name, int column, const char* units, const char* doc, MechanismType* owner) {
        RangeVariable rv;
        rv.name = rv.bare_name = name;
        rv.column = column;
        rv.units = units;
        rv.doc = doc;
        rv.mechanism = owner;
        RangeVariable& added = add_range_variable(std::move(rv));
        if (owner) owner->range_variables.push_back(&added);
    };
    node_variable("v", NodeStore::V, "mV", "membrane potential", nullptr);
    node_variable("diam", NodeStore::Diam, "um", "diameter", &morphology);
    node_variable("cm", NodeStore::Cm, "uF/cm2", "specific membrane capacitance", &capacitance);
    node_variable("i_cap", NodeStore::ICap, "mA/cm2", "capacitive current", &capacitance);
    node_variable("i_membrane_", NodeStore::Imem, "nA", "total membrane current, with CVode.use_fast_imem(1)", nullptr);
    add_extracellular();
    runtime.scope().bind_number("celsius", &celsius, "degC", "temperature");
    runtime.scope().bind_number("diam_changed", &diam_changed, "", "1 from a change of shape until it is taken into account").assigned =
        [this](Symbol&, double) { if (diam_changed != 0) mark_diameter_changed(); };
}

Model::~Model() { shut_down(); }

void Model::shut_down() noexcept {
    if (shut_down_) return;
    shut_down_ = true;
    stack_.clear();
    for (Section* s : sections()) s->alive_ = false;
    sections_.clear();
}

RangeVariable& Model::add_range_variable(RangeVariable variable) {
    auto& slot = range_variables_[variable.name];
    if (slot) throw Error(ErrorKind::Plugin, fmt::format("there is already a range variable `{}`", variable.name));
    slot = std::make_unique<RangeVariable>(std::move(variable));
    runtime_.scope().define_range_variable(*slot, slot->name);
    return *slot;
}

const RangeVariable* Model::range_variable(std::string_view name) const noexcept {
    const auto found = range_variables_.find(std::string(name));
    return found == range_variables_.end() ? nullptr : found->second.get();
}

MechanismType* Model::mechanism(std::string_view name) const noexcept {
    const auto found = mechanism_by_name_.find(std::string(name));
    return found == mechanism_by_name_.end() ? nullptr : found->second;
}

MechanismType& Model::require_mechanism(std::string_view name) const {
    if (MechanismType* m = mechanism(name)) return *m;
    ClosestName closest(name);
    for (const auto& m : mechanisms_) closest.offer(m->name());
    throw Error(ErrorKind::Name, fmt::format("argument not a density mechanism name: there is no mechanism `{}`", name))
        .hint(closest.best().empty() ? "compile it with `nrn compile`, or add its pack's folder to NRN_NMODL_PATH" : closest.hint());
}

void Model::insert(Section& section, MechanismType& mechanism) {
    section.require_alive();
    if (mechanism.is_point_process())
        throw Error(ErrorKind::Type, fmt::format("`{}` is a point process, not a density mechanism name", mechanism.name()))
            .hint(fmt::format("make one with `new {}(x)`", mechanism.name()));
    if (mechanism.description().n_column == 0 && mechanism.description().n_variable == 0 && !mechanism.description().current &&
        !mechanism.description().state && mechanism.index() < 2)
        return;  // morphology and capacitance are everywhere
    if (section.find_inserted(mechanism)) return;
    const std::uint64_t order = ++insertions_;  // before its ions
    for (std::size_t k = 0; k < mechanism.ions().size(); ++k)
        use_ion(section, *mechanism.ions()[k], mechanism.description().ion[k].flags);
    Section::Inserted inserted{&mechanism, {}, order};
    inserted.rows.reserve(static_cast<std::size_t>(section.nseg_));
    for (int i = 0; i < section.nseg_; ++i)
        inserted.rows.push_back(mechanism.store().add(section.nodes_[static_cast<std::size_t>(i)]));
    const auto at = std::find_if(section.inserted_.begin(), section.inserted_.end(),
                                 [&](const auto& other) { return other.type->index() > mechanism.index(); });
    const std::vector<RowId> rows = inserted.rows;
    section.inserted_.insert(at, std::move(inserted));
    link_ions(section);
    structure_changed();
    for (const RowId row : rows) instance_made(mechanism, row);
}

void Model::uninsert(Section& section, MechanismType& mechanism) {
    section.require_alive();
    if (mechanism.is_ion()) return;  // other mechanisms may use it
    for (auto i = section.inserted_.begin(); i != section.inserted_.end(); ++i) {
        if (i->type != &mechanism) continue;
        for (const RowId row : i->rows) {
            instance_unmade(mechanism, row);
            mechanism.store().remove(row);
        }
        section.inserted_.erase(i);
        structure_changed();
        return;
    }
}

bool Model::is_inserted(const Section& section, const MechanismType& mechanism) const {
    section.require_alive();
    return mechanism.index() < 2 || section.find_inserted(mechanism) != nullptr;
}

std::vector<MechanismType*> Model::inserted(const Section& section) const {
    section.require_alive();
    std::vector<MechanismType*> types;
    for (const auto& i : section.inserted()) types.push_back(i.type);
    return types;
}

}  // namespace nrn
