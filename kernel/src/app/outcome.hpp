// SPDX-License-Identifier: BSD-3-Clause
// How a program ended, as the shell is told.
#pragma once
#include <iostream>
#include <memory>

#include "nrn/api/communicator.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn::app {

/// Runs `work`, which makes the runtime, and says what went wrong. @returns the exit status: 1 after an error, 130 after
/// Ctrl-C (as shells count it), what quit() was given
template <class Work>
int outcome_of(std::unique_ptr<Runtime>& runtime, Work work) {
    int status = 0;
    try {
        work();
    } catch (const QuitRequest& quit) {
        status = quit.status;
    } catch (const Error& error) {
        status = error.kind() == ErrorKind::Interrupt ? 130 : 1;
        if (runtime) runtime->console().flush();
        if (runtime) runtime->console().err(runtime->render(error));
        else std::cerr << "error: " << error.message() << "\n" << (error.hint_text().empty() ? "" : "  hint: " + error.hint_text() + "\n");
    }
    if (runtime) {
        runtime->console().flush();
        // One rank's failure is everyone's: the others would wait for it for ever.
        if (status != 0 && runtime->communicator().size() > 1) runtime->communicator().abort(status);
    }
    return status;
}

}  // namespace nrn::app
