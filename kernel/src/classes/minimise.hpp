// SPDX-License-Identifier: BSD-3-Clause
// Minimisation of functions of several variables without derivatives.
#pragma once
#include <functional>
#include <vector>

namespace nrn {

using Objective = std::function<double(const std::vector<double>&)>;

/// Downhill simplex (J. A. Nelder, R. Mead, Computer J. 7 (1965) 308-313), restarted until that helps no more.
/// `x` begins as the guess and ends as the minimum; returns the value there.
double minimise_simplex(const Objective& f, std::vector<double>& x, int most_evaluations);

struct PrincipalAxisOptions {
    double tolerance = 1e-5;
    double greatest_step = 1;
    int most_evaluations = 100000;
    std::function<bool(double best, const std::vector<double>& x)> after_cycle;  // true: stop
};
/// Direction set method with line searches, the directions replaced by the principal axes of progress
/// (M. J. D. Powell, Computer J. 7 (1964) 155-162; R. P. Brent, "Algorithms for minimization without derivatives", 1973).
double minimise_principal_axis(const Objective& f, std::vector<double>& x, const PrincipalAxisOptions& options);

}  // namespace nrn
