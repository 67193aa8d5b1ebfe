// SPDX-License-Identifier: BSD-3-Clause
// Simplex and direction set minimisation.
#include "classes/minimise.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace nrn {
namespace {

using Point = std::vector<double>;

double worth(double y) { return std::isnan(y) ? INFINITY : y; }

/// One descent of the simplex. Returns the number of evaluations spent.
int descend(const Objective& f, Point& best, double& best_value, int budget) {
    const std::size_t n = best.size();
    std::vector<Point> corners(n + 1, best);
    std::vector<double> value(n + 1);
    value[0] = best_value;
    int spent = 0;
    const auto at = [&](const Point& p) {
        ++spent;
        return worth(f(p));
    };
    for (std::size_t i = 0; i < n; ++i) {
        corners[i + 1][i] += best[i] != 0 ? 0.1 * best[i] : 0.1;
        value[i + 1] = at(corners[i + 1]);
    }
    std::vector<std::size_t> order(n + 1);
    while (spent < budget) {
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return value[a] < value[b]; });
        const std::size_t low = order.front(), high = order.back(), second = order[n > 0 ? n - 1 : 0];
        if (value[high] - value[low] <= 1e-15 * (std::fabs(value[high]) + std::fabs(value[low])) + 1e-300) break;
        Point centre(n);
        for (std::size_t c = 0; c <= n; ++c)
            if (c != high)
                for (std::size_t i = 0; i < n; ++i) centre[i] += corners[c][i] / static_cast<double>(n);
        const auto along = [&](double s) {
            Point p(n);
            for (std::size_t i = 0; i < n; ++i) p[i] = centre[i] + s * (corners[high][i] - centre[i]);
            return p;
        };
        Point p = along(-1);
        double y = at(p);
        if (y < value[low]) {
            Point further = along(-2);
            const double y2 = at(further);
            if (y2 < y) p = std::move(further), y = y2;
        } else if (y >= value[second]) {
            Point nearer = along(y < value[high] ? -0.5 : 0.5);
            const double y2 = at(nearer);
            if (y2 < std::min(y, value[high])) {
                p = std::move(nearer), y = y2;
            } else {
                for (std::size_t c = 0; c <= n; ++c) {
                    if (c == low) continue;
                    for (std::size_t i = 0; i < n; ++i) corners[c][i] = (corners[c][i] + corners[low][i]) / 2;
                    value[c] = at(corners[c]);
                }
                continue;
            }
        }
        corners[high] = std::move(p);
        value[high] = y;
    }
    const auto lowest = static_cast<std::size_t>(std::min_element(value.begin(), value.end()) - value.begin());
    best = corners[lowest];
    best_value = value[lowest];
    return spent;
}

/// Minimum of g along a line near 0: bracketing by golden steps, then Brent's parabolas. Returns the step.
double line_minimum(const std::function<double(double)>& g, double g0, double first_step, double greatest, double tolerance, double& value) {
    constexpr double kGolden = 1.618033988749895;
    double a = 0, ga = g0, b = first_step, gb = worth(g(b));
    if (gb > ga) std::swap(a, b), std::swap(ga, gb);
    double c = b + kGolden * (b - a), gc = worth(g(c));
    for (int k = 0; gc < gb && k < 60 && std::fabs(c) < greatest; ++k) {
        a = b, b = c, gb = gc;
        c = b + kGolden * (b - a);
        gc = worth(g(c));
    }
    if (gc < gb) {  // the limit was reached while still falling
        value = gc;
        return c;
    }
    double low = std::min(a, c), high = std::max(a, c), x = b, gx = gb, w = b, gw = gb, v = b, gv = gb, step = 0, before = 0;
    for (int k = 0; k < 60; ++k) {
        const double middle = (low + high) / 2, near = tolerance * std::fabs(x) + 1e-14;
        if (std::fabs(x - middle) <= 2 * near - (high - low) / 2) break;
        double p = 0, q = 0;
        if (std::fabs(before) > near) {
            const double r = (x - w) * (gx - gv), s = (x - v) * (gx - gw);
            p = (x - v) * s - (x - w) * r;
            q = 2 * (s - r);
            if (q > 0) p = -p;
            q = std::fabs(q);
        }
        const double last = before;
        before = step;
        if (q != 0 && std::fabs(p) < std::fabs(0.5 * q * last) && p > q * (low - x) && p < q * (high - x)) {
            step = p / q;
        } else {
            before = x < middle ? high - x : low - x;
            step = (2 - kGolden) * before;
        }
        const double u = std::fabs(step) >= near ? x + step : x + std::copysign(near, step);
        const double gu = worth(g(u));
        if (gu <= gx) {
            (u < x ? high : low) = x;
            v = w, gv = gw, w = x, gw = gx, x = u, gx = gu;
        } else {
            (u < x ? low : high) = u;
            if (gu <= gw || w == x) v = w, gv = gw, w = u, gw = gu;
            else if (gu <= gv || v == x || v == w) v = u, gv = gu;
        }
    }
    value = gx;
    return x;
}

}  // namespace

double minimise_simplex(const Objective& f, std::vector<double>& x, int most_evaluations) {
    double value = worth(f(x));
    if (x.empty()) return value;
    for (int spent = 0; spent < most_evaluations;) {
        const double before = value;
        spent += descend(f, x, value, most_evaluations - spent);
        if (!(before - value > 1e-9 * std::fabs(before))) break;
    }
    return value;
}

double minimise_principal_axis(const Objective& f, std::vector<double>& x, const PrincipalAxisOptions& options) {
    const std::size_t n = x.size();
    int spent = 1;
    double value = worth(f(x));
    std::vector<Point> directions(n, Point(n));
    for (std::size_t i = 0; i < n; ++i) directions[i][i] = 1;
    std::vector<double> scale(n, options.greatest_step / 10);
    const auto search = [&](const Point& direction, double& step) {
        const auto along = [&](double s) {
            Point p(x);
            for (std::size_t i = 0; i < n; ++i) p[i] += s * direction[i];
            ++spent;
            return f(p);
        };
        double lowest = value;
        const double s = line_minimum(along, value, step != 0 ? step : options.tolerance, 100 * options.greatest_step, 1e-7, lowest);
        if (lowest < value) {
            for (std::size_t i = 0; i < n; ++i) x[i] += s * direction[i];
            value = lowest;
            step = std::clamp(std::fabs(s), options.tolerance, options.greatest_step);
        } else {
            step = std::max(step / 4, options.tolerance * 1e-2);
        }
    };
    int quiet = 0;
    while (spent < options.most_evaluations && quiet < 2) {
        const Point start(x);
        const double before = value;
        double most = -1;
        std::size_t best = 0;
        for (std::size_t k = 0; k < n; ++k) {
            const double here = value;
            search(directions[k], scale[k]);
            if (here - value > most) most = here - value, best = k;
        }
        // The way made by the whole cycle becomes a direction in place of the one that gained most.
        Point way(n);
        double length = 0;
        for (std::size_t i = 0; i < n; ++i) way[i] = x[i] - start[i], length += way[i] * way[i];
        length = std::sqrt(length);
        if (n > 1 && length > 0) {
            for (double& w : way) w /= length;
            double step = length;
            search(way, step);
            directions[best] = directions.back();
            directions.back() = way;
            scale[best] = scale.back();
            scale.back() = std::max(step, options.tolerance);
        }
        double moved = 0, size = 0;
        for (std::size_t i = 0; i < n; ++i) moved = std::max(moved, std::fabs(x[i] - start[i])), size = std::max(size, std::fabs(x[i]));
        if (options.after_cycle && options.after_cycle(value, x)) break;
        if (moved <= options.tolerance * (size + options.tolerance) || before - value <= 1e-14 * std::fabs(value)) {
            // Directions may have become dependent: try once more with the axes before giving up.
            ++quiet;
            for (std::size_t i = 0; i < n; ++i) {
                std::fill(directions[i].begin(), directions[i].end(), 0.0);
                directions[i][i] = 1;
                scale[i] = std::max(options.tolerance, options.greatest_step / 100);
            }
        } else {
            quiet = 0;
        }
    }
    return value;
}

}  // namespace nrn
