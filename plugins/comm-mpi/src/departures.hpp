// SPDX-License-Identifier: BSD-3-Clause
// Which ranks have ended. A rank that ends regularly says so to the others, which then need not wait for it for ever:
// MPI itself would.
#pragma once
#include <memory>
#include <vector>

#include <mpi.h>

namespace nrn::mpi {

class Departures {
  public:
    /// Of the ranks of `communicator`; collective.
    explicit Departures(MPI_Comm communicator);
    /// The numbers that the ranks of a part have here.
    [[nodiscard]] std::vector<int> numbers_of(MPI_Comm part) const;
    [[nodiscard]] bool has_left(int number);
    /// This rank ends: says so, waits for all others, and makes an end of the messages. In two steps, because the ranks
    /// of several groups end together.
    void announce();
    void wait_for_others();

  private:
    void listen();
    MPI_Comm communicator_ = MPI_COMM_NULL;
    std::vector<MPI_Request> sent_;
    std::vector<bool> left_;
    int heard_ = 0;
};

/// Those of the ranks of `communicator`, collective; kept until MPI ends, when this rank's departure is told.
[[nodiscard]] std::shared_ptr<Departures> departures_among(MPI_Comm communicator);

}  // namespace nrn::mpi
