// SPDX-License-Identifier: BSD-3-Clause
// MPI is one per process: started when first asked for, or found running (mpi4py), and ended at exit.
#pragma once

namespace nrn::mpi {

/// True when somebody has initialised MPI in this process and not yet finalised it.
[[nodiscard]] bool is_running();
/// Initialises MPI unless it runs. What we start we finalise at exit; a process that exits with an error
/// aborts the other ranks instead, which would wait for it for ever. @throws Error(Plugin) when MPI has ended
void ensure_running();

}  // namespace nrn::mpi
