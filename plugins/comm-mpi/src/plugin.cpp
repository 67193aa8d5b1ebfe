// SPDX-License-Identifier: BSD-3-Clause
// The card and contents of the plugin `mpi`.
#include "mpi_communicator.hpp"
#include "mpi_lifetime.hpp"
#include "nrn/api/build_tag.hpp"

namespace {

std::unique_ptr<nrn::Communicator> create(nrn::Runtime&) {
    nrn::mpi::ensure_running();
    // A communicator of our own: messages of mpi4py and others in this process never mix with ours.
    MPI_Comm own = MPI_COMM_NULL;
    MPI_Comm_dup(MPI_COMM_WORLD, &own);
    return std::make_unique<nrn::mpi::MpiCommunicator>(own);
}

constexpr nrn::CommunicatorFactory factory{"mpi", &nrn::mpi::is_running, &create};

}  // namespace

NRN_CXX_PLUGIN(NRN_PLUGIN_COMMUNICATOR, "mpi", "1.0.0", "") { return &factory; }
