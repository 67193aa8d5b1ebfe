// SPDX-License-Identifier: BSD-3-Clause
// The variable time step method: one integration of the whole model, or one per cell, through a Solver plugin.
// Cells run ahead of the next event by at most one step; an event inside that step takes the cell's
// interpolated state there, and what changes a cell's state restarts its integration.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/ode_system.hpp"
#include "engine/simulation.hpp"
#include "nrn/api/solver.hpp"

namespace nrn {

class VariableStepMethod final : public Simulation::VariableStep {
  public:
    explicit VariableStepMethod(Runtime& runtime);
    ~VariableStepMethod() override;

    struct Settings {
        SolverOptions solver;
        int condition_order = 1;  // 2: threshold crossings by linear interpolation within a step
        bool local = false;       // each cell its own step
        bool parallel = false;    // all ranks take the same steps, even where no values are transferred
        bool daspk = false;       // the differential-algebraic method, even where the model does without
        std::map<std::string, double> scales;  // of absolute tolerances, by name: "v", "m_hh"
    };
    [[nodiscard]] const Settings& settings() const noexcept { return settings_; }
    /// What changes takes effect at the next step, from the present state.
    [[nodiscard]] Settings& change_settings() { stale_ = true; return settings_; }

    [[nodiscard]] bool active() const noexcept { return simulation_.variable_step == this; }
    /// @throws Error(Plugin) naming the plugin `cvode` when it is not there
    void set_active(bool on);
    void re_init();

    // Simulation::VariableStep
    void initialize() override;
    void advance() override;
    void advance_to(double t_end, bool pauses) override;
    bool at_time(double te) override;

    // ---- what CVode's methods show (variable_step_queries.cpp) -------------------------------------
    [[nodiscard]] std::size_t state_count();
    void states(std::vector<double>& out);
    void derivatives(std::vector<double>& out);
    void errors(std::vector<double>& out);
    void weights(std::vector<double>& out);
    void set_states(const std::vector<double>& y);
    /// f(t, y), leaving the model there.
    void evaluate(double t, const std::vector<double>& y, std::vector<double>& dy);
    [[nodiscard]] std::string state_name(std::size_t i);
    /// "v", "m_hh", "ExpSyn.g": of all states of that kind.
    [[nodiscard]] std::string state_base_name(std::size_t i);
    /// Keeps the largest magnitude that each state and its local error have had, from now on; or no longer.
    void watch_magnitudes(bool on);
    /// Largest magnitudes of states and of their errors since; both empty when they are not kept.
    void magnitudes(std::vector<double>& states, std::vector<double>& errors);
    [[nodiscard]] SolverStatistics statistics();
    /// Order of the last step of cell i. @throws Error(Index)
    [[nodiscard]] long order(std::size_t i);
    [[nodiscard]] std::size_t cell_count();
    /// Records `times` along with the cell that `with` is recorded from.
    void record_with(const Vector& times, const Vector& with) { companions_[&times] = &with; }

  private:
    /// As long as it lives, every rank does the same with its part: values are transferred.
    class Together {
      public:
        explicit Together(CellSystem& system) : transfers_(system.transfers) { transfers_ = true; }
        ~Together() { transfers_ = before_; }
        Together(const Together&) = delete;
        Together& operator=(const Together&) = delete;

      private:
        bool& transfers_;
        const bool before_ = transfers_;
    };
    /// As long as it lives, callbacks that run are in the middle of the equations, and nothing here may begin anew.
    class Inside {
      public:
        explicit Inside(VariableStepMethod& method) : depth_(++method.inside_) {}
        ~Inside() { --depth_; }
        Inside(const Inside&) = delete;
        Inside& operator=(const Inside&) = delete;

      private:
        int& depth_;
    };
    void require_outside(const char* what) const;
    struct Cell {
        std::unique_ptr<CellSystem> system;
        std::unique_ptr<Integration> integration;
        double t0 = 0, tn = 0;      // the last step, ms
        double next_discontinuity = 1e30;  // an at_time() within reach
        bool restart = true;        // the model holds the state at tn; the integration has to begin anew
        bool at_discontinuity = false;  // tn is one: begin anew there
        double shown = -1e30;       // the time whose state the model holds
        bool complete = false;      // currents and what rates leave behind are of that time too
        bool record_due = false;    // the state at tn has not been recorded yet
        bool arrived = true;        // thresholds have been looked at at tn
        std::vector<double> y, dy;
        std::vector<std::size_t> sources, recorders;  // that belong here: indices in Network and Recording
        bool looks_at_currents = false;               // one of them is neither a voltage nor a state
        std::vector<double> largest, largest_error;   // see watch_magnitudes
    };
    void prepare();                     // rebuilds after changes of structure or settings
    void build_cells();
    [[nodiscard]] bool needs_algebraic_method();
    // Ranks between which values are transferred take the same steps (variable_step_ranks.cpp).
    [[nodiscard]] bool ranks_step_together();
    [[nodiscard]] double smallest(double x);    // over those ranks
    [[nodiscard]] bool on_any_rank(bool flag) { return together_ ? smallest(flag ? 0 : 1) == 0 : flag; }
    double meet();                      // -> time of the next event; all begin anew where one has to
    void transfer_at(double t);         // between steps: every rank shows its state there
    void assign_observers();            // sources and recorders to cells
    bool advance_or_deliver(double next, double limit);  // next: of the events; false at limit
    bool jump(double limit);            // likewise, without any state
    [[nodiscard]] bool has_states() const;
    void step_earliest(double limit);
    void move_on();
    void record_at(double t, bool before_jumps = false);
    void finish_at(double t_end);
    bool begin_anew(Cell& cell);
    void step(Cell& cell);
    void keep_magnitudes(Cell& cell);
    void restart(Cell& cell);
    void retreat(Cell& cell, double t);  // an event at t is about to change its state
    bool find_states(Cell& cell, double t);
    void show(Cell& cell, double t);     // puts the state at t into the model
    void complete(Cell& cell, double t); // and evaluates all that follows from it
    void deliver(double t);
    void before_delivery(const Event& event);
    [[nodiscard]] bool calls_at_spike(const Event& event) const;
    void record(Cell& cell);
    [[nodiscard]] bool observers_fit() const;
    void arrive(Cell& cell);
    void lower_flags(Cell& cell);
    void remember_values(Cell& cell);
    void check_thresholds(Cell& cell, bool later);
    void cancel_spikes(Cell& cell, double t);
    void check_watches(Cell& cell);
    [[nodiscard]] Cell& earliest();
    [[nodiscard]] std::size_t cell_of_node(std::int32_t row) const;
    [[nodiscard]] std::size_t cell_of(Section* section) const;
    [[nodiscard]] std::size_t cell_of(const Recording::Recorder& recorder) const;
    [[nodiscard]] bool is_state(const double* value) const;
    [[nodiscard]] std::vector<double>& evaluated(Cell& cell);
    void install_hooks();

    Simulation& simulation_;
    std::unique_ptr<Solver> solver_;
    Settings settings_;
    std::vector<Cell> cells_;
    std::uint64_t structure_ = 0, sources_ = 0, recorders_ = 0;  // versions that the cells were made for
    bool stale_ = true;
    int inside_ = 0;  // the equations: how many evaluations deep
    bool delivering_ = false, stop_ = false;
    Cell* restarting_ = nullptr;  // whose at_time() calls are looked at
    std::vector<double> previous_;  // of each source, its value at the start of the step
    std::unordered_map<const Vector*, const Vector*> companions_;
    Network::Hooks inner_;
    bool hooked_ = false;
    bool watches_magnitudes_ = false;
    bool together_ = false;   // with other ranks
    bool algebraic_ = false;  // the cells are of the differential-algebraic method
    bool others_are_algebraic_ = false;
};

}  // namespace nrn
