// SPDX-License-Identifier: BSD-3-Clause
// Class Impedance: how the voltage at one place answers a small sinusoidal current at another.
// Method: the linearised membrane and cable equations at one frequency, solved by Hines elimination in complex numbers;
// with extracellular medium or linear circuits as one sparse system.
#include <cmath>
#include <complex>
#include <memory>
#include <numbers>
#include <vector>

#include <Eigen/LU>
#include <Eigen/SparseLU>
#include <fmt/format.h>

#include "classes/register_classes.hpp"
#include "engine/circuit_system.hpp"
#include "engine/extracellular.hpp"
#include "engine/simulation.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {
namespace {

using Complex = std::complex<double>;

class Impedance final : public Object {
  public:
    Impedance(Class& cls, Simulation& simulation) : Object(cls), simulation_(simulation) {}

    void locate(Section& section, double x) {
        section_ = SectionPtr(&section);
        x_ = x;
        transfer_.clear();
    }
    /// What the mechanisms' states do: nothing, follow the voltage at once (as the reference has it at every
    /// frequency), or follow it at their own pace.
    enum class States { Frozen, Instant, Dynamic };
    double delta_factor = 1;  // of the steps by which derivatives by v and by states are taken
    /// frequency [Hz]
    void compute(double frequency, States states);
    /// Voltage at (section, x) per current at the location, MOhm.
    [[nodiscard]] Complex transfer(Section& section, double x) {
        if (joined_) return respond(node(section, x))[node(located(), x_)];  // perhaps not what the other way round gives
        if (transfer_.empty()) transfer_ = respond(node(located(), x_));
        return transfer_[node(section, x)];
    }
    [[nodiscard]] Complex input(Section& section, double x) {
        const std::size_t n = node(section, x);
        return respond(n)[n];
    }

  private:
    Section& located() const {
        if (!section_) throw Error(ErrorKind::Runtime, fmt::format("{}: the place is not set", name())).hint("call loc(x) first");
        section_->require_alive();
        return *section_;
    }
    std::size_t node(const Section& section, double x) const {
        if (diagonal_.empty()) throw Error(ErrorKind::Runtime, fmt::format("{}: nothing was computed yet", name())).hint("call compute(frequency) first");
        if (version_ != simulation_.model().structure_version())
            throw Error(ErrorKind::Runtime, fmt::format("{}: the model has changed since compute()", name())).hint("call compute(frequency) again");
        return simulation_.model().nodes().row(section.node_at(x));
    }
    /// Cable, medium and circuits.
    struct Joined {
        std::size_t width = 1;
        std::vector<bool> present;  // has the node a medium?
        Eigen::SparseMatrix<Complex> matrix;
        Eigen::SparseLU<Eigen::SparseMatrix<Complex>> solver;
    };
    void join(double frequency);
    void factorise();
    [[nodiscard]] std::vector<Complex> respond(std::size_t place) const;
    void add_states(MechanismType& type, double frequency, States states);
    Simulation& simulation_;
    SectionPtr section_;
    double x_ = 0.5;
    std::uint64_t version_ = 0;
    std::vector<Complex> diagonal_, transfer_;
    std::unique_ptr<Joined> joined_;
};

void Impedance::compute(double frequency, States states) {
    simulation_.prepare();
    joined_.reset();
    simulation_.check_tables();
    simulation_.evaluate_currents();
    // As in the reference, the plain form knows the cable only.
    Runtime& runtime = simulation_.runtime();
    const bool joins = states != States::Frozen && (extracellular(runtime).active() || circuits(runtime).active());
    if (joins) join(frequency);
    else simulation_.add_axial_diagonal();
    auto& nodes = simulation_.model().nodes();
    const std::int32_t n = simulation_.layout().node_count();
    const double *d = nodes.column(NodeStore::D), *cm = nodes.column(NodeStore::Cm);
    const double omega = 2e-6 * std::numbers::pi * frequency;  // uF/cm2 to S/cm2
    diagonal_.assign(static_cast<std::size_t>(n), 0);
    for (std::int32_t i = 0; i < n; ++i)
        diagonal_[static_cast<std::size_t>(i)] = joins ? 0 : Complex(d[i], simulation_.layout().has_membrane(i) ? omega * cm[i] : 0);
    version_ = simulation_.model().structure_version();
    transfer_.clear();
    if (states != States::Frozen)
        for (MechanismType* type : simulation_.layout().active_types())
            if (type->description().n_ode > 0 && type->description().ode_rhs && type->description().current) add_states(*type, frequency, states);
    if (joins) factorise();
}

/// The system without what states add: G + jw C, of which C is what a step of 1 ms adds to G.
void Impedance::join(double frequency) {
    Runtime& runtime = simulation_.runtime();
    auto& medium = extracellular(runtime);
    auto& all = circuits(runtime);
    joined_ = std::make_unique<Joined>();
    Joined& j = *joined_;
    const auto n = static_cast<std::size_t>(simulation_.layout().node_count());
    j.present.assign(n, false);
    if (medium.active()) {
        medium.read(simulation_);
        j.width = static_cast<std::size_t>(medium.layers()) + 1;
        for (std::size_t i = 0; i < n; ++i) j.present[i] = medium.present(i);
    }
    all.prepare(simulation_, static_cast<int>(j.width));
    BlockTree conductance, both;
    for (auto [tree, per_ms] : {std::pair(&conductance, 0.0), std::pair(&both, 1.0)}) {
        if (medium.active()) medium.assemble(simulation_, per_ms, *tree);
        else assemble_cable(simulation_, per_ms, *tree);
    }
    const Complex per_ms(0, 2e-3 * std::numbers::pi * frequency);
    std::vector<Eigen::Triplet<Complex>> entries;
    const auto add = [&](std::size_t row, std::size_t column, Complex x) { entries.emplace_back(static_cast<int>(row), static_cast<int>(column), x); };
    const std::size_t w = j.width;
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t r = 0; r < w; ++r)
            for (std::size_t c = 0; c < w; ++c) {
                const double g = conductance.diagonal(i, r, c);
                add(i * w + r, i * w + c, g + per_ms * (both.diagonal(i, r, c) - g));
            }
    for (const TreeLink& l : conductance.links())
        for (std::size_t k = 0; k < w; ++k) {
            const auto i = static_cast<std::size_t>(l.node), p = static_cast<std::size_t>(l.parent);
            add(i * w + k, p * w + k, conductance.up(i, k));
            add(p * w + k, i * w + k, conductance.down(i, k));
        }
    for (std::size_t c = 0; c < all.circuits().size(); ++c) {
        const LinearCircuit& circuit = *all.circuits()[c];
        const auto& unknown = all.unknowns(c);
        for (std::size_t row = 0; row < circuit.size(); ++row)
            for (std::size_t column = 0; column < circuit.size(); ++column)
                add(static_cast<std::size_t>(unknown[row]), static_cast<std::size_t>(unknown[column]),
                    circuit.conductance(row, column) + per_ms * circuit.capacitance(row, column));
    }
    const auto size = static_cast<long>(n * w + all.own_unknowns());
    j.matrix.resize(size, size);
    j.matrix.setFromTriplets(entries.begin(), entries.end());
}

/// With what the states add to the membrane between the inside and the innermost layer.
void Impedance::factorise() {
    Joined& j = *joined_;
    for (std::size_t i = 0; i < diagonal_.size(); ++i) {
        const auto inside = static_cast<long>(i * j.width);
        if (diagonal_[i] == 0.0) continue;
        j.matrix.coeffRef(inside, inside) += diagonal_[i];
        if (!j.present[i]) continue;
        j.matrix.coeffRef(inside, inside + 1) -= diagonal_[i];
        j.matrix.coeffRef(inside + 1, inside) -= diagonal_[i];
        j.matrix.coeffRef(inside + 1, inside + 1) += diagonal_[i];
    }
    j.solver.compute(j.matrix);
    if (j.solver.info() != Eigen::Success)
        throw Error(ErrorKind::Runtime, fmt::format("{}: the equations of cable, extracellular medium and LinearMechanism have no unique solution: the matrix is singular", name()));
}

/// dI/dv of a mechanism gets the part by way of its states: dI/dy (jw - dy'/dy)^-1 dy'/dv, by differences.
void Impedance::add_states(MechanismType& type, double frequency, States states) {
    const auto& d = type.description();
    auto& store = type.store();
    auto& nodes = simulation_.model().nodes();
    const std::int32_t rows = simulation_.layout().active_rows(type);
    const auto count = static_cast<Eigen::Index>(d.n_ode);
    const std::int32_t* node = store.view().node;
    double *rhs = nodes.column(NodeStore::Rhs), *v = nodes.column(NodeStore::V);
    const auto nodes_used = static_cast<std::size_t>(simulation_.layout().node_count());
    const auto derivatives = [&](std::vector<double>& out) {
        simulation_.run(type, d.ode_rhs);
        out.resize(static_cast<std::size_t>(count * rows));
        for (Eigen::Index k = 0; k < count; ++k)
            for (std::int32_t r = 0; r < rows; ++r) out[static_cast<std::size_t>(k * rows + r)] = store.column(d.ode_derivative[k])[r];
    };
    const auto currents = [&](std::vector<double>& out) {
        std::fill(rhs, rhs + nodes_used, 0.0);
        simulation_.run(type, d.current);
        out.resize(static_cast<std::size_t>(rows));
        const double sign = d.flags & NRN_ELECTRODE_CURRENT ? -1 : 1;
        for (std::int32_t r = 0; r < rows; ++r) out[static_cast<std::size_t>(r)] = d.rhs_column >= 0 ? sign * store.column(d.rhs_column)[r] : -rhs[node[r]];
    };
    std::vector<double> f0, f1, i0, i1;
    derivatives(f0);
    currents(i0);
    std::vector<Eigen::MatrixXcd> system(static_cast<std::size_t>(rows), Eigen::MatrixXcd::Identity(count, count) * Complex(0, states == States::Dynamic ? 2e-3 * std::numbers::pi * frequency : 0.0));
    std::vector<Eigen::VectorXcd> by_v(static_cast<std::size_t>(rows), Eigen::VectorXcd(count)), by_state = by_v;
    const double kStepV = delta_factor * (states == States::Dynamic ? 1e-4 : 1e-3), kStep = delta_factor * (states == States::Dynamic ? 1e-6 : 1e-3);  // 1e-3: the reference's
    std::vector<double> kept(v, v + nodes_used);
    for (std::size_t i = 0; i < nodes_used; ++i) v[i] += kStepV;
    derivatives(f1);
    std::copy(kept.begin(), kept.end(), v);
    for (std::int32_t r = 0; r < rows; ++r)
        for (Eigen::Index k = 0; k < count; ++k) by_v[static_cast<std::size_t>(r)][k] = (f1[static_cast<std::size_t>(k * rows + r)] - f0[static_cast<std::size_t>(k * rows + r)]) / kStepV;
    for (Eigen::Index k = 0; k < count; ++k) {
        double* state = store.column(d.ode_state[k]);
        kept.assign(state, state + rows);
        for (std::int32_t r = 0; r < rows; ++r) state[r] += kStep;
        derivatives(f1);
        currents(i1);
        std::copy(kept.begin(), kept.end(), state);
        for (std::int32_t r = 0; r < rows; ++r) {
            const auto u = static_cast<std::size_t>(r);
            by_state[u][k] = (i1[u] - i0[u]) / kStep;
            for (Eigen::Index j = 0; j < count; ++j) {
                const auto at = static_cast<std::size_t>(j * rows + r);
                system[u](j, k) -= (f1[at] - f0[at]) / kStep;
            }
        }
    }
    for (std::int32_t r = 0; r < rows; ++r) {
        const auto u = static_cast<std::size_t>(r);
        const Eigen::VectorXcd answer = system[u].partialPivLu().solve(by_v[u]);
        diagonal_[static_cast<std::size_t>(node[r])] += by_state[u].cwiseProduct(answer).sum();
    }
}

std::vector<Complex> Impedance::respond(std::size_t place) const {
    auto& nodes = simulation_.model().nodes();
    const double *a = nodes.column(NodeStore::A), *b = nodes.column(NodeStore::B);
    std::vector<Complex> d = diagonal_, x(diagonal_.size());
    if (joined_) {  // the current enters inside; the answer is across the membrane
        const std::size_t w = joined_->width;
        Eigen::VectorXcd current = Eigen::VectorXcd::Zero(joined_->matrix.rows());
        current[static_cast<long>(place * w)] = 100 / nodes.column(NodeStore::Area)[place];
        const Eigen::VectorXcd potential = joined_->solver.solve(current);
        for (std::size_t i = 0; i < x.size(); ++i) {
            const auto inside = static_cast<long>(i * w);
            x[i] = potential[inside] - (joined_->present[i] ? potential[inside + 1] : 0);
        }
        return x;
    }
    x[place] = 100 / nodes.column(NodeStore::Area)[place];  // 1 nA
    for (std::size_t k = d.size(); k-- > 0;) {
        const auto i = static_cast<std::size_t>(nodes.hines_order[k]);
        const std::int32_t p = nodes.parent[i];
        if (p < 0) continue;
        const Complex factor = a[i] / d[i];
        d[static_cast<std::size_t>(p)] -= factor * b[i];
        x[static_cast<std::size_t>(p)] -= factor * x[i];
    }
    for (std::size_t k = 0; k < d.size(); ++k) {
        const auto i = static_cast<std::size_t>(nodes.hines_order[k]);
        const std::int32_t p = nodes.parent[i];
        if (p >= 0) x[i] -= b[i] * x[static_cast<std::size_t>(p)];
        x[i] /= d[i];
    }
    return x;
}

Impedance& self(Object& o) { return static_cast<Impedance&>(o); }

ObjectPtr construct(NativeClass& cls, CallArgs& a) { return make_counted<Impedance>(cls, a.runtime().simulation()); }

struct At {
    Section& section;
    double x;
};
At at(CallArgs& a, std::size_t i) {
    if (auto* segment = a.object_if<Segment>(i)) return {segment->section(), segment->x()};
    return {a.section(), a.number_in(i, 0, 1)};
}

Value loc(Object& o, CallArgs& a) {
    const At place = at(a, 0);
    self(o).locate(place.section, place.x);
    return 0.0;
}

Value compute(Object& o, CallArgs& a) {
    const double frequency = a.number(0);
    if (!(frequency >= 0)) throw Error(ErrorKind::Range, fmt::format("Impedance.compute: the frequency must be >= 0 Hz, not {}", frequency));
    self(o).compute(frequency, static_cast<Impedance::States>(a.has(1) ? static_cast<int>(a.number_in(1, 0, 2)) : 0));
    return 0.0;
}

Value input(Object& o, CallArgs& a) {
    const At place = at(a, 0);
    return std::abs(self(o).input(place.section, place.x));
}
Value input_phase(Object& o, CallArgs& a) {
    const At place = at(a, 0);
    return std::arg(self(o).input(place.section, place.x));
}
Value transfer(Object& o, CallArgs& a) {
    const At place = at(a, 0);
    return std::abs(self(o).transfer(place.section, place.x));
}
Value transfer_phase(Object& o, CallArgs& a) {
    const At place = at(a, 0);
    return std::arg(self(o).transfer(place.section, place.x));
}
Value deltafac(Object& o, CallArgs& a) {
    if (a.has(0)) {
        const double factor = a.number(0);
        if (!(factor > 0)) throw Error(ErrorKind::Range, fmt::format("Impedance.deltafac: the factor must be > 0, not {}", factor));
        self(o).delta_factor = factor;
    }
    return self(o).delta_factor;
}
Value ratio(Object& o, CallArgs& a) {
    const At place = at(a, 0);
    return std::abs(self(o).transfer(place.section, place.x) / self(o).input(place.section, place.x));
}

constexpr Method methods[] = {
    {"loc", loc, Returns::Number, "loc(x): the place where voltage is measured, or current injected"},
    {"compute", compute, Returns::Number, "compute(frequency [Hz], states = 0): solves the equations linearised at the present state\n"
     "states 0: states of mechanisms stay; 1: they follow the voltage without delay, as in NEURON; 2: with their own time course\n"
     "With 1 and 2 extracellular and LinearMechanism take part (v is that across the membrane, the current enters inside); with 0 only the cable does, as in NEURON.\n"
     "Python: z.compute(100, 1)     Hoc: z.compute(100, 1)"},
    {"input", input, Returns::Number, "input(x) -> |v(x)/i(x)| [MOhm]"},
    {"input_phase", input_phase, Returns::Number, "input_phase(x) -> phase of the input impedance [radian]"},
    {"transfer", transfer, Returns::Number, "transfer(x) -> |v(loc)/i(x)| [MOhm]"},
    {"transfer_phase", transfer_phase, Returns::Number, "transfer_phase(x) -> its phase [radian]"},
    {"deltafac", deltafac, Returns::Number, "deltafac([factor]) -> factor of the steps by which compute(f, 1) differentiates by v and by states, 1 at first\n"
     "Python: z.deltafac(0.1)     Hoc: z.deltafac(0.1)"},
    {"ratio", ratio, Returns::Number, "ratio(x) -> |v(loc)/v(x)| for a current at x"},
};

}  // namespace

void register_impedance(Runtime& runtime) {
    publish_class(runtime, std::make_unique<NativeClass>("Impedance", construct, methods, std::span<const Property>{},
                                                         "Impedance(): input and transfer impedances at a frequency\n"
                                                         "Python: z = h.Impedance(); z.loc(soma(0.5)); z.compute(100); z.input(soma(0.5))"));
}

}  // namespace nrn
