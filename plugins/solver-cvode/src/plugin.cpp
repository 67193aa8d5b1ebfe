// SPDX-License-Identifier: BSD-3-Clause
// The card and contents of the plugin `cvode`.
#include "cvode_solver.hpp"
#include "nrn/api/build_tag.hpp"

namespace {

std::unique_ptr<nrn::Solver> create(nrn::Runtime&) { return std::make_unique<nrn::cvode::CvodeSolver>(); }

constexpr nrn::SolverFactory factory{"cvode", &create};

}  // namespace

NRN_CXX_PLUGIN(NRN_PLUGIN_SOLVER, "cvode", "1.0.0", "") { return &factory; }
