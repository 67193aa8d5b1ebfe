// SPDX-License-Identifier: BSD-3-Clause
// The built-in communicator `self`: one rank, whose collectives are the identity.
#pragma once
#include <deque>

#include "nrn/api/communicator.hpp"

namespace nrn {

class SerialCommunicator final : public Communicator {
  public:
    using Bytes = std::vector<std::byte>;
    [[nodiscard]] std::string name() const override { return "self"; }
    [[nodiscard]] int rank() const override { return 0; }
    [[nodiscard]] int size() const override { return 1; }
    void barrier() override {}
    void allreduce(std::span<double>, Op) override {}
    void allreduce(std::span<long>, Op) override {}
    void broadcast(std::span<std::byte>, int root) override;
    [[nodiscard]] std::vector<Bytes> allgather(std::span<const std::byte> bytes) override;
    [[nodiscard]] std::vector<Bytes> gather(std::span<const std::byte> bytes, int root) override;
    [[nodiscard]] std::vector<Bytes> alltoall(const std::vector<Bytes>& send) override;
    void exchange(std::span<const double> out, std::span<const int> counts, std::span<double> in, std::span<const int> in_counts) override;
    void allgather_blocks(std::span<const std::byte> block, std::span<std::byte> all) override;
    /// A message to oneself waits here until it is received.
    void send(std::span<const std::byte> bytes, int to, int tag) override;
    /// @throws Error(Runtime) when no such message waits: nobody else could ever send it
    [[nodiscard]] Message receive(int from = -1, int tag = -1) override;
    [[nodiscard]] bool probe(int from = -1, int tag = -1) override;
    [[nodiscard]] std::unique_ptr<Communicator> split(int color, int key) override;
    [[noreturn]] void abort(int status) override;
    [[nodiscard]] double wall_time() const override;

  private:
    [[nodiscard]] std::deque<Message>::iterator find(int from, int tag);
    std::deque<Message> waiting_;
};

}  // namespace nrn
