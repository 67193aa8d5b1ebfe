// SPDX-License-Identifier: BSD-3-Clause
// batch_save and batch_run: a run that writes chosen variables to a text file at regular times.
#include <cstdio>
#include <fstream>
#include <vector>

#include <fmt/format.h>

#include "classes/register_classes.hpp"
#include "engine/simulation.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/ref.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {
namespace {

struct BatchVariables {
    explicit BatchVariables(Runtime&) {}
    std::vector<RefPtr> saved;
};

Value batch_save(CallArgs& a) {
    auto& saved = a.runtime().service<BatchVariables>().saved;
    if (a.count() == 0) saved.clear();
    std::vector<RefPtr> added;
    for (std::size_t i = 0; i < a.count(); ++i) added.emplace_back(&a.ref(i));
    saved.insert(saved.end(), added.begin(), added.end());
    return 1.0;
}

Value batch_run(CallArgs& a) {
    a.expect_count(2, 4);
    const double t_stop = a.number(0), t_step = a.number(1);
    if (!(t_step > 0)) throw Error(ErrorKind::Range, fmt::format("batch_run: the step must be > 0 ms, not {:g}", t_step));
    const std::string path = a.has(2) ? a.string(2) : std::string();
    std::ofstream out;
    if (!path.empty()) out.open(path);  // without a file it is a run
    if (!out) throw Error(ErrorKind::Io, fmt::format("batch_run: `{}` cannot be written", path));
    Simulation& s = a.runtime().simulation();
    const auto& saved = a.runtime().service<BatchVariables>().saved;
    out << (a.has(3) ? a.string(3) : "") << '\n';  // without a comment its line is empty, as in the reference
    out << fmt::format("batch_run from t = {:g} to {:g} in steps of {:g} with dt = {:g}\n", s.t, t_stop, t_step, s.dt);
    const auto row = [&] {
        for (const RefPtr& variable : saved) out << fmt::format(" {:g}", *variable->data());
        out << '\n';
    };
    row();
    const double start = s.t;
    // Half a step short: the sum of many dt need not hit a time exactly.
    for (long i = 1; s.t < (s.variable_step ? t_stop : t_stop - 0.5 * s.dt); ++i) {
        const double before = s.t;
        s.advance_to(start + static_cast<double>(i) * t_step);
        s.require_finite();
        if (!(s.t > before)) throw Error(ErrorKind::Runtime, fmt::format("batch_run does not advance: t stays at {:g} ms", s.t)).hint("is dt > 0?");
        row();
    }
    if (!path.empty()) out.close();
    if (!path.empty() && !out) throw Error(ErrorKind::Io, fmt::format("batch_run: writing `{}` failed", path));
    return 1.0;
}

constexpr Function functions[] = {
    {"batch_save", batch_save, Returns::Number,
     "batch_save(), batch_save(ref, ...): begins a new list of variables for batch_run, or adds to it\n"
     "Python: h.batch_save(); h.batch_save(h._ref_t, soma(0.5)._ref_v)\nHoc: batch_save()  batch_save(&t, &soma.v(0.5))"},
    {"batch_run", batch_run, Returns::Number,
     "batch_run(tstop [ms], tstep [ms], [file name[, comment]]): runs to tstop and writes the variables of batch_save every tstep\n"
     "Python: h.batch_run(100, 0.1, 'run.dat', 'a run')\nHoc: batch_run(100, 0.1, \"run.dat\", \"a run\")"},
};

}  // namespace

void register_batch_functions(Runtime& runtime) { runtime.scope().define_functions(functions); }

}  // namespace nrn
