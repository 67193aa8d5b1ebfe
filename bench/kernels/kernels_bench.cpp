// SPDX-License-Identifier: BSD-3-Clause
// Time of each kernel of a mechanism pack per instance, on rows that fit the cache:
//     bench_kernels PACK.so [--benchmark_filter=state] ...
// Rows are contiguous in nodes and ions, voltages spread between -90 and 40 mV, states and parameters have their
// defaults. The items per second are instances.
#include <dlfcn.h>

#include <array>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "nrn/abi/mechanism.h"

namespace {

constexpr int kRows = 1024;

nrn_status fail(nrn_context*, nrn_mech_view*, std::int32_t, const char* format, ...) {
    std::va_list list;
    va_start(list, format);
    std::vfprintf(stderr, format, list);
    va_end(list);
    return NRN_FAILED;
}

struct Column {
    Column() : data(static_cast<double*>(std::aligned_alloc(64, kRows * sizeof(double)))) { fill(0); }
    void fill(double x) const { std::fill(data, data + kRows, x); }
    double* data;
};

/// One mechanism on as many nodes as it has rows.
class Instances {
  public:
    explicit Instances(const nrn_mechanism& m) : mechanism_(m), columns_(static_cast<std::size_t>(m.n_column)), ions_(static_cast<std::size_t>(m.n_ion)) {
        host_.struct_size = sizeof host_;
        host_.fail = fail;
        context_.host = &host_;
        context_.dt = 0.025;
        context_.celsius = 30;
        context_.node = {kRows, nodes_[0].data, nodes_[1].data, nodes_[2].data, nodes_[3].data, nodes_[4].data};
        nodes_[3].fill(100);
        nodes_[4].fill(1);
        for (int i = 0; i < kRows; ++i) {
            rows_.push_back(i);
            nodes_[0].data[i] = -90 + 130 * std::fmod(i * 0.618034, 1.0);
        }
        for (auto& c : columns_) pointers_.push_back(c.data);
        for (int i = 0; i < m.n_variable; ++i)
            for (int k = 0; k < m.variable[i].length; ++k)
                if (m.variable[i].kind <= NRN_STATE) columns_[static_cast<std::size_t>(m.variable[i].column + k)].fill(m.variable[i].value);
        for (int i = 0; i < m.n_ion; ++i) {
            const double start[NRN_ION_COLUMNS] = {-50, 1e-3, 2, 0, 0};
            auto& ion = ions_[static_cast<std::size_t>(i)];
            for (std::size_t c = 0; c < NRN_ION_COLUMNS; ++c) {
                ion.column[c].fill(start[c]);
                ion.pointer[c] = ion.column[c].data;
            }
            views_.push_back({ion.pointer.data(), rows_.data(), 1});
        }
        globals_.resize(static_cast<std::size_t>(m.n_global_value) + 1);
        for (int i = 0; i < m.n_global; ++i) globals_[static_cast<std::size_t>(m.global[i].column)] = m.global[i].value;
        tables_.resize(static_cast<std::size_t>(m.n_table_value) + 1);
        view_ = {&m, nullptr, kRows, pointers_.data(), rows_.data(), views_.data(), nullptr, globals_.data(), tables_.data()};
        if (m.check_tables) m.check_tables(&context_, &view_);
        if (m.initial) m.initial(&context_, &view_, 0, kRows);
    }
    nrn_status run(nrn_kernel kernel) { return kernel(&context_, &view_, 0, kRows); }

  private:
    struct Ion {
        std::array<Column, NRN_ION_COLUMNS> column;
        std::array<double*, NRN_ION_COLUMNS> pointer;
    };
    const nrn_mechanism& mechanism_;
    nrn_host host_{};
    nrn_context context_{};
    nrn_mech_view view_{};
    std::array<Column, 5> nodes_;
    std::vector<Column> columns_;
    std::vector<double*> pointers_;
    std::vector<Ion> ions_;
    std::vector<nrn_ion_view> views_;
    std::vector<std::int32_t> rows_;
    std::vector<double> globals_, tables_;
};

void time_kernel(benchmark::State& state, const nrn_mechanism* m, nrn_kernel kernel) {
    Instances instances(*m);
    for (auto _ : state)
        if (instances.run(kernel) != NRN_OK) return state.SkipWithError("the kernel failed");
    state.SetItemsProcessed(state.iterations() * kRows);
    state.counters["ns_per_row"] = benchmark::Counter(static_cast<double>(state.iterations()) * kRows * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: bench_kernels PACK.so [options of Google Benchmark]\n");
        return 2;
    }
    void* library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    void* entry = library ? dlsym(library, "nrn_plugin_contents_v1") : nullptr;
    if (!entry) {
        std::fprintf(stderr, "error: %s\n", dlerror());
        return 1;
    }
    const auto* pack = static_cast<const nrn_mechanism_pack*>(reinterpret_cast<const void* (*)()>(entry)());
    for (int i = 0; i < pack->n_mechanism; ++i) {
        const nrn_mechanism* m = pack->mechanism[i];
        if (m->flags & (NRN_ARTIFICIAL_CELL | NRN_NO_SUFFIX) || m->n_pointer > 0) continue;
        const std::pair<const char*, nrn_kernel> kernels[] = {{"current", m->current}, {"state", m->state}, {"ode_rhs", m->ode_rhs}, {"ode_solve", m->ode_solve}};
        for (const auto& [name, kernel] : kernels)
            if (kernel) benchmark::RegisterBenchmark((std::string(m->name) + "/" + name).c_str(), time_kernel, m, kernel);
    }
    --argc;
    ++argv;
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
}
