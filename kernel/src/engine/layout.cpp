// SPDX-License-Identifier: BSD-3-Clause
// Freezes the model for the engine.
#include "engine/layout.hpp"

#include <algorithm>
#include <deque>
#include <functional>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "events/net_con.hpp"
#include "model/ion.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "nrn/api/holder.hpp"

namespace nrn {
namespace {

/// What a group's variables may take: half of a small second-level cache; or twice that, so that there are cells
/// enough to fill a register.
constexpr std::size_t kGroupBytes = 512 * 1024, kLargeGroupBytes = 2 * kGroupBytes;
/// Of each node: voltage, matrix, geometry; what the step touches of them.
constexpr std::size_t kNodeBytes = 10 * sizeof(double);
/// Nodes of a strip: a dozen shared columns of them take half of a first-level cache.
constexpr std::int32_t kStripNodes = 256;
/// Groups of equal cells are made of a multiple of this many.
constexpr std::size_t kLanes = 8;

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) noexcept {
    hash ^= value + 0x9e3779b97f4a7c15ull + (hash << 6) + (hash >> 2);
    return hash * 0xff51afd7ed558ccdull;
}

struct NodeRow {
    NodeStore& nodes;
    std::int32_t operator()(RowId node) const { return nodes.alive(node) ? static_cast<std::int32_t>(nodes.row(node)) : -1; }
};

struct IonRow {
    MechanismType& type;
    std::int32_t operator()(std::size_t use, std::size_t row) const {
        const RowId ion = type.store().ion_id_of_row(use, row);
        auto& ions = type.ions()[use]->store();
        return ions.alive(ion) ? static_cast<std::int32_t>(ions.row(ion)) : 0;
    }
};

}  // namespace

bool Layout::arrange(Model& model) {
    if (version_ == model.structure_version()) return false;
    find_cells(model);
    form_groups(model);
    order_nodes(model);
    order_mechanisms(model);
    version_ = model.structure_version();
    coupled_ = false;
    return true;
}

bool Layout::is_of(const Model& model) const noexcept { return version_ == model.structure_version(); }

void Layout::settle(Model& model, MechanismType& type, RowId instance) {
    auto& store = type.store();
    if (instance != kNoRow) {
        store.resolve_row(store.row(instance), NodeRow{model.nodes_}, IonRow{type});
        const auto& d = type.description();
        for (int i = 0; i < d.n_variable; ++i) {
            if (d.variable[i].kind != NRN_POINTER) continue;
            if (const RefPtr& target = store.pointer_ref(d.variable[i].column, instance)) store.pointer(d.variable[i].column, instance) = target->valid() ? target->data() : nullptr;
        }
    }
    store.refresh_view();
}

bool Layout::refresh(Model& model) {
    const bool arranged = arrange(model);
    if (coupled_) return arranged;
    model.update_geometry();
    couple(model);
    coupled_ = true;
    model.diam_changed = 0;
    return true;
}

void Layout::keep_cells_apart(Model& model, bool apart) noexcept {
    if (apart != apart_) model.structure_changed();
    apart_ = apart;
}

void Layout::want_groups(Model& model, std::int32_t count) noexcept {
    if (count != wanted_groups_) model.structure_changed();
    wanted_groups_ = count;
}

const std::vector<std::int32_t>* Layout::sequence(const MechanismType& type) const noexcept { return type.is(NRN_DRAWS_SHARED_NUMBERS) ? initial_sequence(type) : nullptr; }

const std::vector<std::int32_t>* Layout::initial_sequence(const MechanismType& type) const noexcept {
    const auto i = static_cast<std::size_t>(type.index());
    return i < sequences_.size() && !sequences_[i].empty() ? &sequences_[i] : nullptr;
}

std::int32_t Layout::active_rows(const MechanismType& type) const noexcept {
    const auto i = static_cast<std::size_t>(type.index());
    return i < active_.size() ? active_[i] : 0;
}

void Layout::find_cell(Model& model, Section& root) {
    NodeStore& nodes = model.nodes_;
    const auto begin = static_cast<std::int32_t>(found_.size());
    std::uint64_t shape = 0;
    std::size_t bytes = 0;
    const auto add = [&](RowId id, std::int32_t parent, Section& section, double x, double rall, bool membrane) {
        const auto t = static_cast<std::int32_t>(found_.size());
        const std::uint32_t row = nodes.row(id);
        found_at_[row] = t;
        found_.push_back({row, {&section, x}, rall});
        trees_.parent.push_back(parent);
        trees_.flags.push_back(membrane ? CellTrees::Membrane : 0);
        return t;
    };
    add(root.root_node_, -1, root, root.child_end_, 1, false);
    std::vector<Section*> pending{&root};
    while (!pending.empty()) {
        Section& s = *pending.back();
        pending.pop_back();
        const RowId attached = s.parent_ ? s.parent_->node_at(s.parent_x_) : s.root_node_;
        std::int32_t previous = found_at_[nodes.row(attached)];
        shape = mix(mix(shape, static_cast<std::uint64_t>(previous - begin)), static_cast<std::uint64_t>(s.nseg_));
        for (int k = 0; k < s.nseg_; ++k) {
            const int i = s.child_end_ == 0 ? k : s.nseg_ - 1 - k;
            previous = add(s.nodes_[static_cast<std::size_t>(i)], previous, s, s.segment_x(i), k == 0 ? s.rallbranch_ : 1, true);
        }
        add(s.nodes_[static_cast<std::size_t>(s.nseg_)], previous, s, 1 - s.child_end_, 1, false);
        for (const auto& inserted : s.inserted_) {
            shape = mix(shape, static_cast<std::uint64_t>(inserted.type->index()));
            bytes += static_cast<std::size_t>(s.nseg_) * static_cast<std::size_t>(inserted.type->description().n_variable) * sizeof(double);
        }
        // Oldest child first, so that the order follows the model's text.
        for (Section* child : s.children_) pending.push_back(child);
    }
    const auto end = static_cast<std::int32_t>(found_.size());
    trees_.cells.push_back({begin, end});
    shapes_.push_back(shape);
    bytes_.push_back(bytes + static_cast<std::size_t>(end - begin) * kNodeBytes);
}

/// Point processes at section ends make these nodes like any other.
void Layout::mark_occupied(Model& model) {
    for (const auto& type : model.mechanisms_) {
        if (!type->is_point_process() || type->is_artificial()) continue;
        auto& store = type->store();
        for (std::size_t r = 0; r < store.size(); ++r) {
            const RowId node = store.node_of_row(r);
            if (node == kNoRow || !model.nodes_.alive(node)) continue;
            if (const std::int32_t t = found_at_[model.nodes_.row(node)]; t >= 0) trees_.flags[static_cast<std::size_t>(t)] |= CellTrees::Occupied;
        }
    }
}

void Layout::find_cells(Model& model) {
    found_.clear();
    trees_.clear();
    shapes_.clear();
    bytes_.clear();
    found_at_.assign(model.nodes_.size(), -1);
    for (Section* s : model.sections())
        if (!s->parent_) find_cell(model, *s);
    mark_occupied(model);
}

/// Equal cells come together, in multiples of the width of a register; then whatever fits the cache.
void Layout::form_groups(Model&) {
    members_.clear();
    const std::size_t n = trees_.cells.size();
    if (apart_) {
        for (std::size_t c = 0; c < n; ++c) members_.push_back({static_cast<std::int32_t>(c)});
        return;
    }
    std::unordered_map<std::uint64_t, std::size_t> kind_of;
    std::vector<std::vector<std::int32_t>> kinds;
    std::size_t total = 0;
    for (std::size_t c = 0; c < n; ++c) {
        const auto [place, fresh] = kind_of.try_emplace(shapes_[c], kinds.size());
        if (fresh) kinds.emplace_back();
        kinds[place->second].push_back(static_cast<std::int32_t>(c));
        total += bytes_[c];
    }
    // A network is cut in two even where one group would do: only groups are taken through many steps at a time.
    const std::size_t wanted = std::max<std::size_t>(static_cast<std::size_t>(wanted_groups_), bytes_.size() >= 4 * kLanes ? 2 : 1);
    const std::size_t budget = std::min(kGroupBytes, total / wanted + 1);
    std::vector<std::int32_t> mixed;
    std::size_t mixed_bytes = 0;
    for (const auto& kind : kinds) {
        const std::size_t cell = bytes_[static_cast<std::size_t>(kind[0])];
        std::size_t fit = budget / cell;
        if (fit >= kLanes) fit -= fit % kLanes;
        else if (budget == kGroupBytes) fit = std::min(kLanes, kLargeGroupBytes / cell);
        fit = std::max<std::size_t>(fit, 1);
        std::size_t from = 0;
        for (; kind.size() - from >= fit && kind.size() >= kLanes; from += fit)
            members_.emplace_back(kind.begin() + static_cast<std::ptrdiff_t>(from), kind.begin() + static_cast<std::ptrdiff_t>(from + fit));
        for (; from < kind.size(); ++from) {
            const std::size_t bytes = bytes_[static_cast<std::size_t>(kind[from])];
            if (!mixed.empty() && mixed_bytes + bytes > budget) {
                members_.push_back(std::move(mixed));
                mixed.clear();
                mixed_bytes = 0;
            }
            mixed.push_back(kind[from]);
            mixed_bytes += bytes;
        }
    }
    if (!mixed.empty()) members_.push_back(std::move(mixed));
}

void Layout::order_nodes(Model& model) {
    NodeStore& nodes = model.nodes_;
    const std::size_t n = found_.size();
    n_node_ = static_cast<std::int32_t>(n);
    std::vector<std::int32_t> row(n, -1), hines;
    hines.reserve(n);
    plan_ = {};
    groups_.clear();
    TreeOrder order(trees_);
    std::int32_t begin = 0;
    for (const auto& cells : members_) {
        groups_.push_back({order.place(cells, begin, row, hines, plan_), {}});
        begin = groups_.back().end;
    }
    std::vector<std::uint32_t> old_row(nodes.size());
    nodes.parent.resize(n);
    nodes.hines_order.resize(n);
    nodes.text_order.resize(n);
    places_.resize(n);
    rall_.resize(n);
    membrane_.resize(n);
    for (std::size_t t = 0; t < n; ++t) {
        const auto r = static_cast<std::size_t>(row[t]);
        old_row[r] = found_[t].row;
        nodes.text_order[r] = static_cast<std::int32_t>(t);
        places_[r] = found_[t].place;
        rall_[r] = found_[t].rall;
        membrane_[r] = trees_.flags[t] & CellTrees::Membrane;
        const std::int32_t p = trees_.parent[t];
        nodes.parent[r] = p < 0 ? -1 : row[static_cast<std::size_t>(p)];
        nodes.hines_order[t] = row[static_cast<std::size_t>(hines[t])];
    }
    // The unused root nodes of connected sections come last.
    std::size_t last = n;
    for (std::uint32_t r = 0; r < found_at_.size(); ++r)
        if (found_at_[r] < 0) old_row[last++] = r;
    nodes.permute(old_row);
}

void Layout::order_mechanisms(Model& model) {
    NodeStore& nodes = model.nodes_;
    active_.assign(model.mechanisms_.size(), 0);
    types_.clear();
    diffuses_ = false;
    std::vector<std::pair<std::uint64_t, std::uint32_t>> sorted;
    for (const auto& type : model.mechanisms_) {
        auto& store = type->store();
        const std::size_t n = store.size();
        if (n == 0) continue;
        const auto key = [&](std::uint32_t row) {
            const RowId node = store.node_of_row(row);
            return node == kNoRow || !nodes.alive(node) ? kNoRow : nodes.row(node);
        };
        sorted.resize(n);
        for (std::uint32_t r = 0; r < n; ++r) {  // on one node the newest comes first, as in the reference; without a node the oldest
            const std::uint64_t node = key(r);
            const std::uint32_t id = node == kNoRow ? store.id(r) : ~static_cast<std::uint32_t>(store.id(r));
            sorted[r] = {(node << 32) | id, r};
        }
        if (!std::is_sorted(sorted.begin(), sorted.end())) {
            std::sort(sorted.begin(), sorted.end());
            std::vector<std::uint32_t> order(n);
            for (std::size_t r = 0; r < n; ++r) order[r] = sorted[r].second;
            store.permute(order);
        }
        std::int32_t active = static_cast<std::int32_t>(n);
        if (!type->is_artificial())
            active = static_cast<std::int32_t>(std::count_if(sorted.begin(), sorted.end(), [](const auto& s) { return (s.first >> 32) != kNoRow; }));
        active_[static_cast<std::size_t>(type->index())] = active;
        types_.push_back(type.get());
        diffuses_ = diffuses_ || type->description().n_diffusion > 0;
    }
    // Within a phase what writes concentrations comes first, so that mechanisms that read them see the new ones.
    std::stable_partition(types_.begin(), types_.end(), [](const MechanismType* t) { return t->is_ion() || t->is(NRN_WRITES_CONCENTRATION); });
    resolve_mechanisms(model);
    find_sequences(model);
    share_rows();
    pointers_cross_ = false;
    columns_.clear();
    loose_pointers_.clear();
    pointed_.clear();
    for (MechanismType* type : types_) resolve_pointers(model, *type);
}

/// The node that the variable at `data` belongs to, -1 when it is not of this model's nodes and mechanisms.
std::int32_t Layout::node_row_of(Model& model, const double* data) {
    if (columns_.empty()) {
        for (int c = 0; c < NodeStore::kColumns; ++c) {
            const double* column = model.nodes_.column(static_cast<NodeStore::Column>(c));
            columns_.push_back({column, column + n_node_, nullptr});
        }
        for (MechanismType* type : types_)
            for (int c = 0; c < type->description().n_column; ++c) columns_.push_back({type->store().column(c), type->store().column(c) + type->store().size(), type});
        std::sort(columns_.begin(), columns_.end(), [](const Column& x, const Column& y) { return std::less<>{}(x.begin, y.begin); });
    }
    auto at = std::upper_bound(columns_.begin(), columns_.end(), data, [](const double* p, const Column& c) { return std::less<>{}(p, c.begin); });
    if (at == columns_.begin() || !std::less<>{}(data, (--at)->end)) return -1;
    const auto row = static_cast<std::int32_t>(data - at->begin);
    if (!at->type) return row;
    return at->type->is_artificial() ? -1 : at->type->store().view().node[row];
}

/// The order of calls matters where one stream of numbers serves all instances: it is the reference's.
void Layout::find_sequences(Model& model) {
    sequences_.assign(model.mechanisms_.size(), {});
    std::vector<std::int32_t> rank;  // of each node's row
    for (const MechanismType* type : types_) {
        const std::int32_t active = active_rows(*type);
        if (active < 2 || type->is_artificial() || !(type->description().flags & (NRN_DRAWS_SHARED_NUMBERS | NRN_INITIAL_IN_ORDER))) continue;
        if (rank.empty()) {
            rank.assign(static_cast<std::size_t>(n_node_), 0);
            std::int32_t next = 0;
            for (Section* root : model.sections()) {
                if (root->parent_) continue;
                std::deque<Section*> level{root};
                for (; !level.empty(); level.pop_front()) {
                    Section& s = *level.front();
                    const auto take = [&](RowId node) { rank[model.nodes_.row(node)] = next++; };
                    if (&s == root) take(s.root_node_);
                    for (int k = 0; k < s.nseg_; ++k) take(s.nodes_[static_cast<std::size_t>(s.child_end_ == 0 ? k : s.nseg_ - 1 - k)]);
                    take(s.nodes_[static_cast<std::size_t>(s.nseg_)]);
                    level.insert(level.end(), s.children_.begin(), s.children_.end());
                }
            }
        }
        auto& rows = sequences_[static_cast<std::size_t>(type->index())];
        rows.resize(static_cast<std::size_t>(active));
        std::iota(rows.begin(), rows.end(), 0);
        const std::int32_t* node = const_cast<MechanismType*>(type)->store().view().node;
        std::stable_sort(rows.begin(), rows.end(), [&](std::int32_t a, std::int32_t b) { return rank[static_cast<std::size_t>(node[a])] < rank[static_cast<std::size_t>(node[b])]; });
    }
}

/// Rows of nodes and ions are final: every instance learns them.
void Layout::resolve_mechanisms(Model& model) {
    NodeStore& nodes = model.nodes_;
    for (MechanismType* type : types_) {
        auto& store = type->store();
        for (std::size_t r = 0; r < store.size(); ++r) store.resolve_row(r, NodeRow{nodes}, IonRow{*type});
        store.refresh_view();
    }
}

bool Layout::potentials_follow(MechanismType& type, std::int32_t begin, std::int32_t end) {
    if (!type.is_ion()) return false;
    const double* style = type.store().column(kIonStyleColumn);
    return std::any_of(style + begin, style + end, [](double s) { return (static_cast<int>(s) & AdvancePotential) != 0; });
}

int Layout::per_node(const std::int32_t* node, std::int32_t begin, std::int32_t end) noexcept {
    if (!node) return 0;
    const auto count = static_cast<std::int32_t>(std::upper_bound(node + begin, node + end, node[begin]) - (node + begin));
    for (std::int32_t r = begin; r < end; ++r)
        if (node[r] != node[begin] + (r - begin) / count) return 0;
    return (end - begin) % count == 0 ? count : 0;
}

void Layout::share_rows() {
    whole_ = {};
    whole_.end = n_node_;
    shares_globals_ = loose_blocks_ = false;
    for (MechanismType* type : types_) {
        const std::int32_t active = active_rows(*type);
        if (active > 0) whole_.types.push_back({type, 0, active, potentials_follow(*type, 0, active)});
        if (type->is_artificial()) {
            const auto& d = type->description();
            loose_blocks_ = loose_blocks_ || d.current || d.state || d.n_timed_block > 0;
            continue;
        }
        shares_globals_ = shares_globals_ || (active > 0 && (type->is(NRN_NOT_THREAD_SAFE) || sequence(*type)));
        const std::int32_t* node = type->store().view().node;
        std::int32_t begin = 0;
        for (CellGroup& group : groups_) {
            const auto end = static_cast<std::int32_t>(std::lower_bound(node + begin, node + active, group.end) - node);
            if (end > begin) group.types.push_back({type, begin, end, potentials_follow(*type, begin, end)});
            begin = end;
        }
    }
    // A mechanism may look at another node of its group in the middle of a phase: by a POINTER, or by what is shared.
    const auto looks_around = [this](MechanismType* type) {
        const auto& d = type->description();
        return active_rows(*type) > 0 && std::any_of(d.variable, d.variable + d.n_variable, [](const nrn_variable& v) { return v.kind == NRN_POINTER; });
    };
    const bool in_one = shares_globals_ || std::any_of(types_.begin(), types_.end(), looks_around);
    cut(whole_, in_one);
    for (CellGroup& group : groups_) cut(group, in_one);
}

void Layout::cut(CellGroup& group, bool whole) const {
    group.strips.clear();
    std::vector<std::int32_t> at;
    for (const TypeRows& rows : group.types) at.push_back(rows.begin);
    std::int32_t begin = group.begin;
    while (begin < group.end) {
        const bool last = whole || group.end - begin < kStripNodes + kStripNodes / 2;
        Strip strip{begin, last ? group.end : begin + kStripNodes, {}};
        for (std::size_t k = 0; k < at.size(); ++k) {
            const TypeRows& rows = group.types[k];
            const std::int32_t* node = rows.type->store().view().node;
            const auto end = last || rows.type->is_artificial() ? rows.end : static_cast<std::int32_t>(std::lower_bound(node + at[k], node + rows.end, strip.end) - node);
            if (end > at[k]) strip.types.push_back({rows.type, at[k], end, rows.potentials_follow, per_node(node, at[k], end)});
            at[k] = end;
        }
        begin = strip.end;
        group.strips.push_back(std::move(strip));
    }
}

namespace {

bool is_of_connection(const Ref& target) {
    struct Seek final : HeldVisitor {
        void visit(const Counted& held) override { found = found || dynamic_cast<const NetCon*>(&held); }
        bool found = false;
    } seek;
    if (const auto* holder = dynamic_cast<const Holder*>(&target)) holder->visit_held(seek);
    return seek.found;
}

}  // namespace

void Layout::resolve_pointers(Model& model, MechanismType& type) {
    const auto& d = type.description();
    auto& store = type.store();
    const auto group_of = [&](std::int32_t node) {
        return std::upper_bound(groups_.begin(), groups_.end(), node, [](std::int32_t row, const CellGroup& g) { return row < g.end; });
    };
    for (int i = 0; i < d.n_variable; ++i) {
        if (d.variable[i].kind != NRN_POINTER) continue;
        for (std::size_t row = 0; row < store.size(); ++row) {
            const RowId id = store.id(static_cast<std::uint32_t>(row));
            const RefPtr& target = store.pointer_ref(d.variable[i].column, id);
            if (!target) continue;  // unset, or VERBATIM text keeps memory of its own here
            double* const data = target->valid() ? target->data() : nullptr;
            store.pointer(d.variable[i].column, id) = data;
            const std::int32_t there = data ? node_row_of(model, data) : -1;
            if (there < 0) {
                const std::uint32_t* moves = target->moves();
                loose_pointers_.push_back({&type, d.variable[i].column, id, is_of_connection(*target), moves, moves ? *moves : 0});
            } else {
                pointed_.push_back(data);
            }
            if (!data || pointers_cross_ || groups_.size() < 2) continue;
            const std::int32_t here = type.is_artificial() ? -1 : store.view().node[row];
            if (here < 0 || there < 0 || group_of(here) != group_of(there)) pointers_cross_ = true;
        }
    }
}

void Layout::renew_pointers(bool connections_moved) {
    for (LoosePointer& p : loose_pointers_) {
        if (p.of_connection && !connections_moved) continue;
        if (p.moves && std::exchange(p.seen, *p.moves) == *p.moves) continue;
        const RefPtr& target = p.type->store().pointer_ref(p.slot, p.id);
        p.type->store().pointer(p.slot, p.id) = target && target->valid() ? target->data() : nullptr;
    }
}

void Layout::couple(Model& model) {
    // Conductances 1/Ri [uS] per area of each side, x100 to come out in S/cm2 (as d is).
    NodeStore& nodes = model.nodes_;
    double *a = nodes.column(NodeStore::A), *b = nodes.column(NodeStore::B);
    const double *ri = nodes.column(NodeStore::Ri), *area = nodes.column(NodeStore::Area);
    for (std::int32_t i = 0; i < n_node_; ++i) {
        const std::int32_t p = nodes.parent[static_cast<std::size_t>(i)];
        if (p < 0) {
            a[i] = b[i] = 0;
            continue;
        }
        const double conductance = 100 / ri[i];
        b[i] = -conductance / area[i];
        a[i] = -conductance * rall_[static_cast<std::size_t>(i)] / area[p];
    }
}

}  // namespace nrn
