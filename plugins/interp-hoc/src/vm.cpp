// SPDX-License-Identifier: BSD-3-Clause
// The Hoc machine: its stacks and frames, entering it from outside, and what an error leaves behind.
#include "vm.hpp"

#include <type_traits>

#include <cmath>
#include <new>
#include <stdexcept>

#include <fmt/format.h>

#include "error/memory_limit.hpp"
#include "hoc_interpreter.hpp"
#include "model/model.hpp"
#include "nrn/api/class_traits.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/scope.hpp"
#include "object/number_function.hpp"
#include "template_class.hpp"
#include "vm_frame.hpp"
#include "vm_stack.hpp"

namespace nrn::hoc {
namespace {

constexpr std::size_t kShownFrames = 40;  // of endless recursions nobody wants to see all calls
constexpr std::size_t kStackValues = std::size_t{1} << 20;

}  // namespace

double combine(Operator op, double old, double value) { return combined(op, old, value); }

double required_number(const Value& v) {
    if (v.is_number()) return v.raw_number();
    throw Error(ErrorKind::Type, fmt::format("a number is needed here, not a {}", v.type_name()));
}

bool equal_objects(const Value& a, const Value& b, const char* op) {
    if (a.is_string() && b.is_string()) return a.string() == b.string();
    const auto is_object = [](const Value& v) { return v.is_object() || v.is_none(); };
    if (is_object(a) && is_object(b)) return same_or_equal(a.object(), b.object());
    throw Error(ErrorKind::Type, fmt::format("`{}` does not work on a {} and a {}", op, a.type_name(), b.type_name()));
}

Vm::Vm(HocInterpreter& interpreter)
    : interpreter_(interpreter), runtime_(interpreter.runtime()), model_(runtime_.model()), section_class_(&model_.section_class()),
      epsilon_(&kFloatEpsilon), interruption_(interruption_of(runtime_)), interruption_point_(runtime_), frames_(new Frame[kMaximumFrames + 1]) {
    if (const Symbol* epsilon = runtime_.scope().find("float_epsilon")) epsilon_ = epsilon->data;
    stack_ = static_cast<Value*>(::operator new(kStackValues * sizeof(Value)));
    stack_end_ = stack_ + kStackValues;
    sp_ = stack_;
}

Vm::~Vm() {
    drop_to(sp_, stack_);
    ::operator delete(stack_);
}

void Vm::check_interrupt(SourceSpan span) {
    leave_if_asked();
    try {
        if (interruption_point_.look_at_clock() && interrupted_) throw Error(ErrorKind::Interrupt, "interrupted");
    } catch (Error& error) {
        error.locate(span);
        throw;
    }
}

SourceSpan Vm::span_at(const Frame& frame) const {
    const auto& code = *frame.code;
    const std::size_t at = static_cast<std::size_t>(frame.pc - code.instructions.data());
    return at > 0 && at <= code.spans.size() ? code.spans[at - 1] : code.span;
}

/// What the frame's last instruction called.
std::string Vm::callee_name(const Frame& frame) const {
    const std::size_t at = static_cast<std::size_t>(frame.pc - frame.code->instructions.data());
    if (at == 0) return frame.code->name;
    const Instruction& i = frame.code->instructions[at - 1];
    if (std::string_view(info(i.op).name).starts_with("Store")) return "an assignment";  // an object went, and had an unref
    switch (info(i.op).operand) {
    case Operand::Site: return i.site->name;
    case Operand::Symbol: return i.symbol->name;
    default: return info(i.op).name;
    }
}

SourceSpan Vm::call_span(std::size_t frame) const { return frames_[frame].entry || frame == 0 ? frames_[frame].call : span_at(frames_[frame - 1]); }

SourceSpan Vm::location() const { return count_ ? span_at(frames_[count_ - 1]) : SourceSpan{}; }

const Frame* Vm::function_frame() const {
    if (!count_) return nullptr;
    const Frame& home = frames_[frames_[count_ - 1].home];
    return home.code->is_function || home.n_arguments ? &home : nullptr;
}

void Vm::too_deep(const Code& code, SourceSpan call) const {
    const std::string who = code.name.empty() ? "a statement" : fmt::format("`{}`", code.name);  // a file that loads itself, an execute of itself
    throw Error(ErrorKind::Runtime, call, fmt::format("{} calls itself too deeply: endless recursion, stack overflow", who));
}

namespace {

/// &x of a local: x itself while its call runs (an iterator sets it under its caller's eyes), then what it last showed.
class LocalRef final : public Ref {
  public:
    LocalRef(const Vm& vm, std::uint32_t frame, std::uint64_t serial, int slot) : vm_(vm), serial_(serial), frame_(frame), slot_(slot) { (void)data(); }
    [[nodiscard]] double* data() const override {
        static_assert(std::is_standard_layout_v<Value>);  // a Value's number is its first member
        Value* const local = vm_.local_of_call(frame_, serial_, slot_);
        if (!local) return &kept_;
        kept_ = local->raw_number();
        return reinterpret_cast<double*>(local);
    }

  private:
    const Vm& vm_;
    std::uint64_t serial_;
    std::uint32_t frame_;
    int slot_;
    mutable double kept_ = 0;
};

/// A localobj given to something that assigns to it.
class LocalObjectRef final : public Ref {
  public:
    LocalObjectRef(const Vm& vm, std::uint32_t frame, std::uint64_t serial, int slot) : vm_(vm), serial_(serial), frame_(frame), slot_(slot) { (void)get(); }
    [[nodiscard]] double* data() const override { throw Error(ErrorKind::Type, "the reference is to a local object variable, not to a number"); }
    [[nodiscard]] Value get() const override {
        if (const Value* const local = vm_.local_of_call(frame_, serial_, slot_)) kept_ = *local;
        return kept_;
    }
    void set(const Value& value) const override {
        kept_ = value;
        Value* const local = vm_.local_of_call(frame_, serial_, slot_);
        if (!local) return;
        Value old = std::exchange(*local, value);  // goes last: its end may run an `unref`
        let_go_of(old);
        new (&old) Value();
    }

  private:
    const Vm& vm_;
    std::uint64_t serial_;
    std::uint32_t frame_;
    int slot_;
    mutable Value kept_;
};

}  // namespace

/// The frame's object variables end, in the order of their declaration.
void Vm::drop_local_objects(const Frame& frame) {
    for (std::size_t k = 0; k < frame.code->locals.size(); ++k) {
        if (frame.code->locals[k].kind != LocalKind::Object) continue;
        let_go_of(frame.locals[k]);
        new (&frame.locals[k]) Value();
    }
}

RefPtr Vm::refer_local_object(int slot) {
    const std::uint32_t home = frames_[count_ - 1].home;
    return make_counted<LocalObjectRef>(*this, home, frames_[home].serial, slot);
}

RefPtr Vm::refer_local(const Frame& frame, int slot) {
    return make_counted<LocalRef>(*this, frame.home, frames_[frame.home].serial, slot);
}

/// The frame's values must be gone already: releasing the object may run its `unref`.
void Vm::release_frame(Frame& frame) {
    if (TemplateInstance* self = frame.self) {
        frame.self = nullptr;
        self->release();
    }
}

Value Vm::run(const Code& code, TemplateInstance* self, std::span<const Value> arguments) { return enter_from_outside(code, self, arguments, code.span); }

Value Vm::call(const Code& function, const CallArgs& args, TemplateInstance* self) { return enter_from_outside(function, self, args.values(), args.span); }

Value Vm::enter_from_outside(const Code& code, TemplateInstance* self, std::span<const Value> arguments, SourceSpan call) {
    if (native_stack_.low()) too_deep(code, call);
    if (static_cast<std::size_t>(stack_end_ - sp_) < arguments.size() + 64) too_deep(code, call);
    Value* const base = sp_;
    for (const Value& a : arguments) new (sp_++) Value(a);
    const std::size_t entry = count_;
    try {
        if (no_room(code)) too_deep(code, call);
        Frame& f = push_frame(code, base, static_cast<std::uint32_t>(arguments.size()), self);
        f.entry = true;
        f.call = call;
        return leaving_if_asked(loop());
    } catch (Error& error) {
        if (count_ > entry) unwind(entry, &error);
        drop_to(sp_, base);
        throw;
    } catch (const std::exception& other) {  // no memory, a size that no container takes
        const bool memory = dynamic_cast<const std::bad_alloc*>(&other) || dynamic_cast<const std::length_error*>(&other);
        Error error(ErrorKind::Runtime, memory && !dynamic_cast<const OutOfMemory*>(&other) ? std::string("there is not enough memory for this") : std::string(other.what()));
        if (count_ > entry) unwind(entry, &error);
        drop_to(sp_, base);
        throw error;
    } catch (...) {
        if (count_ > entry) unwind(entry, nullptr);
        drop_to(sp_, base);
        throw;
    }
}

void Vm::call_unref(const Code& unref, const CallArgs& args, TemplateInstance* self) noexcept {
    std::exception_ptr reason = interruption_.take_deferred();  // of an `unref` before: not for this one to be left by
    const bool outer = std::exchange(interrupted_, interrupted_ || reason);
    try {
        static_cast<void>(call(unref, args, self));
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::Interrupt) runtime_.console().err(runtime_.render(error));
        else if (!interrupted_) reason = std::current_exception();
    } catch (const QuitRequest&) {
        if (!reason) reason = std::current_exception();  // the object goes all the same
    } catch (...) {
        // stop inside unref ends only that
    }
    interrupted_ = outer;
    if (!reason) return;
    interruption_.defer(std::move(reason));
    interruption_point_.hurry();
}

/// Takes the frames from the innermost down to `entry` away, telling the error of each call.
void Vm::unwind(std::size_t entry, Error* error) {
    if (error) {
        const SourceSpan here = span_at(frames_[count_ - 1]);
        error->locate(here);
        // What came out of a built-in that ran something else (a file, a callback): the call of the built-in belongs to the chain.
        const SourceSpan known = error->frames().empty() ? error->span() : error->frames().back().span;
        const bool elsewhere = known.source != here.source || known.line != here.line;
        if (elsewhere && error->frames().size() < kShownFrames) error->add_frame(here, callee_name(frames_[count_ - 1]));
    }
    const bool outer = std::exchange(interrupted_, interrupted_ || (error && error->kind() == ErrorKind::Interrupt));
    while (count_ > entry) {
        Frame& f = frames_[count_ - 1];
        if (error && f.code->is_function && f.home == count_ - 1 && error->frames().size() < kShownFrames) error->add_frame(call_span(count_ - 1), f.code->name);
        model_.stack().unwind(f.section_depth);
        drop_to(sp_, f.base);
        --count_;
        release_frame(f);
    }
    interrupted_ = outer;
}

void Vm::check_result(const Frame& f, const Value* result, SourceSpan call) const {
    const Code& code = *f.code;
    switch (code.kind) {
    case Callable::Kind::Procedure:
        if (result && code.is_function) throw Error(ErrorKind::Type, code.span, fmt::format("procedure `{}` returns a value: use func", code.name));
        return;
    case Callable::Kind::Iterator:
        if (result && code.is_function) throw Error(ErrorKind::Type, code.span, fmt::format("iterator `{}` returns a value: a proc or iterator returns none", code.name));
        return;
    default: break;
    }
    if (!result) throw Error(ErrorKind::Type, call, fmt::format("func `{}` ended without return: {} returned no value", code.name, code.name));
    if (code.kind == Callable::Kind::Function && !result->is_number())
        throw Error(ErrorKind::Type, code.span, fmt::format("func `{}` must return a number, not a {}", code.name, result->type_name()));
    if (code.kind == Callable::Kind::ObjectFunction && !result->is_object() && !result->is_none())
        throw Error(ErrorKind::Type, code.span, fmt::format("obfunc `{}` must return an object, not a {}", code.name, result->type_name()));
}

const Code* Vm::hoc_target(Site& site, const Callable* callable) const {
    site.callable = callable;
    const auto* own = dynamic_cast<const HocFunction*>(callable);
    site.target = own ? &own->code() : nullptr;
    site.plain = site.n_arguments == 1 ? dynamic_cast<const NumberFunction*>(callable) : nullptr;
    return site.target;
}

}  // namespace nrn::hoc
