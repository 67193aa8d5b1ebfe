// SPDX-License-Identifier: BSD-3-Clause
// Registration of gids and what connections hang on.
#include "network/gid_map.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/simulation.hpp"
#include "events/network.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {

Network& GidMap::network() const { return runtime_.simulation().network(); }

void GidMap::own(long gid) {
    if (gid < 0) throw Error(ErrorKind::Range, fmt::format("a gid must be >= 0, not {}", gid));
    if (local_.count(gid)) throw Error(ErrorKind::Value, fmt::format("gid {} already exists on this rank", gid));
    if (const auto found = remote_.find(gid); found != remote_.end()) {
        if (found->second->has_connections())
            throw Error(ErrorKind::Value, fmt::format("gid {} is already in use on this rank as the source of a connection from another rank", gid))
                .hint("call set_gid2node before gid_connect");
        remote_.erase(found);
    }
    local_[gid] = nullptr;
}

void GidMap::assign(long gid, const SpikeSourcePtr& source, bool output) {
    const auto found = local_.find(gid);
    if (found == local_.end())
        throw Error(ErrorKind::Value, fmt::format("gid {} does not live on this rank", gid)).hint("call set_gid2node first, on the rank that has the cell");
    if (found->second && found->second != source && found->second->gid == gid && (found->second->value || found->second->cell || found->second->variable))
        throw Error(ErrorKind::Value, fmt::format("gid {} already has a cell on this rank", gid));
    if (!source) throw Error(ErrorKind::Value, "the NetCon given to cell() has no source");
    if (source->gid >= 0 && source->gid != gid)
        throw Error(ErrorKind::Value, fmt::format("this source already fires as gid {} and cannot also be gid {}", source->gid, gid));
    if (found->second && found->second != source) {  // connected before its cell was known
        const auto waiting = network().connections_of(*found->second);
        for (NetCon* c : waiting) c->set_source(source);
    }
    source->gid = gid;
    source->output = output;
    found->second = source;
}

void GidMap::make_output(long gid) { local(gid, "outputcell").output = true; }

int GidMap::exists(long gid) const {
    const auto found = local_.find(gid);
    if (found == local_.end()) return 0;
    if (!found->second || (!found->second->variable && !found->second->cell)) return 1;
    return found->second->output ? 3 : 2;
}

SpikeSourcePtr GidMap::source_for(long gid) {
    if (gid < 0) throw Error(ErrorKind::Range, fmt::format("a gid must be >= 0, not {}", gid));
    auto here = local_.find(gid);
    SpikeSourcePtr& source = here != local_.end() ? here->second : remote_[gid];
    if (!source) {
        source = network().new_source();
        source->gid = gid;
    }
    return source;
}

SpikeSource& GidMap::local(long gid, const char* wanted_by) const {
    const auto found = local_.find(gid);
    if (found == local_.end())
        throw Error(ErrorKind::Value, fmt::format("{}: gid {} does not live on this rank", wanted_by, gid)).hint("gid_exists(gid) tells");
    if (!found->second) throw Error(ErrorKind::Value, fmt::format("{}: gid {} has no cell yet", wanted_by, gid)).hint("call cell(gid, netcon) first");
    return *found->second;
}

SpikeSource* GidMap::remote(long gid) const {
    const auto found = remote_.find(gid);
    return found == remote_.end() ? nullptr : found->second.get();
}

std::vector<SpikeSource*> GidMap::outputs() const {
    std::vector<SpikeSource*> all;
    for (const auto& [gid, source] : local_)
        if (source && source->output) all.push_back(source.get());
    std::sort(all.begin(), all.end(), [](const SpikeSource* a, const SpikeSource* b) { return a->gid < b->gid; });
    return all;
}

std::vector<SpikeSource*> GidMap::remotes() const {
    std::vector<SpikeSource*> all;
    for (const auto& [gid, source] : remote_)
        if (source) all.push_back(source.get());
    std::sort(all.begin(), all.end(), [](const SpikeSource* a, const SpikeSource* b) { return a->gid < b->gid; });
    return all;
}

void GidMap::clear() {
    for (auto& [gid, source] : local_)
        if (source) {
            source->gid = -1;
            source->output = false;
        }
    local_.clear();
    remote_.clear();
}

}  // namespace nrn
