// SPDX-License-Identifier: BSD-3-Clause
// Creating, connecting and deleting sections, and the number of their segments.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "model/point_process.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {
namespace {

constexpr double kRestPotential = -65;  // mV, of a new node

RowId new_node(NodeStore& nodes) {
    const RowId id = nodes.add();
    nodes.at(NodeStore::V, id) = kRestPotential;
    nodes.at(NodeStore::Diam, id) = 500;
    nodes.at(NodeStore::Cm, id) = 1;
    nodes.at(NodeStore::Area, id) = 100;
    return id;
}

}  // namespace

SectionPtr Model::create_section(std::string name, Object* owner) {
    auto section = make_counted<Section>(*section_class_, *this, std::move(name));
    section->owner_ = owner;
    section->nodes_ = {new_node(nodes_), new_node(nodes_)};
    section->root_node_ = new_node(nodes_);
    list_section(*section);
    mark_stale(*section);
    return section;
}

void Model::list_section(Section& section) {
    auto place = sections_.end();
    if (section.owner_) {
        auto& own = sections_of_[section.owner_];
        if (!own.empty()) place = std::next(listed(*own.back()));
        own.push_back(&section);
    }
    section.listed_ = static_cast<std::size_t>(place - sections_.begin());
    sections_.insert(place, &section);
}

std::vector<Section*>::iterator Model::listed(const Section& section) const noexcept {
    // Others may have come in before it since.
    return std::find(sections_.begin() + static_cast<std::ptrdiff_t>(std::min(section.listed_, sections_.size())), sections_.end(), &section);
}

void Model::unlist_section(Section& section) noexcept {
    const auto at = listed(section);
    if (at == sections_.end()) return;
    *at = nullptr;
    if (2 * ++sections_gone_ > sections_.size()) close_section_gaps();
}

void Model::close_section_gaps() const noexcept {
    std::erase(sections_, nullptr);
    for (std::size_t i = 0; i < sections_.size(); ++i) sections_[i]->listed_ = i;
    sections_gone_ = 0;
}

bool Model::owns(const Section& section) const noexcept { return !shut_down_ && section.alive(); }

void Model::delete_section(Section& section) {
    if (!section.alive()) return;
    while (!section.children_.empty()) disconnect(*section.children_.back());
    disconnect(section);
    while (!section.point_processes_.empty()) section.point_processes_.back()->section_deleted();
    for (auto& inserted : section.inserted_)
        for (const RowId row : inserted.rows) {
            instance_unmade(*inserted.type, row);
            inserted.type->store().remove(row);
        }
    section.inserted_.clear();
    for (const RowId node : section.nodes_) nodes_.remove(node);
    nodes_.remove(section.root_node_);
    section.nodes_.clear();
    section.alive_ = false;
    if (const auto own = sections_of_.find(section.owner_); own != sections_of_.end()) {
        std::erase(own->second, &section);
        if (own->second.empty()) sections_of_.erase(own);
    }
    section.owner_ = nullptr;
    ++deletions_;
    unlist_section(section);
    structure_changed();
}

void Model::connect(Section& child, double child_end, Section& parent, double parent_x) {
    child.require_alive();
    parent.require_alive();
    if (child_end != 0 && child_end != 1)
        throw Error(ErrorKind::Range, fmt::format("`{}` must be connected at its end 0 or 1, not at {}", child.name(), child_end));
    if (!(parent_x >= 0 && parent_x <= 1))
        throw Error(ErrorKind::Range, fmt::format("connection to `{}` at {} is out of range 0 to 1", parent.name(), parent_x));
    // Only a section with children can be above others.
    for (Section* s = &parent; s; s = child.children_.empty() ? nullptr : s->parent_)
        if (s == &child)
            throw Error(ErrorKind::Value, fmt::format("connecting `{}` to `{}` would make a loop: a loop exists consisting of `{}` and its children",
                                                      child.name(), parent.name(), child.name()));
    if (child.parent_) {
        runtime_.console().err(fmt::format("Notice: {}({:g}) had previously been connected to parent {}({:g})\n", child.name(),
                                           child.child_end_, child.parent_->name(), child.parent_x_));
        disconnect(child);
    }
    child.parent_ = &parent;
    child.parent_x_ = parent_x;
    child.child_end_ = child_end;
    const auto from_root_side = [&parent](double x) { return parent.child_end_ == 1 ? 1 - x : x; };
    const auto at = std::find_if(parent.children_.begin(), parent.children_.end(), [&](const Section* sibling) {
        return from_root_side(sibling->parent_x_) >= from_root_side(parent_x);
    });
    parent.children_.insert(at, &child);
    mark_stale(child);
}

void Model::disconnect(Section& child) {
    child.require_alive();
    if (!child.parent_) return;
    // The end becomes a node of its own with the voltage that the joint had.
    nodes_.at(NodeStore::V, child.root_node_) = nodes_.at(NodeStore::V, child.parent_->node_at(child.parent_x_));
    std::erase(child.parent_->children_, &child);
    child.parent_ = nullptr;
    mark_stale(child);
}

namespace {

/// The segment of `count` that holds the centre of segment i of another `n`; at a boundary the upper one, as in the reference.
int holder_of_centre(int i, int n, int count) { return std::min(count - 1, static_cast<int>((i + 0.5) / n * count + 1e-9)); }

/// For each new segment the old one whose identity it inherits (the nearest, of two equally near ones the upper), else -1.
std::vector<int> heirs(int old_count, int new_count) {
    std::vector<int> heir_of_new(static_cast<std::size_t>(new_count), -1);
    for (int i = 0; i < old_count; ++i) {
        const int j = holder_of_centre(i, old_count, new_count);
        int& old = heir_of_new[static_cast<std::size_t>(j)];
        const auto miss = [&](int k) { return std::fabs((k + 0.5) / old_count - (j + 0.5) / new_count); };
        if (old < 0 || miss(i) < miss(old) + 1e-12) old = i;
    }
    return heir_of_new;
}

}  // namespace

/// Remembers which segments become copies of which (Section::listed).
template <class Source>
void Model::note_copies(Section& section, const std::vector<int>& heir, Source source) const {
    std::vector<std::vector<std::uint64_t>> copies(heir.size());
    for (std::size_t j = 0; j < heir.size(); ++j) {
        const auto from = static_cast<std::size_t>(heir[j] >= 0 ? heir[j] : source(static_cast<int>(j)));
        if (!section.copies_.empty()) copies[j] = section.copies_[from];
        if (heir[j] < 0) copies[j].push_back(insertions_);
    }
    section.copies_.swap(copies);
}

void Model::resize_section(Section& section, int nseg) {
    const int old_nseg = section.nseg_;
    const std::vector<int> heir = heirs(old_nseg, nseg);
    std::vector<bool> kept(static_cast<std::size_t>(old_nseg), false);
    const auto source = [&](int j) {  // the old segment that holds the new one's centre
        return holder_of_centre(j, nseg, old_nseg);
    };
    note_copies(section, heir, source);
    std::vector<RowId> nodes(static_cast<std::size_t>(nseg) + 1);
    for (int j = 0; j < nseg; ++j) {
        if (heir[static_cast<std::size_t>(j)] >= 0) {
            kept[static_cast<std::size_t>(heir[static_cast<std::size_t>(j)])] = true;
            nodes[static_cast<std::size_t>(j)] = section.nodes_[static_cast<std::size_t>(heir[static_cast<std::size_t>(j)])];
        } else {
            const RowId id = new_node(nodes_), from = section.nodes_[static_cast<std::size_t>(source(j))];
            for (auto c : {NodeStore::V, NodeStore::Diam, NodeStore::Cm}) nodes_.at(c, id) = nodes_.at(c, from);
            nodes[static_cast<std::size_t>(j)] = id;
        }
    }
    nodes[static_cast<std::size_t>(nseg)] = section.nodes_[static_cast<std::size_t>(old_nseg)];
    std::vector<std::pair<MechanismType*, RowId>> made;
    for (auto& inserted : section.inserted_) {
        std::vector<RowId> rows(static_cast<std::size_t>(nseg));
        auto& store = inserted.type->store();
        for (std::size_t j = 0; j < rows.size(); ++j) {
            if (heir[j] >= 0) {
                rows[j] = inserted.rows[static_cast<std::size_t>(heir[j])];
            } else {
                rows[j] = store.add(nodes[j]);
                store.copy_row(inserted.rows[static_cast<std::size_t>(source(static_cast<int>(j)))], rows[j]);
                if (inserted.type->description().constructor) made.emplace_back(inserted.type, rows[j]);
            }
        }
        for (std::size_t i = 0; i < kept.size(); ++i)
            if (!kept[i]) {
                instance_unmade(*inserted.type, inserted.rows[i]);
                store.remove(inserted.rows[i]);
            }
        inserted.rows.swap(rows);
    }
    for (std::size_t i = 0; i < kept.size(); ++i)
        if (!kept[i]) nodes_.remove(section.nodes_[i]);
    section.nodes_.swap(nodes);
    section.nseg_ = nseg;
    link_ions(section);
    section.diam_from_points_ = true;
    mark_stale(section);
    for (PointProcess* p : section.point_processes_) p->settle(nseg > old_nseg);
    for (const auto& [type, row] : made) instance_made(*type, row);
}

}  // namespace nrn
