// SPDX-License-Identifier: BSD-3-Clause
// The bulletin board: rank 0 keeps jobs, results and posted messages; the other ranks ask it for work.
// On one rank everything happens here and nothing is turned into bytes.
#pragma once
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "nrn/api/communicator.hpp"
#include "nrn/api/value.hpp"

namespace nrn {

class Runtime;

class WorkQueue {
  public:
    using Values = std::vector<Value>;
    explicit WorkQueue(Runtime& runtime) : runtime_(runtime) {}
    ~WorkQueue();

    // ---- jobs ---------------------------------------------------------------------------------
    /// What to call: values[0] is a statement or function name, a callable, or an object followed by a method
    /// name; the rest are arguments. `user_id` is the caller's own number for it, when given.
    double submit(Values call, std::optional<double> user_id);
    /// For a job that the user gives no number: -1, -2, ...
    [[nodiscard]] double next_user_id() noexcept { return --last_user_id_; }
    /// Waits for one of this rank's own submissions, working meanwhile. @returns its id, or 0 when none is left
    double working();
    /// Of the job that working() returned last.
    [[nodiscard]] double user_id() const noexcept { return last_.user_id; }
    [[nodiscard]] double return_value() const;
    [[nodiscard]] const Value& return_object() const noexcept { return last_result_; }
    /// Runs the call on every other rank, as soon as it asks for work.
    void context(Values call);
    /// Ranks other than 0 work until the master is done, then this throws QuitRequest. Rank 0 returns at once.
    void run_worker();
    /// Tells all workers to end.
    void done();
    bool master_works = true;
    /// Divides the world into groups of `size` ranks: each group runs a job together, and its first rank alone speaks
    /// with the board. Collective over the world, once. @throws Error(Runtime) the second time
    void divide(int size);
    [[nodiscard]] bool is_divided() const noexcept { return board_communicator_ != nullptr; }
    /// Rank at the board and ranks there; -1 where a rank only works for its group.
    [[nodiscard]] int board_rank() const;
    [[nodiscard]] int board_size() const;

    // ---- messages -----------------------------------------------------------------------------
    void pack(const Value& value);
    /// Posts what was packed.
    void post(const std::string& key);
    /// Waits for a message of that key, removes it, and opens it for unpack.
    void take(const std::string& key);
    /// Opens a copy, or removes and opens. @returns false at once when there is none
    bool look(const std::string& key, bool remove);
    /// @throws Error(Runtime) when nothing is left
    [[nodiscard]] Value unpack();

  private:
    struct Job {
        double id = 0, parent = 0, user_id = 0;
        Values call;
    };
    struct Result {
        Job job;
        Value value;
    };
    enum class Ask : int { Next, Submit, Post, Take, Look, LookTake, Finished, Context };
    enum class Answer : int { Run, Result, Nothing, Quit, Context, Message };

    [[nodiscard]] Communicator& board() const;
    [[nodiscard]] bool in_group() const;     // works for the first rank of its group
    void tell_group(Answer kind, const Values& call);
    void follow_group();
    [[nodiscard]] bool alone() const;
    [[nodiscard]] bool is_master() const;
    Value execute(const Values& call);
    void run(Job job);
    void opened(Values message) { unpacking_ = std::move(message); next_ = 0; }

    // the master's side
    void serve_waiting_messages();
    void serve_one();  // waits
    void handle(int rank, Ask ask, Values request);
    void answer(int rank, Answer kind, Values values);
    void offer_work();
    void offer_messages();
    void add_job(Job job);
    void finish(Job job, Value value);
    [[nodiscard]] std::optional<Values> find_message(const std::string& key, bool remove);
    [[nodiscard]] std::optional<Result> pop_result(double parent);
    // a worker's side
    std::pair<Answer, Values> ask(Ask what, Values values);

    Runtime& runtime_;
    std::unique_ptr<Communicator> board_communicator_;  // after divide()
    double current_ = 0;  // id of the job that runs here; 0 outside jobs
    Job last_;
    Value last_result_;
    Values packing_, unpacking_;
    std::size_t next_ = 0;

    double next_id_ = 1, last_user_id_ = 0;
    std::deque<Job> todo_;
    std::map<double, std::deque<Result>> results_;  // by parent
    std::map<double, long> open_;                   // by parent: submitted, not yet returned by working()
    std::multimap<std::string, Values> board_;
    struct Idle { int rank; double parent; };        // waits for a job, or for a result of its own submissions
    std::vector<Idle> idle_;
    struct Taker { int rank; std::string key; };
    std::vector<Taker> takers_;
    std::map<int, std::deque<Values>> contexts_;
    bool worked_with_others_ = false, done_ = false;
};

}  // namespace nrn
