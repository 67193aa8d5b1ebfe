// SPDX-License-Identifier: BSD-3-Clause
// Cells are named by gid, sections and point processes by their order in the cell, connections by the gid
// they come from and their order among those of one gid onto one target.
#include "engine/saved_cell.hpp"

#include <algorithm>
#include <cstdlib>
#include <istream>
#include <ostream>

#include <fmt/format.h>

#include "engine/saved_state.hpp"
#include "engine/simulation.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "network/gid_map.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "random/random.hpp"

namespace nrn {
namespace {

void put(std::ostream& out, double x) { out << fmt::format(" {:.17g}", x); }  // exact

std::vector<Section*> sections_of(Section& root) {
    std::vector<Section*> all{&root};
    for (std::size_t i = 0; i < all.size(); ++i)
        for (Section* child : all[i]->children()) all.push_back(child);
    return all;
}

/// The streams of an instance's RANDOM variables.
std::vector<RandomVariable*> streams(MechanismType& type, RowId row) {
    std::vector<RandomVariable*> all;
    const auto& d = type.description();
    for (int i = 0; i < d.n_variable; ++i)
        if (d.variable[i].kind == NRN_RANDOM)
            if (RandomVariable* s = type.store().stream(d.variable[i].column, row)) all.push_back(s);
    return all;
}

/// The nodes of a section that are its own.
std::vector<RowId> nodes_of(const Section& s) {
    std::vector<RowId> nodes;
    for (int i = 0; i <= s.nseg(); ++i) nodes.push_back(s.segment_node(i));
    if (!s.parent()) nodes.push_back(s.node_at(s.child_end()));
    return nodes;
}

/// What identifies a connection's source on any rank: its gid, or -1 artificial without one, -2 none, -3 a variable.
long source_key(const NetCon& c) {
    if (!c.source) return -2;
    if (c.source->gid >= 0) return c.source->gid;
    return c.source->cell ? -1 : -3;
}

const nrn_mech_function* extra_state(const MechanismType& type) {
    const auto& d = type.description();
    for (int i = 0; i < d.n_function; ++i)
        if (std::string_view(d.function[i].name) == "bbsavestate") return &d.function[i];
    return nullptr;
}

/// A number of a Vector as the reference that FUNCTION bbsavestate takes.
class ElementRef final : public Ref {
  public:
    explicit ElementRef(std::vector<double>& values) : values_(values) {}
    [[nodiscard]] std::size_t length() const override { return values_.size(); }
    [[nodiscard]] double* data() const override { return values_.data(); }

  private:
    std::vector<double>& values_;
};

/// Calls FUNCTION bbsavestate(xdir, xval).
void call_extra(Simulation& simulation, MechanismType& type, RowId row, std::vector<double>& direction, std::vector<double>& values) {
    const Value arguments[] = {Value(static_cast<Ref*>(make_counted<ElementRef>(direction).get())), Value()};
    const Value both[] = {arguments[0], Value(static_cast<Ref*>(make_counted<ElementRef>(values).get()))};
    CallArgs args(simulation.runtime(), "bbsavestate", both);
    simulation.model().hooks.call_function(type, *extra_state(type), row, args);
}

std::vector<double> extra_values(Simulation& simulation, MechanismType& type, RowId row) {
    std::vector<double> direction{-1}, values(1);
    call_extra(simulation, type, row, direction, values);
    const double n = direction[0];
    if (!(n >= 0 && n < 1e9)) throw Error(ErrorKind::Value, fmt::format("FUNCTION bbsavestate of `{}` gave {} as the number of its values", type.name(), n));
    values.assign(static_cast<std::size_t>(n), 0.0);
    direction[0] = 0;
    if (!values.empty()) call_extra(simulation, type, row, direction, values);
    return values;
}

}  // namespace

// ---- reading words ------------------------------------------------------------------------------

void CellStateReader::fail(const std::string& why) const { throw Error(ErrorKind::Io, fmt::format("{}:{}: {}", file_, line_, why)); }

std::string CellStateReader::word(const char* expected) {
    std::string w;
    int c = in_.get();
    while (c != EOF && std::isspace(c)) {
        if (c == '\n') ++line_;
        c = in_.get();
    }
    for (; c != EOF && !std::isspace(c); c = in_.get()) w += static_cast<char>(c);
    if (c != EOF) in_.unget();
    if (w.empty()) fail(fmt::format("the file ends where {} should stand", expected));
    return w;
}

double CellStateReader::number(const char* expected) {
    const std::string w = word(expected);
    char* end = nullptr;
    const double x = std::strtod(w.c_str(), &end);
    if (end == w.c_str() || *end) fail(fmt::format("`{}` stands where {} should", w, expected));
    return x;
}

long CellStateReader::count(const char* expected) {
    const double x = number(expected);
    if (!(x >= 0 && x < 1e12)) fail(fmt::format("{} cannot be {}", expected, x));
    return static_cast<long>(x);
}

void CellStateReader::expect(const char* keyword) {
    const std::string w = word(keyword);
    if (w != keyword) fail(fmt::format("`{}` stands where `{}` should", w, keyword));
}

// ---- cells --------------------------------------------------------------------------------------

CellState::CellState(Simulation& simulation, const std::set<const PointProcess*>& ignored) : simulation_(simulation), ignored_(ignored) {
    simulation.prepare();
    std::set<const Section*> roots;
    std::set<const PointProcess*> artificial;
    for (const SpikeSource* source : simulation.runtime().service<GidMap>().outputs()) {
        Section* section = source->cell ? source->cell->section() : source->section.get();
        if (section && section->alive()) {
            if (roots.insert(&section->root()).second) cells_.push_back({source->gid, &section->root(), nullptr});
        } else if (source->cell && artificial.insert(source->cell).second) {
            cells_.push_back({source->gid, nullptr, source->cell});
        }
    }
    for (Section* s : simulation.model().sections())
        if (!s->parent() && roots.insert(s).second) cells_.push_back({-1, s, nullptr});
    for (const auto& type : simulation.model().mechanisms())
        if (type->is_artificial())
            for (Object* o : type->object_class()->instances())
                if (auto* p = static_cast<PointProcess*>(o); artificial.insert(p).second) cells_.push_back({-1, nullptr, p});
    for (NetCon* c : simulation.network().net_cons())
        if (c->target()) connections_.emplace(c->target(), c);  // in order of creation
    in_flight_ = simulation.network().in_flight();
}

const CellState::Cell* CellState::find(long gid) const {
    const auto at = std::find_if(cells_.begin(), cells_.end(), [&](const Cell& c) { return c.gid == gid; });
    return at == cells_.end() ? nullptr : &*at;
}

std::vector<NetCon*> CellState::connections_to(const PointProcess& target) const {
    std::vector<NetCon*> all;
    const auto [first, last] = connections_.equal_range(&target);
    for (auto i = first; i != last; ++i) all.push_back(i->second);
    return all;
}

// ---- writing ------------------------------------------------------------------------------------

void CellState::write_instance(std::ostream& out, MechanismType& type, RowId row) const {
    for (const int c : state_columns(type)) put(out, type.store().at(c, row));
    for (const RandomVariable* s : streams(type, row)) put(out, s->sequence());
    write_extra(out, type, row);
}

void CellState::write_extra(std::ostream& out, MechanismType& type, RowId row) const {
    if (!extra_state(type)) return;
    const auto values = extra_values(simulation_, type, row);
    out << " extra " << values.size();
    for (const double x : values) put(out, x);
}

void CellState::write_connection(std::ostream& out, const NetCon& c, long ordinal, bool with_sources) const {
    const auto weights = c.row().weight_span();
    out << "  connection " << source_key(c) << ' ' << ordinal << ' ' << weights.size();
    for (const double w : weights) put(out, w);
    std::vector<std::size_t> events;
    for (std::size_t i = 0; i < in_flight_.size(); ++i)
        if (!in_flight_[i].self && in_flight_[i].connection == &c) events.push_back(i);
    out << " events " << events.size();
    for (const std::size_t i : events) {
        put(out, in_flight_[i].time);
        put(out, in_flight_[i].sent);
        out << (in_flight_[i].spike ? " 1 " : " 0 ") << i;
    }
    const bool carry = with_sources && source_key(c) == -1 && c.source->cell->type().is_artificial() && kept(c.source->cell);
    out << (carry ? " source\n" : " -\n");
    if (carry) write_point(out, *c.source->cell, false);
}

void CellState::write_point(std::ostream& out, PointProcess& p, bool with_sources) const {
    out << "  point " << p.type().name();
    write_instance(out, p.type(), p.row_id());
    const std::vector<Watch> watches = simulation_.network().watches(p.type(), p.row_id());
    out << " watches " << watches.size();
    for (const Watch& w : watches) {
        out << ' ' << w.number << ' ' << (w.above ? 1 : 0);
        put(out, w.flag);
    }
    const auto connections = connections_to(p);
    const auto number_of = [&](const NetCon* c) { return c ? std::find(connections.begin(), connections.end(), c) - connections.begin() : -1; };
    std::vector<std::size_t> selfs;
    for (std::size_t i = 0; i < in_flight_.size(); ++i)
        if (in_flight_[i].self && in_flight_[i].target == &p) selfs.push_back(i);
    out << "\n  connections " << connections.size() << '\n';
    std::map<long, long> seen;
    for (const NetCon* c : connections) write_connection(out, *c, seen[source_key(*c)]++, with_sources);
    out << "  selfevents " << selfs.size();
    for (const std::size_t i : selfs) {
        put(out, in_flight_[i].time);
        put(out, in_flight_[i].sent);
        put(out, in_flight_[i].flag);
        out << ' ' << (in_flight_[i].movable ? 1 : 0) << ' ' << number_of(in_flight_[i].connection) << ' ' << i;
    }
    out << '\n';
}

void CellState::write(std::ostream& out, const Cell& cell, bool with_sources) const {
    out << "cell " << cell.gid << (cell.root ? " sections\n" : " artificial\n");
    if (!cell.root) {
        write_point(out, *cell.artificial, with_sources);
        return;
    }
    auto& nodes = simulation_.model().nodes();
    const auto sections = sections_of(*cell.root);
    out << " count " << sections.size() << '\n';
    for (Section* s : sections) {
        out << " section " << s->nseg();
        for (const RowId node : nodes_of(*s)) put(out, nodes.at(NodeStore::V, node));
        out << "\n mechanisms " << s->inserted().size() << '\n';
        for (const auto& inserted : s->inserted()) {
            out << "  mechanism " << inserted.type->name();
            for (const RowId row : inserted.rows) write_instance(out, *inserted.type, row);
            out << '\n';
        }
        std::vector<PointProcess*> points;
        for (PointProcess* p : s->point_processes())
            if (kept(p)) points.push_back(p);
        out << " points " << points.size() << '\n';
        for (PointProcess* p : points) write_point(out, *p, with_sources);
        std::vector<const SpikeSource*> sources;
        for (const SpikeSource* source : simulation_.network().sources())
            if (source->section.get() == s) sources.push_back(source);
        out << " thresholds " << sources.size();
        for (const SpikeSource* source : sources) out << ' ' << (source->above ? 1 : 0);
        out << '\n';
    }
}

void CellState::write_all(std::ostream& out) const {
    out << "cellstate 1\ntime";
    put(out, simulation_.t);
    out << "\ncells " << cells_.size() << '\n';
    for (const Cell& cell : cells_) write(out, cell, false);
}

// ---- reading ------------------------------------------------------------------------------------

void CellState::read_instance(CellStateReader& in, MechanismType& type, RowId row) {
    for (const int c : state_columns(type)) type.store().at(c, row) = in.number("a state");
    for (RandomVariable* s : streams(type, row)) s->set_sequence(in.number("the position in a random stream"));
    read_extra(in, type, row);
}

void CellState::read_extra(CellStateReader& in, MechanismType& type, RowId row) {
    if (!extra_state(type)) return;
    in.expect("extra");
    std::vector<double> values(static_cast<std::size_t>(in.count("the number of values of bbsavestate")));
    for (double& x : values) x = in.number("a value of bbsavestate");
    std::vector<double> direction{1};
    if (!values.empty()) call_extra(simulation_, type, row, direction, values);
}

void CellState::read_connection(CellStateReader& in, PointProcess& target) {
    in.expect("connection");
    const long key = static_cast<long>(in.number("the gid of a source"));
    long ordinal = in.count("a connection's number");
    NetCon* found = nullptr;
    for (NetCon* c : connections_to(target))
        if (source_key(*c) == key && ordinal-- == 0) found = c;
    const long weights = in.count("the number of weights");
    if (!found) in.fail(fmt::format("the state holds a connection from {} to {} that this model has not", key >= 0 ? fmt::format("gid {}", key) : "a cell without gid", target.name()));
    if (weights != static_cast<long>(found->row().weight_span().size())) in.fail(fmt::format("{} weights are saved for {}, which has {}", weights, found->name(), found->row().weight_span().size()));
    for (double& w : found->row().weight_span()) w = in.number("a weight");
    in.expect("events");
    for (long n = in.count("the number of events"); n > 0; --n) {
        Network::InFlight event;
        event.time = in.number("the time of an event");
        event.sent = in.number("the time when it was sent");
        event.spike = in.number("0 or 1") != 0;
        event.connection = found;
        event.target = &target;
        restored_.push_back({event, in.count("the order of an event")});
    }
    const std::string carried = in.word("`source` or `-`");
    if (carried != "source") return;
    PointProcess* source = found->source ? found->source->cell : nullptr;
    if (!source) in.fail(fmt::format("{} has no artificial cell as its source", found->name()));
    const std::size_t events = restored_.size();
    read_point(in, *source);
    if (!done_.insert(source).second) restored_.resize(events);  // another of its connections brought the events
}

void CellState::read_point(CellStateReader& in, PointProcess& p) {
    in.expect("point");
    const std::string name = in.word("a point process");
    if (name != p.type().name()) in.fail(fmt::format("the state is of a `{}` where this model has {}", name, p.name()));
    read_instance(in, p.type(), p.row_id());
    in.expect("watches");
    std::vector<Watch> watches;
    for (long n = in.count("the number of conditions"); n > 0; --n) {
        const int number = static_cast<int>(in.count("the number of a condition"));
        const bool above = in.number("0 or 1") != 0;
        watches.push_back({&p.type(), p.row_id(), number, in.number("a flag"), above});
    }
    simulation_.network().set_watches(p.type(), p.row_id(), watches);
    in.expect("connections");
    for (long n = in.count("the number of connections"); n > 0; --n) read_connection(in, p);
    in.expect("selfevents");
    const auto connections = connections_to(p);
    for (long n = in.count("the number of events"); n > 0; --n) {
        Network::InFlight event;
        event.self = true;
        event.target = &p;
        event.time = in.number("the time of an event");
        event.sent = in.number("the time when it was sent");
        event.flag = in.number("a flag");
        event.movable = in.number("0 or 1") != 0;
        const long c = static_cast<long>(in.number("a connection's number"));
        if (c >= 0 && c < static_cast<long>(connections.size())) event.connection = connections[static_cast<std::size_t>(c)];
        restored_.push_back({event, in.count("the order of an event")});
    }
}

void CellState::read(CellStateReader& in, const Cell& cell) {
    if (!cell.root) {
        read_point(in, *cell.artificial);
        done_.insert(cell.artificial);
        return;
    }
    auto& nodes = simulation_.model().nodes();
    const auto sections = sections_of(*cell.root);
    in.expect("count");
    if (const long n = in.count("the number of sections"); n != static_cast<long>(sections.size()))
        in.fail(fmt::format("the cell of `{}` has {} sections, the saved one {}", cell.root->name(), sections.size(), n));
    for (Section* s : sections) {
        in.expect("section");
        if (const long n = in.count("nseg"); n != s->nseg()) in.fail(fmt::format("`{}` has nseg {}, the saved one {}", s->name(), s->nseg(), n));
        for (const RowId node : nodes_of(*s)) nodes.at(NodeStore::V, node) = in.number("a potential");
        in.expect("mechanisms");
        if (const long n = in.count("the number of mechanisms"); n != static_cast<long>(s->inserted().size()))
            in.fail(fmt::format("`{}` has {} mechanisms, the saved one {}", s->name(), s->inserted().size(), n));
        for (std::size_t k = 0; k < s->inserted().size(); ++k) {
            in.expect("mechanism");
            MechanismType* type = simulation_.model().mechanism(in.word("a mechanism"));
            const auto* inserted = type ? s->find_inserted(*type) : nullptr;
            if (!inserted) in.fail(fmt::format("a saved mechanism of `{}` is not inserted here", s->name()));
            for (const RowId row : inserted->rows) read_instance(in, *type, row);
        }
        in.expect("points");
        std::vector<PointProcess*> points;
        for (PointProcess* p : s->point_processes())
            if (kept(p)) points.push_back(p);
        if (const long n = in.count("the number of point processes"); n != static_cast<long>(points.size()))
            in.fail(fmt::format("`{}` has {} point processes, the saved one {}", s->name(), points.size(), n));
        for (PointProcess* p : points) read_point(in, *p);
        in.expect("thresholds");
        std::vector<SpikeSource*> sources;
        for (SpikeSource* source : simulation_.network().sources())
            if (source->section.get() == s) sources.push_back(source);
        for (long n = in.count("the number of sources"), i = 0; i < n; ++i) {
            const bool above = in.number("0 or 1") != 0;
            if (i < static_cast<long>(sources.size())) sources[static_cast<std::size_t>(i)]->above = above;
        }
    }
}

void CellState::put_events() {
    // One order for all cells: by time, and for equal times as they stood in the queue.
    std::stable_sort(restored_.begin(), restored_.end(), [](const Restored& a, const Restored& b) {
        return a.event.time != b.event.time ? a.event.time < b.event.time : a.order < b.order;
    });
    for (const Restored& r : restored_) simulation_.network().put_in_flight(r.event);
    restored_.clear();
    done_.clear();
}

void CellState::set_time(double t) {
    simulation_.t = t;
    simulation_.context().t = t;
    simulation_.network().clear_events(t);
}

void CellState::read_all(CellStateReader& in) {
    in.expect("cellstate");
    if (in.count("the version of the format") != 1) in.fail("the file is of another version");
    in.expect("time");
    set_time(in.number("the time"));
    in.expect("cells");
    const long n = in.count("the number of cells");
    if (n != static_cast<long>(cells_.size())) in.fail(fmt::format("the state is of {} cells, this model has {}", n, cells_.size()));
    std::size_t nameless = 0;
    while (nameless < cells_.size() && cells_[nameless].gid >= 0) ++nameless;
    for (long i = 0; i < n; ++i) {
        in.expect("cell");
        const long gid = static_cast<long>(in.number("a gid"));
        const bool sections = in.word("`sections` or `artificial`") == "sections";
        const Cell* cell = gid >= 0 ? find(gid) : nameless < cells_.size() ? &cells_[nameless++] : nullptr;
        if (!cell || (cell->root != nullptr) != sections) in.fail(fmt::format("there is no such cell (gid {}) on this rank", gid));
        read(in, *cell);
    }
    put_events();
}

}  // namespace nrn
