// SPDX-License-Identifier: BSD-3-Clause
// Hoc templates as classes of the registry.
#pragma once
#include <memory>
#include <unordered_map>
#include <vector>

#include "hoc_interpreter.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/class_traits.hpp"
#include "nrn/api/holder.hpp"
#include "nrn/api/scope.hpp"

namespace nrn::hoc {

class TemplateClass;

class TemplateInstance final : public Object, public Holder {
  public:
    TemplateInstance(Class& cls, std::size_t slots);
    /// Sections of the instance go with it; `unref` is told of falling counts.
    ~TemplateInstance() override;
    std::vector<std::unique_ptr<Symbol>> slots;
    /// The variable, or the class's procedure, in slot i.
    Symbol& slot(std::size_t i);
    void visit_held(HeldVisitor& visitor) const override;
    void let_go_of_held() noexcept override;
    /// Expires with the object.
    [[nodiscard]] std::weak_ptr<const void> life() {
        if (!life_) life_ = std::make_shared<char>();
        return life_;
    }
    /// Not a user's object: nobody is told when it goes.
    void keep_quiet() { dying_ = true; }
    /// Runs the template's `unref`, telling how many references are left.
    void let_go(std::uint32_t left) noexcept override;

  protected:
    void last_reference_gone() noexcept override;
    void end(int& depth) noexcept;

  private:
    std::shared_ptr<const void> life_;
    bool dying_ = false;
};

class TemplateClass final : public Class, public HiddenMembers {
  public:
    TemplateClass(HocInterpreter& interpreter, std::shared_ptr<TemplateBody> body);
    /// Runs the body where the template stands; what it finds there is how instances are made.
    void define(const Code& definition);
    ObjectPtr construct(CallArgs& args) override;
    [[nodiscard]] const TemplateBody& body() const { return *body_; }
    [[nodiscard]] std::shared_ptr<TemplateBody> shared_body() const { return body_; }
    [[nodiscard]] HocInterpreter& interpreter() { return interpreter_; }
    /// Outlives the interpreter: the last instances go after it.
    [[nodiscard]] Runtime& runtime() { return runtime_; }
    std::vector<Symbol> procedures;  // by slot; kind Undefined where none
    /// Slot of a name, or -1.
    [[nodiscard]] int slot_of(std::string_view name) const { return body_->slot_of(name); }
    /// The code of the procedure called `name`, or null.
    [[nodiscard]] const Code* procedure(std::string_view name) const;
    /// Told when references go; null when there is none.
    [[nodiscard]] const Code* unref() const { return unref_; }
    /// Variables and procedures that are not public.
    [[nodiscard]] const Member* hidden_member(std::string_view name) const override;

  private:
    std::unordered_map<std::string, std::unique_ptr<Member>> hidden_;
    HocInterpreter& interpreter_;
    Runtime& runtime_;
    std::shared_ptr<TemplateBody> body_;
    std::shared_ptr<Code> constructor_;
    const Code* init_ = nullptr;
    const Code* unref_ = nullptr;
};

/// A user's proc, func ... as something to call.
class HocFunction final : public Callable {
  public:
    HocFunction(HocInterpreter& h, std::shared_ptr<Code> code) : interpreter_(h), code_(std::move(code)) {}
    Value call(CallArgs& args) override { return interpreter_.vm().call(*code_, args, nullptr); }
    [[nodiscard]] std::string name() const override { return code_->name; }
    [[nodiscard]] Kind kind() const override { return code_->kind; }
    [[nodiscard]] const Code& code() const { return *code_; }

  private:
    HocInterpreter& interpreter_;
    std::shared_ptr<Code> code_;
};

/// A reference to a variable of an instance; keeps the instance.
RefPtr instance_ref(TemplateInstance& instance, Symbol& symbol, std::size_t index);

}  // namespace nrn::hoc
