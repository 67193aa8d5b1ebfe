// SPDX-License-Identifier: BSD-3-Clause
// What a channel built at run time does in a simulation: gates of the Hodgkin-Huxley kind are advanced
// exactly at constant v, kinetic schemes by implicit Euler, single channels by Gillespie's method in a step.
#include <Eigen/LU>

#include "classes/channel_scheme.hpp"
#include "model/mechanism_store.hpp"

namespace nrn {
namespace {

ChannelScheme& scheme_of(const nrn_mech_view* view) { return *static_cast<const ChannelDescription*>(view->mechanism)->scheme; }

/// One instance during a kernel.
struct Instance {
    nrn_context* context;
    nrn_mech_view* view;
    ChannelScheme& scheme;
    std::int32_t row;
    [[nodiscard]] double& at(int c) const { return view->column[c][row]; }
    [[nodiscard]] double v() const { return context->node.v[view->node[row]]; }
    [[nodiscard]] double ion(int use, int c) const { return view->ion[use].column[c][view->ion[use].row[row]]; }
    void rates(const ChannelTransition& t, double v, double& forward, double& backward) const {
        const double concentration = t.ligand_use < 0 ? 1 : ion(t.ligand_use, t.kind == ChannelTransition::LigandOutside ? NRN_ION_CO : NRN_ION_CI);
        t.rates(v, concentration, forward, backward);
    }
    /// dx/dt = matrix x of a kinetic gate, 1/ms.
    [[nodiscard]] Eigen::MatrixXd matrix(const ChannelGate& gate, double v) const {
        const auto n = static_cast<Eigen::Index>(gate.states.size());
        Eigen::MatrixXd q = Eigen::MatrixXd::Zero(n, n);
        for (const auto& t : gate.transitions) {
            const Eigen::Index from = place(gate, t->source), to = place(gate, t->target);
            double forward = 0, backward = 0;
            rates(*t, v, forward, backward);
            q(to, from) += forward;
            q(from, from) -= forward;
            q(from, to) += backward;
            q(to, to) -= backward;
        }
        return q;
    }
    static Eigen::Index place(const ChannelGate& gate, const ChannelState* s) {
        for (std::size_t k = 0; k < gate.states.size(); ++k)
            if (gate.states[k].get() == s) return static_cast<Eigen::Index>(k);
        return 0;
    }
    /// Occupancies at rest: matrix x = 0, sum 1.
    [[nodiscard]] Eigen::VectorXd steady(const ChannelGate& gate) const {
        Eigen::MatrixXd q = matrix(gate, v());
        Eigen::VectorXd right = Eigen::VectorXd::Zero(q.rows());
        q.row(q.rows() - 1).setOnes();
        right[q.rows() - 1] = 1;
        return q.fullPivLu().solve(right);
    }
    [[nodiscard]] long channels() const { return scheme.column.n_single < 0 ? 0 : std::lround(at(scheme.column.n_single)); }
    [[nodiscard]] Random123& stream() const { return scheme.stream(static_cast<MechanismType*>(view->host_type)->store().id(static_cast<std::uint32_t>(row))); }
};

template <class F>
nrn_status each(nrn_context* context, nrn_mech_view* view, std::int32_t begin, std::int32_t end, F f) {
    ChannelScheme& scheme = scheme_of(view);
    try {
        for (std::int32_t row = begin; row < end; ++row) f(Instance{context, view, scheme, row});
    } catch (const std::exception& error) {
        return context->host->fail(context, view, begin, "%s", error.what());
    }
    return NRN_OK;
}

/// Calls f(gate, first state column) for every gate.
template <class F>
void each_gate(const ChannelScheme& scheme, F f) {
    int first = scheme.column.state;
    for (const auto& gate : scheme.gates) {
        f(*gate, first);
        first += static_cast<int>(gate->states.size());
    }
}

// ---- single channels ----------------------------------------------------------------------------

/// Deals the channels out to the states at random by their probabilities.
void deal_channels(const Instance& p, const Eigen::VectorXd& probability, int first, long n) {
    Random123& stream = p.stream();
    stream.set_sequence(0);
    std::vector<long> count(static_cast<std::size_t>(probability.size()), 0);
    for (long i = 0; i < n; ++i) {
        double u = stream.uniform();
        std::size_t k = 0;
        while (k + 1 < count.size() && u > probability[static_cast<Eigen::Index>(k)]) u -= probability[static_cast<Eigen::Index>(k++)];
        ++count[k];
    }
    for (std::size_t k = 0; k < count.size(); ++k) p.at(first + static_cast<int>(k)) = static_cast<double>(count[k]);
}

void move_channels(const Instance& p, const ChannelGate& gate, int first) {
    const Eigen::MatrixXd q = p.matrix(gate, p.v());
    const auto size = gate.states.size();
    std::vector<double> count(size);
    for (std::size_t k = 0; k < size; ++k) count[k] = std::round(p.at(first + static_cast<int>(k)));
    Random123& stream = p.stream();
    constexpr long kMost = 10'000'000;
    double left = p.context->dt;
    for (long moves = 0;; ++moves) {
        double total = 0;
        for (std::size_t k = 0; k < size; ++k) total -= count[k] * q(static_cast<Eigen::Index>(k), static_cast<Eigen::Index>(k));
        if (!(total > 0)) break;
        left -= stream.exponential() / total;
        if (left < 0) break;
        if (moves > kMost) throw std::runtime_error("more than 10 million transitions in one step: the rates are too large for dt");
        double u = stream.uniform() * total;
        for (std::size_t from = 0; from < size && u >= 0; ++from)
            for (std::size_t to = 0; to < size; ++to) {
                if (to == from || count[from] == 0) continue;
                u -= count[from] * q(static_cast<Eigen::Index>(to), static_cast<Eigen::Index>(from));
                if (u >= 0) continue;
                --count[from];
                ++count[to];
                break;
            }
    }
    for (std::size_t k = 0; k < size; ++k) p.at(first + static_cast<int>(k)) = count[k];
}

// ---- kernels ------------------------------------------------------------------------------------

nrn_status initial(nrn_context* context, nrn_mech_view* view, std::int32_t begin, std::int32_t end) {
    return each(context, view, begin, end, [](const Instance& p) {
        each_gate(p.scheme, [&](const ChannelGate& gate, int first) {
            if (gate.kinetic) {
                const Eigen::VectorXd x = p.steady(gate);
                const long n = p.channels();
                if (n > 0) deal_channels(p, x, first, n);
                else
                    for (Eigen::Index k = 0; k < x.size(); ++k) p.at(first + static_cast<int>(k)) = x[k];
                return;
            }
            double a = 0, b = 0;
            p.rates(*gate.transitions[0], p.v(), a, b);
            p.at(first) = a / (a + b);
        });
    });
}

nrn_status advance(nrn_context* context, nrn_mech_view* view, std::int32_t begin, std::int32_t end) {
    return each(context, view, begin, end, [](const Instance& p) {
        const double dt = p.context->dt;
        each_gate(p.scheme, [&](const ChannelGate& gate, int first) {
            if (!gate.kinetic) {
                double a = 0, b = 0;
                p.rates(*gate.transitions[0], p.v(), a, b);
                double& x = p.at(first);
                x += -std::expm1(-dt * (a + b)) * (a / (a + b) - x);
                return;
            }
            if (p.channels() > 0) {
                move_channels(p, gate, first);
                return;
            }
            const Eigen::MatrixXd q = p.matrix(gate, p.v());
            Eigen::VectorXd x(q.rows());
            for (Eigen::Index k = 0; k < x.size(); ++k) x[k] = p.at(first + static_cast<int>(k));
            x = (Eigen::MatrixXd::Identity(q.rows(), q.rows()) - dt * q).partialPivLu().solve(x);
            for (Eigen::Index k = 0; k < x.size(); ++k) p.at(first + static_cast<int>(k)) = x[k];
        });
    });
}

/// With single channels the states count them, and gmax is the conductance of one.
double open_fraction(const Instance& p) {
    double open = 1;
    each_gate(p.scheme, [&](const ChannelGate& gate, int first) {
        double sum = 0;
        for (std::size_t k = 0; k < gate.states.size(); ++k) sum += (gate.kinetic ? gate.states[k]->fraction : 1) * p.at(first + static_cast<int>(k));
        double product = 1;
        for (int i = 0; i < gate.power; ++i) product *= sum;
        open *= product;
    });
    return open;
}

nrn_status current(nrn_context* context, nrn_mech_view* view, std::int32_t begin, std::int32_t end) {
    return each(context, view, begin, end, [](const Instance& p) {
        const auto& c = p.scheme.column;
        const double v = p.v(), g = p.at(c.gmax) * open_fraction(p);
        p.at(c.g) = g;
        const bool carried = !p.scheme.ion.empty();
        double i = 0, slope = g;
        if (p.scheme.iv_type == 1 && carried) {
            constexpr double kStep = 0.001;  // mV
            const double ci = p.ion(0, NRN_ION_CI), co = p.ion(0, NRN_ION_CO), z = p.view->ion[0].valence;
            i = g * p.context->host->ghk(p.context, v, ci, co, z);
            slope = (g * p.context->host->ghk(p.context, v + kStep, ci, co, z) - i) / kStep;
        } else {
            i = g * (v - (carried ? p.ion(0, NRN_ION_E) : p.at(c.e)));
        }
        if (c.i >= 0) p.at(c.i) = i;
        const std::int32_t node = p.view->node[p.row];
        const double scale = p.scheme.point ? 100 / p.context->node.area[node] : 1;
        if (carried) {
            const nrn_ion_view& ion = p.view->ion[0];
            ion.column[NRN_ION_I][ion.row[p.row]] += i * scale;
            ion.column[NRN_ION_DIDV][ion.row[p.row]] += slope * scale;
        }
        if (p.scheme.point) {
            p.at(c.rhs) = i * scale;
            p.at(c.slope) = slope * scale;
        } else {
            p.context->node.rhs[node] -= i;
            p.context->node.d[node] += slope;
        }
    });
}

nrn_status ode_rhs(nrn_context* context, nrn_mech_view* view, std::int32_t begin, std::int32_t end) {
    return each(context, view, begin, end, [](const Instance& p) {
        const int shift = p.scheme.column.derivative - p.scheme.column.state;
        each_gate(p.scheme, [&](const ChannelGate& gate, int first) {
            if (!gate.kinetic) {
                double a = 0, b = 0;
                p.rates(*gate.transitions[0], p.v(), a, b);
                p.at(first + shift) = a - (a + b) * p.at(first);
                return;
            }
            const Eigen::MatrixXd q = p.matrix(gate, p.v());
            for (Eigen::Index k = 0; k < q.rows(); ++k) {
                double sum = 0;
                for (Eigen::Index j = 0; j < q.rows(); ++j) sum += q(k, j) * p.at(first + static_cast<int>(j));
                p.at(first + shift + static_cast<int>(k)) = sum;
            }
        });
    });
}

nrn_status ode_solve(nrn_context* context, nrn_mech_view* view, std::int32_t begin, std::int32_t end) {
    return each(context, view, begin, end, [](const Instance& p) {
        const int shift = p.scheme.column.derivative - p.scheme.column.state;
        const double dt = p.context->dt;
        each_gate(p.scheme, [&](const ChannelGate& gate, int first) {
            if (!gate.kinetic) {
                double a = 0, b = 0;
                p.rates(*gate.transitions[0], p.v(), a, b);
                p.at(first + shift) /= 1 + dt * (a + b);
                return;
            }
            const Eigen::MatrixXd q = p.matrix(gate, p.v());
            Eigen::VectorXd x(q.rows());
            for (Eigen::Index k = 0; k < x.size(); ++k) x[k] = p.at(first + shift + static_cast<int>(k));
            x = (Eigen::MatrixXd::Identity(q.rows(), q.rows()) - dt * q).partialPivLu().solve(x);
            for (Eigen::Index k = 0; k < x.size(); ++k) p.at(first + shift + static_cast<int>(k)) = x[k];
        });
    });
}

}  // namespace

void set_channel_kernels(nrn_mechanism& d, const ChannelScheme&) {
    d.initial = initial;
    d.state = advance;
    d.current = current;
    d.ode_rhs = ode_rhs;
    d.ode_solve = ode_solve;
}

}  // namespace nrn
