// SPDX-License-Identifier: BSD-3-Clause
// Rank 0's side of the bulletin board: hands out jobs, keeps results and messages.
#include <algorithm>

#include <fmt/format.h>

#include "network/value_stream.hpp"
#include "network/work_queue.hpp"
#include "network/work_queue_message.hpp"
#include "nrn/api/communicator.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {
namespace work_queue {
namespace {

void send_tagged(Runtime& runtime, Communicator& board, int to, int tag, int kind, const std::vector<Value>& values) {
    std::vector<std::byte> bytes;
    write_value(runtime, bytes, Value(kind));
    for (const Value& v : values) write_value(runtime, bytes, v);
    board.send(bytes, to, tag);
}

Message receive_tagged(Runtime& runtime, Communicator& board, int from, int tag) {
    auto raw = board.receive(from, tag);
    Message message;
    message.from = raw.from;
    message.values = from_bytes(runtime, raw.bytes);
    message.kind = static_cast<int>(message.values.at(0).number());
    message.values.erase(message.values.begin());
    return message;
}

}  // namespace

void send(Runtime& runtime, Communicator& board, int to, int kind, const std::vector<Value>& values) { send_tagged(runtime, board, to, kRequest, kind, values); }
void send_answer(Runtime& runtime, Communicator& board, int to, int kind, const std::vector<Value>& values) { send_tagged(runtime, board, to, kAnswer, kind, values); }
bool request_waits(Communicator& board) { return board.probe(-1, kRequest); }
Message receive_request(Runtime& runtime, Communicator& board) { return receive_tagged(runtime, board, -1, kRequest); }
Message receive_answer(Runtime& runtime, Communicator& board) { return receive_tagged(runtime, board, 0, kAnswer); }

}  // namespace work_queue

void WorkQueue::serve_waiting_messages() {
    worked_with_others_ = true;
    while (work_queue::request_waits(board())) serve_one();
}

void WorkQueue::serve_one() {
    auto m = work_queue::receive_request(runtime_, board());
    handle(m.from, static_cast<Ask>(m.kind), std::move(m.values));
}

void WorkQueue::answer(int rank, Answer kind, Values values) { work_queue::send_answer(runtime_, board(), rank, static_cast<int>(kind), values); }

void WorkQueue::handle(int rank, Ask ask, Values request) {
    switch (ask) {
    case Ask::Next:
        idle_.push_back({rank, request.at(0).number()});
        return offer_work();
    case Ask::Submit: {
        Job job;
        job.id = next_id_++;
        job.parent = request.at(0).number();
        job.user_id = request.at(1).is_number() ? request[1].number() : -job.id;
        job.call.assign(request.begin() + 2, request.end());
        answer(rank, Answer::Message, {job.id});
        return add_job(std::move(job));
    }
    case Ask::Post: {
        std::string key = request.at(0).string();
        request.erase(request.begin());
        board_.emplace(std::move(key), std::move(request));
        return offer_messages();
    }
    case Ask::Take:
        takers_.push_back({rank, request.at(0).string()});
        return offer_messages();
    case Ask::Look:
    case Ask::LookTake: {
        auto message = find_message(request.at(0).string(), ask == Ask::LookTake);
        return message ? answer(rank, Answer::Message, std::move(*message)) : answer(rank, Answer::Nothing, {});
    }
    case Ask::Finished: {
        Job job;
        job.id = request.at(0).number();
        job.parent = request.at(1).number();
        job.user_id = request.at(2).number();
        Value value = request.at(3);
        job.call.assign(request.begin() + 4, request.end());
        return finish(std::move(job), std::move(value));
    }
    case Ask::Context: {
        for (int r = 1; r < board().size(); ++r)
            if (r != rank) contexts_[r].push_back(request);
        return offer_work();
    }
    }
}

/// Gives each rank that waits what there is for it: contexts, results of its own jobs, then new jobs.
void WorkQueue::offer_work() {
    for (auto idle = idle_.begin(); idle != idle_.end();) {
        const int rank = idle->rank;
        const double parent = idle->parent;
        if (auto& waiting = contexts_[rank]; !waiting.empty()) {
            answer(rank, Answer::Context, std::move(waiting.front()));
            waiting.pop_front();
        } else if (done_) {
            answer(rank, Answer::Quit, {});
        } else if (auto result = parent >= 0 ? pop_result(parent) : std::nullopt) {
            Values values{result->job.id, result->job.parent, result->job.user_id, result->value};
            values.insert(values.end(), result->job.call.begin(), result->job.call.end());
            answer(rank, Answer::Result, std::move(values));
        } else if (parent >= 0 && open_[parent] == 0) {
            answer(rank, Answer::Nothing, {});
        } else if (!todo_.empty()) {
            Job job = std::move(todo_.front());
            todo_.pop_front();
            Values values{job.id, job.parent, job.user_id};
            values.insert(values.end(), job.call.begin(), job.call.end());
            answer(rank, Answer::Run, std::move(values));
        } else {
            ++idle;
            continue;
        }
        idle = idle_.erase(idle);
    }
}

void WorkQueue::offer_messages() {
    for (auto taker = takers_.begin(); taker != takers_.end();) {
        if (auto message = find_message(taker->key, true)) {
            answer(taker->rank, Answer::Message, std::move(*message));
            taker = takers_.erase(taker);
        } else {
            ++taker;
        }
    }
}

void WorkQueue::add_job(Job job) {
    ++open_[job.parent];
    // Jobs of jobs go before what was submitted at top level, so that those who wait for them can go on.
    if (job.parent != 0) todo_.push_front(std::move(job));
    else todo_.push_back(std::move(job));
    if (!alone()) {
        serve_waiting_messages();
        offer_work();
    }
}

void WorkQueue::finish(Job job, Value value) {
    const double parent = job.parent;
    results_[parent].push_back({std::move(job), std::move(value)});
    if (!alone()) offer_work();
}

std::optional<WorkQueue::Values> WorkQueue::find_message(const std::string& key, bool remove) {
    const auto found = board_.lower_bound(key);
    if (found == board_.end() || found->first != key) return std::nullopt;
    Values message = found->second;
    if (remove) board_.erase(found);
    return message;
}

std::optional<WorkQueue::Result> WorkQueue::pop_result(double parent) {
    const auto found = results_.find(parent);
    if (found == results_.end() || found->second.empty()) return std::nullopt;
    Result result = std::move(found->second.front());
    found->second.pop_front();
    --open_[parent];
    return result;
}

void WorkQueue::context(Values call) {
    if (alone()) return;
    Values copy;
    for (const Value& v : call) copy.push_back(detached_copy(runtime_, v));
    if (is_master()) tell_group(Answer::Context, copy);
    if (!is_master()) return work_queue::send(runtime_, board(), 0, static_cast<int>(Ask::Context), copy);
    worked_with_others_ = true;
    for (int r = 1; r < board().size(); ++r) contexts_[r].push_back(copy);
    serve_waiting_messages();
    offer_work();
}

void WorkQueue::done() {
    if (done_ || alone() || !is_master()) return;
    done_ = true;
    if (!worked_with_others_) return;
    tell_group(Answer::Quit, {});
    // Every other rank asks for work exactly once more; it gets the end as its answer.
    std::vector<bool> ended(static_cast<std::size_t>(board().size()), false);
    ended[0] = true;
    todo_.clear();
    for (const Idle& idle : idle_) ended[static_cast<std::size_t>(idle.rank)] = contexts_[idle.rank].empty();
    offer_work();
    while (std::find(ended.begin(), ended.end(), false) != ended.end()) {
        auto m = work_queue::receive_request(runtime_, board());
        const auto ask = static_cast<Ask>(m.kind);
        if (ask == Ask::Next && contexts_[m.from].empty()) ended[static_cast<std::size_t>(m.from)] = true;
        handle(m.from, ask, std::move(m.values));
    }
}

}  // namespace nrn
