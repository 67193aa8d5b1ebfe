// SPDX-License-Identifier: BSD-3-Clause
// Assembly and solution of the tree with extracellular layers.
// Per node, with vm = vi - e0 (all per membrane area, S/cm2 and mA/cm2):
//   inside   (c + g)(dvi - de0) + gel dvi - sum ga (dvj - dvi)             = -i_membrane + i_electrode + sum ga (vj - vi)
//   layer 0  -(c + g)(dvi - de0) + (xg0 + xc0/dt)(de0 - de1) - sum ...     =  i_membrane - xg0 (e0 - e1) + sum ...
//   layer k  -(xg + xc/dt)[k-1] (de[k-1] - de[k]) + (xg + xc/dt)[k] (de[k] - de[k+1]) - sum ... , likewise
// Behind the outermost layer lies E = e_extracellular.
#include "engine/extracellular.hpp"

#include "engine/simulation.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {

Extracellular::Extracellular(Runtime& runtime) : type_(*runtime.model().mechanism("extracellular")) {}

Extracellular& extracellular(Runtime& runtime) { return runtime.service<Extracellular>(); }

bool Extracellular::active() const noexcept { return type_.store().size() > 0; }

void Extracellular::initialize() {
    kept_.assign(kept_.size(), 0);
    auto& store = type_.store();
    const ExtracellularColumns c = columns();
    for (std::size_t r = 0; r < store.size(); ++r) {
        for (int k = 0; k < c.layers; ++k) store.column(c.vext(k))[r] = 0;
        store.column(c.membrane_current())[r] = 0;
    }
}

void Extracellular::find_nodes(Simulation& simulation) {
    Model& model = simulation.model();
    const auto n = static_cast<std::size_t>(simulation.layout().node_count());
    NodeStore& store = model.nodes();
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
    const std::size_t kept = (static_cast<std::size_t>(last) + 1) * (width() - 1);
    if (kept_.size() < kept) kept_.resize(kept, 0);
}

double Extracellular::outside(Simulation& simulation, std::size_t node) {
    if (version_ != simulation.model().structure_version() || nodes_.size() != static_cast<std::size_t>(simulation.layout().node_count())) find_nodes(simulation);
    const NodeData& data = nodes_[node];
    if (data.row != kNoRow) return type_.store().column(columns().vext(0))[data.row];
    return data.present ? kept_[simulation.model().nodes().id(static_cast<std::uint32_t>(node)) * (width() - 1)] : 0;
}

InsidePotential::InsidePotential(Simulation& simulation, Extracellular* medium, const nrn_mech_view& view, std::int32_t begin, std::int32_t end) {
    if (!medium) return;
    double* v = simulation.model().nodes().column(NodeStore::V);
    for (std::int32_t r = begin; r < end; ++r) {
        double* const at = v + view.node[r];
        if (!kept_.empty() && kept_.back().v == at) continue;  // rows are in the order of nodes
        const double outside = medium->outside(simulation, static_cast<std::size_t>(view.node[r]));
        if (outside == 0) continue;
        kept_.push_back({at, *at});
        *at += outside;
    }
}

InsidePotential::~InsidePotential() {
    for (const Kept& k : kept_) *k.v = k.value;
}

void Extracellular::read(Simulation& simulation) {
    Model& model = simulation.model();
    const auto n = static_cast<std::size_t>(simulation.layout().node_count());
    NodeStore& store = model.nodes();
    if (version_ != model.structure_version() || nodes_.size() != n) find_nodes(simulation);
    auto& mechanism = type_.store();
    const ExtracellularColumns c = columns();
    const std::size_t w = width(), layers = w - 1;
    potential_.resize(n * w);
    axial_.assign(n * layers, 0);
    const double* v = store.column(NodeStore::V);
    for (std::size_t i = 0; i < n; ++i) {
        const NodeData& node = nodes_[i];
        const double* kept = &kept_[store.id(static_cast<std::uint32_t>(i)) * layers];
        for (std::size_t k = 0; k < layers; ++k)
            potential_[i * w + k + 1] = node.row != kNoRow ? mechanism.column(c.vext(static_cast<int>(k)))[node.row] : node.present ? kept[k] : 0;
        potential_[i * w] = v[i] + potential_[i * w + 1];
        const std::int32_t parent = store.parent[i];
        if (!node.present || parent < 0 || !nodes_[static_cast<std::size_t>(parent)].present) continue;
        const NodeData& up = nodes_[static_cast<std::size_t>(parent)];
        const bool same = simulation.layout().place(parent).section == simulation.layout().place(static_cast<std::int32_t>(i)).section;
        for (std::size_t k = 0; k < layers; ++k) {
            const double* xraxial = mechanism.column(c.axial(static_cast<int>(k)));
            double resistance = node.row != kNoRow ? xraxial[node.row] * node.half_length : 0;  // MOhm
            if (same && up.row != kNoRow) resistance += xraxial[up.row] * up.half_length;
            axial_[i * layers + k] = resistance > 0 ? 1 / resistance : 1e9;
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

double Extracellular::capacitance(std::size_t node, int k) const {
    return nodes_[node].row == kNoRow ? 0 : type_.store().column(columns().capacitance(k))[nodes_[node].row];
}

void Extracellular::set_layer(Simulation& simulation, std::size_t i, int k, double potential) {
    const std::size_t layers = width() - 1;
    potential_[i * width() + 1 + static_cast<std::size_t>(k)] = potential;
    kept_[simulation.model().nodes().id(static_cast<std::uint32_t>(i)) * layers + static_cast<std::size_t>(k)] = potential;
    if (nodes_[i].row != kNoRow) type_.store().column(columns().vext(k))[nodes_[i].row] = potential;
}

void Extracellular::set_membrane_current(std::size_t node, double density) {
    if (nodes_[node].row != kNoRow) type_.store().column(columns().membrane_current())[nodes_[node].row] = density;
}

void Extracellular::assemble(Simulation& simulation, double per_ms, BlockTree& tree) {
    split_electrodes(simulation);
    NodeStore& store = simulation.model().nodes();
    auto& mechanism = type_.store();
    const ExtracellularColumns column = columns();
    const std::size_t n = nodes_.size(), w = width(), layers = w - 1;
    tree.reset(store, static_cast<std::int32_t>(n), static_cast<int>(w), version_);
    const double *rhs = store.column(NodeStore::Rhs), *d = store.column(NodeStore::D), *cm = store.column(NodeStore::Cm);
    const double *a = store.column(NodeStore::A), *b = store.column(NodeStore::B), *area = store.column(NodeStore::Area);
    for (std::size_t i = 0; i < n; ++i) {
        const NodeData& node = nodes_[i];
        const double capacitance = simulation.layout().has_membrane(static_cast<std::int32_t>(i)) ? 0.001 * per_ms * cm[i] : 0;
        const double membrane = capacitance + node.membrane_slope, electrode = d[i] - node.membrane_slope;
        tree.diagonal(i, 0, 0) += membrane + electrode;
        tree.rhs(i, 0) += rhs[i];
        if (!node.present) {
            for (std::size_t k = 1; k < w; ++k) tree.diagonal(i, k, k) = 1;
            continue;
        }
        tree.diagonal(i, 0, 1) -= membrane;
        tree.diagonal(i, 1, 0) -= membrane;
        tree.diagonal(i, 1, 1) += membrane;
        tree.rhs(i, 1) -= node.membrane_rhs;
        if (node.row == kNoRow) continue;
        for (std::size_t k = 1; k < w; ++k) {
            const int layer = static_cast<int>(k) - 1;
            const bool outermost = k == layers;
            const double g = mechanism.column(column.conductance(layer))[node.row];
            const double g_and_c = g + 0.001 * per_ms * mechanism.column(column.capacitance(layer))[node.row];
            const double beyond = outermost ? mechanism.column(column.potential())[node.row] : potential_[i * w + k + 1];
            const double current = g * (potential_[i * w + k] - beyond);
            tree.diagonal(i, k, k) += g_and_c;
            tree.rhs(i, k) -= current;
            if (outermost) continue;
            tree.diagonal(i, k, k + 1) -= g_and_c;
            tree.diagonal(i, k + 1, k) -= g_and_c;
            tree.diagonal(i, k + 1, k + 1) += g_and_c;
            tree.rhs(i, k + 1) += current;
        }
    }
    for (const TreeLink& l : tree.links()) {
        const auto i = static_cast<std::size_t>(l.node), p = static_cast<std::size_t>(l.parent);
        for (std::size_t k = 0; k < w; ++k) {
            const double g = k == 0 ? 0 : 100 * axial_[i * layers + k - 1];
            const double up = k == 0 ? b[i] : -g / area[i], down = k == 0 ? a[i] : -g / area[p];
            tree.up(i, k) = up;
            tree.down(i, k) = down;
            const double difference = potential_[p * w + k] - potential_[i * w + k];
            tree.diagonal(i, k, k) -= up;
            tree.diagonal(p, k, k) -= down;
            tree.rhs(i, k) -= up * difference;
            tree.rhs(p, k) += down * difference;
        }
    }
}

void Extracellular::apply(Simulation& simulation, double per_ms, double factor, BlockTree& tree) {
    NodeStore& store = simulation.model().nodes();
    double* rhs = store.column(NodeStore::Rhs);
    const double* cm = store.column(NodeStore::Cm);
    const int layers = columns().layers;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        const NodeData& node = nodes_[i];
        const double change = tree.rhs(i, 0) - (node.present ? tree.rhs(i, 1) : 0);
        rhs[i] = change;
        if (!node.present) continue;
        for (int k = 0; k < layers; ++k) set_layer(simulation, i, k, layer(i, k) + factor * tree.rhs(i, static_cast<std::size_t>(k) + 1));
        set_membrane_current(i, -node.membrane_rhs + (node.membrane_slope + 0.001 * per_ms * cm[i]) * change);
    }
}

void Extracellular::solve(Simulation& simulation, double per_ms, double factor) {
    read(simulation);
    assemble(simulation, per_ms, tree_);
    if (!tree_.solve())
        throw Error(ErrorKind::Runtime, "the equations of cable and extracellular medium have no unique solution: the matrix is singular")
            .hint("is some layer of `extracellular` without any path to ground (xg = 0)?");
    apply(simulation, per_ms, factor, tree_);
}

}  // namespace nrn
