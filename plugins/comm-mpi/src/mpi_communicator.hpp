// SPDX-License-Identifier: BSD-3-Clause
// The kernel's Communicator over MPI.
#pragma once
#include <mpi.h>

#include "departures.hpp"
#include "nrn/api/communicator.hpp"

namespace nrn::mpi {

class MpiCommunicator final : public Communicator {
  public:
    using Bytes = std::vector<std::byte>;
    /// Takes over `communicator`; MPI must be running. `departures` knows of its ranks, at least.
    MpiCommunicator(MPI_Comm communicator, std::shared_ptr<Departures> departures);
    ~MpiCommunicator() override;

    [[nodiscard]] std::string name() const override { return "mpi"; }
    [[nodiscard]] int rank() const override { return rank_; }
    [[nodiscard]] int size() const override { return size_; }
    [[nodiscard]] int world_rank() const override { return world_rank_; }
    [[nodiscard]] int world_size() const override { return world_size_; }
    void barrier() override;
    void allreduce(std::span<double> values, Op op) override;
    void allreduce(std::span<long> values, Op op) override;
    void broadcast(std::span<std::byte> bytes, int root) override;
    [[nodiscard]] std::vector<Bytes> allgather(std::span<const std::byte> bytes) override;
    [[nodiscard]] std::vector<Bytes> gather(std::span<const std::byte> bytes, int root) override;
    [[nodiscard]] std::vector<Bytes> alltoall(const std::vector<Bytes>& send) override;
    void exchange(std::span<const double> out, std::span<const int> counts, std::span<double> in, std::span<const int> in_counts) override;
    void allgather_blocks(std::span<const std::byte> block, std::span<std::byte> all) override;
    void give_up_after(double seconds) override { patience_ = seconds; }
    void send(std::span<const std::byte> bytes, int to, int tag) override;
    [[nodiscard]] Message receive(int from = -1, int tag = -1) override;
    [[nodiscard]] bool probe(int from = -1, int tag = -1) override;
    [[nodiscard]] std::unique_ptr<Communicator> split(int color, int key) override;
    [[noreturn]] void abort(int status) override;
    [[nodiscard]] double wall_time() const override { return MPI_Wtime(); }

  private:
    /// Waits for a request that was started with this status; ends the job when patience runs out. @throws Error
    void finish(int status, MPI_Request& request, const char* what);
    static constexpr int kAnybody = -1, kAllOthers = -2;
    /// Ends the job when `rank` has ended, so that what this one waits for cannot come.
    void require_present(int rank, const char* what);
    MPI_Comm communicator_;
    std::shared_ptr<Departures> departures_;
    std::vector<int> members_;  // their numbers among departures_
    double departure_seen_ = -1;       // s
    double patience_ = 0;              // s; 0: without end
    std::vector<int> starts_, in_starts_;  // of exchange()
    int rank_ = 0, size_ = 1, world_rank_ = 0, world_size_ = 1;
};

}  // namespace nrn::mpi
