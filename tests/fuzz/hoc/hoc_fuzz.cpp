// SPDX-License-Identifier: BSD-3-Clause
// Runs random Hoc programs for a while. Whatever they are, the interpreter reports errors and goes on: a signal, an
// unknown exception or a program that cannot be interrupted is a failure. The programs that ran in
// the present simulator are kept in a file, so that they are there after a crash; given as an argument they run again.
//   hoc_fuzz [--seconds N] [--seed S] [--keep FILE] [program.hoc ...]
// Programs given are run first (cases found earlier) and lend pieces to damaged ones.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <sys/time.h>
#include <unistd.h>

#include "hoc_interpreter.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/interruption.hpp"
#include "program_generator.hpp"

namespace nrn::hoc::fuzz {
namespace {

constexpr char kSeparator = '\x1e';  // between the texts of a kept program
constexpr int kPatience = 600;  // ticks of 0.1 s that a program may go on after it was told to stop

volatile std::sig_atomic_t ticks = 0;
Interruption* running = nullptr;  // of the present simulator: a signal handler gets no argument
long texts = 0, errors = 0;

void tick(int) {
    ticks = ticks + 1;
    if (ticks > 2 && running) running->request();
    if (ticks > kPatience) {
        constexpr char text[] = "hoc_fuzz: the program cannot be interrupted\n";
        if (::write(2, text, sizeof text - 1) < 0) std::_Exit(3);
        std::abort();
    }
}

/// A simulator that prints nowhere.
struct Subject {
    Runtime runtime{RuntimeOptions{.autoload = false, .host_program = "fuzz"}};
    HocInterpreter hoc{runtime};
    Subject() {
        runtime.console().out = [](std::string_view) {};
        runtime.console().err = [](std::string_view) {};
        runtime.console().flush = [] {};
    }
};

void run(Subject& subject, const std::vector<std::string>& program) {
    for (const std::string& text : program) {
        ticks = 0;
        ++texts;
        try {
            subject.hoc.run_text("<fuzz>", text);
        } catch (const Error& error) {
            ++errors;
            (void)subject.runtime.render(error);
        } catch (const QuitRequest&) {
        }
    }
    if (subject.hoc.vm().depth() != 0) {
        std::fputs("hoc_fuzz: frames were left behind\n", stderr);
        std::abort();
    }
}

/// The texts of a kept program; a file written by hand is one text.
std::vector<std::string> texts_of(const std::string& program) {
    std::vector<std::string> found;
    std::istringstream in(program);
    for (std::string text; std::getline(in, text, kSeparator);) found.push_back(text);
    return found;
}

std::string read_all(const char* file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

}  // namespace

int main(int argc, char** argv) {
    double seconds = 10;
    std::uint64_t seed = 1;
    const char* keep = "fuzz-current.hoc";
    std::vector<std::string> corpus;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word == "--seconds" && i + 1 < argc) seconds = std::atof(argv[++i]);
        else if (word == "--seed" && i + 1 < argc) seed = std::strtoull(argv[++i], nullptr, 10);
        else if (word == "--keep" && i + 1 < argc) keep = argv[++i];
        else corpus.push_back(read_all(argv[i]));
    }
    if (!std::freopen("/dev/null", "r", stdin)) return 3;
    struct sigaction action {};
    action.sa_handler = tick;
    action.sa_flags = SA_RESTART;
    sigaction(SIGALRM, &action, nullptr);
    const itimerval every{{0, 100000}, {0, 100000}};
    setitimer(ITIMER_REAL, &every, nullptr);

    ProgramGenerator generator(seed);
    const auto now = [] {
        timespec t{};
        clock_gettime(CLOCK_MONOTONIC, &t);
        return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
    };
    const double end = now() + seconds;
    long programs = 0;
    std::unique_ptr<Subject> subject;
    const auto attempt = [&](const std::vector<std::string>& program) {
        constexpr long kRenewed = 50;  // programs in one simulator: enough for one to disturb the next
        if (programs % kRenewed == 0) {
            ticks = -100000;  // a simulator takes its time to go
            running = nullptr;
            subject.reset();
            subject = std::make_unique<Subject>();
            running = &interruption_of(subject->runtime);
        }
        {
            std::ofstream kept(keep, programs % kRenewed == 0 ? std::ios::binary : std::ios::binary | std::ios::app);
            for (const std::string& text : program) kept << text << kSeparator;
        }
        run(*subject, program);
        ++programs;
    };
    for (const std::string& program : corpus) attempt(texts_of(program));
    std::string last;
    while (now() < end) {
        std::vector<std::string> program = generator.program();
        if (programs % 3 == 1)
            for (std::string& text : program) text = programs % 2 ? generator.damaged(std::move(text), last) : text;
        if (programs % 10 == 5 && !corpus.empty()) program = {generator.damaged(corpus[static_cast<std::size_t>(programs) % corpus.size()], last)};
        attempt(program);
        last = program.back();
    }
    const itimerval never{};
    setitimer(ITIMER_REAL, &never, nullptr);
    subject.reset();
    std::printf("%ld programs of %ld texts, %ld of them refused, in %g s, seed %llu: nothing found\n", programs, texts, errors, seconds,
                static_cast<unsigned long long>(seed));
    return 0;
}

}  // namespace nrn::hoc::fuzz

/// Libraries of plugins stay loaded until the process ends, so each simulator leaves a handle or two behind.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:nrn::PluginCatalog::open\n"; }

int main(int argc, char** argv) { return nrn::hoc::fuzz::main(argc, argv); }
