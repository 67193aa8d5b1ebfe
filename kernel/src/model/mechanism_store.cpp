// SPDX-License-Identifier: BSD-3-Clause
// Rows of mechanism instances: defaults on arrival, the last row fills a hole.
#include "model/mechanism_store.hpp"

#include <algorithm>
#include <set>

#include "model/mechanism_type.hpp"
#include "model/model.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {

MechanismStore::MechanismStore(MechanismType& type) : type_(type) {
    const auto& d = type.description();
    storage_.resize(static_cast<std::size_t>(d.n_column));
    find_scratch();
    columns_.resize(storage_.size());
    pointers_.resize(static_cast<std::size_t>(d.n_pointer));
    pointer_refs_.resize(pointers_.size());
    pointer_columns_.resize(pointers_.size());
    streams_.resize(pointers_.size());
    ion_ids_.resize(static_cast<std::size_t>(d.n_ion));
    ion_rows_.resize(ion_ids_.size());
    ion_columns_.resize(ion_ids_.size());
    ion_views_.resize(ion_ids_.size());
    view_.mechanism = &d;
    view_.host_type = &type;
}

/// What a variable step leaves in columns of derivatives, and what blocks leave in variables that all of them write first.
void MechanismStore::find_scratch() {
    const auto& d = type_.description();
    const auto add = [this](std::int32_t c) { scratch_.push_back(static_cast<std::size_t>(c)); };
    for (int i = 0; i < d.n_variable; ++i)
        if (d.variable[i].kind == NRN_ASSIGNED && (d.variable[i].flags & NRN_SCRATCH))
            for (int k = 0; k < d.variable[i].length; ++k) add(d.variable[i].column + k);
    const auto named = [&d](std::int32_t c) {
        return std::any_of(d.variable, d.variable + d.n_variable, [c](const nrn_variable& v) { return v.kind <= NRN_STATE && c >= v.column && c < v.column + v.length; });
    };
    for (int i = 0; i < d.n_ode; ++i)
        if (!named(d.ode_derivative[i])) add(d.ode_derivative[i]);
    std::sort(scratch_.begin(), scratch_.end());
    scratch_.erase(std::unique(scratch_.begin(), scratch_.end()), scratch_.end());
}

RowId MechanismStore::add(RowId node) {
    const auto& d = type_.description();
    std::size_t next = 0;
    for (std::size_t c = 0; c < storage_.size(); ++c) {
        if (next < scratch_.size() && scratch_[next] == c) ++next;
        else storage_[c].push_back(0);
    }
    for (int i = 0; i < d.n_variable; ++i) {
        const auto& v = d.variable[i];
        if (v.kind > NRN_STATE || (v.flags & NRN_SCRATCH)) continue;
        for (int k = 0; k < v.length; ++k) storage_[static_cast<std::size_t>(v.column + k)].back() = v.value;
    }
    for (auto& p : pointers_) p.push_back(nullptr);
    for (auto& p : pointer_refs_) p.emplace_back();
    for (auto& s : streams_) s.emplace_back();
    add_streams();
    for (auto& i : ion_ids_) i.push_back(kNoRow);
    for (auto& i : ion_rows_) i.push_back(-1);
    if (type_.is_point_process()) owners_.push_back(nullptr);
    node_ids_.push_back(node);
    node_rows_.push_back(-1);
    const RowId id = index_.add(static_cast<std::uint32_t>(ids_.size()));
    ids_.push_back(id);
    refresh_view();
    return id;
}

void MechanismStore::remove(RowId id) {
    const std::size_t row = index_.row(id), last = ids_.size() - 1;
    const auto drop = [&](auto& column) {
        if (column.empty()) return;
        if (row != last) column[row] = std::move(column[last]);
        column.pop_back();
    };
    for (auto& c : storage_) drop(c);
    for (auto& p : pointers_) drop(p);
    for (auto& p : pointer_refs_) drop(p);
    for (auto& s : streams_) drop(s);
    for (auto& i : ion_ids_) drop(i);
    for (auto& i : ion_rows_) drop(i);
    drop(owners_);
    drop(node_ids_);
    drop(node_rows_);
    ids_[row] = ids_[last];
    index_.move(ids_[row], static_cast<std::uint32_t>(row));
    ids_.pop_back();
    index_.remove(id);
    refresh_view();
}

void MechanismStore::copy_row(RowId from, RowId to) {
    const std::size_t a = index_.row(from), b = index_.row(to);
    for (auto& c : storage_)
        if (!c.empty()) c[b] = c[a];
    for (auto& p : pointer_refs_) p[b] = p[a];
    for (std::size_t k = 0; k < pointers_.size(); ++k)
        if (!streams_[k][a]) pointers_[k][b] = pointers_[k][a];  // random streams stay unlike each other
}

/// Streams of the newest row's RANDOM variables: unlike each other without anybody choosing them.
void MechanismStore::add_streams() {
    const auto& d = type_.description();
    std::set<std::size_t> slots;  // in the order of their declarations
    for (int i = 0; i < d.n_variable; ++i)
        if (d.variable[i].kind == NRN_RANDOM) slots.insert(static_cast<std::size_t>(d.variable[i].column));
    for (const std::size_t slot : slots) {
        auto& globals = type_.model().runtime().service<RandomGlobals>();
        streams_[slot].back() = std::make_unique<RandomVariable>(globals, 1, 0, ++globals.random_variables);
        pointers_[slot].back() = static_cast<UniformGenerator*>(streams_[slot].back().get());
    }
}

void MechanismStore::set_node(RowId id, RowId node) { node_ids_[index_.row(id)] = node; }

void MechanismStore::permute(const std::vector<std::uint32_t>& order) {
    const auto sort = [&](auto& column) {
        if (column.empty()) return;
        std::remove_reference_t<decltype(column)> sorted;
        sorted.reserve(order.size());
        for (const std::uint32_t from : order) sorted.push_back(std::move(column[from]));
        column.swap(sorted);
    };
    for (auto& c : storage_) sort(c);
    for (auto& p : pointers_) sort(p);
    for (auto& p : pointer_refs_) sort(p);
    for (auto& s : streams_) sort(s);
    for (auto& i : ion_ids_) sort(i);
    sort(owners_);
    sort(node_ids_);
    sort(ids_);
    for (std::size_t r = 0; r < ids_.size(); ++r) index_.move(ids_[r], static_cast<std::uint32_t>(r));
    refresh_view();
}

void MechanismStore::refresh_view() {
    for (std::size_t c = 0; c < storage_.size(); ++c) columns_[c] = storage_[c].data();
    scratch_columns_.reserve(scratch_.size(), ids_.size());
    for (std::size_t k = 0; k < scratch_.size(); ++k) columns_[scratch_[k]] = scratch_columns_.column(k);
    for (std::size_t p = 0; p < pointers_.size(); ++p) pointer_columns_[p] = pointers_[p].data();
    const auto& ions = type_.ions();
    for (std::size_t k = 0; k < ion_views_.size(); ++k) {
        if (k < ions.size() && ions[k] && &ions[k]->store() != this) {
            auto& ion_store = ions[k]->store();
            for (int c = 0; c < NRN_ION_COLUMNS; ++c) ion_columns_[k][static_cast<std::size_t>(c)] = ion_store.column(c);
            ion_views_[k].valence = ions[k]->valence;
        }
        ion_views_[k].column = ion_columns_[k].data();
        ion_views_[k].row = ion_rows_[k].data();
    }
    view_.n_row = static_cast<std::int32_t>(ids_.size());
    view_.column = columns_.data();
    view_.node = type_.is_artificial() ? nullptr : node_rows_.data();
    view_.ion = ion_views_.data();
    view_.pointer = pointer_columns_.data();
    view_.global = type_.globals().data();
    view_.table = type_.tables().data();
}

}  // namespace nrn
