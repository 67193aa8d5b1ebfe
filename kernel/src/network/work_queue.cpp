// SPDX-License-Identifier: BSD-3-Clause
// The bulletin board's users: submitting, working, packing. Rank 0's service is in work_queue_master.cpp.
#include "network/work_queue.hpp"

#include <fmt/format.h>

#include "network/value_stream.hpp"
#include "network/work_queue_message.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/communicator.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/interpreter.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {
namespace {

/// Calls what a job names. A lone name that is no function is a statement in Hoc.
Value call_by_name(Runtime& runtime, const std::string& name, std::span<const Value> arguments) {
    Symbol* symbol = runtime.scope().find(name);
    if (symbol && symbol->kind == Symbol::Kind::Function) {
        CallArgs args(runtime, symbol->name, arguments);
        const CallablePtr callable = symbol->callable;
        return callable->call(args);
    }
    if (!arguments.empty())
        throw Error(ErrorKind::Name, fmt::format("`{}` is no function on this rank", name)).hint("define it before runworker, on every rank");
    runtime.interpreter("hoc").execute(name, nullptr, "<submit>");
    return *runtime.scope().intern("hoc_ac_").data;  // where statements leave a value
}

Value call_method(Runtime& runtime, Object& object, const std::string& name, std::span<const Value> arguments) {
    if (const Member* member = object.cls().member(name); member && member->kind() == Member::Kind::Method) {
        CallArgs args(runtime, name, arguments);
        return member->call(object, args);
    }
    if (!arguments.empty()) throw Error(ErrorKind::Name, fmt::format("`{}` has no method `{}`", object.name(), name));
    runtime.interpreter("hoc").execute(name, &object, "<submit>");
    return *runtime.scope().intern("hoc_ac_").data;
}

}  // namespace

bool WorkQueue::alone() const { return board().size() == 1 && runtime_.communicator().size() == 1; }
bool WorkQueue::is_master() const { return board().rank() == 0 && !in_group(); }

WorkQueue::~WorkQueue() {
    // Workers that wait for a master that has left would wait for ever.
    try {
        if (worked_with_others_ && is_master()) done();
    } catch (...) {
    }
}

Value WorkQueue::execute(const Values& call) {
    const std::span<const Value> values(call);
    const Value& what = values.front();
    if (what.is_string()) return call_by_name(runtime_, what.string(), values.subspan(1));
    CallablePtr callable;
    if (what.is_callable()) callable = CallablePtr(&what.callable());
    else if (what.is_object() && what.object()) {
        Object& object = *what.object();
        callable = object.cls().as_callable(object);
        if (!callable && values.size() < 2)
            throw Error(ErrorKind::Argument, fmt::format("a job with `{}` needs the name of a method too", object.name()));
        if (!callable) return call_method(runtime_, object, values[1].string(), values.subspan(2));
    }
    if (!callable) throw Error(ErrorKind::Type, fmt::format("a {} cannot be run as a job", what.type_name()));
    CallArgs args(runtime_, "submit", values.subspan(1));
    return callable->call(args);
}

double WorkQueue::submit(Values call, std::optional<double> user_id) {
    Job job;
    job.parent = current_;
    for (const Value& v : call) job.call.push_back(detached_copy(runtime_, v));
    for (Value& v : packing_) job.call.push_back(std::move(v));
    packing_.clear();
    if (alone() || is_master()) {
        job.id = next_id_++;
        job.user_id = user_id.value_or(-job.id);
        const double told = job.user_id;
        add_job(std::move(job));
        return told;
    }
    Values request{current_, user_id ? Value(*user_id) : Value()};
    request.insert(request.end(), job.call.begin(), job.call.end());
    const double id = ask(Ask::Submit, std::move(request)).second.at(0).number();
    return user_id.value_or(-id);
}

void WorkQueue::run(Job job) {
    const double before = std::exchange(current_, job.id);
    Values unpacking = std::exchange(unpacking_, {});
    const std::size_t next = std::exchange(next_, 0);
    if (job.call.size() > 1) opened(Values(job.call.begin() + 1, job.call.end()));
    Value value;
    tell_group(Answer::Run, job.call);
    try {
        value = execute(job.call);
    } catch (...) {
        current_ = before;
        throw;
    }
    current_ = before;
    unpacking_ = std::move(unpacking);
    next_ = next;
    if (alone() || is_master()) return finish(std::move(job), std::move(value));
    Values report{job.id, job.parent, job.user_id, value};
    report.insert(report.end(), job.call.begin(), job.call.end());
    work_queue::send(runtime_, board(), 0, static_cast<int>(Ask::Finished), report);
}

double WorkQueue::working() {
    for (;;) {
        std::optional<Result> result;
        if (alone() || is_master()) {
            if (!alone()) serve_waiting_messages();
            result = pop_result(current_);
            if (!result) {
                if (open_[current_] == 0) return 0;
                // The newest job of the deepest level first, so that parents can finish.
                if (!todo_.empty() && (alone() || master_works || current_ != 0)) {
                    Job job = std::move(todo_.front());
                    todo_.pop_front();
                    run(std::move(job));
                } else {
                    serve_one();
                }
                continue;
            }
        } else {
            auto [kind, values] = ask(Ask::Next, {current_});
            if (kind == Answer::Nothing) return 0;
            if (kind == Answer::Quit || kind == Answer::Context) tell_group(kind, values);
            if (kind == Answer::Quit) throw QuitRequest{0};
            if (kind == Answer::Context) {
                execute(values);
                continue;
            }
            Job job;
            job.id = values.at(0).number();
            job.parent = values.at(1).number();
            job.user_id = values.at(2).number();
            if (kind == Answer::Run) {
                job.call.assign(values.begin() + 3, values.end());
                run(std::move(job));
                continue;
            }
            Value value = values.at(3);
            job.call.assign(values.begin() + 4, values.end());
            result = Result{std::move(job), std::move(value)};
        }
        last_ = std::move(result->job);
        last_result_ = std::move(result->value);
        opened(last_.call.size() > 1 ? Values(last_.call.begin() + 1, last_.call.end()) : Values());
        return last_.id;
    }
}

double WorkQueue::return_value() const { return last_result_.is_number() ? last_result_.raw_number() : 0; }

void WorkQueue::run_worker() {
    if (alone() || is_master()) {
        worked_with_others_ = worked_with_others_ || !alone();
        return;
    }
    if (in_group()) return follow_group();
    for (;;) {
        auto [kind, values] = ask(Ask::Next, {-1.0});
        if (kind == Answer::Quit || kind == Answer::Context) tell_group(kind, values);
        if (kind == Answer::Quit) throw QuitRequest{0};
        if (kind == Answer::Context) {
            execute(values);
            continue;
        }
        Job job;
        job.id = values.at(0).number();
        job.parent = values.at(1).number();
        job.user_id = values.at(2).number();
        job.call.assign(values.begin() + 3, values.end());
        run(std::move(job));
    }
}

// ---- groups ------------------------------------------------------------------------------------

Communicator& WorkQueue::board() const { return board_communicator_ ? *board_communicator_ : runtime_.communicator(); }
bool WorkQueue::in_group() const { return board_communicator_ && runtime_.communicator().rank() != 0; }
int WorkQueue::board_rank() const { return in_group() ? -1 : board().rank(); }
int WorkQueue::board_size() const { return in_group() ? -1 : board().size(); }

void WorkQueue::divide(int size) {
    if (board_communicator_) throw Error(ErrorKind::Runtime, "subworlds: the ranks are divided already");
    Communicator& world = runtime_.communicator();
    const int rank = world.rank();
    auto group = world.split(rank / size, rank);
    board_communicator_ = world.split(rank % size == 0 ? 0 : 1, rank);
    runtime_.use_communicator(std::move(group));
}

/// The other ranks of the group do as this one does.
void WorkQueue::tell_group(Answer kind, const Values& call) {
    Communicator& group = runtime_.communicator();
    if (!board_communicator_ || group.size() == 1) return;
    Values message{static_cast<double>(kind)};
    message.insert(message.end(), call.begin(), call.end());
    std::vector<std::byte> bytes = to_bytes(runtime_, message);
    long length = static_cast<long>(bytes.size());
    group.broadcast(std::as_writable_bytes(std::span(&length, 1)), 0);
    group.broadcast(bytes, 0);
}

void WorkQueue::follow_group() {
    Communicator& group = runtime_.communicator();
    for (;;) {
        long length = 0;
        group.broadcast(std::as_writable_bytes(std::span(&length, 1)), 0);
        std::vector<std::byte> bytes(static_cast<std::size_t>(length));
        group.broadcast(bytes, 0);
        Values call = from_bytes(runtime_, bytes);
        const auto kind = static_cast<Answer>(static_cast<int>(call.at(0).number()));
        call.erase(call.begin());
        if (kind == Answer::Quit) throw QuitRequest{0};
        if (kind == Answer::Run && call.size() > 1) opened(Values(call.begin() + 1, call.end()));
        (void)execute(call);
    }
}

// ---- messages ----------------------------------------------------------------------------------

void WorkQueue::pack(const Value& value) { packing_.push_back(detached_copy(runtime_, value)); }

void WorkQueue::post(const std::string& key) {
    Values message = std::exchange(packing_, {});
    if (alone() || is_master()) {
        board_.emplace(key, std::move(message));
        if (!alone()) offer_messages();
        return;
    }
    message.insert(message.begin(), Value(key));
    work_queue::send(runtime_, board(), 0, static_cast<int>(Ask::Post), message);
}

void WorkQueue::take(const std::string& key) {
    if (!(alone() || is_master())) return opened(ask(Ask::Take, {Value(key)}).second);
    for (;;) {
        if (!alone()) serve_waiting_messages();
        if (auto message = find_message(key, true)) return opened(std::move(*message));
        if (!todo_.empty() && (alone() || master_works)) {
            Job job = std::move(todo_.front());
            todo_.pop_front();
            run(std::move(job));
        } else if (alone()) {
            throw Error(ErrorKind::Runtime, fmt::format("take(\"{}\") would wait for ever: no such message was posted", key)).hint("look_take(key) tells whether there is one");
        } else {
            serve_one();
        }
    }
}

bool WorkQueue::look(const std::string& key, bool remove) {
    if (alone() || is_master()) {
        if (!alone()) serve_waiting_messages();
        auto message = find_message(key, remove);
        if (message) opened(std::move(*message));
        return message.has_value();
    }
    auto [kind, values] = ask(remove ? Ask::LookTake : Ask::Look, {Value(key)});
    if (kind != Answer::Message) return false;
    opened(std::move(values));
    return true;
}

Value WorkQueue::unpack() {
    if (next_ >= unpacking_.size()) throw Error(ErrorKind::Runtime, "nothing is left to unpack from this message");
    return unpacking_[next_++];
}

std::pair<WorkQueue::Answer, WorkQueue::Values> WorkQueue::ask(Ask what, Values values) {
    work_queue::send(runtime_, board(), 0, static_cast<int>(what), values);
    auto received = work_queue::receive_answer(runtime_, board());
    return {static_cast<Answer>(received.kind), std::move(received.values)};
}

}  // namespace nrn
