// SPDX-License-Identifier: BSD-3-Clause
// Time and its advance: finitialize, fadvance, and everything that happens in a step.
#pragma once
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/layout.hpp"
#include "engine/recording.hpp"
#include "events/network.hpp"
#include "nrn/abi/mechanism.h"
#include "nrn/api/callable.hpp"
#include "nrn/api/interruption.hpp"
#include "random/random_stream.hpp"

namespace nrn {

class FixedStep;
class Model;
class Runtime;

/// FInitializeHandler: called during finitialize. type 3 before anything, 0 before INITIAL, 1 after, 2 at the end.
struct InitializeHandler {
    int type = 1;
    CallablePtr callable;
};

class Simulation {
  public:
    explicit Simulation(Runtime& runtime);
    ~Simulation();
    [[nodiscard]] Runtime& runtime() noexcept { return runtime_; }
    [[nodiscard]] Model& model() noexcept;
    [[nodiscard]] Network& network() noexcept { return *network_; }
    [[nodiscard]] Recording& recording() noexcept { return recording_; }
    [[nodiscard]] Layout& layout() noexcept { return layout_; }

    double t = 0;            // ms
    double dt = 0.025;       // ms
    double secondorder = 0;  // 0 implicit Euler, 1 and 2 Crank-Nicolson
    double stop_requested = 0;
    double heading_for = 0;  // ms; the end of the run that goes on or went on last, 0 after finitialize
    double netrec_state_adjust = 0;  // see nrn_context
    bool fast_imem = false;
    bool watch_for_nan = true;

    /// Initialises all states; v [mV] is set everywhere when given. Source: reference documentation of finitialize.
    void finitialize(std::optional<double> v);
    /// One step of the method in use. Warns when a voltage is not finite afterwards.
    void fadvance();
    /// Steps until t >= t_end - dt/2 (fixed) or exactly to it (variable), where it is recorded too unless the run only
    /// pauses there. `goes_on`: nothing but the exchange of spikes has happened since a call that paused.
    void advance_to(double t_end, bool pauses = false, bool goes_on = false);
    /// A fixed step, or as many before t_end as can be taken at once (see window.cpp). plan_windows() comes first, and
    /// again after anything else that advances.
    void advance_window_or_step(double t_end);
    void plan_windows() noexcept;
    void fcurrent();      // currents at the present state
    /// pc.nthread(n): so many threads compute the fixed step. Results are the same for any number.
    void set_threads(int n);
    [[nodiscard]] int threads() const noexcept;
    void frecord_init();  // restarts recordings at the present time
    /// @throws Error naming section, place and mechanism when the last step left a voltage that is not finite
    void require_finite() const;
    [[nodiscard]] bool initialized() const noexcept { return initialized_; }

    std::vector<InitializeHandler*> initialize_handlers;  // weak; in order of creation
    /// Passed before every step of any method.
    InterruptionPoint interruption_point;
    /// Called after every step (extra_scatter_gather, LinearMechanism); by place in the step.
    std::vector<CallablePtr> before_solve, after_solve;
    /// Copies gap junction voltages and the like to their targets: after v has changed, before states and
    /// currents see it. Set by ParallelContext.setup_transfer.
    std::function<void()> transfer_values;

    /// A variable-step method takes over while this is set: it advances and returns.
    struct VariableStep {
        virtual ~VariableStep() = default;
        virtual void initialize() = 0;
        virtual void advance() = 0;
        virtual void advance_to(double t_end, bool pauses) = 0;
        virtual bool at_time(double te) = 0;  // a mechanism announces a discontinuity
    };
    VariableStep* variable_step = nullptr;

    // ---- pieces of a step, for the variable-step system and fcurrent ---------------------------
    /// Functions called by the user see the areas that something last looked at (100 um2 in new segments), as in the
    /// reference.
    enum class Geometry { UpToDate, AsLastSeen };
    /// Freezes the layout if anything has changed.
    void prepare(Geometry geometry = Geometry::UpToDate);
    /// rhs and d from mechanisms and ions at the present v and state (no capacitance, no axial terms).
    void evaluate_currents();
    void add_axial_rhs();
    void add_axial_diagonal();
    void add_capacitance(double per_ms);  // cj = 1/dt
    void eliminate();                     // of the assembled matrix; rhs holds the change of v, d the pivots
    void run_timed_blocks(int when);
    void check_tables();
    void follow_concentrations(MechanismType& type);
    void initialize_mechanisms();
    [[nodiscard]] nrn_context& context() noexcept { return context_; }
    /// Someone holds addresses of axial coefficients and may change them: what was made of them is made anew.
    void lend_axial_coefficients() noexcept { axial_coefficients_lent_ = true; }
    /// Runs a kernel over all active rows; throws what it reports.
    void run(MechanismType& type, nrn_kernel kernel);
    void require_ok(nrn_status status, MechanismType& type);
    /// Message of host->fail for the exception that follows.
    std::string fault;
    int fault_row = -1;
    std::exception_ptr pending_exception;  // thrown below a C function, to be raised above it
    /// A failure inside a host function that cannot report one itself: raised when the kernel returns.
    void late_fault(std::string text) { if (fault.empty()) fault = std::move(text); }
    void raise_pending();
    // Scratch of host functions.
    std::vector<double*> netcon_weights;
    std::string name_buffer;
    std::vector<std::unique_ptr<double>> argument_copies;
    std::unique_ptr<UniformGenerator> default_stream;

  private:
    friend class FixedStep;
    void install_hooks();
    void prepare_instance(MechanismType& type, RowId instance);
    void renew_context();
    void run_handlers(int type);
    void check_finite(double when);
    Runtime& runtime_;
    std::unique_ptr<Network> network_;
    Recording recording_;
    Layout layout_;
    std::unique_ptr<FixedStep> fixed_;
    std::string not_finite_;   // what is wrong since the last step; empty: nothing
    nrn_context context_{};
    bool initialized_ = false;
    std::uint64_t connections_seen_ = 0;  // of Network::moves
    bool stepping_ = false, axial_coefficients_lent_ = false;
};

/// The table that kernels call back through. One for all simulations: it holds no state.
const nrn_host& host_functions();

}  // namespace nrn
