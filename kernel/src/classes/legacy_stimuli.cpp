// SPDX-License-Identifier: BSD-3-Clause
// fstim and fsyn: numbered current steps and alpha synapses of models older than point processes. Each is an
// instance of IClamp or AlphaSynapse of a class that no list of objects shows, as these stimuli were no objects.
#include <cmath>
#include <memory>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "classes/register_classes.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "model/point_process.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {
namespace {

struct Kind {
    const char* mechanism;
    const char* variable[4];  // in the order of the arguments after (i, x)
    int n_variable;
};
constexpr Kind current_step{"IClamp", {"del", "dur", "amp"}, 3};
constexpr Kind alpha_synapse{"AlphaSynapse", {"onset", "tau", "gmax", "e"}, 4};

class Stimuli {
  public:
    Stimuli(Runtime& runtime, const Kind& kind) : runtime_(runtime), kind_(kind), class_(kind.mechanism, nullptr, {}, {}, "") {}

    void allocate(std::size_t count) {
        items_.clear();
        MechanismType& type = runtime_.model().require_mechanism(kind_.mechanism);
        for (std::size_t i = 0; i < count; ++i) items_.push_back(make_counted<PointProcess>(class_, type));
    }
    [[nodiscard]] PointProcess& at(CallArgs& args) {
        const long i = args.integer(0);
        if (i < 0 || static_cast<std::size_t>(i) >= items_.size())
            throw Error(ErrorKind::Index, args.span, fmt::format("{}: there is no stimulus {}: {} were asked for", args.function(), i, items_.size()))
                .hint(fmt::format("call {}(n) first", args.function()));
        return *items_[static_cast<std::size_t>(i)];
    }
    [[nodiscard]] double& value(PointProcess& p, std::string_view name) const {
        const auto& d = p.type().description();
        for (int i = 0; i < d.n_variable; ++i)
            if (name == d.variable[i].name) return p.type().store().at(d.variable[i].column, p.row_id());
        throw Error(ErrorKind::Name, fmt::format("`{}` has no variable `{}`", kind_.mechanism, name));
    }
    [[nodiscard]] const Kind& kind() const noexcept { return kind_; }

  private:
    Runtime& runtime_;
    const Kind& kind_;
    NativeClass class_;
    std::vector<Ptr<PointProcess>> items_;
};

struct CurrentSteps : Stimuli {
    explicit CurrentSteps(Runtime& runtime) : Stimuli(runtime, current_step) {}
};
struct AlphaSynapses : Stimuli {
    explicit AlphaSynapses(Runtime& runtime) : Stimuli(runtime, alpha_synapse) {}
};

/// (n): n stimuli, off. (i, x, ...): stimulus i at x of the accessed section, with its values.
Value place(CallArgs& args, Stimuli& stimuli) {
    if (args.count() == 1) {
        const double n = args.number(0);
        if (!(n >= 0 && n < 1e8)) throw Error(ErrorKind::Range, args.span, fmt::format("{}: the number of stimuli must be >= 0, not {:g}", args.function(), n));
        stimuli.allocate(static_cast<std::size_t>(n));
        return 0;
    }
    PointProcess& p = stimuli.at(args);
    p.locate(args.section(), args.number_in(1, 0, 1));
    for (int k = 0; k < stimuli.kind().n_variable; ++k) stimuli.value(p, stimuli.kind().variable[k]) = args.number(static_cast<std::size_t>(k) + 2);
    return 0;
}

Value fstim(CallArgs& args) { return place(args, args.runtime().service<CurrentSteps>()); }
Value fsyn(CallArgs& args) { return place(args, args.runtime().service<AlphaSynapses>()); }

template <class Kind>
Value read(CallArgs& args, const char* name) {
    auto& stimuli = args.runtime().service<Kind>();
    return stimuli.value(stimuli.at(args), name);
}
Value fstimi(CallArgs& args) { return read<CurrentSteps>(args, "i"); }
Value fsyni(CallArgs& args) { return read<AlphaSynapses>(args, "i"); }
Value fsyng(CallArgs& args) { return read<AlphaSynapses>(args, "g"); }

constexpr Function functions[] = {
    {"fstim", fstim, Returns::Number,
     "fstim(n): n current steps; fstim(i, x, delay [ms], duration [ms], current [nA]): where step i is and what it injects\n"
     "For models older than IClamp.\nHoc: fstim(1)  soma fstim(0, 0.5, 1, 2, 0.3)"},
    {"fstimi", fstimi, Returns::Number, "fstimi(i) -> current of step i [nA]"},
    {"fsyn", fsyn, Returns::Number,
     "fsyn(n): n synapses; fsyn(i, x, onset [ms], tau [ms], gmax [uS], e [mV]): synapse i with an alpha function of time\n"
     "For models older than AlphaSynapse.\nHoc: fsyn(1)  soma fsyn(0, 0.5, 1, 0.5, 0.01, 0)"},
    {"fsyni", fsyni, Returns::Number, "fsyni(i) -> current of synapse i [nA]"},
    {"fsyng", fsyng, Returns::Number, "fsyng(i) -> conductance of synapse i [uS]"},
};

}  // namespace

void register_legacy_stimuli(Runtime& runtime) { runtime.scope().define_functions(functions); }

}  // namespace nrn
