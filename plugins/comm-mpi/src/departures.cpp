// SPDX-License-Identifier: BSD-3-Clause
// Who calls MPI_Finalize (we, mpi4py) makes no difference: it first frees MPI_COMM_SELF, and with it calls us.
#include "departures.hpp"

#include <chrono>
#include <thread>

namespace nrn::mpi {
namespace {

constexpr int kGone = 1;  // tag

/// MPI is one per process, and so is its end.
std::vector<std::shared_ptr<Departures>>& known() {
    static auto* all = new std::vector<std::shared_ptr<Departures>>;
    return *all;
}

int at_end(MPI_Comm, int, void*, void*) {
    for (const auto& group : known()) group->announce();
    for (const auto& group : known()) group->wait_for_others();
    known().clear();
    return MPI_SUCCESS;
}

}  // namespace

Departures::Departures(MPI_Comm communicator) {
    MPI_Comm_dup(communicator, &communicator_);
    int size = 1;
    MPI_Comm_size(communicator_, &size);
    left_.resize(static_cast<std::size_t>(size));
}

std::vector<int> Departures::numbers_of(MPI_Comm part) const {
    MPI_Group of_part, all;
    MPI_Comm_group(part, &of_part);
    MPI_Comm_group(communicator_, &all);
    int size = 0;
    MPI_Group_size(of_part, &size);
    std::vector<int> there(static_cast<std::size_t>(size)), here(there.size());
    for (int i = 0; i < size; ++i) there[static_cast<std::size_t>(i)] = i;
    MPI_Group_translate_ranks(of_part, size, there.data(), all, here.data());
    MPI_Group_free(&of_part);
    MPI_Group_free(&all);
    return here;
}

void Departures::listen() {
    for (int waits = 0;;) {
        MPI_Status status;
        MPI_Iprobe(MPI_ANY_SOURCE, kGone, communicator_, &waits, &status);
        if (!waits) return;
        MPI_Recv(nullptr, 0, MPI_BYTE, status.MPI_SOURCE, kGone, communicator_, MPI_STATUS_IGNORE);
        left_[static_cast<std::size_t>(status.MPI_SOURCE)] = true;
        ++heard_;
    }
}

bool Departures::has_left(int number) {
    if (number < 0) return false;
    listen();
    return left_[static_cast<std::size_t>(number)];
}

void Departures::announce() {
    int rank = 0;
    MPI_Comm_rank(communicator_, &rank);
    for (int r = 0; r < static_cast<int>(left_.size()); ++r) {
        if (r == rank) continue;
        sent_.emplace_back();
        MPI_Isend(nullptr, 0, MPI_BYTE, r, kGone, communicator_, &sent_.back());
    }
}

void Departures::wait_for_others() {
    // Without keeping the core from ranks that still compute.
    for (int tries = 0; heard_ + 1 < static_cast<int>(left_.size()); ++tries) {
        listen();
        if (tries < 1000) std::this_thread::yield();
        else std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
    MPI_Waitall(static_cast<int>(sent_.size()), sent_.data(), MPI_STATUSES_IGNORE);
    MPI_Comm_free(&communicator_);
}

std::shared_ptr<Departures> departures_among(MPI_Comm communicator) {
    if (known().empty()) {
        int key = MPI_KEYVAL_INVALID;
        MPI_Comm_create_keyval(MPI_COMM_NULL_COPY_FN, at_end, &key, nullptr);
        MPI_Comm_set_attr(MPI_COMM_SELF, key, nullptr);
        MPI_Comm_free_keyval(&key);  // goes with the attribute
    }
    return known().emplace_back(std::make_shared<Departures>(communicator));
}

}  // namespace nrn::mpi
