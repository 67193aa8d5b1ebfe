// SPDX-License-Identifier: BSD-3-Clause
// The solver contract, for the plugin `cvode`.
#include "cvode_solver.hpp"
#include "solver_contract.hpp"

struct MakeCvode {
    std::unique_ptr<nrn::Solver> operator()() const { return std::make_unique<nrn::cvode::CvodeSolver>(); }
};
namespace nrn::contract {
INSTANTIATE_TYPED_TEST_SUITE_P(Cvode, SolverContract, MakeCvode);
}
