// SPDX-License-Identifier: BSD-3-Clause
// The Hoc language as an interpreter of the kernel: texts and files, one top-level statement at a time.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "compiler.hpp"
#include "equation_system.hpp"
#include "name_oracle.hpp"
#include "nrn/api/interpreter.hpp"
#include "nrn/api/runtime.hpp"
#include "vm.hpp"

namespace nrn::hoc {

class TemplateClass;
class TemplateInstance;

inline constexpr double kFloatEpsilon = 1e-11;

class HocInterpreter final : public Interpreter, private NameOracle {
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
    [[nodiscard]] SourceSpan location() const override { return vm_->location(); }
    [[nodiscard]] std::optional<std::string_view> following_text() override;
    void skip_following_text(std::size_t n) override;
    void dump(const std::filesystem::path& file, std::string_view what) override;

    [[nodiscard]] Runtime& runtime() { return runtime_; }
    [[nodiscard]] Vm& vm() { return *vm_; }
    /// Runs all statements of a text; printing values of top-level expressions as at the prompt.
    enum class Lines { OfProgram, Loaded };
    void run_text(const std::string& name, const std::string& text, Lines lines = Lines::Loaded, TemplateInstance* host = nullptr);
    /// execute("..."): text in an instance's scope if given. With braces it is one block and shows nothing.
    void execute_text(const std::string& text, TemplateInstance* context, bool braces, std::span<const Value> arguments = {});
    /// A text as code to run any number of times.
    using Program = std::vector<std::shared_ptr<Code>>;
    [[nodiscard]] std::shared_ptr<const Program> compile_text(const std::string& text, TemplateClass* context, bool braces);
    void run_program(const Program& program, TemplateInstance* context, std::span<const Value> arguments);
    /// Kept for the life of the interpreter: it may run while it is defined anew.
    void keep(std::shared_ptr<void> code) { kept_.push_back(std::move(code)); }
    /// Was the name read at top level, be it undefined?
    [[nodiscard]] bool was_seen(const std::string& name) const { return seen_.contains(name); }

    std::vector<ObjectPtr> pushed_objects;  // object_push
    ImpliedNumbers implied_numbers;
    EquationSystem equations;

  private:
    [[nodiscard]] bool is_global(const std::string& name) const override;
    [[nodiscard]] bool is_declared(const std::string& name) const override;
    void seen(const std::string& name) const override { seen_.insert(name); }
    [[nodiscard]] TemplateInstance* pushed() const;
    /// Registers a text; short ones that come again and again are registered once.
    std::uint32_t source_of(const std::string& name, const std::string& text);

    Runtime& runtime_;
    std::unique_ptr<Vm> vm_;
    std::vector<std::shared_ptr<void>> kept_;
    std::vector<class Parser*> running_;  // of the texts being run, innermost last
    mutable std::unordered_set<std::string> seen_;
    std::unordered_map<std::string, std::shared_ptr<const Program>> compiled_;  // texts given to execute, again and again
    std::unordered_map<std::string, std::uint32_t> sources_;
};

void register_language_functions(HocInterpreter& interpreter);
/// Is more needed before `text` can be run: an open brace, comment or template?
bool is_incomplete(const std::string& text);

}  // namespace nrn::hoc
