// SPDX-License-Identifier: BSD-3-Clause
// One rank talking to itself.
#include "network/serial_communicator.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>

#include "nrn/api/error.hpp"

namespace nrn {
namespace {

void require_self(int rank, const char* what) {
    if (rank != 0)
        throw Error(ErrorKind::Range, fmt::format("{} {} does not exist: there is only rank 0", what, rank))
            .hint("start several ranks with `mpirun -n N nrn run --comm=mpi ...`");
}

}  // namespace

void SerialCommunicator::broadcast(std::span<std::byte>, int root) { require_self(root, "root rank"); }

std::vector<SerialCommunicator::Bytes> SerialCommunicator::allgather(std::span<const std::byte> bytes) {
    return {Bytes(bytes.begin(), bytes.end())};
}

std::vector<SerialCommunicator::Bytes> SerialCommunicator::gather(std::span<const std::byte> bytes, int root) {
    require_self(root, "root rank");
    return {Bytes(bytes.begin(), bytes.end())};
}

std::vector<SerialCommunicator::Bytes> SerialCommunicator::alltoall(const std::vector<Bytes>& send) { return send; }

void SerialCommunicator::exchange(std::span<const double> out, std::span<const int>, std::span<double> in, std::span<const int>) {
    std::copy(out.begin(), out.end(), in.begin());
}

void SerialCommunicator::allgather_blocks(std::span<const std::byte> block, std::span<std::byte> all) { std::copy(block.begin(), block.end(), all.begin()); }

void SerialCommunicator::send(std::span<const std::byte> bytes, int to, int tag) {
    require_self(to, "receiving rank");
    waiting_.push_back({0, tag, Bytes(bytes.begin(), bytes.end())});
}

std::deque<Communicator::Message>::iterator SerialCommunicator::find(int from, int tag) {
    return std::find_if(waiting_.begin(), waiting_.end(),
                        [&](const Message& m) { return (from < 0 || m.from == from) && (tag < 0 || m.tag == tag); });
}

Communicator::Message SerialCommunicator::receive(int from, int tag) {
    const auto found = find(from, tag);
    if (found == waiting_.end()) throw Error(ErrorKind::Runtime, "this rank waits for a message that nobody can send: there is only rank 0");
    Message message = std::move(*found);
    waiting_.erase(found);
    return message;
}

bool SerialCommunicator::probe(int from, int tag) { return find(from, tag) != waiting_.end(); }

std::unique_ptr<Communicator> SerialCommunicator::split(int, int) { return std::make_unique<SerialCommunicator>(); }

void SerialCommunicator::abort(int status) {
    std::fflush(nullptr);
    std::_Exit(status);
}

double SerialCommunicator::wall_time() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace nrn
