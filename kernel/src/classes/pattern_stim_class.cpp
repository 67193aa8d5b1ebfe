// SPDX-License-Identifier: BSD-3-Clause
// Class PatternStim: spikes at given times, as if the cells of given gids had fired.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "classes/register_classes.hpp"
#include "engine/simulation.hpp"
#include "events/network.hpp"
#include "network/gid_map.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "object/vector.hpp"

namespace nrn {
namespace {

class PatternStim final : public Object {
  public:
    PatternStim(Class& cls, Runtime& runtime);
    ~PatternStim() override;
    VectorPtr times, gids;
    double fake_output = 0;
    /// finitialize: queues the pattern.
    void start();

  private:
    Runtime& runtime_;
    InitializeHandler handler_;
};

class Start final : public Callable {
  public:
    explicit Start(PatternStim& stim) : stim_(stim) {}
    Value call(CallArgs&) override {
        stim_.start();
        return {};
    }
    [[nodiscard]] std::string name() const override { return "PatternStim"; }

  private:
    PatternStim& stim_;
};

PatternStim::PatternStim(Class& cls, Runtime& runtime) : Object(cls), runtime_(runtime), handler_{1, make_counted<Start>(*this)} {
    runtime.simulation().initialize_handlers.push_back(&handler_);
}

PatternStim::~PatternStim() { std::erase(runtime_.simulation().initialize_handlers, &handler_); }

void PatternStim::start() {
    if (!times || !gids) return;
    GidMap& map = runtime_.service<GidMap>();
    Network& network = runtime_.simulation().network();
    const std::size_t n = std::min(times->values.size(), gids->values.size());
    for (std::size_t i = 0; i < n; ++i) {
        const double t = times->values[i];
        const long gid = std::lround(gids->values[i]);
        if (!(t >= runtime_.simulation().t)) continue;
        // Cells that are here speak for themselves, unless their output is to be faked.
        SpikeSource* source = map.exists(gid) == 0 ? map.remote(gid) : fake_output != 0 && map.exists(gid) >= 2 ? &map.local(gid, "PatternStim") : nullptr;
        if (source) network.fire_at(*source, t);
    }
}

PatternStim& self(Object& o) { return static_cast<PatternStim&>(o); }

ObjectPtr construct(NativeClass& cls, CallArgs& a) { return make_counted<PatternStim>(cls, a.runtime()); }

Value play(Object& o, CallArgs& a) {
    self(o).times = a.count() > 0 ? VectorPtr(&a.object<Vector>(0, "Vector")) : nullptr;
    self(o).gids = a.count() > 0 ? VectorPtr(&a.object<Vector>(1, "Vector")) : nullptr;
    return 0.0;
}

Value get_fake_output(Object& o, Indices) { return self(o).fake_output; }
void set_fake_output(Object& o, Indices, const Value& v) { self(o).fake_output = v.number(); }
double* fake_output_data(Object& o, Indices) { return &self(o).fake_output; }

constexpr Method methods[] = {
    {"play", play, Returns::Number, "play(times, gids): at each finitialize these spikes are queued; play(): none"},
};

const Property properties[] = {
    {"fake_output", get_fake_output, set_fake_output, fake_output_data, nullptr, Member::Kind::Number, "1: also cells that live on this rank fire as the pattern says"},
};

}  // namespace

void register_pattern_stim(Runtime& runtime) {
    publish_class(runtime, std::make_unique<NativeClass>("PatternStim", construct, methods, properties,
                                                         "PatternStim(): spikes of a file or another run, sent to all connections from their gids\n"
                                                         "Python: ps = h.PatternStim(); ps.play(times, gids)     Hoc: ps = new PatternStim()  ps.play(times, gids)"));
}

}  // namespace nrn
