// SPDX-License-Identifier: BSD-3-Clause
// Collects spikes of a window and distributes them.
#include "network/spike_exchange.hpp"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "events/network.hpp"
#include "network/gid_map.hpp"
#include "nrn/api/communicator.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {
namespace {

class ClearSpikes final : public Callable {
  public:
    explicit ClearSpikes(SpikeExchange& exchange) : exchange_(exchange) {}
    Value call(CallArgs&) override {
        exchange_.clear();
        return {};
    }
    [[nodiscard]] std::string name() const override { return "spike exchange"; }

  private:
    SpikeExchange& exchange_;
};

}  // namespace

SpikeExchange::SpikeExchange(Runtime& runtime) : runtime_(runtime), at_finitialize_{3, make_counted<ClearSpikes>(*this)} {
    runtime.simulation().initialize_handlers.push_back(&at_finitialize_);
    runtime.simulation().network().on_output_spike = [this](SpikeSource& source, double t) {
        if (runtime_.communicator().size() > 1) fired_.push_back({source.gid, t});
    };
}

SpikeExchange::~SpikeExchange() {
    std::erase(runtime_.simulation().initialize_handlers, &at_finitialize_);
    runtime_.simulation().network().on_output_spike = nullptr;
}

double SpikeExchange::find_minimum_delay(double limit) {
    double shortest = limit;
    for (const SpikeSource* source : runtime_.service<GidMap>().remotes())
        for (const NetCon* c : runtime_.simulation().network().connections_of(*source)) shortest = std::min(shortest, c->row().delay);
    runtime_.communicator().allreduce(std::span<double>(&shortest, 1), Communicator::Op::Min);
    if (!(shortest > 0))
        throw Error(ErrorKind::Range, fmt::format("the delay of a connection between ranks must be > 0 ms, not {:g}", shortest))
            .hint("give every connection made by gid_connect a delay of at least dt");
    minimum_delay_ = shortest;
    return shortest;
}

void SpikeExchange::exchange() {
    Communicator& communicator = runtime_.communicator();
    if (communicator.size() == 1) return;
    const double before = communicator.wall_time();
    const auto all = communicator.allgather(std::as_bytes(std::span(fired_)));
    statistics_.wait_time += communicator.wall_time() - before;
    statistics_.sent += static_cast<long>(fired_.size());
    fired_.clear();
    ++statistics_.exchanges;
    GidMap& gids = runtime_.service<GidMap>();
    std::vector<Spike> arrived;
    std::size_t busiest = 0;
    for (int rank = 0; rank < communicator.size(); ++rank) {
        const auto& bytes = all[static_cast<std::size_t>(rank)];
        const std::size_t n = bytes.size() / sizeof(Spike);
        busiest = std::max(busiest, n);
        statistics_.largest = std::max(statistics_.largest, static_cast<long>(n));
        if (rank == communicator.rank() || n == 0) continue;
        const std::size_t old = arrived.size();
        arrived.resize(old + n);
        std::memcpy(arrived.data() + old, bytes.data(), n * sizeof(Spike));
    }
    if (histogram) {
        if (histogram->values.size() <= busiest) histogram->resize(busiest + 1);
        histogram->values[busiest] += 1;
    }
    // The order of equal-time events must not depend on which rank a cell lives on.
    std::sort(arrived.begin(), arrived.end(), [](const Spike& a, const Spike& b) { return a.time != b.time ? a.time < b.time : a.gid < b.gid; });
    Network& network = runtime_.simulation().network();
    for (const Spike& spike : arrived)
        if (SpikeSource* source = gids.remote(spike.gid)) {
            ++statistics_.received;
            network.fire(*source, spike.time);
        }
}

}  // namespace nrn
