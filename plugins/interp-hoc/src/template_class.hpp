// SPDX-License-Identifier: BSD-3-Clause
// Hoc templates as classes of the registry.
#pragma once
#include <unordered_map>

#include "hoc_interpreter.hpp"
#include "nrn/api/class_traits.hpp"

namespace nrn::hoc {

class TemplateClass;

class TemplateInstance final : public Object {
  public:
    TemplateInstance(Class& cls, std::size_t slots);
    /// Sections of the instance go with it; `unref` is told of falling counts.
    ~TemplateInstance() override;
    std::vector<std::unique_ptr<Symbol>> slots;
    /// The variable, or the class's procedure, in slot i.
    Symbol& slot(std::size_t i);

  protected:
    void last_reference_gone() noexcept override;

  private:
    bool dying_ = false;
};

class TemplateClass final : public Class, public HiddenMembers {
  public:
    TemplateClass(HocInterpreter& interpreter, std::shared_ptr<TemplateBody> body);
    ObjectPtr construct(CallArgs& args) override;
    [[nodiscard]] const TemplateBody& body() const { return *body_; }
    [[nodiscard]] std::shared_ptr<TemplateBody> shared_body() const { return body_; }
    [[nodiscard]] HocInterpreter& interpreter() { return interpreter_; }
    std::vector<Symbol> procedures;  // by slot; kind Undefined where none
    /// Slot of a name, or -1.
    [[nodiscard]] int slot_of(std::string_view name) const;
    /// Variables and procedures that are not public.
    [[nodiscard]] const Member* hidden_member(std::string_view name) const override;

  private:
    std::unordered_map<std::string, std::unique_ptr<Member>> hidden_;
    HocInterpreter& interpreter_;
    std::shared_ptr<TemplateBody> body_;
};

/// A user's proc, func ... as something to call.
class HocFunction final : public Callable {
  public:
    HocFunction(HocInterpreter& h, std::shared_ptr<FunctionBody> body) : interpreter_(h), body_(std::move(body)) {}
    Value call(CallArgs& args) override { return interpreter_.call_function(*body_, args, nullptr); }
    [[nodiscard]] std::string name() const override { return body_->name; }
    [[nodiscard]] Kind kind() const override { return body_->kind; }
    [[nodiscard]] const FunctionBody& body() const { return *body_; }

  private:
    HocInterpreter& interpreter_;
    std::shared_ptr<FunctionBody> body_;
};

/// A reference to a variable of an instance; keeps the instance.
RefPtr instance_ref(TemplateInstance& instance, Symbol& symbol, std::size_t index);

}  // namespace nrn::hoc
