// SPDX-License-Identifier: BSD-3-Clause
// From a pack's C description to a mechanism type, its range variables and top-level names.
#include <fmt/format.h>

#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "model/point_process_class.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {

MechanismType& Model::add_mechanism(const nrn_mechanism& description, const std::string& file) {
    const std::string name = description.name;
    const bool nameless = (description.flags & NRN_NO_SUFFIX) != 0;
    if (!nameless) {
        if (MechanismType* other = mechanism(name))
            throw Error(ErrorKind::Plugin, fmt::format("mechanism `{}` of {} is already provided by {}", name, file,
                                                       other->file().empty() ? "the kernel" : other->file()))
                .hint("rename its SUFFIX, or remove one of the two packs from the search path");
        if (runtime_.classes().find(name))
            throw Error(ErrorKind::Plugin, fmt::format("mechanism `{}` of {} has the name of a built-in class", name, file));
    }
    std::vector<MechanismType*> ions;
    for (int i = 0; i < description.n_ion; ++i) ions.push_back(&ion(description.ion[i].name, description.ion[i].valence));
    mechanisms_.push_back(std::make_unique<MechanismType>(*this, description, file, static_cast<int>(mechanisms_.size())));
    MechanismType& type = *mechanisms_.back();
    type.ions_ = std::move(ions);
    type.store().refresh_view();
    if (!nameless) mechanism_by_name_[name] = &type;
    publish(type);
    return type;
}

MechanismType& Model::add_mechanism(nrn_mechanism* description, void (*dispose)(nrn_mechanism*), const std::string& file) {
    own_descriptions_.push_back(OwnedDescription(description, dispose));
    return add_mechanism(*description, file);
}

void Model::retire_mechanism(MechanismType& type) {
    Scope& scope = runtime_.scope();
    mechanism_by_name_.erase(type.name());
    for (RangeVariable* rv : type.range_variables) {
        scope.undefine(rv->name);
        const auto found = range_variables_.find(rv->name);
        retired_range_variables_.push_back(std::move(found->second));
        range_variables_.erase(found);
    }
    scope.undefine(type.name());
    if (type.object_class_) runtime_.classes().retire(*type.object_class_);
    type.retired = true;
    structure_changed();
}

void Model::publish(MechanismType& type) {
    Scope& scope = runtime_.scope();
    const auto& d = type.description();
    const bool nameless = type.is(NRN_NO_SUFFIX);
    const std::string suffix = nameless ? "" : "_" + type.name();
    for (int i = 0; i < d.n_global; ++i) {
        const auto& g = d.global[i];
        if (!(g.flags & NRN_VISIBLE)) continue;
        if (g.flags & NRN_EXTERNAL) continue;  // the value lives in the mechanism that declares it
        Symbol& symbol = scope.bind_number(g.name + suffix, type.globals().data() + g.column, g.units ? g.units : "");
        if (g.is_array) symbol.dims = {g.length};
    }
    if (type.is_point_process()) {
        type.object_class_ = &runtime_.classes().add(make_point_process_class(type));
        scope.define_class(*type.object_class_, true);
        return;
    }
    const Symbol* known = scope.find(type.name());  // `cas`: a function keeps its name, and `insert` finds the mechanism all the same
    if (!nameless && !(known && known->kind == Symbol::Kind::Function)) scope.define_mechanism(type, type.name());
    for (int i = 0; i < d.n_variable; ++i) {
        const auto& v = d.variable[i];
        if (v.kind == NRN_BBCOREPOINTER || (v.kind != NRN_RANDOM && !(v.flags & NRN_VISIBLE))) continue;
        RangeVariable rv;
        rv.bare_name = v.name;
        rv.name = type.is_ion() ? rv.bare_name : v.name + suffix;
        rv.where = type.is_ion() ? RangeVariable::Where::Ion : RangeVariable::Where::Mechanism;
        rv.column = v.column;
        rv.length = v.length;
        rv.is_array = v.is_array != 0;
        rv.is_pointer = v.kind == NRN_POINTER;
        rv.is_stream = v.kind == NRN_RANDOM;
        rv.mechanism = &type;
        rv.units = v.units ? v.units : "";
        type.range_variables.push_back(&add_range_variable(std::move(rv)));
    }
    publish_functions(type);
}

}  // namespace nrn
