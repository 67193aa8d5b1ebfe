// SPDX-License-Identifier: BSD-3-Clause
// A SUNLinearSolver that leaves (1 - gamma J) x = b to OdeSystem::solve_linearised, and the empty matrix that
// CVODE wants beside it. Nothing is set up or stored: the system always uses the present gamma and state.
#pragma once
#include <sundials/sundials_linearsolver.h>
#include <sundials/sundials_matrix.h>

#include "nrn/api/solver.hpp"

namespace nrn::cvode {

/// What the solver needs at each call; outlives it.
struct TreeSolverTarget {
    OdeSystem* system;
    void* cvode_memory;
};

[[nodiscard]] SUNLinearSolver new_tree_linear_solver(TreeSolverTarget& target, SUNContext context);
[[nodiscard]] SUNMatrix new_empty_matrix(SUNContext context);
/// CVODE's hook for building the matrix: there is none to build.
int build_nothing(double t, N_Vector y, N_Vector fy, SUNMatrix m, int jacobian_ok, int* jacobian_current, double gamma,
                  void* user, N_Vector, N_Vector, N_Vector);

}  // namespace nrn::cvode
