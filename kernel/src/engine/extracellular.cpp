// SPDX-License-Identifier: BSD-3-Clause
// Assembly and solution of the tree with extracellular layers.
// Per node, with vm = vi - e0 (all per membrane area, S/cm2 and mA/cm2):
//   inside   (c + g)(dvi - de0) + gel dvi - sum ga (dvj - dvi)             = -i_membrane + i_electrode + sum ga (vj - vi)
//   layer 0  -(c + g)(dvi - de0) + (xg0 + xc0/dt)(de0 - de1) - sum ...     =  i_membrane - xg0 (e0 - e1) + sum ...
//   layer 1  -(xg0 + xc0/dt)(de0 - de1) + (xg1 + xc1/dt) de1 - sum ...     =  xg0 (e0 - e1) - xg1 (e1 - E) + sum ...
#include "engine/extracellular.hpp"

#include <cmath>

#include "engine/simulation.hpp"
#include "model/extracellular.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {
namespace {

using Vector3 = std::array<double, 3>;
using Matrix3 = std::array<Vector3, 3>;

/// Solves m x = b by elimination with row exchange.
Vector3 solve3(Matrix3 m, Vector3 b) {
    for (std::size_t c = 0; c < 3; ++c) {
        std::size_t best = c;
        for (std::size_t r = c + 1; r < 3; ++r)
            if (std::fabs(m[r][c]) > std::fabs(m[best][c])) best = r;
        std::swap(m[c], m[best]);
        std::swap(b[c], b[best]);
        for (std::size_t r = c + 1; r < 3; ++r) {
            const double f = m[r][c] / m[c][c];
            if (f == 0) continue;
            for (std::size_t k = c; k < 3; ++k) m[r][k] -= f * m[c][k];
            b[r] -= f * b[c];
        }
    }
    for (std::size_t c = 3; c-- > 0;) {
        for (std::size_t k = c + 1; k < 3; ++k) b[c] -= m[c][k] * b[k];
        b[c] /= m[c][c];
    }
    return b;
}

}  // namespace

Extracellular::Extracellular(Runtime& runtime) : type_(*runtime.model().mechanism("extracellular")) {}

Extracellular& extracellular(Runtime& runtime) { return runtime.service<Extracellular>(); }

bool Extracellular::active() const noexcept { return type_.store().size() > 0; }

void Extracellular::initialize() {
    kept_.assign(kept_.size(), {0, 0});
    auto& store = type_.store();
    for (std::size_t r = 0; r < store.size(); ++r)
        for (const int c : {extracellular_columns::kVext, extracellular_columns::kVext + 1, extracellular_columns::kMembraneCurrent}) store.column(c)[r] = 0;
}

void Extracellular::read_layout(Simulation& simulation) {
    Model& model = simulation.model();
    const auto n = static_cast<std::size_t>(simulation.layout().node_count());
    NodeStore& store = model.nodes();
    if (version_ != model.structure_version() || nodes_.size() != n) {
        version_ = model.structure_version();
        nodes_.assign(n, {});
        RowId last = 0;
        for (std::size_t i = 0; i < n; ++i) {
            const auto row = static_cast<std::int32_t>(i);
            last = std::max(last, store.id(static_cast<std::uint32_t>(i)));
            const auto& place = simulation.layout().place(row);
            const auto* inserted = place.section->find_inserted(type_);
            if (!inserted) continue;
            nodes_[i].present = true;
            if (!simulation.layout().has_membrane(row)) continue;
            nodes_[i].row = type_.store().row(inserted->rows[static_cast<std::size_t>(place.section->segment_index(place.x))]);
            nodes_[i].half_length = place.section->length() / place.section->nseg() / 2 * 1e-4;
        }
        if (kept_.size() <= last) kept_.resize(last + 1, {0, 0});
    }
    auto& mechanism = type_.store();
    using namespace extracellular_columns;
    potential_.resize(n);
    const double* v = store.column(NodeStore::V);
    for (std::size_t i = 0; i < n; ++i) {
        NodeData& node = nodes_[i];
        Vector3& p = potential_[i];
        const auto& kept = kept_[store.id(static_cast<std::uint32_t>(i))];
        for (std::size_t k = 0; k < 2; ++k) p[k + 1] = node.row != kNoRow ? mechanism.column(kVext + static_cast<int>(k))[node.row] : node.present ? kept[k] : 0;
        p[0] = v[i] + p[1];
        node.axial = {0, 0};
        const std::int32_t parent = store.parent[i];
        if (!node.present || parent < 0 || !nodes_[static_cast<std::size_t>(parent)].present) continue;
        const NodeData& up = nodes_[static_cast<std::size_t>(parent)];
        const bool same = simulation.layout().place(parent).section == simulation.layout().place(static_cast<std::int32_t>(i)).section;
        for (std::size_t k = 0; k < 2; ++k) {
            const double* xraxial = mechanism.column(kAxial + static_cast<int>(k));
            double resistance = node.row != kNoRow ? xraxial[node.row] * node.half_length : 0;  // MOhm
            if (same && up.row != kNoRow) resistance += xraxial[up.row] * up.half_length;
            node.axial[k] = resistance > 0 ? 1 / resistance : 1e9;
        }
    }
}

void Extracellular::split_electrodes(Simulation& simulation) {
    NodeStore& store = simulation.model().nodes();
    const double *rhs = store.column(NodeStore::Rhs), *d = store.column(NodeStore::D);
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        nodes_[i].membrane_rhs = rhs[i];
        nodes_[i].membrane_slope = d[i];
    }
    for (MechanismType* type : simulation.layout().active_types()) {
        const auto& description = type->description();
        if (!(description.flags & NRN_ELECTRODE_CURRENT) || !description.current || description.rhs_column < 0) continue;
        const auto& view = type->store().view();
        for (std::int32_t r = 0; r < simulation.layout().active_rows(*type); ++r) {
            NodeData& node = nodes_[static_cast<std::size_t>(view.node[r])];
            node.membrane_rhs -= view.column[description.rhs_column][r];
            node.membrane_slope += view.column[description.g_column][r];
        }
    }
}

void Extracellular::assemble(Simulation& simulation, double per_ms) {
    using namespace extracellular_columns;
    NodeStore& store = simulation.model().nodes();
    auto& mechanism = type_.store();
    const std::size_t n = nodes_.size();
    diagonal_.assign(n, Block{});
    rhs_.assign(n, Column3{});
    up_.assign(n, Column3{});
    down_.assign(n, Column3{});
    const double *rhs = store.column(NodeStore::Rhs), *d = store.column(NodeStore::D), *cm = store.column(NodeStore::Cm);
    const double *a = store.column(NodeStore::A), *b = store.column(NodeStore::B), *area = store.column(NodeStore::Area);
    for (std::size_t i = 0; i < n; ++i) {
        NodeData& node = nodes_[i];
        Block& m = diagonal_[i];
        Column3& r = rhs_[i];
        const double capacitance = simulation.layout().has_membrane(static_cast<std::int32_t>(i)) ? 0.001 * per_ms * cm[i] : 0;
        const double membrane = capacitance + node.membrane_slope, electrode = d[i] - node.membrane_slope;
        m[0][0] += membrane + electrode;
        r[0] += rhs[i];
        if (!node.present) {
            m[1][1] = m[2][2] = 1;
        } else {
            m[0][1] -= membrane;
            m[1][0] -= membrane;
            m[1][1] += membrane;
            r[1] -= node.membrane_rhs;
            if (node.row != kNoRow) {
                const double *p = potential_[i].data(), e = mechanism.column(kPotential)[node.row];
                const double g0 = mechanism.column(kConductance)[node.row], g1 = mechanism.column(kConductance + 1)[node.row];
                const double c0 = 0.001 * per_ms * mechanism.column(kCapacitance)[node.row], c1 = 0.001 * per_ms * mechanism.column(kCapacitance + 1)[node.row];
                m[1][1] += g0 + c0;
                m[1][2] -= g0 + c0;
                m[2][1] -= g0 + c0;
                m[2][2] += g0 + c0 + g1 + c1;
                r[1] -= g0 * (p[1] - p[2]);
                r[2] += g0 * (p[1] - p[2]) - g1 * (p[2] - e);
            }
        }
        const std::int32_t parent = store.parent[i];
        if (parent < 0) continue;
        const auto p = static_cast<std::size_t>(parent);
        down_[i][0] = a[i];
        up_[i][0] = b[i];
        for (std::size_t k = 0; k < 2; ++k) {
            const double g = 100 * node.axial[k];
            up_[i][k + 1] = -g / area[i];
            down_[i][k + 1] = -g / area[p];
        }
        for (std::size_t k = 0; k < 3; ++k) {
            const double difference = potential_[p][k] - potential_[i][k];
            diagonal_[i][k][k] -= up_[i][k];
            diagonal_[p][k][k] -= down_[i][k];
            rhs_[i][k] -= up_[i][k] * difference;
            rhs_[p][k] += down_[i][k] * difference;
        }
    }
}

void Extracellular::eliminate(Simulation& simulation) {
    const auto& parents = simulation.model().nodes().parent;
    const std::size_t n = nodes_.size();
    for (std::size_t i = n; i-- > 0;) {
        const std::int32_t parent = parents[i];
        if (parent < 0) continue;
        Block& up_block = diagonal_[static_cast<std::size_t>(parent)];
        Column3& up_rhs = rhs_[static_cast<std::size_t>(parent)];
        const Column3 x = solve3(diagonal_[i], rhs_[i]);
        for (std::size_t k = 0; k < 3; ++k) up_rhs[k] -= down_[i][k] * x[k];
        for (std::size_t c = 0; c < 3; ++c) {
            if (up_[i][c] == 0) continue;
            Column3 unit{};
            unit[c] = up_[i][c];
            const Column3 column = solve3(diagonal_[i], unit);
            for (std::size_t k = 0; k < 3; ++k) up_block[k][c] -= down_[i][k] * column[k];
        }
    }
    for (std::size_t i = 0; i < n; ++i) {
        const std::int32_t parent = parents[i];
        if (parent >= 0)
            for (std::size_t k = 0; k < 3; ++k) rhs_[i][k] -= up_[i][k] * rhs_[static_cast<std::size_t>(parent)][k];
        rhs_[i] = solve3(diagonal_[i], rhs_[i]);
    }
}

void Extracellular::solve(Simulation& simulation, double per_ms, double factor) {
    using namespace extracellular_columns;
    read_layout(simulation);
    split_electrodes(simulation);
    assemble(simulation, per_ms);
    eliminate(simulation);
    NodeStore& store = simulation.model().nodes();
    auto& mechanism = type_.store();
    double* rhs = store.column(NodeStore::Rhs);
    const double* cm = store.column(NodeStore::Cm);
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        const NodeData& node = nodes_[i];
        const Column3& x = rhs_[i];
        const double change = x[0] - x[1];
        rhs[i] = change;
        if (!node.present) continue;
        for (std::size_t k = 0; k < 2; ++k) {
            const double moved = potential_[i][k + 1] + factor * x[k + 1];
            kept_[store.id(static_cast<std::uint32_t>(i))][k] = moved;
            if (node.row != kNoRow) mechanism.column(kVext + static_cast<int>(k))[node.row] = moved;
        }
        if (node.row != kNoRow)
            mechanism.column(kMembraneCurrent)[node.row] = -node.membrane_rhs + (node.membrane_slope + 0.001 * per_ms * cm[i]) * change;
    }
}

}  // namespace nrn
