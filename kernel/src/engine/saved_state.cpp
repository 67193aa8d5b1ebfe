// SPDX-License-Identifier: BSD-3-Clause
// Which columns are state, their order, and the file format (numbers in the machine's byte order).
#include "engine/saved_state.hpp"

#include <algorithm>
#include <istream>
#include <ostream>

#include <fmt/format.h>

#include "engine/simulation.hpp"
#include "model/ion.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "nrn/api/error.hpp"

namespace nrn {

/// States alone; of what receives events everything, because NET_RECEIVE may keep history in any variable.
std::vector<int> state_columns(const MechanismType& type) {
    std::vector<int> columns;
    const auto& d = type.description();
    if (type.is_ion()) return {NRN_ION_E, NRN_ION_CI, NRN_ION_CO};
    for (int i = 0; i < d.n_variable; ++i) {
        const auto& v = d.variable[i];
        if (v.kind > NRN_STATE || (v.kind != NRN_STATE && !type.is(NRN_NET_RECEIVE))) continue;
        for (int k = 0; k < v.length; ++k) columns.push_back(v.column + k);
    }
    return columns;
}

namespace {

constexpr std::uint64_t kMagic = 0x32304554'4154534eull;  // "NSTATE02"
constexpr std::uint64_t kLargest = 1ull << 32;

/// Slots of RANDOM variables.
std::vector<int> stream_slots(const MechanismType& type) {
    std::vector<int> slots;
    const auto& d = type.description();
    for (int i = 0; i < d.n_variable; ++i)
        if (d.variable[i].kind == NRN_RANDOM) slots.push_back(d.variable[i].column);
    return slots;
}

/// Row numbers in order of identity, so that the order does not depend on the layout.
template <class Store>
std::vector<std::uint32_t> rows_by_id(const Store& store) {
    std::vector<RowId> ids(store.size());
    for (std::uint32_t r = 0; r < ids.size(); ++r) ids[r] = store.id(r);
    std::sort(ids.begin(), ids.end());
    std::vector<std::uint32_t> rows(ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) rows[i] = store.row(ids[i]);
    return rows;
}

void put(std::ostream& out, std::uint64_t n) { out.write(reinterpret_cast<const char*>(&n), sizeof n); }
void put(std::ostream& out, const std::vector<double>& v) {
    put(out, v.size());
    out.write(reinterpret_cast<const char*>(v.data()), static_cast<std::streamsize>(v.size() * sizeof(double)));
}
std::uint64_t get_count(std::istream& in) {
    std::uint64_t n = 0;
    in.read(reinterpret_cast<char*>(&n), sizeof n);
    if (!in || n > kLargest) throw Error(ErrorKind::Io, "SaveState: the file is cut short or is no saved state");
    return n;
}
std::vector<double> get_numbers(std::istream& in) {
    // In parts: a damaged count must not ask for memory that the file cannot fill.
    std::vector<double> v;
    for (std::uint64_t left = get_count(in); left > 0;) {
        const std::uint64_t part = std::min<std::uint64_t>(left, 1u << 16);
        const std::size_t at = v.size();
        v.resize(at + part);
        in.read(reinterpret_cast<char*>(v.data() + at), static_cast<std::streamsize>(part * sizeof(double)));
        if (!in) throw Error(ErrorKind::Io, "SaveState: the file is cut short");
        left -= part;
    }
    return v;
}

}  // namespace

void SavedState::save(Simulation& simulation) {
    simulation.prepare();
    taken_ = true;
    t_ = simulation.t;
    auto& nodes = simulation.model().nodes();
    nodes_.clear();
    for (const std::uint32_t r : rows_by_id(nodes)) nodes_.push_back(nodes.column(NodeStore::V)[r]);
    mechanisms_.clear();
    for (const auto& type : simulation.model().mechanisms()) {
        auto& store = type->store();
        const auto columns = state_columns(*type);
        if (store.size() == 0 || columns.empty()) continue;
        Mechanism m{type->name(), store.size(), {}, {}};
        const auto rows = rows_by_id(store);
        for (const int c : columns)
            for (const std::uint32_t r : rows) m.values.push_back(store.column(c)[r]);
        for (const int slot : stream_slots(*type))
            for (const std::uint32_t r : rows) m.places.push_back(store.stream(slot, store.id(r))->sequence());
        mechanisms_.push_back(std::move(m));
    }
    network_ = simulation.network().snapshot();
}

void SavedState::restore(Simulation& simulation, bool with_events) const {
    if (empty()) throw Error(ErrorKind::Runtime, "SaveState: nothing was saved yet").hint("call save() or fread(file) first");
    simulation.prepare();
    Model& model = simulation.model();
    auto& nodes = model.nodes();
    if (nodes.size() != nodes_.size())
        throw Error(ErrorKind::Value, fmt::format("SaveState: the saved model has {} nodes, this one has {}", nodes_.size(), nodes.size()));
    for (const Mechanism& m : mechanisms_) {
        MechanismType* type = model.mechanism(m.name);
        const std::size_t here = type ? type->store().size() : 0;
        if (here != m.rows || (type && (m.values.size() != m.rows * state_columns(*type).size() || m.places.size() != m.rows * stream_slots(*type).size())))
            throw Error(ErrorKind::Value, fmt::format("SaveState: the saved model has {} instances of `{}`, this one has {}", m.rows, m.name, here));
    }
    if (with_events) simulation.network().restore(network_);
    std::size_t k = 0;
    for (const std::uint32_t r : rows_by_id(nodes)) nodes.column(NodeStore::V)[r] = nodes_[k++];
    for (const Mechanism& m : mechanisms_) {
        MechanismType& type = *model.mechanism(m.name);
        const auto rows = rows_by_id(type.store());
        k = 0;
        for (const int c : state_columns(type))
            for (const std::uint32_t r : rows) type.store().column(c)[r] = m.values[k++];
        k = 0;
        for (const int slot : stream_slots(type))
            for (const std::uint32_t r : rows) type.store().stream(slot, type.store().id(r))->set_sequence(m.places[k++]);
    }
    simulation.t = t_;
    simulation.context().t = t_;
    if (with_events) simulation.recording().resume(t_);
    if (simulation.variable_step) simulation.variable_step->initialize();
}

void SavedState::write(std::ostream& out) const {
    put(out, kMagic);
    put(out, std::vector<double>{t_});
    put(out, nodes_);
    put(out, mechanisms_.size());
    for (const Mechanism& m : mechanisms_) {
        put(out, m.name.size());
        out.write(m.name.data(), static_cast<std::streamsize>(m.name.size()));
        put(out, m.rows);
        put(out, m.values);
        put(out, m.places);
    }
    std::vector<double> events;
    for (const auto& e : network_.events) events.insert(events.end(), {e.time, static_cast<double>(e.kind), e.index, e.row, e.flag, e.netcon, e.type, e.movable});
    put(out, events);
    put(out, network_.weights);
    put(out, network_.above);
    put(out, network_.watches);
    if (!out) throw Error(ErrorKind::Io, "SaveState: the file could not be written");
}

bool SavedState::begins(std::string_view text) {
    std::uint64_t magic = 0;
    if (text.size() < sizeof magic) return false;
    std::memcpy(&magic, text.data(), sizeof magic);
    return magic == kMagic;
}

void SavedState::read(std::istream& in) {
    std::uint64_t magic = 0;
    in.read(reinterpret_cast<char*>(&magic), sizeof magic);
    if (!in || magic != kMagic) throw Error(ErrorKind::Io, "SaveState: the file is no saved state of this program");
    SavedState s;
    const auto time = get_numbers(in);
    s.taken_ = true;
    s.t_ = time.empty() ? 0 : time[0];
    s.nodes_ = get_numbers(in);
    for (std::uint64_t n = get_count(in); n > 0; --n) {
        Mechanism m;
        const std::uint64_t length = get_count(in);
        if (length > 4096) throw Error(ErrorKind::Io, "SaveState: the file is damaged");
        m.name.resize(length);
        in.read(m.name.data(), static_cast<std::streamsize>(length));
        m.rows = get_count(in);
        m.values = get_numbers(in);
        m.places = get_numbers(in);
        s.mechanisms_.push_back(std::move(m));
    }
    const auto events = get_numbers(in);
    for (std::size_t i = 0; i + 7 < events.size(); i += 8)
        s.network_.events.push_back({events[i], static_cast<int>(events[i + 1]), events[i + 2], events[i + 3], events[i + 4], events[i + 5], events[i + 6], events[i + 7]});
    for (auto* v : {&s.network_.weights, &s.network_.above, &s.network_.watches}) *v = get_numbers(in);
    *this = std::move(s);
}

}  // namespace nrn
