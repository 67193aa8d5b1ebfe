// SPDX-License-Identifier: BSD-3-Clause
// Set-up and per-step copying of transferred values.
#include "network/value_transfer.hpp"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "engine/simulation.hpp"
#include "model/model.hpp"
#include "nrn/api/communicator.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {

ValueTransfer::~ValueTransfer() { clear(); }

void ValueTransfer::clear() {
    if (active_) runtime_.simulation().transfer_values = nullptr;
    active_ = false;
    sources_.clear();
    source_of_.clear();
    targets_.clear();
}

void ValueTransfer::add_source(RefPtr variable, long sid) {
    if (sid < 0) throw Error(ErrorKind::Range, fmt::format("source_var: the source id must be >= 0, not {}", sid));
    if (!source_of_.emplace(sid, sources_.size()).second) throw Error(ErrorKind::Value, fmt::format("source_var: source id {} is already in use", sid));
    sources_.push_back({std::move(variable), sid});
}

void ValueTransfer::add_target(Ptr<PointProcess> owner, RefPtr variable, long sid) {
    if (sid < 0) throw Error(ErrorKind::Range, fmt::format("target_var: the source id must be >= 0, not {}", sid));
    targets_.push_back({std::move(owner), std::move(variable), sid});
}

std::vector<std::vector<long>> ValueTransfer::exchange_ids(const std::vector<long>& mine) const {
    const auto all = runtime_.communicator().allgather(std::as_bytes(std::span(mine)));
    std::vector<std::vector<long>> ids(all.size());
    for (std::size_t r = 0; r < all.size(); ++r) {
        ids[r].resize(all[r].size() / sizeof(long));
        if (!ids[r].empty()) std::memcpy(ids[r].data(), all[r].data(), ids[r].size() * sizeof(long));
    }
    return ids;
}

void ValueTransfer::setup() {
    const auto me = static_cast<std::size_t>(runtime_.communicator().rank());
    std::vector<long> mine, wanted;
    for (const Source& s : sources_) mine.push_back(s.sid);
    for (const Target& t : targets_) wanted.push_back(t.sid);
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    const auto offered = exchange_ids(mine), needed = exchange_ids(wanted);

    std::unordered_map<long, std::size_t> owner;
    for (std::size_t r = 0; r < offered.size(); ++r)
        for (long sid : offered[r])
            if (!owner.emplace(sid, r).second) throw Error(ErrorKind::Value, fmt::format("setup_transfer: source id {} is given on two ranks", sid));
    for (const auto& of_rank : needed)
        for (long sid : of_rank)
            if (!owner.count(sid)) throw Error(ErrorKind::Value, fmt::format("setup_transfer: target_var wants source id {}, which no source_var gives", sid));

    // Both sides list the ids of a pair of ranks in rising order.
    send_.clear();
    counts_.assign(offered.size(), 0);
    in_counts_.assign(offered.size(), 0);
    for (std::size_t r = 0; r < needed.size(); ++r)
        for (long sid : needed[r])
            if (owner[sid] == me) {
                send_.push_back(source_of_.at(sid));
                ++counts_[r];
            }
    where_.clear();
    std::size_t position = 0;
    for (std::size_t r = 0; r < offered.size(); ++r)
        for (long sid : needed[me])
            if (owner[sid] == r) {
                where_[sid] = position++;
                ++in_counts_[r];
            }
    out_.resize(send_.size());
    in_.resize(position);
    resolved_version_ = 0;
    bool any = false;
    for (const auto& of_rank : needed) any = any || !of_rank.empty();
    active_ = any;
    if (any) runtime_.simulation().transfer_values = [this] { transfer(); };
    else runtime_.simulation().transfer_values = nullptr;
}

void ValueTransfer::resolve() {
    // A target may go during the simulation (its point process was deleted); a source may not.
    std::erase_if(targets_, [](const Target& t) { return !t.variable->valid(); });
    from_.clear();
    to_.clear();
    for (const Source& s : sources_)
        if (!s.variable->valid())
            throw Error(ErrorKind::Reference, fmt::format("the variable of source id {} no longer exists", s.sid)).hint("call setup_transfer again after deleting sections");
    for (const std::size_t s : send_) from_.push_back(sources_[s].variable->data());
    for (const Target& t : targets_) {
        const auto found = where_.find(t.sid);
        if (found == where_.end())
            throw Error(ErrorKind::Runtime, fmt::format("target_var for source id {} came after setup_transfer", t.sid)).hint("call setup_transfer again");
        to_.push_back({t.variable->data(), found->second});
    }
    resolved_version_ = runtime_.model().structure_version();
}

void ValueTransfer::transfer() {
    if (resolved_version_ != runtime_.model().structure_version()) resolve();
    for (std::size_t i = 0; i < from_.size(); ++i) out_[i] = *from_[i];
    Communicator& communicator = runtime_.communicator();
    if (communicator.size() > 1) {
        const double before = communicator.wall_time();
        communicator.exchange(out_, counts_, in_, in_counts_);
        seconds_ += communicator.wall_time() - before;
    } else {
        communicator.exchange(out_, counts_, in_, in_counts_);
    }
    for (const Resolved& t : to_) *t.to = in_[t.position];
}

}  // namespace nrn
