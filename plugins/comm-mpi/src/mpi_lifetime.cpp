// SPDX-License-Identifier: BSD-3-Clause
// Start and end of MPI in this process.
#include "mpi_lifetime.hpp"

#include <cstdio>
#include <cstdlib>

#include <dlfcn.h>
#include <mpi.h>

#include "nrn/api/error.hpp"

namespace nrn::mpi {
namespace {

bool was_initialised() {
    int flag = 0;
    MPI_Initialized(&flag);
    return flag != 0;
}

bool was_finalised() {
    int flag = 0;
    MPI_Finalized(&flag);
    return flag != 0;
}

/// MPI's own components look for its symbols in the process, but plugins are loaded with local visibility.
void make_symbols_global() {
    Dl_info info{};
    if (dladdr(reinterpret_cast<void*>(&MPI_Init_thread), &info) != 0 && info.dli_fname)
        dlopen(info.dli_fname, RTLD_NOW | RTLD_GLOBAL | RTLD_NOLOAD);
}

void at_exit(int status, void*) {
    if (!was_initialised() || was_finalised()) return;
    if (status == 0) {
        MPI_Finalize();
        return;
    }
    std::fflush(nullptr);
    MPI_Abort(MPI_COMM_WORLD, status);
}

}  // namespace

bool is_running() { return was_initialised() && !was_finalised(); }

void ensure_running() {
    if (was_finalised()) throw Error(ErrorKind::Plugin, "MPI has already ended in this process and cannot be started again");
    if (was_initialised()) return;
    make_symbols_global();
    // Ranks often outnumber cores: a rank that waits gives its core away.
    setenv("OMPI_MCA_mpi_yield_when_idle", "1", 0);
    int provided = 0;
    if (MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &provided) != MPI_SUCCESS)
        throw Error(ErrorKind::Plugin, "MPI could not be started").hint("try `mpirun -n 2 hostname` to see whether MPI works on this machine");
    on_exit(at_exit, nullptr);
}

}  // namespace nrn::mpi
