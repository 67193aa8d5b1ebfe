// SPDX-License-Identifier: BSD-3-Clause
// How the bulletin board's requests and answers travel between ranks.
#pragma once
#include <vector>

#include "nrn/api/value.hpp"

namespace nrn {

class Communicator;
class Runtime;

namespace work_queue {

// User messages of ParallelContext never use point-to-point tags, so these two suffice.
inline constexpr int kRequest = 4201, kAnswer = 4202;

struct Message {
    int from = -1, kind = 0;
    std::vector<Value> values;
};
void send(Runtime& runtime, Communicator& board, int to, int kind, const std::vector<Value>& values);
void send_answer(Runtime& runtime, Communicator& board, int to, int kind, const std::vector<Value>& values);
[[nodiscard]] bool request_waits(Communicator& board);
[[nodiscard]] Message receive_request(Runtime& runtime, Communicator& board);
[[nodiscard]] Message receive_answer(Runtime& runtime, Communicator& board);

}  // namespace work_queue
}  // namespace nrn
