// SPDX-License-Identifier: BSD-3-Clause
// ParallelContext.prcellstate: all numbers of one cell as text, to be compared between runs on different ranks.
#include <cmath>
#include <fstream>

#include <fmt/format.h>

#include "classes/parallel_context.hpp"
#include "engine/simulation.hpp"
#include "events/network.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "network/gid_map.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {
namespace {

void write_variables(std::ostream& out, MechanismType& type, RowId row) {
    const auto& d = type.description();
    for (int i = 0; i < d.n_variable; ++i) {
        const auto& v = d.variable[i];
        if (v.kind > NRN_STATE) continue;
        for (int k = 0; k < v.length; ++k)
            out << fmt::format(" {}{}={:.17g}", v.name, v.is_array ? fmt::format("[{}]", k) : std::string(), type.store().at(v.column + k, row));
    }
}

void write_connections(std::ostream& out, Network& network, const PointProcess& target) {
    for (const NetCon* c : network.net_cons()) {
        if (c->target() != &target) continue;
        out << fmt::format("  netcon delay={:.17g} active={} source={}", c->row().delay, c->row().active ? 1 : 0, c->source ? c->source->gid : -1);
        for (const double w : c->row().weight_span()) out << fmt::format(" {:.17g}", w);
        out << '\n';
    }
}

void write_point_process(std::ostream& out, Network& network, PointProcess& p) {
    out << fmt::format(" {}", p.type().name());
    write_variables(out, p.type(), p.row_id());
    out << '\n';
    write_connections(out, network, p);
}

void write_section(std::ostream& out, Runtime& runtime, Section& section) {
    auto& nodes = runtime.model().nodes();
    const auto write_node = [&](double x, RowId node) {
        out << fmt::format("{}({:g}) area={:.17g} a={:.17g} b={:.17g} v={:.17g}\n", section.local_name.empty() ? section.name() : section.local_name, x,
                           nodes.at(NodeStore::Area, node), nodes.at(NodeStore::A, node), nodes.at(NodeStore::B, node), nodes.at(NodeStore::V, node));
    };
    if (!section.parent()) write_node(section.child_end(), section.node_at(section.child_end()));
    for (int i = 0; i < section.nseg(); ++i) {
        write_node(section.segment_x(i), section.segment_node(i));
        for (const auto& inserted : section.inserted()) {
            out << fmt::format(" {}", inserted.type->name());
            write_variables(out, *inserted.type, inserted.rows[static_cast<std::size_t>(i)]);
            out << '\n';
        }
    }
    for (PointProcess* p : section.point_processes()) write_point_process(out, runtime.simulation().network(), *p);
}

}  // namespace

/// prcellstate(gid, suffix): writes GID_SUFFIX.nrndat; nothing on a rank without the cell.
Value print_cell_state(Object&, CallArgs& a) {
    Runtime& runtime = a.runtime();
    auto& gids = runtime.service<GidMap>();
    const long gid = a.integer(0);
    if (gids.exists(gid) < 2) return 0.0;
    const SpikeSource& source = gids.local(gid, "prcellstate");
    const std::string file = fmt::format("{}_{}.nrndat", gid, a.string(1));
    std::ofstream out(file);
    if (!out) throw Error(ErrorKind::Io, fmt::format("prcellstate: `{}` cannot be written", file));
    Simulation& simulation = runtime.simulation();
    simulation.prepare();
    out << fmt::format("gid={} t={:.17g} threshold={:.17g}\n", gid, simulation.t, source.threshold);
    Section* section = source.cell ? source.cell->section() : source.section.get();
    if (section && section->alive()) {
        Section& root = section->root();
        for (Section* s : runtime.model().sections())
            if (&s->root() == &root) write_section(out, runtime, *s);
    } else if (source.cell) {
        write_point_process(out, simulation.network(), *source.cell);
    }
    return 1.0;
}

}  // namespace nrn
