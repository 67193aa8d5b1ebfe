// SPDX-License-Identifier: BSD-3-Clause
// Vector.record and Vector.play: what is written from and into variables during a run.
#pragma once
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "nrn/api/callable.hpp"
#include "nrn/api/ref.hpp"
#include "object/vector.hpp"

namespace nrn {

class Network;
class Simulation;

class Recording final : public VectorUser {
  public:
    explicit Recording(Simulation& simulation) : simulation_(simulation) {}

    /// Each step; every `interval` ms when > 0; at the times of `times` when given.
    void record(Vector& vector, RefPtr variable, double interval = 0, VectorPtr times = nullptr);
    struct PlayOptions {
        double interval = 0;      // ms between values, when there is no `times`
        VectorPtr times;
        bool continuous = false;  // linear interpolation
        VectorPtr discontinuities;
    };
    /// Into a variable, or as the argument $1 of a statement.
    void play(Vector& vector, RefPtr variable, CallablePtr statement, PlayOptions options);
    /// Ends recording into or playing from `vector`.
    void remove(Vector& vector);
    void vector_gone(Vector& vector) noexcept override;
    void visit_kept_for(const Vector& vector, HeldVisitor& visitor) const override;

    // the engine's part
    void initialize();                 // posts the first events of players
    void start();                      // clears recorded vectors, takes the values at t, posts the ticks after it
    void resolve();                    // raw pointers
    void play_continuous(double t) { play_continuous(t, Moment::Any); }
    void play_first() { play_continuous(0, Moment::First); }  // at finitialize
    void play_at_middle(double t) { play_continuous(t, Moment::Middle); }  // of a fixed step
    void play_at_end(double t) { play_continuous(t, Moment::End); }
    void record_step();                // the recorders of every step
    void event(std::uint32_t number, double t);
    void resume(double t);             // the next ticks after t, when the queue was replaced
    /// For a variable step: recorders that want exact times; see cvode.
    struct Recorder {
        std::uint32_t id = 0;  // what its events carry: it stays when others go
        Vector* vector = nullptr;
        RefPtr variable;
        double* value = nullptr;
        bool moves = false;  // the number may be elsewhere at any time: an element of a Vector, say
        double interval = 0;
        VectorPtr times;
        std::size_t next = 0;
        double tick = -1;   // when the next RecordTick is due, ms: others in the queue are from before a restart
        bool warned = false;
    };
    struct Player {
        std::uint32_t id = 0;
        Vector* vector = nullptr;
        RefPtr variable;
        double* value = nullptr;
        bool moves = false;
        CallablePtr statement;
        PlayOptions options;
        std::size_t next = 0, segment = 0;
        double passed = -1e30;  // of two values at this time the second holds now
    };
    [[nodiscard]] const std::vector<Recorder>& recorders() noexcept {
        close_gaps();
        return recorders_;
    }
    [[nodiscard]] std::uint64_t version() const noexcept { return version_; }  // grows when recorders come, go or move
    void record(std::span<const std::size_t> chosen);  // of the recorders of every step
    [[nodiscard]] bool plays_continuously() const noexcept;
    [[nodiscard]] bool has_players() const noexcept { return !players_.empty(); }

  private:
    enum class Moment { Any, First, Middle, End };
    void play_continuous(double t, Moment moment);
    double player_time(const Player& p, std::size_t i) const;
    double first_time(const Player& p) const;
    void play_next(std::uint32_t id, double t);
    void post_jump(const Player& p, double after);
    void put(Player& p, double value);
    void take(Recorder& r);
    void post_tick(Recorder& r, double t);
    void stale(Recorder& r);
    Simulation& simulation_;
    std::uint64_t version_ = 1;
    /// Recorders whose vector has gone leave gaps, which are closed before anybody counts: thousands may go in any order.
    void close_gaps() noexcept;
    void stop_recording(const Vector& vector) noexcept;
    std::vector<Recorder> recorders_;  // without a vector: gone
    std::unordered_map<const Vector*, std::size_t> recorder_of_;
    std::size_t gaps_ = 0;
    std::uint32_t next_id_ = 1;
    std::vector<Player> players_;
    std::size_t statements_ = 0;  // players that call something
};

}  // namespace nrn
