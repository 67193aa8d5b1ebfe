// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include "engine/simulation.hpp"
#include "events/network.hpp"
#include "model/model.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {
namespace {

// A point process whose `sum` takes what arrives, in an order that rounding shows.
nrn_status receive(nrn_context* context, nrn_mech_view* view, std::int32_t row, double* weight, double flag) {
    double& sum = view->column[0][row];
    sum = sum * 1.5 + weight[0] + flag;
    if (flag == 0 && weight[0] > 0.5) context->host->net_send(context, view, row, weight, 1.0, 2.0);
    return NRN_OK;
}

const nrn_mechanism& accumulator() {
    static const nrn_variable variable[] = {{"sum", NRN_ASSIGNED, NRN_VISIBLE, 0, 1, 0, 0, 1, 0, "", 0}};
    static const nrn_mechanism mechanism = [] {
        nrn_mechanism m{};
        m.struct_size = sizeof m;
        m.name = "Accumulator";
        m.title = m.file = m.source_hash = "";
        m.flags = NRN_POINT_PROCESS | NRN_NET_RECEIVE | NRN_SELF_EVENTS;
        m.variable = variable;
        m.n_variable = m.n_column = 1;
        m.rhs_column = m.g_column = -1;
        m.n_weight = 1;
        m.net_receive = receive;
        return m;
    }();
    return mechanism;
}

/// Two cells that excite each other and themselves, advanced by hand through 10 ms.
struct Pair {
    Runtime runtime{RuntimeOptions{.autoload = false}};
    Model& model = runtime.model();
    Network& network = runtime.simulation().network();
    MechanismType& type = model.add_mechanism(accumulator(), "");
    std::vector<SectionPtr> sections;
    std::vector<ObjectPtr> points;
    std::vector<Ptr<NetCon>> connections;
    std::vector<SpikeSourcePtr> sources;
    VectorPtr times = Vector::make(runtime);

    Pair() {
        for (const char* name : {"a", "b"}) {
            sections.push_back(model.create_section(name));
            const Value x(0.5);
            CallArgs args(runtime, "Accumulator", {&x, 1});
            args.explicit_section = sections.back().get();
            points.push_back(runtime.classes().get("Accumulator").construct(args));
            const RangeVariable& v = *model.range_variable("v");
            sources.push_back(network.source_of_variable(range_ref(v, *sections.back(), 0.5), sections.back().get(), 0.5));
            sources.back()->record_times = times;
        }
        for (std::size_t i = 0; i < 4; ++i) {
            auto c = make_counted<NetCon>(runtime.classes().get("NetCon"), network);
            c->set_target(static_cast<PointProcess*>(points[i % 2].get()));
            c->set_source(sources[i / 2]);
            c->row().delay = 2;
            c->row().weights()[0] = 0.3 + 0.2 * static_cast<double>(i);
            connections.push_back(c);
        }
        runtime.simulation().prepare();
        network.initialize(0);
    }
    double& voltage(std::size_t i) { return model.nodes().at(NodeStore::V, sections[i]->segment_node(0)); }
    /// Both cells fire at times that depend on the cell alone.
    void excite(std::size_t i, double t) { voltage(i) = std::fmod(t + 0.01, i == 0 ? 1.5 : 2.0) < 0.6 ? 20 : -65; }
    double sum(std::size_t i) { return type.store().at(0, static_cast<PointProcess*>(points[i].get())->row_id()); }
};

constexpr double kStep = 0.25;

TEST(EventLanes, WindowsOfLanesGiveTheBitsOfOneQueue) {
    Pair plain;
    for (double t = 0; t < 10; t += kStep) {
        for (std::size_t i : {0u, 1u}) plain.excite(i, t);
        plain.network.check_thresholds(t);
        plain.network.deliver_until(t + kStep / 2);
        plain.network.deliver_until(t + kStep);
    }
    Pair lanes;
    const RowId first = lanes.sections[0]->segment_node(0);
    lanes.network.assign_lanes(3, [&](RowId node) { return node == first ? 1u : 2u; });
    EXPECT_TRUE(lanes.network.may_window());
    EXPECT_EQ(lanes.network.window_limit(), 2);
    for (double start = 0; start < 10; start += 2) {
        lanes.network.begin_window();
        lanes.network.deliver_until(lanes.network.lane(0), start + 2);
        for (std::size_t i : {1u, 0u}) {  // the other way round: it must not matter
            EventLane& lane = lanes.network.lane(static_cast<std::uint32_t>(i) + 1);
            lanes.runtime.simulation().context().worker = &lane;
            lanes.network.enter_window(lane);
            for (double t = start; t < start + 2; t += kStep) {
                lanes.excite(i, t);
                lanes.network.check_thresholds(lane, t);
                lanes.network.deliver_until(lane, t + kStep / 2);
                lanes.network.deliver_until(lane, t + kStep);
            }
        }
        lanes.runtime.simulation().context().worker = nullptr;
        lanes.network.exchange(1, {});
    }
    EXPECT_GT(plain.times->values.size(), 8u);
    EXPECT_EQ(plain.times->values, lanes.times->values);
    for (std::size_t i : {0u, 1u}) EXPECT_EQ(plain.sum(i), lanes.sum(i));
    // Back to one lane, in the middle of everything.
    lanes.network.assign_lanes(1, {});
    plain.network.deliver_until(20);
    lanes.network.deliver_until(20);
    for (std::size_t i : {0u, 1u}) EXPECT_EQ(plain.sum(i), lanes.sum(i));
}

}  // namespace
}  // namespace nrn
