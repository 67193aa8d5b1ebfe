// SPDX-License-Identifier: BSD-3-Clause
// finitialize, fadvance and their kin, and class FInitializeHandler.
#include <algorithm>

#include <fmt/format.h>

#include "classes/register_classes.hpp"
#include "engine/simulation.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {
namespace {

Simulation& simulation(CallArgs& a) { return a.runtime().simulation(); }

Value finitialize(CallArgs& a) {
    simulation(a).finitialize(a.has(0) ? std::optional<double>(a.number(0)) : std::nullopt);
    return 1.0;
}

Value fadvance(CallArgs& a) {
    simulation(a).fadvance();
    return 0.0;
}

Value fcurrent(CallArgs& a) {
    simulation(a).fcurrent();
    return 1.0;
}

Value frecord_init(CallArgs& a) {
    simulation(a).frecord_init();
    return 0.0;
}

constexpr Function functions[] = {
    {"finitialize", finitialize, Returns::Number,
     "finitialize([v [mV]]): initialises all states, with the given membrane potential everywhere\n"
     "Python: h.finitialize(-65)\nHoc: finitialize(-65)"},
    {"fadvance", fadvance, Returns::Number, "fadvance(): advances by one step dt [ms]"},
    {"fcurrent", fcurrent, Returns::Number, "fcurrent(): computes all currents for the present state"},
    {"frecord_init", frecord_init, Returns::Number, "frecord_init(): recorded vectors start anew at the present time"},
};

/// FInitializeHandler: alive as long as the object.
class HandlerObject final : public Object {
  public:
    HandlerObject(Class& cls, Simulation& simulation, int type, CallablePtr callable)
        : Object(cls), handler{type, std::move(callable)}, simulation_(simulation) {
        simulation.initialize_handlers.push_back(&handler);
    }
    ~HandlerObject() override { std::erase(simulation_.initialize_handlers, &handler); }
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

Value allprint(Object&, CallArgs& a) {
    for (int type : {3, 0, 1, 2}) {
        a.runtime().print(fmt::format("Type {} FInitializeHandler statements\n", type));
        for (const InitializeHandler* h : simulation(a).initialize_handlers)
            if (h->type == type) a.runtime().print(fmt::format("\t{}\n", h->callable->name()));
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
