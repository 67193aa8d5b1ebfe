// SPDX-License-Identifier: BSD-3-Clause
// The operations of the custom linear solver and its matrix.
#include "tree_linear_solver.hpp"

#include <cvode/cvode.h>

#include "ode_vector.hpp"

namespace nrn::cvode {
namespace {

SUNLinearSolver_Type solver_type(SUNLinearSolver) { return SUNLINEARSOLVER_DIRECT; }
int setup(SUNLinearSolver, SUNMatrix) { return 0; }

int solve(SUNLinearSolver self, SUNMatrix, N_Vector x, N_Vector b, double) {
    auto& target = *static_cast<TreeSolverTarget*>(self->content);
    double t = 0, gamma = 0, rl1 = 0;
    N_Vector predicted = nullptr, y = nullptr, f = nullptr, zn1 = nullptr;
    void* user = nullptr;
    if (CVodeGetNonlinearSystemData(target.cvode_memory, &t, &predicted, &y, &f, &gamma, &rl1, &zn1, &user) != CV_SUCCESS) return -1;
    if (x != b) N_VScale(1, b, x);
    return target.system->solve_linearised(t, gamma, view(y), view(f), view(x)) ? 0 : 1;
}

int free_solver(SUNLinearSolver self) {
    self->content = nullptr;  // not ours
    SUNLinSolFreeEmpty(self);
    return 0;
}

SUNMatrix_ID matrix_type(SUNMatrix) { return SUNMATRIX_CUSTOM; }
SUNMatrix clone(SUNMatrix m) { return new_empty_matrix(m->sunctx); }
void destroy(SUNMatrix m) { SUNMatFreeEmpty(m); }
int zero(SUNMatrix) { return 0; }
int copy(SUNMatrix, SUNMatrix) { return 0; }

}  // namespace

SUNLinearSolver new_tree_linear_solver(TreeSolverTarget& target, SUNContext context) {
    SUNLinearSolver s = SUNLinSolNewEmpty(context);
    s->content = &target;
    s->ops->gettype = solver_type;
    s->ops->setup = setup;
    s->ops->solve = solve;
    s->ops->free = free_solver;
    return s;
}

SUNMatrix new_empty_matrix(SUNContext context) {
    SUNMatrix m = SUNMatNewEmpty(context);
    m->ops->getid = matrix_type;
    m->ops->clone = clone;
    m->ops->destroy = destroy;
    m->ops->zero = zero;
    m->ops->copy = copy;
    return m;
}

int build_nothing(double, N_Vector, N_Vector, SUNMatrix, int, int* jacobian_current, double, void*, N_Vector, N_Vector, N_Vector) {
    *jacobian_current = SUNTRUE;
    return 0;
}

}  // namespace nrn::cvode
