// SPDX-License-Identifier: BSD-3-Clause
// Class StateTransitionEvent: a finite state machine whose transitions happen when one variable passes another.
#include <deque>
#include <memory>

#include <fmt/format.h>

#include "classes/register_classes.hpp"
#include "engine/simulation.hpp"
#include "events/network.hpp"
#include "model/model.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/holder.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {
namespace {

class StateMachine;

struct Transition final : Condition {
    Transition(StateMachine& m, int from, int to, RefPtr high, RefPtr low, CallablePtr statement)
        : machine(m), source(from), destination(to), variable(std::move(high)), level(std::move(low)), action(std::move(statement)) {}
    double value() override {
        if (!variable->valid() || !level->valid()) return -1;
        return *variable->data() - *level->data();
    }
    void act(double t) override;
    StateMachine& machine;
    int source, destination;
    RefPtr variable, level;
    CallablePtr action;
};

class StateMachine final : public Object, public Holder {
  public:
    StateMachine(Class& cls, Simulation& simulation, int states) : Object(cls), simulation_(simulation), states_(states) {}
    ~StateMachine() override {
        for (auto& t : transitions_) simulation_.network().remove_condition(*t);
    }
    void add(int from, int to, RefPtr variable, RefPtr level, CallablePtr action) {
        transitions_.push_back(std::make_unique<Transition>(*this, from, to, std::move(variable), std::move(level), std::move(action)));
        simulation_.network().add_condition(*transitions_.back());
        if (from == state_) activate(*transitions_.back());
    }
    void visit_held(HeldVisitor& visitor) const override {
        for (const auto& t : transitions_) {
            visitor.visit(t->variable);
            visitor.visit(t->level);
            visitor.visit(t->action);
        }
    }
    void enter(int state) {
        state_ = state;
        for (auto& t : transitions_) {
            t->enabled = false;
            if (t->source == state) activate(*t);
        }
    }
    [[nodiscard]] int state() const noexcept { return state_; }
    [[nodiscard]] int states() const noexcept { return states_; }
    [[nodiscard]] Simulation& simulation() noexcept { return simulation_; }

  private:
    static void activate(Transition& t) {
        t.enabled = true;
        t.above = t.value() >= 0;  // only a passage from below counts
    }
    Simulation& simulation_;
    int states_, state_ = 0;
    std::deque<std::unique_ptr<Transition>> transitions_;
};

void Transition::act(double) {
    const ObjectPtr keep(&machine);
    machine.enter(destination);
    if (!action) return;
    CallArgs args(machine.simulation().runtime(), "StateTransitionEvent");
    const CallablePtr call = action;
    call->call(args);
}

StateMachine& self(Object& o) { return static_cast<StateMachine&>(o); }

ObjectPtr construct(NativeClass& cls, CallArgs& a) {
    const long states = a.integer(0);
    if (states < 1) throw Error(ErrorKind::Range, fmt::format("StateTransitionEvent: the number of states must be >= 1, not {}", states));
    return make_counted<StateMachine>(cls, a.runtime().simulation(), static_cast<int>(states));
}

int state_argument(Object& o, CallArgs& a, std::size_t i) { return static_cast<int>(a.number_in(i, 0, self(o).states() - 1)); }

Value state(Object& o, CallArgs& a) {
    const int before = self(o).state();
    if (a.has(0)) self(o).enter(state_argument(o, a, 0));
    return before;
}

Value transition(Object& o, CallArgs& a) {
    self(o).add(state_argument(o, a, 0), state_argument(o, a, 1), RefPtr(&a.ref(2)), RefPtr(&a.ref(3)),
                a.has(4) ? a.callable(4, a.object_or_null(5)) : CallablePtr());
    return 1.0;
}

constexpr Method methods[] = {
    {"state", state, Returns::Int, "state([s]) -> present state, or the one before moving to s\n"
     "finitialize ends all transitions: call state(s) after it, or in a FInitializeHandler, for them to begin."},
    {"transition", transition, Returns::Number,
     "transition(from, to, &variable, &level, \"statement\" or callable): in state `from`, when variable rises above level"},
};

}  // namespace

void register_state_transition_event(Runtime& runtime) {
    publish_class(runtime, std::make_unique<NativeClass>("StateTransitionEvent", construct, methods, std::span<const Property>{},
                                                         "StateTransitionEvent(n): a machine of n states\n"
                                                         "Python: ste = h.StateTransitionEvent(2)\nHoc: ste = new StateTransitionEvent(2)"));
}

}  // namespace nrn
