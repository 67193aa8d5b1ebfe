// SPDX-License-Identifier: BSD-3-Clause
// A simulator of its own with the built-in mechanisms, and a plain implementation of its fixed step.
#pragma once
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "engine/simulation.hpp"
#include "events/network.hpp"
#include "model/ion.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {

struct Engine {
    Runtime runtime{RuntimeOptions{.plugin_path = {NRN_TEST_MECHANISMS}, .autoload = false, .host_program = "test"}};
    Model& model = runtime.model();
    Simulation& simulation = runtime.simulation();
    std::vector<SectionPtr> sections;
    std::vector<ObjectPtr> points;

    void set(Section& s, const char* name, double value) { range_set_all(*model.range_variable(name), s, value); }
    double get(Section& s, const char* name, double x) { return range_get(*model.range_variable(name), s, x); }
    ObjectPtr make(Section& s, double x, const std::string& cls) {
        const Value place(x);
        CallArgs args(runtime, cls, {&place, 1});
        args.explicit_section = &s;
        points.push_back(runtime.classes().get(cls).construct(args));
        return points.back();
    }
    ObjectPtr make(const std::string& cls, const std::vector<Value>& arguments) {
        CallArgs args(runtime, cls, arguments);
        points.push_back(runtime.classes().get(cls).construct(args));
        return points.back();
    }
    void set(Object& o, const std::string& name, double value) {
        const Member* member = o.cls().member(name);
        ASSERT_NE(member, nullptr) << name;
        member->set(o, {}, Value(value));
    }
    void point(Section& s, double x, const std::string& cls, std::mt19937& random) {
        std::uniform_real_distribution<> unit(0, 1);
        const ObjectPtr o = make(s, x, cls);
        if (cls == "IClamp") {
            set(*o, "delay", unit(random));
            set(*o, "dur", 1);
            set(*o, "amp", unit(random));
        } else {
            set(*o, "dur1", 2 * unit(random));
            set(*o, "amp1", -70 + 20 * unit(random));
            set(*o, "rs", 1 + 10 * unit(random));
        }
    }
    std::vector<std::pair<double, double>> potentials(Section& mine, Engine& other, Section& theirs) {
        std::vector<std::pair<double, double>> pairs;
        for (int k = -1; k <= mine.nseg(); ++k) {
            const double x = k < 0 ? 0 : k == mine.nseg() ? 1 : mine.segment_x(k);
            pairs.emplace_back(get(mine, "v", x), other.get(theirs, "v", x));
        }
        return pairs;
    }

    /// The scheme, one row after the other. Source: Hines & Carnevale, Neural Computation 9 (1997) 1179-1209.
    void plain_step() {
        Simulation& s = simulation;
        s.prepare();
        s.check_tables();
        s.network().check_thresholds(s.t);
        s.network().deliver_until(s.t + 0.5 * s.dt);
        s.t += 0.5 * s.dt;
        s.context().t = s.t;
        NodeStore& nodes = model.nodes();
        const auto n = static_cast<std::size_t>(s.layout().node_count());
        double *v = nodes.column(NodeStore::V), *rhs = nodes.column(NodeStore::Rhs), *d = nodes.column(NodeStore::D);
        const double *a = nodes.column(NodeStore::A), *b = nodes.column(NodeStore::B), *cm = nodes.column(NodeStore::Cm);
        std::fill(rhs, rhs + n, 0.0);
        std::fill(d, d + n, 0.0);
        for (MechanismType* type : s.layout().active_types())
            if (type->is_ion()) start_ion(*type);
        for_rows([](const nrn_mechanism& m) { return m.current; }, [&](MechanismType& type, std::int32_t r) {
            const auto& m = type.description();
            if (m.rhs_column < 0) return;
            const double sign = m.flags & NRN_ELECTRODE_CURRENT ? 1 : -1;
            const std::int32_t node = type.store().view().node[r];
            rhs[node] += sign * type.store().column(m.rhs_column)[r];
            d[node] -= sign * type.store().column(m.g_column)[r];
        });
        const double factor = s.secondorder != 0 ? 2 : 1;
        for (std::size_t i = 0; i < n; ++i)
            if (s.layout().has_membrane(static_cast<std::int32_t>(i))) d[i] += 0.001 * factor / s.dt * cm[i];
        solve_cells(v, rhs, d, a, b, factor);
        s.t += 0.5 * s.dt;
        s.context().t = s.t;
        for_rows([](const nrn_mechanism& m) { return m.state; }, [](MechanismType&, std::int32_t) {});
        s.network().deliver_until(s.t);
    }

  private:
    void start_ion(MechanismType& ion) {
        MechanismStore& store = ion.store();
        for (std::size_t r = 0; r < store.size(); ++r) {
            store.column(NRN_ION_I)[r] = store.column(NRN_ION_DIDV)[r] = 0;
            if (static_cast<int>(store.column(kIonStyleColumn)[r]) & AdvancePotential)
                store.column(NRN_ION_E)[r] = nernst(store.column(NRN_ION_CI)[r], store.column(NRN_ION_CO)[r], ion.valence, model.celsius);
        }
    }
    template <class Kernel, class After>
    void for_rows(Kernel kernel, After after) {
        for (MechanismType* type : simulation.layout().active_types()) {
            const nrn_kernel k = kernel(type->description());
            if (!k) continue;
            for (std::int32_t r = 0; r < simulation.layout().active_rows(*type); ++r) {
                simulation.require_ok(k(&simulation.context(), &type->store().view(), r, r + 1), *type);
                after(*type, r);
            }
        }
    }
    /// Each cell's matrix, dense, by Gaussian elimination with pivots.
    void solve_cells(double* v, double* rhs, const double* d, const double* a, const double* b, double factor) {
        const auto& parent = model.nodes().parent;
        std::vector<std::int32_t> root(parent.size());
        std::map<std::int32_t, std::vector<std::int32_t>> cells;
        for (const std::int32_t i : model.nodes().hines_order) {
            const auto u = static_cast<std::size_t>(i);
            root[u] = parent[u] < 0 ? i : root[static_cast<std::size_t>(parent[u])];
            cells[root[u]].push_back(i);
        }
        for (const auto& [unused, rows] : cells) {
            const std::size_t n = rows.size();
            std::map<std::int32_t, std::size_t> place;
            for (std::size_t k = 0; k < n; ++k) place[rows[k]] = k;
            std::vector<std::vector<long double>> m(n, std::vector<long double>(n + 1, 0));
            for (std::size_t k = 0; k < n; ++k) {
                const std::int32_t i = rows[k], p = parent[static_cast<std::size_t>(i)];
                m[k][k] += d[i];
                m[k][n] += rhs[i];
                if (p < 0) continue;
                const std::size_t q = place[p];
                m[k][q] += b[i];
                m[q][k] += a[i];
                m[k][k] -= b[i];
                m[q][q] -= a[i];
                m[k][n] -= static_cast<long double>(b[i]) * (v[p] - v[i]);
                m[q][n] += static_cast<long double>(a[i]) * (v[p] - v[i]);
            }
            for (std::size_t k = 0; k < n; ++k)
                for (std::size_t i = k + 1; i < n; ++i) {
                    const long double f = m[i][k] / m[k][k];
                    if (f == 0) continue;
                    for (std::size_t j = k; j <= n; ++j) m[i][j] -= f * m[k][j];
                }
            for (std::size_t k = n; k-- > 0;) {
                for (std::size_t j = k + 1; j < n; ++j) m[k][n] -= m[k][j] * m[j][n];
                m[k][n] /= m[k][k];
            }
            for (std::size_t k = 0; k < n; ++k) {
                rhs[rows[k]] = static_cast<double>(m[k][n]);
                v[rows[k]] += factor * rhs[rows[k]];
            }
        }
    }
};

class EngineTest : public testing::Test {};

}  // namespace nrn
