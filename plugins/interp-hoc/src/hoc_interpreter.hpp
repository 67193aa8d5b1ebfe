// SPDX-License-Identifier: BSD-3-Clause
// The Hoc language as an interpreter of the kernel.
#pragma once
#include <functional>
#include <memory>
#include <regex>
#include <set>
#include <string>

#include "ast.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/interpreter.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn::hoc {

class TemplateInstance;

inline constexpr double kFloatEpsilon = 1e-11;

/// A call of a user's function.
struct Frame {
    const FunctionBody* function = nullptr;
    std::span<const Value> arguments;
    std::vector<Value> own_arguments;  // copies, once one is assigned to
    std::vector<Value> locals;         // None: not yet assigned
    const Stmt* iterator_body = nullptr;
    Frame* iterator_frame = nullptr;   // where the iterator's body belongs
    TemplateInstance* iterator_instance = nullptr;
    bool returned = false;             // by a return with a value
    bool returned_by_iterator = false;
};

/// `stop`: ends the running top-level statement, nothing more.
struct StopRequest {};

class HocInterpreter final : public Interpreter {
  public:
    explicit HocInterpreter(Runtime& runtime);
    ~HocInterpreter() override;

    [[nodiscard]] std::string_view language() const override { return "hoc"; }
    [[nodiscard]] std::vector<std::string> extensions() const override { return {".hoc", ".ses", ".oc"}; }
    void run_file(const std::filesystem::path& file, std::span<const std::string> argv) override;
    void execute(std::string_view text, Object* context, std::string_view source_name) override;
    [[nodiscard]] Value evaluate(std::string_view expression, Object* context) override;
    [[nodiscard]] CallablePtr compile(std::string_view statement, Object* context) override;
    [[nodiscard]] std::vector<std::string> complete(std::string_view prefix) override;
    int interactive(bool tty) override;

    /// Runs all statements of a text; printing values of top-level expressions as at the prompt.
    void run_text(const std::string& name, const std::string& text, bool stop_at_error);
    std::vector<ObjectPtr> pushed_objects;  // object_push
    [[nodiscard]] Runtime& runtime() { return runtime_; }
    /// execute("..."): text as a block, in an instance's scope if given.
    void execute_text(const std::string& text, TemplateInstance* context, bool braces, std::span<const Value> arguments = {});

    Value call_function(const FunctionBody& f, CallArgs& args, TemplateInstance* self);
    void run_statements(const std::vector<StmtPtr>& body);
    [[nodiscard]] TemplateInstance* instance() const { return instance_; }
    [[nodiscard]] Frame* frame() const { return frame_; }
    struct InstanceScope {
        InstanceScope(HocInterpreter& h, TemplateInstance* i, Frame* f) : h_(h), instance_(h.instance_), frame_(h.frame_) { h.instance_ = i; h.frame_ = f; }
        ~InstanceScope() { h_.instance_ = instance_; h_.frame_ = frame_; }
        HocInterpreter& h_;
        TemplateInstance* instance_;
        Frame* frame_;
    };
    static void define_slot_number(Symbol& s, std::vector<long> dims);
    enum class Flow { Normal, Break, Continue, Return, Stop };
    Flow run(const Stmt& s);
    Value evaluate(const Expr& e);
    [[nodiscard]] double number(const Expr& e);
    Symbol& symbol(const Expr& e, bool create = false);
    /// Kept for the life of the interpreter: functions and handlers point into it.
    void keep(std::shared_ptr<void> tree) { kept_.push_back(std::move(tree)); }

  private:
    friend class PathEvaluator;
    Flow run_block(const std::vector<StmtPtr>& body);
    Flow run_for(const Stmt& s);
    Flow run_iterator(const Stmt& s);
    Flow run_sections(const Stmt& s);
    void declare(const Stmt& s);
    void create_sections(const Stmt& s);
    void connect(const Stmt& s);
    void define(const Stmt& s);
    void setpointer(const Stmt& s);
    void print(const Stmt& s);
    void show(const Value& v);
    bool prints(const Expr& e) const;
    bool truth(const Expr& e);
    Value binary(const Expr& e);
    Value assign(const Expr& e);
    /// The object variable given as argument i, for built-ins that assign to it; null when it is none.
    RefPtr object_variable(const std::vector<ExprPtr>& list, std::size_t i);
    Value make_object(const Expr& e);
    Value argument(const Expr& e);
    const Value& argument_value(const Expr& e);
    Value reference(const Expr& e);
    Value name_value(const Expr& e);
    Value member_value(const Expr& e);
    Value call_symbol(Symbol& s, const Expr& e, Section* section);
    const Member& find_member(Object& o, const Expr& e);
    std::vector<long> member_indices(Object& o, const Member& m, const Expr& e);
    Value assign_argument(const Expr& e, const std::function<double(double, double)>& updated);
    Error undefined(const Expr& e);
    std::vector<Value> arguments(const std::vector<ExprPtr>& list, bool by_reference);
    std::vector<long> dimensions(const Expr& e);
    std::size_t flat_index(const Expr& e, const std::vector<long>& dims, std::size_t given);
    Runtime& runtime_;
    TemplateInstance* instance_ = nullptr;
    Frame* frame_ = nullptr;
    Value returned_;
    struct PendingIterator { const Stmt* body = nullptr; Frame* frame = nullptr; TemplateInstance* instance = nullptr; Flow* outcome = nullptr; };
    PendingIterator pending_iterator_;
    const double* float_epsilon_ = &kFloatEpsilon;
    const char* stack_base_ = nullptr;  // for the check of recursion
    static Value local_array(std::size_t n);
    static std::regex section_pattern(const std::string& text);
    bool top_level_ = false;
    std::vector<std::shared_ptr<void>> kept_;
};

/// printf-style formatting with Hoc's conversions over values.
std::string format_text(CallArgs& args, std::size_t first);
void register_language_functions(HocInterpreter& interpreter);
std::string value_text(const Value& v);

}  // namespace nrn::hoc
