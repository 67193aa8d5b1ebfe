// SPDX-License-Identifier: BSD-3-Clause
// A signal handler gets no argument, so what it needs is the process's.
#include "interrupt_guard.hpp"

#include <csignal>
#include <ctime>

#include "nrn/api/interruption.hpp"

namespace nrn::hoc {
namespace {

Interruption* interruption = nullptr;
volatile std::sig_atomic_t asked_at = 0;  // s, of the request that nobody has looked for yet
constexpr int kPatience = 1;              // s: who starts programs for others may send a signal twice

int now() {
    timespec t{};
    clock_gettime(CLOCK_MONOTONIC, &t);  // which signal handlers may call
    return static_cast<int>(t.tv_sec);
}

void ask(int) { static_cast<void>(interruption->request()); }

void ask_or_end(int signal_number) {
    if (!interruption->request()) asked_at = now();
    if (now() - asked_at <= kPatience) return;
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

}  // namespace

InterruptGuard::InterruptGuard(Runtime& runtime, Impatience impatience) {
    // A host with a handler of its own (Python) keeps it, and so does who started this to be left alone.
    if (impatience == Impatience::Ends && (sigaction(SIGINT, nullptr, &before_) != 0 || before_.sa_handler != SIG_DFL)) return;
    interruption = &interruption_of(runtime);
    struct sigaction action {};
    action.sa_handler = impatience == Impatience::Ends ? ask_or_end : ask;
    set_ = sigaction(SIGINT, &action, &before_) == 0;
}

InterruptGuard::~InterruptGuard() {
    if (set_) sigaction(SIGINT, &before_, nullptr);
}

}  // namespace nrn::hoc
