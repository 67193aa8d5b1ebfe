// SPDX-License-Identifier: BSD-3-Clause
// One step of the staggered implicit scheme, for all cells: group by group, by several threads, where cells do
// not depend on each other within a step; else phase by phase. Private to the engine.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "engine/layout.hpp"
#include "engine/tree_solver.hpp"
#include "engine/worker.hpp"
#include "engine/worker_pool.hpp"
#include "nrn/abi/mechanism.h"

namespace nrn {

class Extracellular;
class Simulation;
class Vector;

class FixedStep {
  public:
    explicit FixedStep(Simulation& simulation);
    ~FixedStep();
    /// The layout was made anew.
    void freeze();
    /// Events of each group of cells wait apart, unless a variable step method is in charge of all.
    void match_lanes();
    /// From t to t + dt.
    void advance();
    /// A run of many steps begins, or goes on after something that users may have changed: windows are planned anew.
    void plan_windows() noexcept { windows_.known = false; }
    /// Someone else uses the matrix.
    void matrix_is_used() noexcept { diagonal_is_zero_ = false; }
    /// Takes every group of cells through as many steps as can be before the next group (window.cpp).
    /// @returns false when nothing was done: a single step is due
    bool advance_window(double t_end);
    /// A single step of a run that goes on behind it, of which nobody will see more than its states and voltages.
    /// @returns false when nothing was done: somebody may look
    bool advance_unobserved(double t_end);
    /// Of the whole model, at the present v and states.
    void evaluate_currents();
    /// Brings i_cap up to date with the last step.
    void store_capacitive_current();
    /// `n` threads in all; results are the same for any number.
    void set_threads(std::size_t n);
    [[nodiscard]] std::size_t threads() const noexcept { return pool_ ? pool_->size() : 1; }

  private:
    /// Who computes: the main thread's context, or a worker's own.
    struct Place {
        nrn_context* context;
        Worker* worker;  // null: the main thread, which reports at once
    };
    void run(const Place& place, const Layout::TypeRows& rows, nrn_kernel kernel);
    void run_timed_blocks(const Place& place, int when, const Layout::CellGroup& group);
    void currents(const Place& place, const Layout::CellGroup& group);
    void currents(const Place& place, const Layout::Strip& strip);
    void solve(const Place& place, const Layout::CellGroup& group);
    void states(const Place& place, const Layout::CellGroup& group);
    /// Looks at the states of a group after a step, when it is time to.
    void watch_states(const Place& place, const Layout::CellGroup& group);
    void advance_ion_currents(const Layout::CellGroup& group);
    [[nodiscard]] bool coupled() const;
    void solve_coupled();
    void begin_step(int steps = 1);
    void note_fault(const Place& place);
    void clear_diagonal();
    [[nodiscard]] bool groups_are_independent();
    void warn_of_shared_variables();
    void step_together();
    void step_by_group();
    void step_group(const Place& place, const Layout::CellGroup& group, double middle, double end);
    /// Calls work(place, group number) for all groups, by all threads when `steps` of all nodes are worth it.
    void share(std::size_t n, const std::function<void(std::size_t)>& work);
    void for_groups(int steps, const std::function<void(const Place&, std::size_t group)>& work);
    [[nodiscard]] std::size_t group_of(std::int32_t node) const;  // number of groups when in none
    void find_windows();
    [[nodiscard]] bool find_recorders();
    [[nodiscard]] bool observed() const;
    [[nodiscard]] int window_steps(double t_end, double& t) const;
    void window_of_group(const Place& place, std::size_t group, int steps);
    void finish_workers();
    Simulation& s_;
    TreeSolver solver_;
    std::unique_ptr<WorkerPool> pool_;
    std::vector<std::unique_ptr<Worker>> workers_;
    struct Windows {
        bool known = false, possible = false;
        bool unobserved = false;  // nobody but users reads variables that only they are told
        int pause = 0;            // steps until it is worth to ask again, where single steps met somebody
        double limit = 0;  // ms
        struct Recorder { Vector* vector; const double* value; };
        std::vector<std::vector<Recorder>> recorders;  // of each group
        std::vector<Vector*> times;                    // recorders of t
    };
    Windows windows_;
    double begin_ = 0, middle_ = 0, end_ = 0;      // ms, of the step
    double factor_ = 1, per_ms_ = 0;   // see secondorder
    double change_per_ms_ = 0;         // rhs holds the change of v of a step, with this many of it per ms; 0: it does not
    static constexpr int kStateWatch = 16;  // steps from one look at the states to the next
    int unwatched_ = 0;                // steps since the last
    bool fault_seen_ = false;          // a voltage or a state was not finite in this step
    bool warned_ = false;
    Extracellular* medium_ = nullptr;  // when some section has it
    bool lanes_stale_ = true;
    bool diagonal_is_zero_ = false;    // of all nodes: the last step left it so, and nobody has used it since
};

}  // namespace nrn
