// SPDX-License-Identifier: BSD-3-Clause
// The MPI communicator and what rests on it, on as many ranks as mpirun gives.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "network/work_queue.hpp"
#include "nrn/api/communicator.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"
#include "object/vector.hpp"
#include "plugin/plugin_catalog.hpp"

#define REQUIRE(condition)                                                                          \
    do {                                                                                            \
        if (!(condition)) {                                                                         \
            std::fprintf(stderr, "rank %d: %s:%d: %s\n", rank, __FILE__, __LINE__, #condition);     \
            std::exit(1);                                                                           \
        }                                                                                           \
    } while (false)

using namespace nrn;

namespace {

int rank = 0, ranks = 1;

std::vector<std::byte> bytes(const std::string& text) {
    const auto b = std::as_bytes(std::span(text));
    return {b.begin(), b.end()};
}
std::string text(const std::vector<std::byte>& b) { return {reinterpret_cast<const char*>(b.data()), b.size()}; }

void collectives(Communicator& c) {
    double x[2] = {rank + 1.0, -1.0 * rank};
    c.allreduce(std::span<double>(x), Communicator::Op::Sum);
    REQUIRE(x[0] == ranks * (ranks + 1) / 2.0 && x[1] == -ranks * (ranks - 1) / 2.0);
    long n[1] = {rank};
    c.allreduce(std::span<long>(n), Communicator::Op::Max);
    REQUIRE(n[0] == ranks - 1);

    const auto all = c.allgather(bytes(std::string(static_cast<std::size_t>(rank), 'x')));  // rank 0 sends nothing
    REQUIRE(all.size() == static_cast<std::size_t>(ranks));
    for (int r = 0; r < ranks; ++r) REQUIRE(all[static_cast<std::size_t>(r)].size() == static_cast<std::size_t>(r));

    const auto at_root = c.gather(bytes("r" + std::to_string(rank)), ranks - 1);
    REQUIRE(at_root.size() == (rank == ranks - 1 ? static_cast<std::size_t>(ranks) : 0));
    for (std::size_t r = 0; r < at_root.size(); ++r) REQUIRE(text(at_root[r]) == "r" + std::to_string(r));

    std::vector<std::vector<std::byte>> send;
    for (int r = 0; r < ranks; ++r) send.push_back(bytes(std::to_string(rank) + ">" + std::to_string(r)));
    const auto received = c.alltoall(send);
    for (int r = 0; r < ranks; ++r) REQUIRE(text(received[static_cast<std::size_t>(r)]) == std::to_string(r) + ">" + std::to_string(rank));

    double root_value = rank == 0 ? 42 : 0;
    c.broadcast(std::as_writable_bytes(std::span(&root_value, 1)), 0);
    REQUIRE(root_value == 42);
    c.barrier();
    const double before = c.wall_time();
    REQUIRE(c.wall_time() >= before);
}

void messages(Communicator& c) {
    const int next = (rank + 1) % ranks, previous = (rank + ranks - 1) % ranks;
    c.send(bytes("hello from " + std::to_string(rank)), next, 7);
    const auto m = c.receive(-1, 7);
    REQUIRE(m.from == previous && m.tag == 7 && text(m.bytes) == "hello from " + std::to_string(previous));
    c.barrier();
    REQUIRE(!c.probe(-1, 7));
}

Value cube(CallArgs& a) { return a.number(0) * a.number(0) * a.number(0); }
Value seen(CallArgs& a) {
    a.runtime().scope().define_number("seen_context", a.number(0));
    return 0.0;
}
constexpr Function functions[] = {{"cube_of", cube}, {"note_context", seen}};

/// Returns on rank 0 alone: the others end inside run_worker.
void bulletin_board(Runtime& runtime) {
    runtime.scope().define_functions(functions);
    auto& queue = runtime.service<WorkQueue>();
    try {
        queue.run_worker();
    } catch (const QuitRequest& quit) {
        REQUIRE(rank != 0 && quit.status == 0);
        const Symbol* s = runtime.scope().find("seen_context");
        REQUIRE(s && *s->data == 3);
        return;
    }
    REQUIRE(rank == 0);
    queue.context({Value("note_context"), Value(3)});
    for (int i = 1; i <= 20; ++i) queue.submit({Value("cube_of"), Value(i)}, 100.0 + i);
    double sum = 0, ids = 0;
    int count = 0;
    while (queue.working() != 0) {
        sum += queue.return_value();
        ids += queue.user_id();
        ++count;
    }
    REQUIRE(count == 20 && sum == 44100 && ids == 2210);

    auto v = Vector::make(runtime, 3);
    v->values = {1, 2, 3};
    queue.pack(Value(static_cast<Object*>(v.get())));
    queue.pack(Value("text"));
    v->values[0] = 99;  // what was packed stays as it was
    queue.post("key");
    REQUIRE(!queue.look("other", true));
    queue.take("key");
    const Value unpacked = queue.unpack();
    REQUIRE(dynamic_cast<Vector&>(*unpacked.object()).values == std::vector<double>({1, 2, 3}));
    REQUIRE(queue.unpack().string() == "text");
    queue.done();
}

}  // namespace

int main() {
    try {
        Runtime runtime(RuntimeOptions{.autoload = false});
        runtime.use_communicator(runtime.plugins().create_communicator("mpi"));
        Communicator& c = runtime.communicator();
        rank = c.rank();
        ranks = c.size();
        collectives(c);
        messages(c);
        bulletin_board(runtime);
        if (rank == 0) std::printf("%d ranks passed\n", ranks);
    } catch (const Error& e) {
        std::fprintf(stderr, "rank %d: %s\n", rank, e.what());
        return 1;
    }
    return 0;
}
