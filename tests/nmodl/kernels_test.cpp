// SPDX-License-Identifier: BSD-3-Clause
// Kernels on registers of instances against the plain scalar ones of the same mechanisms (a pack compiled with
// --plain), on random voltages, states, parameters and concentrations; and their independence of how rows are cut.
//     kernels_test PLAIN.so VECTORS.so
#include <dlfcn.h>

#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "nrn/abi/mechanism.h"

namespace {

constexpr int kRows = 61;

nrn_status fail(nrn_context*, nrn_mech_view*, std::int32_t, const char* format, ...) {
    std::va_list list;
    va_start(list, format);
    std::vfprintf(stderr, format, list);
    va_end(list);
    return NRN_FAILED;
}

using Columns = std::vector<std::vector<double>>;

/// Everything a kernel may read or write.
struct World {
    Columns node, column;
    std::vector<Columns> ion;
    std::vector<double> global, table;
    std::vector<std::int32_t> node_row, ion_row;
};

class Instances {
  public:
    Instances(const nrn_mechanism& m, World world, double dt, double celsius) : mechanism_(m), w(std::move(world)) {
        w.column.resize(static_cast<std::size_t>(m.n_column), std::vector<double>(kRows));  // hidden columns are each pack's own
        w.table.assign(static_cast<std::size_t>(m.n_table_value) + 1, 0);
        host_.struct_size = sizeof host_;
        host_.fail = fail;
        context_.host = &host_;
        context_.dt = dt;
        context_.celsius = celsius;
        context_.node = {static_cast<std::int32_t>(w.node[0].size()), w.node[0].data(), w.node[1].data(), w.node[2].data(), w.node[3].data(), w.node[4].data()};
        for (auto& c : w.column) columns_.push_back(c.data());
        ion_columns_.resize(w.ion.size());
        for (std::size_t i = 0; i < w.ion.size(); ++i) {
            for (auto& c : w.ion[i]) ion_columns_[i].push_back(c.data());
            ions_.push_back({ion_columns_[i].data(), w.ion_row.data(), 2});
        }
        view_ = {&m, nullptr, kRows, columns_.data(), w.node_row.data(), ions_.data(), nullptr, w.global.data(), w.table.data()};
    }
    void tables() {
        if (mechanism_.check_tables) mechanism_.check_tables(&context_, &view_);
    }
    /// Runs a kernel over all rows, cut at the given places.
    void run(nrn_kernel kernel, const std::vector<std::int32_t>& cuts) {
        std::int32_t begin = 0;
        for (const std::int32_t end : cuts) {
            ASSERT_EQ(kernel(&context_, &view_, begin, end), NRN_OK);
            begin = end;
        }
    }

  private:
    const nrn_mechanism& mechanism_;
    nrn_host host_{};
    nrn_context context_{};
    nrn_mech_view view_{};
    std::vector<double*> columns_;
    std::vector<std::vector<double*>> ion_columns_;
    std::vector<nrn_ion_view> ions_;

  public:
    World w;
};

std::map<std::string, const nrn_mechanism*> load(const char* file) {
    void* library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    void* entry = library ? dlsym(library, "nrn_plugin_contents_v1") : nullptr;
    if (!entry) {
        std::fprintf(stderr, "error: %s\n", dlerror());
        std::exit(1);
    }
    const auto* pack = static_cast<const nrn_mechanism_pack*>(reinterpret_cast<const void* (*)()>(entry)());
    std::map<std::string, const nrn_mechanism*> list;
    for (int i = 0; pack && i < pack->n_mechanism; ++i) list[pack->mechanism[i]->name] = pack->mechanism[i];
    return list;
}

std::map<std::string, const nrn_mechanism*> plain, vectors;

class Kernels : public testing::TestWithParam<std::string> {
  protected:
    double between(double low, double high) { return std::uniform_real_distribution<>(low, high)(engine_); }
    void fill(std::vector<double>& x, double low, double high) {
        for (double& e : x) e = between(low, high);
    }

    World world(const nrn_mechanism& m) {
        World w;
        const std::size_t nodes = 2 * kRows;
        w.node.assign(5, std::vector<double>(nodes));
        fill(w.node[0], -100, 50);
        fill(w.node[3], 50, 500);
        fill(w.node[4], 0.5, 3);
        // Places contiguous, with gaps, and for point processes shared.
        const bool point = m.flags & NRN_POINT_PROCESS;
        const int step = std::uniform_int_distribution<>(0, 2)(engine_);
        std::int32_t row = std::uniform_int_distribution<>(0, 3)(engine_);
        for (int i = 0; i < kRows; ++i) {
            w.node_row.push_back(row);
            w.ion_row.push_back(row);
            const int gap = step == 0 ? 1 : std::uniform_int_distribution<>(point ? 0 : 1, 8)(engine_) / 8 + (point && step == 2 ? 0 : 1);
            row = std::min<std::int32_t>(row + gap, static_cast<std::int32_t>(nodes) - 1 - (point ? 0 : kRows - 1 - i));
            if (!point && row <= w.node_row.back()) row = w.node_row.back() + 1;
        }
        for (int i = 0; i < m.n_ion; ++i) {
            w.ion.emplace_back(NRN_ION_COLUMNS, std::vector<double>(nodes));
            fill(w.ion.back()[NRN_ION_E], -90, 60);
            fill(w.ion.back()[NRN_ION_CI], 1e-5, 1e-3);
            fill(w.ion.back()[NRN_ION_CO], 1, 3);
            fill(w.ion.back()[NRN_ION_I], -1e-3, 1e-3);
        }
        w.column.assign(static_cast<std::size_t>(m.n_column), std::vector<double>(kRows));
        for (int i = 0; i < m.n_variable; ++i)
            for (int k = 0; k < m.variable[i].length && m.variable[i].kind <= NRN_STATE; ++k) {
                auto& c = w.column[static_cast<std::size_t>(m.variable[i].column + k)];
                if (m.variable[i].kind == NRN_STATE) fill(c, 0, 1);
                else for (double& x : c) x = m.variable[i].value * between(0.5, 1.5);
            }
        w.global.assign(static_cast<std::size_t>(m.n_global_value) + 1, 0);
        for (int i = 0; i < m.n_global; ++i) w.global[static_cast<std::size_t>(m.global[i].column)] = m.global[i].value;
        return w;
    }

    static void compare(const nrn_mechanism& m, const char* kernel, const World& a, const World& b, double tolerance) {
        const auto close = [&](double x, double y, double more) { return tolerance == 0 ? x == y || (std::isnan(x) && std::isnan(y)) : std::fabs(x - y) <= more * tolerance * (1e-3 + std::fabs(x)); };
        // Slopes of nonlinear currents are differences over 0.001 mV, which magnify roundings.
        constexpr double slope = 1000;
        const auto column = [&](const std::vector<double>& x, const std::vector<double>& y, const std::string& what, double more = 1) {
            for (std::size_t i = 0; i < x.size(); ++i)
                if (!close(x[i], y[i], more)) {
                    ADD_FAILURE() << m.name << " " << kernel << ": " << what << "[" << i << "] " << testing::PrintToString(x[i]) << " and " << testing::PrintToString(y[i]) << ", apart by " << x[i] - y[i];
                    return;
                }
        };
        for (int k = 0; k < m.n_ode; ++k) column(a.column[static_cast<std::size_t>(m.ode_derivative[k])], b.column[static_cast<std::size_t>(m.ode_derivative[k])], "derivative");
        if (std::string(kernel) == "ode_solve") return;  // what it leaves in variables besides is nobody's business
        column(a.node[1], b.node[1], "rhs");
        column(a.node[2], b.node[2], "d", slope);
        for (std::size_t i = 0; i < a.ion.size(); ++i)
            for (std::size_t c = 0; c < a.ion[i].size(); ++c) column(a.ion[i][c], b.ion[i][c], "ion column " + std::to_string(c), c == NRN_ION_DIDV ? slope : 1);
        for (int i = 0; i < m.n_variable; ++i)
            for (int k = 0; k < m.variable[i].length && m.variable[i].flags & NRN_VISIBLE && m.variable[i].kind <= NRN_STATE; ++k)
                column(a.column[static_cast<std::size_t>(m.variable[i].column + k)], b.column[static_cast<std::size_t>(m.variable[i].column + k)], m.variable[i].name);
        for (const int c : {m.rhs_column, m.g_column})
            if (c >= 0) column(a.column[static_cast<std::size_t>(c)], b.column[static_cast<std::size_t>(c)], "column of the current", c == m.g_column ? slope : 1);
        column(a.global, b.global, "global");
    }

    struct Named { const char* name; nrn_kernel nrn_mechanism::*kernel; };
    static constexpr Named kKernels[] = {{"initial", &nrn_mechanism::initial}, {"current", &nrn_mechanism::current}, {"state", &nrn_mechanism::state}, {"ode_rhs", &nrn_mechanism::ode_rhs}, {"ode_solve", &nrn_mechanism::ode_solve}};
    std::mt19937_64 engine_{11};
};

TEST_P(Kernels, AgreeWithThePlainOnes) {
    const nrn_mechanism &a = *plain.at(GetParam()), &b = *vectors.at(GetParam());
    ASSERT_EQ(a.n_column, b.n_column);
    for (int round = 0; round < 40; ++round) {
        const World start = world(a);
        const double dt = between(0.01, 0.1), celsius = between(6, 37);
        for (const Named& k : kKernels) {
            if (!(a.*k.kernel)) continue;
            Instances x(a, start, dt, celsius), y(b, start, dt, celsius);
            for (Instances* i : {&x, &y}) {
                i->tables();
                if (round % 2 && i->w.global.size() > 1)
                    for (int g = 0; g < a.n_global; ++g)
                        if (std::string(a.global[g].name) == "usetable") i->w.global[static_cast<std::size_t>(a.global[g].column)] = 0;
            }
            x.run(a.*k.kernel, {kRows});
            y.run(b.*k.kernel, {kRows});
            // The plain ode_solve takes differences for its Jacobian.
            compare(a, k.name, x.w, y.w, std::string(k.name) == "ode_solve" ? 1e-5 : 1e-12);
        }
    }
}

TEST_P(Kernels, DoNotDependOnHowRowsAreCut) {
    const nrn_mechanism& m = *vectors.at(GetParam());
    for (int round = 0; round < 40; ++round) {
        const World start = world(m);
        std::vector<std::int32_t> cuts;
        for (std::int32_t at = 0; at < kRows; cuts.push_back(at)) at = std::min(kRows, at + std::uniform_int_distribution<std::int32_t>(1, 20)(engine_));
        for (const Named& k : kKernels) {
            if (!(m.*k.kernel)) continue;
            Instances x(m, start, 0.025, 30), y(m, start, 0.025, 30);
            for (Instances* i : {&x, &y}) i->tables();
            x.run(m.*k.kernel, {kRows});
            y.run(m.*k.kernel, cuts);
            compare(m, k.name, x.w, y.w, 0);
        }
    }
}

std::vector<std::string> names() {
    std::vector<std::string> list;
    for (const auto& [name, m] : vectors)
        if (!(m->flags & (NRN_ARTIFICIAL_CELL | NRN_NO_SUFFIX)) && m->n_pointer == 0) list.push_back(name);
    return list;
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(Mechanisms, Kernels, testing::ValuesIn(names()), [](const auto& info) { return info.param; });

int main(int argc, char** argv) {
    if (argc < 3) return 2;
    plain = load(argv[1]);
    vectors = load(argv[2]);
    if (vectors.empty() || plain.size() != vectors.size()) {
        std::fprintf(stderr, "error: the packs hold no mechanisms, or not the same\n");
        return 1;
    }
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
