// SPDX-License-Identifier: BSD-3-Clause
// What is set for and known about the threads of the fixed step.
#pragma once
#include <vector>

namespace nrn {

class Runtime;

struct ThreadSettings {
    explicit ThreadSettings(Runtime&) {}
    bool busy_wait = false;       // threads that wait spin and keep their processors
    std::vector<double> seconds;  // that each thread has computed since pc.nthread(n), [n]; empty for one thread alone
};

}  // namespace nrn
