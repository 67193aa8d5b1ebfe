// SPDX-License-Identifier: BSD-3-Clause
// Records at steps or at given times; plays values at their times or interpolated.
#include "engine/recording.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "engine/simulation.hpp"
#include "model/model.hpp"
#include "model/range_variable.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/holder.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {
namespace {
constexpr std::uint32_t kPlayerBit = 0x80000000u;  // in an event's number: it is for a player, not a recorder

/// The one with number `id`, or the end: both kinds stand in the order of their numbers.
template <class Some>
auto numbered(Some& all, std::uint32_t id) {
    const auto at = std::lower_bound(all.begin(), all.end(), id, [](const auto& one, std::uint32_t n) { return one.id < n; });
    return at != all.end() && at->id == id ? at : all.end();
}

/// What belongs to a section stays until the structure changes; where anything else is has to be asked for every time.
bool may_move(const Ref& variable) {
    Section* section = nullptr;
    double x = 0;
    const RangeVariable* range = nullptr;
    return !range_ref_place(variable, section, x, range);
}

/// Where the number of a recorder or player is now; null: nowhere.
template <class One>
double* place_of(One& one) {
    if (one.moves) one.value = one.variable->valid() ? one.variable->data() : nullptr;
    return one.value;
}
}

void Recording::record(Vector& vector, RefPtr variable, double interval, VectorPtr times) {
    stop_recording(vector);
    Recorder r;
    r.id = next_id_++ & ~kPlayerBit;
    r.vector = &vector;
    r.variable = std::move(variable);
    r.interval = interval;
    r.times = std::move(times);
    if (r.variable->valid()) {
        r.value = r.variable->data();
        r.moves = may_move(*r.variable);
    }
    vector.user = this;
    ++version_;
    recorder_of_[&vector] = recorders_.size();
    recorders_.push_back(std::move(r));
}

void Recording::play(Vector& vector, RefPtr variable, CallablePtr statement, PlayOptions options) {
    Player p;
    p.id = next_id_++ & ~kPlayerBit;
    p.vector = &vector;
    p.variable = std::move(variable);
    p.statement = std::move(statement);
    p.options = std::move(options);
    if (p.variable && p.variable->valid()) {
        p.value = p.variable->data();
        p.moves = may_move(*p.variable);
    }
    vector.user = this;
    statements_ += p.statement ? 1 : 0;
    players_.push_back(std::move(p));
}

void Recording::remove(Vector& vector) { vector_gone(vector); }

void Recording::vector_gone(Vector& vector) noexcept {
    if (simulation_.model().is_shut_down()) {  // nobody steps again, and the lists may be going themselves
        vector.user = nullptr;
        return;
    }
    ++version_;
    stop_recording(vector);
    vector.user = nullptr;
    if (players_.empty()) return;
    std::vector<Player> let_go;  // at the end: they may be the last to hold objects whose end comes back here
    for (Player& p : players_)
        if (p.vector == &vector) {
            statements_ -= p.statement ? 1 : 0;
            let_go.push_back(std::move(p));
        }
    std::erase_if(players_, [&](const Player& p) { return p.vector == &vector; });
}

void Recording::visit_kept_for(const Vector& vector, HeldVisitor& visitor) const {
    if (statements_ == 0) return;  // a collector asks for every vector
    for (const Player& p : players_)
        if (p.vector == &vector) visitor.visit(p.statement);
}

void Recording::stop_recording(const Vector& vector) noexcept {
    const auto at = recorder_of_.find(&vector);
    if (at == recorder_of_.end()) return;
    Recorder gap;
    gap.id = recorders_[at->second].id;
    const Recorder let_go = std::exchange(recorders_[at->second], std::move(gap));  // at the end, as above
    recorder_of_.erase(at);
    if (2 * ++gaps_ > recorders_.size()) close_gaps();
}

void Recording::close_gaps() noexcept {
    if (gaps_ == 0) return;
    std::erase_if(recorders_, [](const Recorder& r) { return r.vector == nullptr; });
    for (std::size_t i = 0; i < recorders_.size(); ++i) recorder_of_.at(recorders_[i].vector) = i;
    gaps_ = 0;
    ++version_;
}

double Recording::player_time(const Player& p, std::size_t i) const {
    if (p.options.times) return p.options.times->values[i];
    return static_cast<double>(i) * p.options.interval;
}

void Recording::initialize() {
    auto& queue = simulation_.network().queue();
    for (Player& p : players_) {
        p.next = p.segment = 0;
        p.passed = -1e30;
        if (p.vector->values.empty()) continue;
        if (p.options.continuous) {
            post_jump(p, simulation_.t);
            continue;
        }
        if (p.options.times && p.options.times->values.empty()) continue;
        queue.insert(player_time(p, 0), Event::Kind::Play, p.id | kPlayerBit);
    }
}

/// Where continuously played values jump is an event, under a variable step so that both sides are smooth: at two
/// values of one time, or where the caller says (indices).
void Recording::post_jump(const Player& p, double after) {
    if (!p.options.times) return;
    const auto& times = p.options.times->values;
    double next = 1e30;
    const auto consider = [&](std::size_t i) {
        if (i < times.size() && times[i] > after) next = std::min(next, times[i]);
    };
    if (p.options.discontinuities) {
        for (const double i : p.options.discontinuities->values)
            if (i >= 0) consider(static_cast<std::size_t>(i));
    } else {
        for (std::size_t i = 0; i + 1 < times.size(); ++i)
            if (times[i] == times[i + 1]) consider(i);
    }
    if (next < 1e30) simulation_.network().queue().insert(next, Event::Kind::Play, p.id | kPlayerBit);
}

void Recording::start() {
    close_gaps();
    for (Recorder& r : recorders_) {
        r.vector->resize(0);
        r.next = 0;
        r.warned = false;
        if (!r.times && r.interval <= 0) continue;
        if (r.times) {
            const auto& times = r.times->values;
            for (; r.next < times.size() && times[r.next] <= simulation_.t; ++r.next) take(r);  // what is past is due now
        } else {
            r.next = static_cast<std::size_t>(std::ceil(simulation_.t / r.interval - 1e-9));
            if (std::fabs(static_cast<double>(r.next) * r.interval - simulation_.t) <= 1e-9) {
                take(r);
                ++r.next;
            }
        }
        post_tick(r, simulation_.t);
    }
    record_step();
}

/// The next tick of a recorder, not before t.
void Recording::post_tick(Recorder& r, double t) {
    r.tick = -1;
    if (r.times ? r.next >= r.times->values.size() : r.interval <= 0) return;
    r.tick = std::max(t, r.times ? r.times->values[r.next] : static_cast<double>(r.next) * r.interval);
    simulation_.network().queue().insert(r.tick, Event::Kind::RecordTick, r.id);
}

void Recording::take(Recorder& r) {
    if (const double* value = place_of(r)) r.vector->resize(r.vector->values.size() + 1, *value);
    else stale(r);
}

void Recording::resume(double t) {
    close_gaps();
    auto& queue = simulation_.network().queue();
    for (Player& p : players_) {
        p.segment = 0;
        if (p.options.continuous) {
            post_jump(p, t);
            continue;
        }
        const std::size_t n = p.options.times ? std::min(p.vector->values.size(), p.options.times->values.size()) : p.vector->values.size();
        for (p.next = 0; p.next < n && player_time(p, p.next) <= t;) ++p.next;
        if (p.next < n) queue.insert(player_time(p, p.next), Event::Kind::Play, p.id | kPlayerBit);
    }
    for (Recorder& r : recorders_) {
        if (r.times)
            for (r.next = 0; r.next < r.times->values.size() && r.times->values[r.next] <= t;) ++r.next;
        else if (r.interval > 0)
            r.next = static_cast<std::size_t>(t / r.interval) + 1;
        post_tick(r, t);
    }
}

void Recording::resolve() {
    close_gaps();
    ++version_;
    for (Recorder& r : recorders_) r.value = r.variable->valid() ? r.variable->data() : nullptr;
    for (Player& p : players_) p.value = p.variable && p.variable->valid() ? p.variable->data() : nullptr;
}

void Recording::stale(Recorder& r) {
    if (r.warned) return;
    r.warned = true;
    simulation_.runtime().warn(fmt::format("{} records `{}`, which is gone: recording stops", r.vector->name(), r.variable->name()));
}

void Recording::record_step() {
    for (Recorder& r : recorders_) {
        if (r.interval <= 0 && !r.times && r.vector) take(r);
    }
}

void Recording::record(std::span<const std::size_t> chosen) {
    for (const std::size_t i : chosen)
        if (recorders_[i].vector) take(recorders_[i]);
}

void Recording::put(Player& p, double value) {
    if (double* place = place_of(p)) {
        *place = value;
    } else if (p.statement) {
        const Value argument(value);
        CallArgs args(simulation_.runtime(), "Vector.play", {&argument, 1});
        const CallablePtr keep = p.statement;
        keep->call(args);
    }
}

bool Recording::plays_continuously() const noexcept {
    return std::any_of(players_.begin(), players_.end(), [](const Player& p) { return p.options.continuous; });
}

/// When the first value is put: with the first jump, as in the reference, so that a variable whose times begin later
/// keeps its value at t = 0.
double Recording::first_time(const Player& p) const {
    const std::size_t n = p.options.times ? p.options.times->values.size() : p.vector->values.size();
    std::size_t first = 0;
    if (p.options.discontinuities) {
        const auto& jumps = p.options.discontinuities->values;
        first = !jumps.empty() && jumps[0] >= 0 ? static_cast<std::size_t>(std::min(jumps[0], 1e9)) : n;
    }
    return first < n ? player_time(p, first) : std::numeric_limits<double>::infinity();
}

void Recording::play_continuous(double t, Moment moment) {
    for (std::size_t k = 0; k < players_.size(); ++k) {
        Player& p = players_[k];
        if (!p.options.continuous || (moment == Moment::First && first_time(p) > t)) continue;
        const auto& y = p.vector->values;
        const std::size_t n = p.options.times ? std::min(y.size(), p.options.times->values.size()) : y.size();
        if (n == 0) continue;
        std::size_t& i = p.segment;
        if (i >= n || (t <= player_time(p, i) && p.passed != t)) i = 0;
        // The end of a fixed step lies on the line that its middle lay on: points are passed as events are, at the middle.
        if (moment != Moment::End)
            while (i + 1 < n && (player_time(p, i + 1) < t || (player_time(p, i + 1) == t && (p.passed == t || moment == Moment::Middle)))) ++i;  // of two values at one time the first holds at it
        double value = y[i];
        if (n > 1 && t > player_time(p, 0)) {
            const std::size_t j = std::min(i, n - 2);  // past the last point: the last line goes on
            const double t0 = player_time(p, j), t1 = player_time(p, j + 1);
            value = t1 > t0 ? y[j] + (t - t0) / (t1 - t0) * (y[j + 1] - y[j]) : y[j + 1];
        }
        const std::uint32_t id = p.id;
        put(p, value);
        // A statement may have ended any of them, or begun others.
        if (k >= players_.size() || players_[k].id != id)
            k = static_cast<std::size_t>(std::count_if(players_.begin(), players_.end(), [&](const Player& other) { return other.id <= id; })) - 1;
    }
}

void Recording::event(std::uint32_t number, double t) {
    if (number & kPlayerBit) return play_next(number & ~kPlayerBit, t);
    const auto r = numbered(recorders_, number);
    if (r == recorders_.end() || r->tick != t || !r->vector) return;
    if (!place_of(*r)) return stale(*r);
    take(*r);
    ++r->next;
    if (r->times) return post_tick(*r, t);
    r->tick += r->interval;  // added up, so that a tick in the middle of a step falls on the side where the reference's does
    simulation_.network().queue().insert(r->tick, Event::Kind::RecordTick, r->id);
}

void Recording::play_next(std::uint32_t id, double t) {
    auto p = numbered(players_, id);
    if (p == players_.end()) return;
    if (p->options.continuous) {
        p->passed = t;
        post_jump(*p, t);
        if (!simulation_.variable_step) play_continuous(t);  // what is looked at after the step is behind the jump
        return;
    }
    if (p->next >= p->vector->values.size()) return;
    const double value = p->vector->values[p->next++];
    put(*p, value);
    p = numbered(players_, id);  // the statement may have ended it, or begun others
    if (p == players_.end()) return;
    if (p->next < p->vector->values.size() && (!p->options.times || p->next < p->options.times->values.size()))
        simulation_.network().queue().insert(player_time(*p, p->next), Event::Kind::Play, id | kPlayerBit);
}

}  // namespace nrn
