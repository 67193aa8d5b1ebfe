// SPDX-License-Identifier: BSD-3-Clause
// Rates of a channel built at run time, and the description of its mechanism type.
#include "classes/channel_scheme.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "model/ion.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {

// ---- rates --------------------------------------------------------------------------------------

std::size_t ChannelRate::parameter_count(int kind) {
    switch (kind) {
    case Constant: return 1;
    case Exponential:
    case Linoid:
    case Sigmoid: return 3;
    case BorgGrahamInf:
    case BorgGrahamTau: return 5;
    case Table: return 2;
    }
    return 0;
}

double ChannelRate::operator()(double v) const {
    if (!parameters) return 1;
    const auto& p = parameters->values;
    if (p.size() < parameter_count(kind)) return std::numeric_limits<double>::quiet_NaN();
    switch (kind) {
    case Constant: return p[0];
    case Exponential: return p[0] * std::exp(p[1] * (v - p[2]));
    case Linoid: {  // A x / (1 - exp(-x)); series where the quotient is 0/0
        const double x = p[1] * (v - p[2]);
        return std::fabs(x) > 1e-5 ? p[0] * x / (1 - std::exp(-x)) : p[0] * (1 + x / 2);
    }
    case Sigmoid: return p[0] / (1 + std::exp(p[1] * (v - p[2])));
    case BorgGrahamInf:
    case BorgGrahamTau: {  // K, v of half, valence, gamma, tau0 [ms]; L. Borg-Graham, in: Cellular and Molecular Neurobiology (1991)
        const double x = 1e-3 * p[2] * kFaraday / (kGasConstant * ((celsius ? *celsius : 6.3) + 273.15)) * (v - p[1]);
        if (kind == BorgGrahamInf) return 1 / (1 + std::exp(-x));
        return p[4] + 1 / (p[0] * (std::exp(p[3] * x) + std::exp((p[3] - 1) * x)));
    }
    case Table: {
        const auto last = static_cast<double>(p.size() - 1);
        const double at = (v - low) / (high - low) * last;
        if (!(at > 0)) return p.front();
        if (at >= last) return p.back();
        const auto i = static_cast<std::size_t>(at);
        return p[i] + (at - static_cast<double>(i)) * (p[i + 1] - p[i]);
    }
    }
    return std::numeric_limits<double>::quiet_NaN();
}

void ChannelTransition::rates(double v, double concentration, double& forward, double& backward) const {
    if (kind == InfTau) {
        const double inf = f[0](v), tau = f[1](v);
        forward = inf / tau;
        backward = (1 - inf) / tau;
        return;
    }
    forward = f[0](v);
    backward = f[1](v);
    if (kind == LigandOutside || kind == LigandInside) forward *= std::pow(concentration, stoichiometry);
}

// ---- structure ----------------------------------------------------------------------------------

ChannelScheme::ChannelScheme(Runtime& runtime, bool point_process, std::string given_name)
    : name(std::move(given_name)), point(point_process), runtime_(runtime) {}

std::vector<ChannelState*> ChannelScheme::states() const {
    std::vector<ChannelState*> all;
    for (const auto& gate : gates)
        for (const auto& s : gate->states) all.push_back(s.get());
    return all;
}

std::vector<ChannelTransition*> ChannelScheme::transitions() const {
    std::vector<ChannelTransition*> all;
    for (const auto& gate : gates)
        for (const auto& t : gate->transitions) all.push_back(t.get());
    return all;
}

std::vector<std::string> ChannelScheme::ligands() const {
    std::vector<std::string> all;
    for (const ChannelTransition* t : transitions())
        if (t->kind >= ChannelTransition::LigandOutside && !t->ligand.empty() && std::find(all.begin(), all.end(), t->ligand) == all.end())
            all.push_back(t->ligand);
    return all;
}

void ChannelScheme::require_no_instances(std::string_view what) const {
    if (!type_ || type_->store().size() == 0) return;
    throw Error(ErrorKind::Runtime, fmt::format("KSChan.{}: {} instances of `{}` exist, so that its states, ions and parameters cannot change", what, type_->store().size(), name))
        .hint("build the channel before it is inserted");
}

void ChannelScheme::update_defaults() {
    if (!variables_) return;
    for (nrn_variable& v : *variables_) {
        if (v.column == column.gmax) v.value = gmax;
        else if (v.column == column.e) v.value = erev;
    }
}

void ChannelScheme::rebuild(const std::shared_ptr<ChannelScheme>& self) {
    auto d = std::make_unique<ChannelDescription>();
    *static_cast<nrn_mechanism*>(d.get()) = nrn_mechanism{};
    d->scheme = self;
    d->struct_size = sizeof(nrn_mechanism);
    d->name = d->text(name);
    d->title = "made by KSChan";
    d->file = d->source_hash = d->unfit_reason = "";
    d->flags = (point ? NRN_POINT_PROCESS | NRN_NEEDS_AREA : 0) | NRN_NOT_THREAD_SAFE;
    if (single) {
        d->flags |= NRN_VARIABLE_STEP_UNFIT;
        d->unfit_reason = "its channels open and close at random within a fixed step";
    }
    column = Columns{};
    int next = 0;
    const auto variable = [&](const std::string& text, std::uint32_t kind, double value, const char* units) {
        d->variables.push_back({d->text(text), kind, NRN_VISIBLE, next, 1, 0, value, 1, 0, units, 0});
        return next++;
    };
    column.gmax = variable(iv_type == 1 ? "pmax" : "gmax", NRN_PARAMETER, gmax, iv_type == 1 ? (point ? "um3/s" : "cm/s") : point ? "uS" : "S/cm2");
    if (single) column.n_single = variable("Nsingle", NRN_PARAMETER, 1, "");
    if (ion.empty()) column.e = variable("e", NRN_PARAMETER, erev, "mV");
    column.g = variable("g", NRN_ASSIGNED, 0, iv_type == 1 ? (point ? "um3/s" : "cm/s") : point ? "uS" : "S/cm2");
    if (ion.empty() || point) column.i = variable("i", NRN_ASSIGNED, 0, point ? "nA" : "mA/cm2");
    const auto all = states();
    column.state = next;
    for (const ChannelState* s : all) variable(s->name, NRN_STATE, 0, "");
    column.derivative = next;
    next += static_cast<int>(all.size());
    if (point) {
        column.rhs = next++;
        column.slope = next++;
    }
    d->n_column = next;
    d->rhs_column = column.rhs;
    d->g_column = column.slope;
    d->variable = d->variables.data();
    d->n_variable = static_cast<std::int32_t>(d->variables.size());
    const auto use = [&](const std::string& ion_name, std::uint32_t flags) {
        for (std::size_t k = 0; k < d->uses.size(); ++k)
            if (ion_name == d->uses[k].name) {
                d->uses[k].flags |= flags;
                return static_cast<int>(k);
            }
        d->uses.push_back({d->text(ion_name), flags, std::numeric_limits<double>::quiet_NaN(), ""});
        return static_cast<int>(d->uses.size()) - 1;
    };
    if (!ion.empty()) use(ion, NRN_ION_WRITE_I | (iv_type == 1 ? NRN_ION_READ_CI | NRN_ION_READ_CO : NRN_ION_READ_E));
    for (ChannelTransition* t : transitions())
        t->ligand_use = t->kind < ChannelTransition::LigandOutside || t->ligand.empty() ? -1
                            : use(t->ligand, t->kind == ChannelTransition::LigandOutside ? NRN_ION_READ_CO : NRN_ION_READ_CI);
    d->ion = d->uses.data();
    d->n_ion = static_cast<std::int32_t>(d->uses.size());
    for (std::size_t k = 0; k < all.size(); ++k) {
        d->ode_states.push_back(column.state + static_cast<std::int32_t>(k));
        d->ode_derivatives.push_back(column.derivative + static_cast<std::int32_t>(k));
    }
    d->n_ode = static_cast<std::int32_t>(all.size());
    d->ode_state = d->ode_states.data();
    d->ode_derivative = d->ode_derivatives.data();
    set_channel_kernels(*d, *this);

    Model& model = runtime_.model();
    if (type_) model.retire_mechanism(*std::exchange(type_, nullptr));
    if (model.mechanism(name) || runtime_.scope().find(name))
        throw Error(ErrorKind::Name, fmt::format("KSChan: the name `{}` is already in use", name)).hint("choose another with name(...)");
    variables_ = &d->variables;
    type_ = &model.add_mechanism(d.release(), [](nrn_mechanism* p) { delete static_cast<ChannelDescription*>(p); }, "KSChan");
}

}  // namespace nrn
