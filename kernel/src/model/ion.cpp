// SPDX-License-Identifier: BSD-3-Clause
// Ion types, their styles and equations.
#include "model/ion.hpp"

#include <algorithm>
#include <bit>
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
    if (c > 0 && e != 3) e = 2;  // concentrations known: the potential follows from them, unless a mechanism writes it
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

/// Every step for every such row, for the registers of this machine: the same bits on each, so without fused operations.
struct FollowingRows {
    const double *style, *ci, *co;
    double* e;
    std::size_t begin, end;
    double scale;
};

/// log(a / b) of positive normal numbers, by one division: with the mantissas m within a factor of sqrt(2) of each other,
/// 2 artanh((m_a - m_b) / (m_a + m_b)), and what their exponents differ by. Within 3 units (tests/unit/model/ion_test.cpp).
[[gnu::always_inline]] inline double log_ratio(double a, double b) {
    constexpr std::uint64_t kMantissa = (1ULL << 52) - 1, kOne = 0x3ff0000000000000ULL;
    const auto bits_a = std::bit_cast<std::uint64_t>(a), bits_b = std::bit_cast<std::uint64_t>(b);
    const double mb = std::bit_cast<double>((bits_b & kMantissa) | kOne);
    double ma = std::bit_cast<double>((bits_a & kMantissa) | kOne);
    // A difference of exponents as a double, by bits: converting integers has no instruction before AVX-512.
    double e = std::bit_cast<double>((bits_a >> 52) + 0x4338000000000000ULL - (bits_b >> 52)) - 0x1.8p52;
    const double half = ma > mb * 0x1.6a09e667f3bcdp+0 ? 0.5 : 1.0, twice = ma < mb * 0x1.6a09e667f3bcdp-1 ? 2.0 : 1.0;
    ma = (ma * half) * twice;
    e = (e + (2.0 - 2.0 * half)) - (twice - 1.0);
    const double s = (ma - mb) / (ma + mb), z = s * s, z2 = z * z;
    const double p01 = 0x1.5555555555555p-1 + z * 0x1.9999999999a39p-2, p23 = 0x1.2492492476a1ap-2 + z * 0x1.c71c7201a55d7p-3;
    const double p45 = 0x1.745cf8e4bba1bp-3 + z * 0x1.3b1c3c1c81c8fp-3, p67 = 0x1.0fbde0f4ad17bp-3 + z * 0x1.0c0aff044a970p-3;
    const double p = (p01 + z2 * p23) + (z2 * z2) * (p45 + z2 * p67);
    return e * 0x1.62e42fefa3800p-1 + ((s + s) + (e * 0x1.ef35793c76730p-45 + s * z * p));
}

[[gnu::always_inline]] inline void follow_rows(const FollowingRows& x) {
    constexpr std::uint64_t kLeast = 1ULL << 52, kSpan = 0x7fe0000000000000ULL;  // bits of positive normal numbers
    std::uint64_t unusual = 0;
    for (std::size_t r = x.begin; r < x.end; ++r) {
        const double ci = x.ci[r], co = x.co[r];
        unusual |= std::bit_cast<std::uint64_t>(ci) - kLeast >= kSpan ? 1 : 0;
        unusual |= std::bit_cast<std::uint64_t>(co) - kLeast >= kSpan ? 1 : 0;
        const double potential = x.scale * log_ratio(co, ci);
        x.e[r] = (static_cast<std::int64_t>(x.style[r]) & AdvancePotential) != 0 ? potential : x.e[r];
    }
    if (unusual == 0) return;
    for (std::size_t r = x.begin; r < x.end; ++r) {
        const double ci = x.ci[r], co = x.co[r];
        const bool plain = ci >= 0x1p-1022 && co >= 0x1p-1022 && std::isfinite(ci) && std::isfinite(co);
        if (!plain && (static_cast<std::int64_t>(x.style[r]) & AdvancePotential) != 0) x.e[r] = ci <= 0 ? 1e6 : co <= 0 ? -1e6 : x.scale * nrn_log(co / ci);
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
