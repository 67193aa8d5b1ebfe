// SPDX-License-Identifier: BSD-3-Clause
// What belongs to one thread while several compute: its context, and what its kernels had to say, which the main
// thread passes on afterwards.
#pragma once
#include <exception>
#include <string>

#include "nrn/abi/mechanism.h"

namespace nrn {

class MechanismType;

struct Worker {
    nrn_context context{};            // first: who has the context finds the worker (worker_of)
    MechanismType* failed = nullptr;  // its kernel returned NRN_FAILED
    std::string fault;
    int fault_row = -1;
    std::string printed;
    std::string name_buffer;
    bool not_finite = false;
    std::exception_ptr exception;
};

}  // namespace nrn
