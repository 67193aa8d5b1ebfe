// SPDX-License-Identifier: BSD-3-Clause
// The compiler as a program of its own, for builds of packs that come with the simulator.
#include <string>
#include <vector>

#include "compile_command.hpp"

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    return nrn::nmodl::compile_command(words);
}
