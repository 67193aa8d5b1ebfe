// SPDX-License-Identifier: BSD-3-Clause
// finitialize and the hooks by which model and network reach mechanism code.
#include "engine/simulation.hpp"

#include "engine/circuit_system.hpp"
#include "engine/extracellular.hpp"
#include "engine/fast_imem.hpp"
#include "engine/fixed_step.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include <fmt/format.h>

#include "engine/diffusion.hpp"
#include "engine/function_table.hpp"
#include "model/ion.hpp"
#include "model/construction.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"
#include "random/random.hpp"

namespace nrn {

Interruption& interruption_of(Runtime& runtime) { return runtime.service<Interruption>(); }

Simulation::Simulation(Runtime& runtime)
    : interruption_point(runtime), runtime_(runtime), network_(std::make_unique<Network>(runtime)), recording_(*this),
      fixed_(std::make_unique<FixedStep>(*this)) {
    context_.host = &host_functions();
    context_.runtime = this;
    default_stream = make_scop_random(runtime.service<RandomGlobals>());
    install_hooks();
    Scope& scope = runtime.scope();
    scope.bind_number("t", &t, "ms", "simulated time");
    scope.bind_number("dt", &dt, "ms", "time step");
    scope.bind_number("secondorder", &secondorder, "", "0: implicit Euler, 1 and 2: Crank-Nicolson");
    scope.bind_number("nrn_netrec_state_adjust", &netrec_state_adjust, "", "1: a state that an event makes jump decays for half a step");
    scope.bind_number("stoprun", &stop_requested, "", "set to 1 to stop a run");
}

Simulation::~Simulation() = default;

Model& Simulation::model() noexcept { return runtime_.model(); }

void Simulation::prepare(Geometry geometry) {
    Model& m = model();
    if (!variable_step) layout_.keep_cells_apart(m, false);
    const bool lent = std::exchange(axial_coefficients_lent_, false);
    if (geometry == Geometry::UpToDate ? layout_.refresh(m) : layout_.arrange(m)) {
        fixed_->freeze();
        diffusion(runtime_).forget();
        network_->resolve();
        recording_.resolve();
        connections_seen_ = network_->moves();
    } else {
        if (lent) fixed_->freeze();
        layout_.renew_pointers(network_->moves() != connections_seen_);
        if (std::exchange(connections_seen_, network_->moves()) != network_->moves()) recording_.resolve();
    }
    fixed_->match_lanes();
    if (variable_step) fixed_->matrix_is_used();
    renew_context();
}

/// Functions are called while a model is built, cell by cell: only what they can see is made ready, not the whole
/// layout each time.
void Simulation::prepare_instance(MechanismType& type, RowId instance) {
    if (layout_.is_of(model()) || type.is(NRN_WALKS_SECTIONS)) return prepare(Geometry::AsLastSeen);
    layout_.settle(model(), type, instance);
    renew_context();
}

void Simulation::renew_context() {
    Model& m = model();
    auto& nodes = m.nodes();
    context_.node = {layout_.node_count(), nodes.column(NodeStore::V), nodes.column(NodeStore::Rhs), nodes.column(NodeStore::D),
                     nodes.column(NodeStore::Area), nodes.column(NodeStore::Diam)};
    context_.t = t;
    context_.dt = dt;
    context_.celsius = m.celsius;
    context_.netrec_state_adjust = netrec_state_adjust != 0;
    context_.secondorder = static_cast<int>(secondorder);
}

void Simulation::require_ok(nrn_status status, MechanismType& type) {
    if (pending_exception) {
        fault.clear();
        std::rethrow_exception(std::exchange(pending_exception, nullptr));
    }
    if (status == NRN_OK && fault.empty()) return;
    std::string message = std::exchange(fault, {});
    if (message.empty()) message = "failed";
    std::string where;
    if (fault_row >= 0 && type.store().view().node && fault_row < type.store().view().n_row) {
        const std::int32_t node = layout_.is_of(model()) ? type.store().view().node[fault_row] : -1;
        if (node >= 0) where = fmt::format(" at {}({:g})", layout_.place(node).section->name(), layout_.place(node).x);
    }
    fault_row = -1;
    throw Error(ErrorKind::Runtime, fmt::format("`{}`{}: {}", type.name(), where, message));
}

void Simulation::raise_pending() {
    if (pending_exception) {
        fault.clear();
        std::rethrow_exception(std::exchange(pending_exception, nullptr));
    }
    if (!fault.empty()) throw Error(ErrorKind::Runtime, std::exchange(fault, {}));
}

void Simulation::run(MechanismType& type, nrn_kernel kernel) {
    if (!kernel) return;
    if (const auto* sequence = kernel == type.description().initial ? layout_.initial_sequence(type) : layout_.sequence(type)) {
        for (const std::int32_t row : *sequence) require_ok(kernel(&context_, &type.store().view(), row, row + 1), type);
        return;
    }
    require_ok(kernel(&context_, &type.store().view(), 0, layout_.active_rows(type)), type);
}

void Simulation::set_threads(int n) { fixed_->set_threads(static_cast<std::size_t>(std::max(n, 1))); }
int Simulation::threads() const noexcept { return static_cast<int>(fixed_->threads()); }

void Simulation::install_hooks() {
    Model& m = model();
    m.hooks.store_capacitive_current = [this] { fixed_->store_capacitive_current(); };
    m.hooks.call_function = [this](MechanismType& type, const nrn_mech_function& f, RowId instance, CallArgs& args) -> Value {
        const auto wanted = static_cast<std::size_t>(f.n_arg);
        if (!(f.flags & NRN_FUNCTION_VARIADIC)) args.expect_count(wanted, std::max(wanted, args.count()));
        prepare_instance(type, instance);
        std::vector<double> numbers(std::max<std::size_t>(args.count(), wanted), 0.0);
        for (std::size_t i = 0; i < args.count(); ++i)
            if (static_cast<int>(i) < f.n_arg || args.is_number(i)) {
                if (f.flags & NRN_FUNCTION_VARIADIC) numbers[i] = args.is_number(i) ? args.number(i) : 0;
                else numbers[i] = args.number(i);
            }
        double result = 0;
        void* const outer = std::exchange(context_.call, &args);
        const std::int32_t row = instance == kNoRow ? -1 : static_cast<std::int32_t>(type.store().row(instance));
        const nrn_status status = f.call(&context_, &type.store().view(), row, numbers.data(), static_cast<int>(args.count()), &result);
        context_.call = outer;
        if (!outer) argument_copies.clear();
        require_ok(status, type);
        return result;
    };
    m.hooks.call_function_table = [this](MechanismType& type, int table, CallArgs& args) { return function_tables(*this).call(type, table, args); };
    m.hooks.set_function_table = [this](MechanismType& type, int table, CallArgs& args) { return function_tables(*this).set(type, table, args); };
    m.hooks.instance_made = [this](MechanismType& type, RowId row) {
        if (!type.description().constructor) return;
        prepare_instance(type, row);
        const auto r = static_cast<std::int32_t>(type.store().row(row));
        void* const outer = std::exchange(context_.call, runtime_.service<Construction>().args);
        const nrn_status status = type.description().constructor(&context_, &type.store().view(), r, r + 1);
        context_.call = outer;
        if (!outer) argument_copies.clear();
        require_ok(status, type);
    };
    m.hooks.instance_unmade = [this](MechanismType& type, RowId row) {
        if (!type.description().destructor || !type.store().alive(row)) return;
        const auto r = static_cast<std::int32_t>(type.store().row(row));
        (void)type.description().destructor(&context_, &type.store().view(), r, r + 1);
        fault.clear();
    };
    m.hooks.point_process_gone = [this](PointProcess& p) { network_->point_process_gone(p); };
    network_->hooks.context = &context_;
    network_->hooks.raise = [this](MechanismType& type, nrn_status status) { require_ok(status, type); };
    network_->hooks.fault = &fault;
    network_->hooks.exception = &pending_exception;
    network_->hooks.net_receive = [this](MechanismType& type, RowId row, double* weight, double flag, double when) {
        if (!type.description().net_receive) return;
        if (!layout_.is_of(model())) layout_.settle(model(), type, row);  // C text of a function of another instance calls
        const double before = std::exchange(context_.t, when);
        const nrn_status status = type.description().net_receive(&context_, &type.store().view(), static_cast<int>(type.store().row(row)), weight, flag);
        context_.t = before;
        require_ok(status, type);
    };
    network_->hooks.net_initial = [this](MechanismType& type, RowId row, double* weight) {
        if (!type.description().net_initial) return;
        context_.t = t;
        require_ok(type.description().net_initial(&context_, &type.store().view(), static_cast<int>(type.store().row(row)), weight), type);
    };
    network_->hooks.watch_value = [this](MechanismType& type, RowId row, int watch) {
        if (!type.store().alive(row) || !type.description().watch_value) return -1.0;
        return type.description().watch_value(&context_, &type.store().view(), static_cast<int>(type.store().row(row)), watch);
    };
    network_->hooks.play = [this](std::uint32_t index, double when) { recording_.event(index, when); };
}

void Simulation::run_handlers(int type) {
    const auto handlers = initialize_handlers;  // a handler may make or drop others
    for (InitializeHandler* h : handlers) {
        if (std::find(initialize_handlers.begin(), initialize_handlers.end(), h) == initialize_handlers.end() || h->type != type) continue;
        CallArgs args(runtime_, "FInitializeHandler");
        const CallablePtr callable = h->callable;
        callable->call(args);
    }
}

void Simulation::run_timed_blocks(int when) {
    for (MechanismType* type : layout_.active_types()) {
        const auto& d = type->description();
        for (int i = 0; i < d.n_timed_block; ++i)
            if (d.timed_block[i].when == when) run(*type, d.timed_block[i].run);
    }
}

void Simulation::check_tables() {
    for (MechanismType* type : layout_.active_types())
        if (type->description().check_tables) type->description().check_tables(&context_, &type->store().view());
}

/// After INITIAL of a mechanism that writes concentrations: the reversal potentials that follow from them.
void Simulation::follow_concentrations(MechanismType& type) {
    for (std::size_t k = 0; k < type.ions().size(); ++k)
        if (type.description().ion[k].flags & (NRN_ION_WRITE_CI | NRN_ION_WRITE_CO))
            initialize_potentials(*type.ions()[k], model().celsius, 0, static_cast<std::size_t>(layout_.active_rows(*type.ions()[k])));
}

void Simulation::initialize_mechanisms() {
    Model& m = model();
    run_timed_blocks(NRN_BEFORE_INITIAL);
    for (MechanismType* type : layout_.active_types())
        if (type->is_ion()) initialize_ions(*type, m.celsius, 0, static_cast<std::size_t>(layout_.active_rows(*type)));
    // What writes concentrations comes first in the layout's order, so that INITIAL blocks that read them see them.
    for (MechanismType* type : layout_.active_types()) {
        run(*type, type->description().initial);
        if (type->is(NRN_WRITES_CONCENTRATION)) follow_concentrations(*type);
    }
}

void Simulation::finitialize(std::optional<double> v) {
    run_handlers(3);
    prepare();
    t = 0;
    context_.t = 0;
    heading_for = 0;
    not_finite_.clear();
    network_->initialize(0);
    prepare();  // weights may have moved
    recording_.initialize();
    runtime_.service<RandomPlay>().pick_all();
    prepare();
    check_tables();
    network_->deliver_until(0);
    recording_.play_first();
    if (v) {
        double* voltage = model().nodes().column(NodeStore::V);
        std::fill(voltage, voltage + model().nodes().size(), *v);
    }
    if (auto& medium = extracellular(runtime_); medium.active()) medium.initialize();
    circuits(runtime_).initialize();
    run_handlers(0);
    prepare();
    if (transfer_values) transfer_values();
    initialize_mechanisms();
    network_->initialize_weights();
    run_timed_blocks(NRN_AFTER_INITIAL);
    run_handlers(1);
    prepare();
    recording_.play_first();
    network_->check_thresholds(0);
    network_->deliver_until(0);
    initialized_ = true;
    if (variable_step) {
        network_->run_due_callbacks();
        variable_step->initialize();
    } else {
        prepare();
        evaluate_currents();
        double* i_cap = model().nodes().column(NodeStore::ICap);
        std::fill(i_cap, i_cap + model().nodes().size(), 0.0);
        if (fast_imem) membrane_currents(runtime_).start(*this);
    }
    run_timed_blocks(NRN_BEFORE_STEP);
    recording_.start();
    network_->run_due_callbacks();  // under the fixed step they find the currents and the first records made
    run_handlers(2);
}

void Simulation::fcurrent() {
    prepare();
    check_tables();
    evaluate_currents();
    // The whole matrix of the next step too, for fmatrix().
    add_axial_rhs();
    add_axial_diagonal();
    if (dt != 0) add_capacitance((secondorder != 0 ? 2 : 1) / dt);
}

void Simulation::frecord_init() {
    prepare();
    recording_.start();
}

}  // namespace nrn
