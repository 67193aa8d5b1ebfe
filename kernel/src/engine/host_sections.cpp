// SPDX-License-Identifier: BSD-3-Clause
// Sections and nodes as the text of VERBATIM blocks reaches them.
#include "engine/host_sections.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/host_functions.hpp"
#include "model/model.hpp"

namespace nrn {
namespace {

Section& required(void* section) {
    auto* s = dynamic_cast<Section*>(static_cast<Object*>(section));
    if (!s) throw Error(ErrorKind::Reference, "VERBATIM text uses what is no section");
    s->require_alive();
    return *s;
}

/// Sections belong to the thread that interprets; rows of nodes stand still while a block runs.
template <class Result, class F>
Result asked(nrn_context* c, Result otherwise, F f) {
    if (worker_of(c)) {
        late_fault(c, "asks for sections, which one thread alone may do: use pc.nthread(1)");
        return otherwise;
    }
    Result result = otherwise;
    guarded(simulation_of(c), [&] {
        if (c->call) simulation_of(c).prepare();
        result = f(simulation_of(c).model());
    });
    return result;
}

void* accessed(nrn_context* c) {
    return asked<void*>(c, nullptr, [](Model& m) -> void* {
        Section* s = m.stack().accessed_or_null();
        return s ? static_cast<Object*>(s) : nullptr;
    });
}

nrn_status push(nrn_context* c, void* section) {
    return asked(c, NRN_FAILED, [&](Model& m) {
        m.stack().push(SectionPtr(&required(section)));
        return NRN_OK;
    });
}

void pop(nrn_context* c) {
    asked(c, 0, [](Model& m) {
        m.stack().pop();
        return 0;
    });
}

const char* name(nrn_context* c, void* section) {
    return asked(c, "", [&](Model&) {
        auto& text = simulation_of(c).name_buffer;
        text = required(section).name();
        return text.c_str();
    });
}

Section* sibling(Section& s) {
    if (!s.parent()) return nullptr;
    const auto& all = s.parent()->children();
    const auto at = std::find(all.begin(), all.end(), &s);
    return at == all.end() || at + 1 == all.end() ? nullptr : *(at + 1);
}

void* relative(nrn_context* c, void* section, std::int32_t which) {
    return asked<void*>(c, nullptr, [&](Model&) -> void* {
        Section& s = required(section);
        Section* other = which == NRN_SECTION_PARENT ? s.parent() : which == NRN_SECTION_SIBLING ? sibling(s) : s.children().empty() ? nullptr : s.children().front();
        return other ? static_cast<Object*>(other) : nullptr;
    });
}

std::int32_t node_count(nrn_context* c, void* section) {
    return asked(c, 0, [&](Model&) { return required(section).nseg() + 1; });
}

std::int32_t node(nrn_context* c, void* section, std::int32_t i) {
    return asked(c, -1, [&](Model& m) {
        Section& s = required(section);
        if (i < 0 || i > s.nseg()) throw Error(ErrorKind::Index, fmt::format("VERBATIM text asks for node {} of {}, which has {}", i, s.name(), s.nseg() + 1));
        const RowId id = i == s.nseg() ? s.node_at(1 - s.child_end()) : s.segment_node(s.child_end() == 0 ? i : s.nseg() - 1 - i);
        return static_cast<std::int32_t>(m.nodes().row(id));
    });
}

double length(nrn_context* c, void* section) {
    return asked(c, 0.0, [&](Model&) { return required(section).length(); });
}

double orientation(nrn_context* c, void* section) {
    return asked(c, 0.0, [&](Model&) { return required(section).child_end(); });
}

std::int32_t parent_node(nrn_context* c, std::int32_t row) {
    return asked(c, -1, [&](Model& m) {
        const auto& parent = m.nodes().parent;
        return row >= 0 && static_cast<std::size_t>(row) < parent.size() ? parent[static_cast<std::size_t>(row)] : -1;
    });
}

double* value(nrn_context* c, std::int32_t row, std::int32_t what) {
    return asked<double*>(c, nullptr, [&](Model& m) {
        static constexpr NodeStore::Column columns[]{NodeStore::A, NodeStore::B, NodeStore::D, NodeStore::Rhs, NodeStore::V, NodeStore::Area};
        if (row < 0 || row >= simulation_of(c).layout().node_count() || what < 0 || what > NRN_NODE_AREA) throw Error(ErrorKind::Index, "VERBATIM text asks for a node that there is not");
        if (what == NRN_NODE_A || what == NRN_NODE_B) simulation_of(c).lend_axial_coefficients();
        return m.nodes().column(columns[what]) + row;
    });
}

}  // namespace

const nrn_section_services& section_services() {
    static constexpr nrn_section_services table{accessed, push, pop, name, relative, node_count, node, length, orientation, parent_node, value};
    return table;
}

}  // namespace nrn
