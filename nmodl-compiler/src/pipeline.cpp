// SPDX-License-Identifier: BSD-3-Clause
// The list.
#include "pipeline.hpp"

#include "passes/check_rules.hpp"
#include "passes/check_units.hpp"
#include "passes/check_verbatim.hpp"
#include "passes/choose_methods.hpp"
#include "passes/drop_idle_text.hpp"
#include "passes/fold_constants.hpp"
#include "passes/keep_lags.hpp"
#include "passes/keep_voltage.hpp"
#include "passes/resolve.hpp"
#include "passes/split_currents.hpp"
#include "passes/widen_arrays.hpp"

namespace nrn::nmodl {

std::span<const Pass> passes() {
    static constexpr Pass list[]{
        {"idle", "C text that does nothing is left out", drop_idle_text, Pass::When::Always},
        {"arrays", "arrays used one element past their end get that element", widen_arrays, Pass::When::Always},
        {"lags", "what LAG statements have seen is forgotten when a run begins", keep_lags, Pass::When::Always},
        {"resolve", "what every name is and where its value lives", [](Mechanism& m, Diagnostics& d) { m = resolve(std::move(m.program), d); }, Pass::When::Always},
        {"rules", "what may stand where", check_rules, Pass::When::Always},
        {"verbatim", "C text that cannot work is refused by name", check_verbatim, Pass::When::Always},
        {"methods", "every SOLVE gets the method that solves its block", choose_methods, Pass::When::Always},
        {"units", "both sides of every statement are of the same units", check_units, Pass::When::IfAsked},
        {"voltage", "the voltage that blocks saw last is kept for functions called from Hoc", keep_voltage, Pass::When::IfGood},
        {"constants", "constants are put in place and their arithmetic is done", fold_constants, Pass::When::IfGood},
        {"currents", "conductances of currents that are linear in v", split_currents, Pass::When::IfGood},
    };
    return list;
}

}  // namespace nrn::nmodl
