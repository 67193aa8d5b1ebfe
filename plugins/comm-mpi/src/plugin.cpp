// SPDX-License-Identifier: BSD-3-Clause
// The card and contents of the plugin `mpi`.
#include <cmath>

#include <fmt/format.h>

#include "mpi_communicator.hpp"
#include "mpi_lifetime.hpp"
#include "nrn/api/build_tag.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/error.hpp"

namespace {

/// A communicator of our own for the same ranks: messages of mpi4py and others in this process never mix with ours.
std::unique_ptr<nrn::Communicator> of_ranks(MPI_Comm given) {
    MPI_Comm own = MPI_COMM_NULL;
    if (MPI_Comm_dup(given, &own) != MPI_SUCCESS) throw nrn::Error(nrn::ErrorKind::Value, "the communicator cannot be used: MPI could not copy it");
    return std::make_unique<nrn::mpi::MpiCommunicator>(own, nrn::mpi::departures_among(own));
}

std::unique_ptr<nrn::Communicator> create(nrn::Runtime&) {
    nrn::mpi::ensure_running();
    return of_ranks(MPI_COMM_WORLD);
}

/// The number that languages exchange for a communicator; mpi4py's objects know it.
double fortran_handle(nrn::Runtime& runtime, const nrn::Value& given) {
    if (given.is_number()) return given.number();
    if (given.is_object() && given.object() && given.object()->cls().name() == "PythonObject") {
        nrn::CallArgs none(runtime, "py2f");
        if (const nrn::Member* convert = given.object()->cls().member("py2f"))
            if (const nrn::Value handle = convert->call(*given.object(), none); handle.is_number()) return handle.number();
    }
    throw nrn::Error(nrn::ErrorKind::Type, fmt::format("a communicator of mpi4py or its Fortran handle was expected, not a {}", given.type_name()));
}

std::unique_ptr<nrn::Communicator> adopt(nrn::Runtime& runtime, const nrn::Value& value) {
    const double handle = fortran_handle(runtime, value);
    if (!nrn::mpi::is_running()) throw nrn::Error(nrn::ErrorKind::Value, "a communicator was handed in, but MPI is not running in this process");
    const bool whole = handle >= 0 && handle < 1e9 && std::floor(handle) == handle;
    const MPI_Comm given = whole ? MPI_Comm_f2c(static_cast<MPI_Fint>(handle)) : MPI_COMM_NULL;
    if (!given || given == MPI_COMM_NULL)
        throw nrn::Error(nrn::ErrorKind::Value, "the communicator that was handed in has no ranks").hint("a rank without a colour in Split has MPI.COMM_NULL, and must not hand it in");
    int between_groups = 0;
    MPI_Comm_test_inter(given, &between_groups);
    if (between_groups) throw nrn::Error(nrn::ErrorKind::Value, "the communicator joins two groups of ranks (an intercommunicator); one group is needed").hint("communicator.Merge() makes it one");
    return of_ranks(given);
}

constexpr nrn::CommunicatorFactory factory{"mpi", &nrn::mpi::is_running, &create, &adopt};

}  // namespace

NRN_CXX_PLUGIN(NRN_PLUGIN_COMMUNICATOR, "mpi", "1.0.0", "") { return &factory; }
