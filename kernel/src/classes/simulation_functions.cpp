// SPDX-License-Identifier: BSD-3-Clause
// finitialize, fadvance and their kin, and class FInitializeHandler.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "classes/register_classes.hpp"
#include "engine/run_guard.hpp"
#include "engine/simulation.hpp"
#include "model/model.hpp"
#include "model/point_process_class.hpp"
#include "model/segment.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/holder.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {
namespace {

Simulation& simulation(CallArgs& a) { return a.runtime().simulation(); }

Value finitialize(CallArgs& a) {
    const RunGuard alone(a.runtime());
    simulation(a).finitialize(a.has(0) ? std::optional<double>(a.number(0)) : std::nullopt);
    return 1.0;
}

Value fadvance(CallArgs& a) {
    const RunGuard alone(a.runtime());
    simulation(a).fadvance();
    return 1.0;
}

Value fcurrent(CallArgs& a) {
    simulation(a).fcurrent();
    return 1.0;
}

Value initnrn(CallArgs& a) {
    Simulation& s = simulation(a);
    s.t = 0;
    s.dt = 0.025;
    s.secondorder = 0;
    a.runtime().model().celsius = 6.3;
    if (Symbol* resistance = a.runtime().scope().find("clamp_resist"); resistance && resistance->data) *resistance->data = 1e-3;
    return 1.0;
}

Value frecord_init(CallArgs& a) {
    simulation(a).frecord_init();
    return 1.0;
}

/// A node's row of the tree matrix: coefficient in the parent's equation, diagonal, coefficient of the parent
/// in this equation, right-hand side.
std::array<double, 4> matrix_row(NodeStore& nodes, RowId node) {
    return {nodes.at(NodeStore::A, node), nodes.at(NodeStore::D, node), nodes.at(NodeStore::B, node), nodes.at(NodeStore::Rhs, node)};
}

Value fmatrix(CallArgs& a) {
    simulation(a).prepare();
    Model& model = a.runtime().model();
    if (a.has(0)) {
        const bool segment_given = a.object_if<Segment>(0) != nullptr;
        const Place place = segment_given ? place_argument(a, 0) : Place{&a.section(), a.number_in(0, 0, 1)};
        const double which = a.number_in(1, 1, 4);
        return matrix_row(model.nodes(), place.section->node_at(place.x))[static_cast<std::size_t>(which) - 1];
    }
    for (Section* s : model.sections())
        for (int i = s->parent() ? 1 : 0; i <= s->nseg() + 1; ++i) {
            const double x = i == 0 ? s->child_end() : i > s->nseg() ? 1 - s->child_end() : s->segment_x(i - 1);
            const auto row = matrix_row(model.nodes(), s->node_at(x));
            a.runtime().print(fmt::format("{}({:g}) {:g} {:g} {:g} {:g}\n", s->name(), x, row[0], row[1], row[2], row[3]));
        }
    return 1.0;
}

constexpr Function functions[] = {
    {"fmatrix", fmatrix, Returns::Number,
     "fmatrix(), fmatrix(x, k): prints the tree matrix that fcurrent() or the last step made, or gives one element of the\n"
     "row of x in the accessed section; k = 1: coefficient in the parent's row, 2: diagonal [S/cm2], 3: coefficient of the\n"
     "parent, 4: right-hand side [mA/cm2]\n"
     "Python: h.fcurrent(); h.fmatrix(0.5, 2, sec=soma)\nHoc: fcurrent()  soma print fmatrix(0.5, 2)"},
    {"finitialize", finitialize, Returns::Number,
     "finitialize([v [mV]]): initialises all states, with the given membrane potential everywhere\n"
     "Python: h.finitialize(-65)\nHoc: finitialize(-65)"},
    {"fadvance", fadvance, Returns::Number, "fadvance(): advances by one step dt [ms]"},
    {"fcurrent", fcurrent, Returns::Number, "fcurrent(): computes all currents for the present state"},
    {"initnrn", initnrn, Returns::Number, "initnrn() -> 1\nt 0 ms, dt 0.025 ms, celsius 6.3 degC, secondorder 0, clamp_resist 1e-3 MOhm: as at the start of the program.\nPython: h.initnrn()     Hoc: initnrn()"},
    {"frecord_init", frecord_init, Returns::Number, "frecord_init(): recorded vectors start anew at the present time"},
};

/// FInitializeHandler: alive as long as the object.
class HandlerObject final : public Object, public Holder {
  public:
    HandlerObject(Class& cls, Simulation& simulation, int type, CallablePtr callable)
        : Object(cls), handler{type, std::move(callable)}, simulation_(simulation) {
        simulation.initialize_handlers.push_back(&handler);
    }
    ~HandlerObject() override { std::erase(simulation_.initialize_handlers, &handler); }
    void visit_held(HeldVisitor& visitor) const override { visitor.visit(handler.callable); }
    InitializeHandler handler;

  private:
    Simulation& simulation_;
};

ObjectPtr construct_handler(NativeClass& cls, CallArgs& a) {
    const std::size_t first = a.is_number(0) ? 1 : 0;
    const long type = first ? a.integer(0) : 1;
    if (type < 0 || type > 3) throw Error(ErrorKind::Range, fmt::format("FInitializeHandler: type must be 0 to 3, not {}", type));
    return make_counted<HandlerObject>(cls, simulation(a), static_cast<int>(type), a.callable(first, a.object_or_null(first + 1)));
}

Value allprint(Object& o, CallArgs& a) {
    for (int type = 0; type < 4; ++type) {
        std::string statements;
        for (const Object* made : o.cls().instances())
            if (const InitializeHandler& h = static_cast<const HandlerObject*>(made)->handler; h.type == type) statements += fmt::format("\t{}\n", h.callable->name());
        if (!statements.empty()) a.runtime().print(fmt::format("Type {} FInitializeHandler statements\n{}", type, statements));
    }
    return 0.0;
}

constexpr Method handler_methods[] = {{"allprint", allprint, Returns::Number, "allprint(): prints all handlers"}};

}  // namespace

void register_simulation(Runtime& runtime) {
    runtime.scope().define_functions(functions);
    publish_class(runtime, std::make_unique<NativeClass>(
                               "FInitializeHandler", construct_handler, handler_methods, std::span<const Property>(),
                               "FInitializeHandler([type,] \"statement\" or callable[, object]): called during finitialize; type 3 first of all,\n"
                               "0 before INITIAL blocks, 1 after them, 2 at the end."));
}

}  // namespace nrn
