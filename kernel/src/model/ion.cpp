// SPDX-License-Identifier: BSD-3-Clause
// Ion types, their styles and equations.
#include "model/ion.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include <fmt/format.h>

#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "nrn/abi/vector_math.h"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {
namespace {

/// Defaults of the ions that everyone knows; others start at 1 mM and 0 mV.
struct IonDefaults { double e, ci, co; };
IonDefaults defaults_of(std::string_view ion) {
    if (ion == "na") return {50, 10, 140};
    if (ion == "k") return {-77, 54.4, 2.5};
    if (ion == "ca") return {132.4579341637009, 5e-5, 2};
    return {0, 1, 1};
}

/// Texts and rows of a description that the kernel made.
struct IonDescription : nrn_mechanism {
    std::vector<std::string> texts;
    std::vector<nrn_variable> variables, global_variables;
};

}  // namespace

MechanismType& Model::ion(std::string_view ion_name, double valence) {
    const std::string type_name = std::string(ion_name) + "_ion";
    if (MechanismType* known = mechanism(type_name)) {
        if (!std::isnan(valence)) {
            if (known->valence_known && known->valence != valence)
                throw Error(ErrorKind::Value, fmt::format("ion `{}` has valence {}, not {}", ion_name, known->valence, valence));
            known->valence = valence;
            known->valence_known = true;
        }
        return *known;
    }
    auto d = std::make_unique<IonDescription>();
    const IonDefaults start = defaults_of(ion_name);
    const std::string n(ion_name);
    d->texts = {type_name, "e" + n, n + "i", n + "o", "i" + n, "di" + n + "_dv_", n + "i0", n + "o0"};
    const auto variable = [&](int text, std::uint32_t kind, int column, double value, const char* units) {
        return nrn_variable{d->texts[static_cast<std::size_t>(text)].c_str(), kind, NRN_VISIBLE, column, 1, 0, value, 1, 0, units, 0};
    };
    d->variables = {variable(1, NRN_PARAMETER, NRN_ION_E, start.e, "mV"), variable(2, NRN_PARAMETER, NRN_ION_CI, start.ci, "mM"),
                    variable(3, NRN_PARAMETER, NRN_ION_CO, start.co, "mM"), variable(4, NRN_ASSIGNED, NRN_ION_I, 0, "mA/cm2"),
                    variable(5, NRN_ASSIGNED, NRN_ION_DIDV, 0, "S/cm2")};
    d->global_variables = {variable(6, NRN_PARAMETER, 0, start.ci, "mM"), variable(7, NRN_PARAMETER, 1, start.co, "mM")};
    d->struct_size = sizeof(nrn_mechanism);
    d->name = d->texts[0].c_str();
    d->title = d->file = d->source_hash = "";
    d->variable = d->variables.data();
    d->n_variable = static_cast<int>(d->variables.size());
    d->n_column = NRN_ION_COLUMNS + 1;
    d->global = d->global_variables.data();
    d->n_global = 2;
    d->n_global_value = 2;
    d->rhs_column = d->g_column = -1;
    const nrn_mechanism& description = *d;
    own_descriptions_.push_back(OwnedDescription(d.release(), [](nrn_mechanism* p) { delete static_cast<IonDescription*>(p); }));
    mechanisms_.push_back(std::make_unique<MechanismType>(*this, description, "", static_cast<int>(mechanisms_.size())));
    MechanismType& type = *mechanisms_.back();
    mechanism_by_name_[type_name] = &type;
    type.is_ion_ = true;
    type.valence = std::isnan(valence) ? (ion_name == "ca" ? 2 : 1) : valence;
    type.valence_known = !std::isnan(valence) || ion_name == "na" || ion_name == "k" || ion_name == "ca";
    publish(type);
    return type;
}

void Model::use_ion(Section& section, MechanismType& ion, unsigned flags) {
    if (!section.find_inserted(ion)) insert(section, ion);
    const int concentration = (flags & (NRN_ION_WRITE_CI | NRN_ION_WRITE_CO)) ? 3 : (flags & (NRN_ION_READ_CI | NRN_ION_READ_CO)) ? 1 : 0;
    const int potential = (flags & NRN_ION_WRITE_E) ? 3 : (flags & NRN_ION_READ_E) ? 1 : 0;
    const int written = ((flags & NRN_ION_WRITE_CI) ? WritesInside : 0) | ((flags & NRN_ION_WRITE_CO) ? WritesOutside : 0);
    for (const RowId row : section.find_inserted(ion)->rows) {
        double& style = ion.store().at(kIonStyleColumn, row);
        style = promoted_style(static_cast<int>(style), concentration, potential) | written;
    }
}

int Model::promoted_style(int style, int concentration, int potential) noexcept {
    const int c = std::max(style & ConcentrationMask, concentration);
    int e = std::max((style & PotentialMask) >> 3, potential);
    if ((c > 0 && e > 0) || c == 3) e = 2;  // concentrations known: the potential follows from them
    int promoted = c + 8 * e + (style & (WritesInside | WritesOutside));
    if (c == 3) promoted |= InitConcentration;
    if (c > 0 && e == 2) promoted |= InitPotential;
    if (c == 3 && e == 2) promoted |= AdvancePotential;
    return promoted;
}

void Model::link_ions(MechanismType& type, RowId instance, Section& section, int segment) {
    for (std::size_t k = 0; k < type.ions().size(); ++k)
        if (const auto* ion = section.find_inserted(*type.ions()[k]))
            type.store().ion_id(k, instance) = ion->rows[static_cast<std::size_t>(segment)];
}

void Model::link_ions(Section& section) {
    for (const auto& inserted : section.inserted())
        if (!inserted.type->ions().empty())
            for (int i = 0; i < section.nseg(); ++i) link_ions(*inserted.type, inserted.rows[static_cast<std::size_t>(i)], section, i);
}

double nernst(double ci, double co, double valence, double celsius) {
    if (valence == 0) return 0;
    if (ci <= 0) return 1e6;
    if (co <= 0) return -1e6;
    return 1000 * kGasConstant * (celsius + 273.15) / (valence * kFaraday) * nrn_log(co / ci);
}

namespace {

/// Every step for every such row: the loop of nernst() without calls, for the registers of this machine (same bits).
struct FollowingRows {
    const double *style, *ci, *co;
    double* e;
    std::size_t begin, end;
    double scale;
};

[[gnu::always_inline]] inline void follow_rows(const FollowingRows& x) {
    for (std::size_t r = x.begin; r < x.end; ++r) {
        const double ci = x.ci[r], co = x.co[r];
        double potential = x.scale * nrn_log(co / ci);
        potential = co <= 0 ? -1e6 : potential;
        potential = ci <= 0 ? 1e6 : potential;
        x.e[r] = (static_cast<std::int64_t>(x.style[r]) & AdvancePotential) != 0 ? potential : x.e[r];
    }
}

using Follow = void (*)(const FollowingRows&);
void follow_baseline(const FollowingRows& x) { follow_rows(x); }
#if defined(__x86_64__)
[[gnu::target("avx2")]] void follow_avx2(const FollowingRows& x) { follow_rows(x); }
[[gnu::target("avx512f,avx512dq,avx512vl")]] void follow_avx512(const FollowingRows& x) { follow_rows(x); }
#endif

Follow best_follow() noexcept {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) return follow_avx512;
    if (__builtin_cpu_supports("avx2")) return follow_avx2;
#endif
    return follow_baseline;
}

}  // namespace

double ghk(double v, double ci, double co, double valence, double celsius) {
    const double unit = 1e-3 * valence * kFaraday / (kGasConstant * (celsius + 273.15));
    const double x = unit * v;
    // x/(exp(x)-1) and its mirror image, with the limit 1 at 0
    const auto f = [](double y) { return std::fabs(y) < 1e-4 ? 1 - y / 2 : y / (std::exp(y) - 1); };
    const double inward = co * f(x), outward = ci * f(-x);
    return 0.001 * valence * kFaraday * (outward - inward);
}

void initialize_ions(MechanismType& ion, double celsius, std::size_t begin, std::size_t end) {
    auto& store = ion.store();
    const double *style = store.column(kIonStyleColumn), ci0 = ion.globals()[0], co0 = ion.globals()[1];
    double *e = store.column(NRN_ION_E), *ci = store.column(NRN_ION_CI), *co = store.column(NRN_ION_CO);
    for (std::size_t r = begin; r < end; ++r) {
        const int bits = static_cast<int>(style[r]);
        if (bits & InitConcentration) {
            ci[r] = ci0;
            co[r] = co0;
        }
        if (bits & InitPotential) e[r] = nernst(ci[r], co[r], ion.valence, celsius);
    }
}

void initialize_potentials(MechanismType& ion, double celsius, std::size_t begin, std::size_t end) {
    auto& store = ion.store();
    const double *style = store.column(kIonStyleColumn), *ci = store.column(NRN_ION_CI), *co = store.column(NRN_ION_CO);
    double* e = store.column(NRN_ION_E);
    for (std::size_t r = begin; r < end; ++r)
        if (static_cast<int>(style[r]) & InitPotential) e[r] = nernst(ci[r], co[r], ion.valence, celsius);
}

void prepare_ion_currents(MechanismType& ion, double celsius, std::size_t begin, std::size_t end, bool potentials_follow) {
    auto& store = ion.store();
    const double* style = store.column(kIonStyleColumn);
    double *e = store.column(NRN_ION_E), *ci = store.column(NRN_ION_CI), *co = store.column(NRN_ION_CO);
    std::memset(store.column(NRN_ION_I) + begin, 0, (end - begin) * sizeof(double));
    std::memset(store.column(NRN_ION_DIDV) + begin, 0, (end - begin) * sizeof(double));
    if (!potentials_follow) return;
    if (ion.valence == 0) {
        for (std::size_t r = begin; r < end; ++r)
            if (static_cast<int>(style[r]) & AdvancePotential) e[r] = 0;
        return;
    }
    static const auto follow = best_follow();
    follow({style, ci, co, e, begin, end, 1000 * kGasConstant * (celsius + 273.15) / (ion.valence * kFaraday)});
}

}  // namespace nrn
