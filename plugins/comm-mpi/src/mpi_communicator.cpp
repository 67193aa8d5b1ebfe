// SPDX-License-Identifier: BSD-3-Clause
// Collectives and messages. Blocks of unequal size travel as their sizes first, then their bytes.
#include "mpi_communicator.hpp"

#include <climits>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include <fmt/format.h>

#include "nrn/api/error.hpp"

namespace nrn::mpi {
namespace {

void check(int status, const char* what) {
    if (status == MPI_SUCCESS) return;
    char text[MPI_MAX_ERROR_STRING];
    int length = 0;
    MPI_Error_string(status, text, &length);
    throw Error(ErrorKind::Runtime, fmt::format("{} failed between ranks: {}", what, std::string(text, static_cast<std::size_t>(length))));
}

/// MPI counts in int. @throws Error(Range)
int count_of(std::size_t n) {
    if (n > INT_MAX) throw Error(ErrorKind::Range, fmt::format("a message between ranks may have at most {} elements, not {}", INT_MAX, n));
    return static_cast<int>(n);
}

MPI_Op operation(Communicator::Op op) {
    switch (op) {
    case Communicator::Op::Sum: return MPI_SUM;
    case Communicator::Op::Max: return MPI_MAX;
    case Communicator::Op::Min: return MPI_MIN;
    }
    return MPI_SUM;
}

/// Where each rank's block starts; the total is returned.
int offsets(const std::vector<int>& sizes, std::vector<int>& starts) {
    starts.assign(sizes.size(), 0);
    std::size_t total = 0;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        starts[i] = static_cast<int>(total);
        total += static_cast<std::size_t>(sizes[i]);
        (void)count_of(total);
    }
    return static_cast<int>(total);
}

std::vector<MpiCommunicator::Bytes> cut(const MpiCommunicator::Bytes& all, const std::vector<int>& sizes, const std::vector<int>& starts) {
    std::vector<MpiCommunicator::Bytes> blocks;
    for (std::size_t i = 0; i < sizes.size(); ++i) blocks.emplace_back(all.begin() + starts[i], all.begin() + starts[i] + sizes[i]);
    return blocks;
}

/// A rank that waits long gives its core away: ranks often outnumber cores.
class Patience {
  public:
    void wait() {
        ++tries_;
        if (tries_ < 200) return;
        if (tries_ < 2000) std::this_thread::yield();
        else std::this_thread::sleep_for(std::chrono::microseconds(tries_ < 10000 ? 20 : 200));
    }

    /// The clock is worth looking at (one try may take milliseconds on a busy machine).
    [[nodiscard]] bool is_long() const noexcept { return tries_ >= 50; }
    /// So is what costs more: once in milliseconds.
    [[nodiscard]] bool looks_around() const noexcept { return tries_ >= 2000 && tries_ % 64 == 0; }

  private:
    long tries_ = 0;
};

int tag_or_any(int tag) { return tag < 0 ? MPI_ANY_TAG : tag; }
int rank_or_any(int rank) { return rank < 0 ? MPI_ANY_SOURCE : rank; }

}  // namespace

MpiCommunicator::MpiCommunicator(MPI_Comm communicator, std::shared_ptr<Departures> departures)
    : communicator_(communicator), departures_(std::move(departures)), members_(departures_->numbers_of(communicator)) {
    MPI_Comm_set_errhandler(communicator_, MPI_ERRORS_RETURN);
    MPI_Comm_rank(communicator_, &rank_);
    MPI_Comm_size(communicator_, &size_);
    MPI_Comm_rank(MPI_COMM_WORLD, &world_rank_);
    MPI_Comm_size(MPI_COMM_WORLD, &world_size_);
}

MpiCommunicator::~MpiCommunicator() {
    int finalised = 0;
    MPI_Finalized(&finalised);
    if (!finalised) MPI_Comm_free(&communicator_);
}

void MpiCommunicator::require_present(int rank, const char* what) {
    int left = 0, last = -1;
    for (int r = 0; r < size_; ++r)
        if (r != rank_ && (rank < 0 || r == rank) && departures_->has_left(members_[static_cast<std::size_t>(r)])) {
            ++left;
            last = r;
        }
    if (left == 0 || (rank == kAllOthers && left < size_ - 1)) {
        departure_seen_ = -1;
        return;
    }
    // What it sent before may still be under way.
    if (departure_seen_ < 0) departure_seen_ = MPI_Wtime();
    constexpr double kUnderWay = 1;  // s
    if (MPI_Wtime() - departure_seen_ < kUnderWay) return;
    fmt::print(stderr, "error[runtime]: rank {} waits for the other ranks ({}), but rank {} has ended\n  every rank must make the same calls, or all call quit()\n", rank_, what, last);
    abort(1);
}

void MpiCommunicator::finish(int status, MPI_Request& request, const char* what) {
    check(status, what);
    departure_seen_ = -1;
    int done = 0;
    double began = -1;
    for (Patience patience;; patience.wait()) {
        check(MPI_Test(&request, &done, MPI_STATUS_IGNORE), what);
        if (done) return;
        if (patience.looks_around()) require_present(kAnybody, what);
        if (patience_ <= 0 || !patience.is_long()) continue;
        if (began < 0) began = MPI_Wtime();
        if (MPI_Wtime() - began < patience_) continue;
        // No exception: MPI would still write to buffers that are gone by the time someone catches it.
        fmt::print(stderr, "error[runtime]: rank {} has waited {:g} s for the other ranks ({})\n  has a rank stopped, or does it call something else? pc.timeout(seconds) sets how long psolve waits, pc.timeout(0): for ever\n",
                   rank_, patience_, what);
        abort(1);
    }
}

void MpiCommunicator::exchange(std::span<const double> out, std::span<const int> counts, std::span<double> in, std::span<const int> in_counts) {
    MPI_Request request;
    const auto n = static_cast<std::size_t>(size_);
    starts_.resize(n);
    in_starts_.resize(n);
    for (std::size_t r = 1; r < n; ++r) {
        starts_[r] = starts_[r - 1] + counts[r - 1];
        in_starts_[r] = in_starts_[r - 1] + in_counts[r - 1];
    }
    finish(MPI_Ialltoallv(out.data(), counts.data(), starts_.data(), MPI_DOUBLE, in.data(), in_counts.data(), in_starts_.data(), MPI_DOUBLE, communicator_, &request), request, "exchange");
}

void MpiCommunicator::allgather_blocks(std::span<const std::byte> block, std::span<std::byte> all) {
    MPI_Request request;
    const int size = count_of(block.size());
    finish(MPI_Iallgather(block.data(), size, MPI_BYTE, all.data(), size, MPI_BYTE, communicator_, &request), request, "allgather");
}

void MpiCommunicator::barrier() {
    MPI_Request request;
    finish(MPI_Ibarrier(communicator_, &request), request, "barrier");
}

void MpiCommunicator::allreduce(std::span<double> values, Op op) {
    MPI_Request request;
    finish(MPI_Iallreduce(MPI_IN_PLACE, values.data(), count_of(values.size()), MPI_DOUBLE, operation(op), communicator_, &request), request, "allreduce");
}

void MpiCommunicator::allreduce(std::span<long> values, Op op) {
    MPI_Request request;
    finish(MPI_Iallreduce(MPI_IN_PLACE, values.data(), count_of(values.size()), MPI_LONG, operation(op), communicator_, &request), request, "allreduce");
}

void MpiCommunicator::broadcast(std::span<std::byte> bytes, int root) {
    MPI_Request request;
    finish(MPI_Ibcast(bytes.data(), count_of(bytes.size()), MPI_BYTE, root, communicator_, &request), request, "broadcast");
}

std::vector<MpiCommunicator::Bytes> MpiCommunicator::allgather(std::span<const std::byte> bytes) {
    MPI_Request request;
    const int mine = count_of(bytes.size());
    std::vector<int> sizes(static_cast<std::size_t>(size_)), starts;
    finish(MPI_Iallgather(&mine, 1, MPI_INT, sizes.data(), 1, MPI_INT, communicator_, &request), request, "allgather");
    Bytes all(static_cast<std::size_t>(offsets(sizes, starts)));
    if (!all.empty())
        finish(MPI_Iallgatherv(bytes.data(), mine, MPI_BYTE, all.data(), sizes.data(), starts.data(), MPI_BYTE, communicator_, &request), request, "allgather");
    return cut(all, sizes, starts);
}

std::vector<MpiCommunicator::Bytes> MpiCommunicator::gather(std::span<const std::byte> bytes, int root) {
    MPI_Request request;
    const int mine = count_of(bytes.size());
    const bool here = rank_ == root;
    std::vector<int> sizes(here ? static_cast<std::size_t>(size_) : 0), starts;
    finish(MPI_Igather(&mine, 1, MPI_INT, sizes.data(), 1, MPI_INT, root, communicator_, &request), request, "gather");
    Bytes all(here ? static_cast<std::size_t>(offsets(sizes, starts)) : 0);
    finish(MPI_Igatherv(bytes.data(), mine, MPI_BYTE, all.data(), sizes.data(), starts.data(), MPI_BYTE, root, communicator_, &request), request, "gather");
    return here ? cut(all, sizes, starts) : std::vector<Bytes>();
}

std::vector<MpiCommunicator::Bytes> MpiCommunicator::alltoall(const std::vector<Bytes>& send) {
    MPI_Request request;
    const auto n = static_cast<std::size_t>(size_);
    std::vector<int> send_sizes(n), send_starts, sizes(n), starts;
    for (std::size_t r = 0; r < n; ++r) send_sizes[r] = count_of(send.at(r).size());
    Bytes out;
    out.reserve(static_cast<std::size_t>(offsets(send_sizes, send_starts)));
    for (const Bytes& b : send) out.insert(out.end(), b.begin(), b.end());
    finish(MPI_Ialltoall(send_sizes.data(), 1, MPI_INT, sizes.data(), 1, MPI_INT, communicator_, &request), request, "alltoall");
    Bytes in(static_cast<std::size_t>(offsets(sizes, starts)));
    finish(MPI_Ialltoallv(out.data(), send_sizes.data(), send_starts.data(), MPI_BYTE, in.data(), sizes.data(), starts.data(), MPI_BYTE, communicator_, &request), request, "alltoall");
    return cut(in, sizes, starts);
}

void MpiCommunicator::send(std::span<const std::byte> bytes, int to, int tag) {
    check(MPI_Send(bytes.data(), count_of(bytes.size()), MPI_BYTE, to, tag, communicator_), "send");
}

Communicator::Message MpiCommunicator::receive(int from, int tag) {
    MPI_Message handle;
    MPI_Status status;
    int waits = 0;
    departure_seen_ = -1;
    for (Patience patience;; patience.wait()) {
        check(MPI_Improbe(rank_or_any(from), tag_or_any(tag), communicator_, &waits, &handle, &status), "receive");
        if (waits) break;
        if (patience.looks_around()) require_present(from < 0 ? kAllOthers : from, "a message");
    }
    int n = 0;
    MPI_Get_count(&status, MPI_BYTE, &n);
    Message message{status.MPI_SOURCE, status.MPI_TAG, Bytes(static_cast<std::size_t>(n))};
    check(MPI_Mrecv(message.bytes.data(), n, MPI_BYTE, &handle, &status), "receive");
    return message;
}

bool MpiCommunicator::probe(int from, int tag) {
    int waits = 0;
    check(MPI_Iprobe(rank_or_any(from), tag_or_any(tag), communicator_, &waits, MPI_STATUS_IGNORE), "probe");
    return waits != 0;
}

std::unique_ptr<Communicator> MpiCommunicator::split(int color, int key) {
    MPI_Comm part = MPI_COMM_NULL;
    check(MPI_Comm_split(communicator_, color, key, &part), "split");
    return std::make_unique<MpiCommunicator>(part, departures_);
}

void MpiCommunicator::abort(int status) {
    std::fflush(nullptr);
    MPI_Abort(MPI_COMM_WORLD, status);  // the ranks of other communicators wait for these, too
    std::_Exit(status);
}

}  // namespace nrn::mpi
