// SPDX-License-Identifier: BSD-3-Clause
// Ranks and what they tell each other. The kernel has `self` (one rank) built in; comm-mpi brings more.
#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace nrn {

class Runtime;
class Value;

class Communicator {
  public:
    enum class Op { Sum, Max, Min };
    virtual ~Communicator() = default;
    [[nodiscard]] virtual std::string name() const = 0;
    [[nodiscard]] virtual int rank() const = 0;
    [[nodiscard]] virtual int size() const = 0;
    [[nodiscard]] virtual int world_rank() const { return rank(); }
    [[nodiscard]] virtual int world_size() const { return size(); }
    virtual void barrier() = 0;
    virtual void allreduce(std::span<double> values, Op op) = 0;  // in place
    virtual void allreduce(std::span<long> values, Op op) = 0;
    virtual void broadcast(std::span<std::byte> bytes, int root) = 0;
    /// Every rank's bytes, in rank order. Sizes may differ.
    [[nodiscard]] virtual std::vector<std::vector<std::byte>> allgather(std::span<const std::byte> bytes) = 0;
    [[nodiscard]] virtual std::vector<std::vector<std::byte>> gather(std::span<const std::byte> bytes, int root) = 0;
    /// send[r] goes to rank r; returns what each rank sent here.
    [[nodiscard]] virtual std::vector<std::vector<std::byte>> alltoall(const std::vector<std::vector<std::byte>>& send) = 0;
    /// As alltoall, for what happens every step: `counts` numbers for each rank, one after the other in `out`, and as
    /// many as each rank is known to send here into `in`. One message round.
    virtual void exchange(std::span<const double> out, std::span<const int> counts, std::span<double> in, std::span<const int> in_counts) = 0;
    /// As allgather, for blocks of one size: `all` has room for one of each rank. One message round.
    virtual void allgather_blocks(std::span<const std::byte> block, std::span<std::byte> all) = 0;
    /// From now on a collective call that waits longer than this for other ranks ends the job with a message; 0: never.
    virtual void give_up_after(double seconds) { (void)seconds; }
    virtual void send(std::span<const std::byte> bytes, int to, int tag) = 0;
    struct Message { int from = -1; int tag = 0; std::vector<std::byte> bytes; };
    /// Waits (yielding the core) for a message; from or tag -1 take any.
    [[nodiscard]] virtual Message receive(int from = -1, int tag = -1) = 0;
    /// True when a message waits.
    [[nodiscard]] virtual bool probe(int from = -1, int tag = -1) = 0;
    /// Splits into sub-communicators of equal colour (subworlds). @throws Error(Unsupported)
    [[nodiscard]] virtual std::unique_ptr<Communicator> split(int color, int key) = 0;
    /// Ends all ranks at once with this status: a rank that failed brings the job down.
    [[noreturn]] virtual void abort(int status) = 0;
    [[nodiscard]] virtual double wall_time() const = 0;  // s
};

struct CommunicatorFactory {
    const char* name;
    /// True when the process already uses this communicator (MPI initialised by mpi4py).
    bool (*already_active)();
    std::unique_ptr<Communicator> (*create)(Runtime&);
    /// For the ranks of a communicator that others have made, in the form in which scripts hand it in: an object of
    /// mpi4py, or the number that languages exchange for it. Collective over its ranks. Null: cannot be handed in.
    /// @throws Error(Type, Value) for what is no such communicator
    std::unique_ptr<Communicator> (*adopt)(Runtime&, const Value& given) = nullptr;
};

}  // namespace nrn
