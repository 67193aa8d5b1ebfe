// SPDX-License-Identifier: BSD-3-Clause
// make_mechanism and make_pointprocess: a template as a mechanism. Each instance has an object of the template; its public
// numbers are the mechanism's variables, its procedures `initial` and `after_step` are called with the place.
#include <algorithm>
#include <deque>
#include <sstream>
#include <unordered_map>

#include <fmt/format.h>

#include "classes/register_classes.hpp"
#include "engine/host_functions.hpp"
#include "engine/simulation.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/class_traits.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {
namespace {

/// What the kernels find behind nrn_mech_view::mechanism.
struct TemplateDescription : nrn_mechanism {
    Runtime* runtime = nullptr;
    Class* tmpl = nullptr;
    const Member *initial_procedure = nullptr, *step_procedure = nullptr;
    std::vector<const Member*> members;  // of the variables, by column
    std::vector<nrn_variable> variables;
    std::deque<std::string> texts;
    std::unordered_map<RowId, ObjectPtr> objects;
    const char* text(std::string s) { return texts.emplace_back(std::move(s)).c_str(); }
};

TemplateDescription& description_of(const nrn_mech_view* view) {
    return *const_cast<TemplateDescription*>(static_cast<const TemplateDescription*>(view->mechanism));
}

RowId id_of(const nrn_mech_view* view, std::int32_t row) { return static_cast<MechanismType*>(view->host_type)->store().id(static_cast<std::uint32_t>(row)); }

nrn_status status(bool well) { return well ? NRN_OK : NRN_FAILED; }

nrn_status construct(nrn_context* context, nrn_mech_view* view, std::int32_t begin, std::int32_t end) {
    return status(guarded(simulation_of(context), [&] {
        TemplateDescription& d = description_of(view);
        for (std::int32_t row = begin; row < end; ++row) {
            CallArgs none(*d.runtime, d.tmpl->name());
            const RowId id = id_of(view, row);
            d.objects[id] = d.tmpl->construct(none);
        }
    }));
}

nrn_status destroy(nrn_context*, nrn_mech_view* view, std::int32_t begin, std::int32_t end) {
    TemplateDescription& d = description_of(view);
    for (std::int32_t row = begin; row < end; ++row) {
        const auto node = d.objects.extract(id_of(view, row));  // its `unref` may look here
    }
    return NRN_OK;
}

/// Calls a procedure of each instance's object, whose variables are the instance's meanwhile.
nrn_status call(nrn_context* context, nrn_mech_view* view, std::int32_t begin, std::int32_t end, const Member* procedure) {
    if (!procedure) return NRN_OK;
    return status(guarded(simulation_of(context), [&] {
        TemplateDescription& d = description_of(view);
        Simulation& simulation = simulation_of(context);
        for (std::int32_t row = begin; row < end; ++row) {
            const auto found = d.objects.find(id_of(view, row));
            if (found == d.objects.end()) continue;
            const ObjectPtr object = found->second;
            for (std::size_t c = 0; c < d.members.size(); ++c) d.members[c]->set(*object, {}, Value(view->column[c][row]));
            const Layout::NodePlace place = simulation.layout().place(view->node[row]);
            const SectionStack::Guard accessed(d.runtime->model().stack(), place.section);
            const Value x(place.x);
            CallArgs args(*d.runtime, procedure->name(), {&x, 1});
            (void)procedure->call(*object, args);
            for (std::size_t c = 0; c < d.members.size(); ++c) view->column[c][row] = d.members[c]->get(*object, {}).number();
        }
    }));
}

nrn_status initial(nrn_context* context, nrn_mech_view* view, std::int32_t begin, std::int32_t end) {
    return call(context, view, begin, end, description_of(view).initial_procedure);
}
nrn_status after_step(nrn_context* context, nrn_mech_view* view, std::int32_t begin, std::int32_t end) {
    return call(context, view, begin, end, description_of(view).step_procedure);
}

const Member* procedure_of(Class& cls, const char* name) {
    const Member* member = cls.member(name);
    if (const auto* hidden = dynamic_cast<const HiddenMembers*>(&cls); !member && hidden) member = hidden->hidden_member(name);
    return member && member->kind() == Member::Kind::Method ? member : nullptr;
}

std::vector<std::string> words(const std::string& text) {
    std::istringstream in(text);
    return {std::istream_iterator<std::string>(in), {}};
}

/// (name, template [, "parameter parameter ..."])
Value make(CallArgs& a, std::uint32_t flags) {
    Runtime& runtime = a.runtime();
    const std::string& name = a.string(0);
    Class* cls = runtime.classes().find(a.string(1));
    if (!cls || !dynamic_cast<HiddenMembers*>(cls)) throw Error(ErrorKind::Name, fmt::format("{}: `{}` is not a template", a.function(), a.string(1)));
    if (runtime.model().mechanism(name) || runtime.scope().find(name)) throw Error(ErrorKind::Name, fmt::format("{}: the name `{}` is already in use", a.function(), name));
    std::vector<std::string> parameters = a.has(2) ? words(a.string(2)) : std::vector<std::string>();
    auto d = std::make_unique<TemplateDescription>();
    *static_cast<nrn_mechanism*>(d.get()) = nrn_mechanism{};
    d->runtime = &runtime;
    d->tmpl = cls;
    d->struct_size = sizeof(nrn_mechanism);
    d->name = d->text(name);
    d->title = d->text(fmt::format("made of template {}", cls->name()));
    d->file = d->source_hash = d->unfit_reason = "";
    d->flags = flags | NRN_NOT_THREAD_SAFE | NRN_WALKS_SECTIONS;
    d->rhs_column = d->g_column = -1;
    for (const bool parameter : {true, false}) {  // parameters stand first, as in every description
        for (const std::string& member_name : cls->member_names()) {
            const Member* member = cls->member(member_name);
            const auto at = std::find(parameters.begin(), parameters.end(), member_name);
            if (member->kind() != Member::Kind::Number || (at != parameters.end()) != parameter) continue;
            d->variables.push_back({d->text(member_name), parameter ? NRN_PARAMETER : NRN_ASSIGNED, NRN_VISIBLE, static_cast<std::int32_t>(d->members.size()), 1, 0, 0, 1, 0, "", 0});
            d->members.push_back(member);
        }
    }
    for (const std::string& p : parameters)
        if (std::none_of(d->variables.begin(), d->variables.end(), [&](const nrn_variable& v) { return v.name == p; }))
            throw Error(ErrorKind::Name, fmt::format("{}: {} is not a public variable of template `{}`", a.function(), p, cls->name()));
    d->variable = d->variables.data();
    d->n_variable = d->n_column = static_cast<std::int32_t>(d->variables.size());
    d->initial_procedure = procedure_of(*cls, "initial");
    d->step_procedure = procedure_of(*cls, "after_step");
    d->constructor = construct;
    d->destructor = destroy;
    d->initial = initial;
    d->state = d->after_cvode = after_step;
    runtime.model().add_mechanism(d.release(), [](nrn_mechanism* p) { delete static_cast<TemplateDescription*>(p); }, cls->name());
    return 1;
}

Value make_mechanism(CallArgs& a) { return make(a, 0); }
Value make_pointprocess(CallArgs& a) { return make(a, NRN_POINT_PROCESS); }

constexpr Function functions[] = {
    {"make_mechanism", make_mechanism, Returns::Number,
     "make_mechanism(name, template[, parameters]) -> 1\nA density mechanism of a template: its public numbers are the RANGE variables name_suffix (parameters, separated by blanks, or ASSIGNED), "
     "its procedures initial(x) and after_step(x) run at finitialize and after each step with the section accessed.\nHoc: make_mechanism(\"max\", \"Max\", \"threshold\")"},
    {"make_pointprocess", make_pointprocess, Returns::Number,
     "make_pointprocess(name, template[, parameters]) -> 1\nA point process of a template, as make_mechanism.\nHoc: make_pointprocess(\"Watch\", \"Watcher\")"},
};

}  // namespace

void register_template_mechanisms(Runtime& runtime) { runtime.scope().define_functions(functions); }

}  // namespace nrn
