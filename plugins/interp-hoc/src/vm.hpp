// SPDX-License-Identifier: BSD-3-Clause
// The Hoc machine: a stack of values and a stack of frames. Calls between Hoc functions stay inside one dispatch loop;
// calls that come from outside (callbacks, other languages) start a loop of their own on the same stacks.
#pragma once
#include <memory>
#include <span>
#include <utility>

#include "bytecode.hpp"
#include "native_stack.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/interruption.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {
class Section;
class Model;
class RangeVariable;
}

namespace nrn::hoc {

class HocFunction;
class HocInterpreter;
class TemplateInstance;

/// `stop`: ends the running top-level statement, nothing more.
struct StopRequest {};

/// A running function, statement or body of an iterator's loop.
struct Frame {
    const Code* code;
    const Instruction* pc;           // what is done next, while another frame runs
    Value* base;                     // where the result goes
    Value* arguments;
    Value* locals;
    TemplateInstance* self;          // counted
    const Instruction* iterator_body; // of the loop that called this iterator; null when none did
    std::uint32_t n_arguments;
    std::uint32_t home;              // the frame whose locals these are: itself, except in an iterator's body
    std::uint32_t owner;             // iterator: the frame with the loop; body: the same
    std::uint32_t section_depth;
    bool entry;                      // called from outside: leaving it leaves the loop
    std::uint64_t serial;            // of the call: tells whether a local's frame is still the same one
    SourceSpan call;                 // entry: the call
};

/// old + value and the like. @throws Error(Runtime) for a division by zero
double combine(Operator op, double old, double value);
/// @throws Error(Type) unless it is a number
double required_number(const Value& v);
/// Are both the same object, equal as their class sees it, or equal strings? @throws Error(Type) unless both are objects or null
bool equal_objects(const Value& a, const Value& b, const char* op);
/// As `print` writes it.
std::string value_text(const Value& v);
void define_own_number(Symbol& s, std::vector<long> dims);

class Vm {
  public:
    explicit Vm(HocInterpreter& interpreter);
    ~Vm();
    Vm(const Vm&) = delete;
    Vm& operator=(const Vm&) = delete;

    /// Runs a statement's or expression's code; `arguments` are what $1 ... mean in it.
    Value run(const Code& code, TemplateInstance* self, std::span<const Value> arguments = {});
    Value call(const Code& function, const CallArgs& args, TemplateInstance* self);

    /// Runs the `unref` of an object. What it was interrupted by, or its quit(), ends the work around it.
    void call_unref(const Code& unref, const CallArgs& args, TemplateInstance* self) noexcept;

    /// The innermost running function, or null at top level.
    [[nodiscard]] const Frame* function_frame() const;
    /// The object whose procedure runs.
    [[nodiscard]] TemplateInstance* self() const { return count_ ? frames_[count_ - 1].self : nullptr; }
    /// Where it is, for messages made in the kernel.
    [[nodiscard]] SourceSpan location() const;
    [[nodiscard]] std::size_t depth() const { return count_; }
    /// @throws what ended an `unref`, out of which nothing could be thrown: called after whatever lets objects go
    void leave_if_asked() { interruption_.leave_if_deferred(); }
    /// Where a local number is, or null when its call has ended.
    [[nodiscard]] Value* local_of_call(std::uint32_t frame, std::uint64_t serial, int slot) const {
        return frame < count_ && frames_[frame].serial == serial ? frames_[frame].locals + slot : nullptr;
    }

  private:
    [[nodiscard]] RefPtr refer_local(const Frame& frame, int slot);
    [[nodiscard]] RefPtr refer_local_object(int slot);
    Value leaving_if_asked(Value result) {
        leave_if_asked();
        return result;
    }
    Value enter_from_outside(const Code& code, TemplateInstance* self, std::span<const Value> arguments, SourceSpan call);
    Value loop();
    void unwind(std::size_t entry, Error* error);
    /// Makes a frame, for which there must be room; arguments are the topmost values, the result will replace what stands from `base` on.
    Frame& push_frame(const Code& code, Value* base, std::uint32_t n_arguments, TemplateInstance* self);
    [[nodiscard]] bool no_room(const Code& code) const;
    void release_frame(Frame& frame);
    void check_result(const Frame& frame, const Value* result, SourceSpan call) const;
    [[noreturn]] void too_deep(const Code& code, SourceSpan call) const;
    void check_interrupt(SourceSpan span);
    SourceSpan span_at(const Frame& frame) const;
    std::string callee_name(const Frame& frame) const;
    SourceSpan call_span(std::size_t frame) const;
    const Code* hoc_target(Site& site, const Callable* callable) const;

    // variables (vm_variables.cpp); operands end at `top`, and stay the caller's to drop
    double number_of(Symbol& symbol);
    Value value_of(Symbol& symbol, const Site* site, const Value* operands);
    void assign(Symbol& symbol, bool own, Value value, Operator op, SourceSpan span);
    Symbol& symbol_of(const Site& site);
    Symbol& own(std::int32_t slot);
    std::size_t flat_index(const Site& site, const std::vector<long>& dims, const Value* indices) const;
    Value load_element(Site& site, const Value* indices);
    Value store_element(Site& site, const Value* operands);
    Value refer_variable(Site& site, const Value* operands);
    Value load_for_call(Site& site, const Value* operands);
    bool callee_assigns(Site& call, const Value* arguments) const;
    Value load_argument(const Site& site, const Value* indices);
    Value store_argument(const Site& site, const Value* operands);
    Value refer_argument(const Site& site);
    static void drop_local_objects(const Frame& frame);
    Value begin_equation(Site& site, bool anew, const Value* indices);
    void declare_dependent(Site& site);
    Value& argument_slot(const Site& site);
    Error undefined(const std::string& name) const;
    Symbol* declared_before(const std::string& name);
    void declare(const Site& site, const Value* sizes);
    void create_sections(const Site& site, const Value* sizes);
    std::vector<long> sizes_of(const Site& site, const Value* sizes) const;
    static Value local_array(double size, const std::string& name);
    double& local_element(const Value& array, const Site& site, const Value& index) const;
    void define(Site& site);
    void forget(Symbol& symbol);

    // objects and sections (vm_members.cpp)
    Value load_member(Site& site, const Value* operands);
    Value store_member(Site& site, const Value* operands);
    Value refer_member(Site& site, const Value* operands);
    Object& base_object(const Site& site, const Value& base) const;
    void find_member(Site& site, Object& object) const;
    std::vector<long> member_indices(const Site& site, Object& object, const Member& member, const Value* indices) const;
    [[nodiscard]] long whole(const Value& index) const;
    Value call_function(Site& site, Symbol& symbol, const Value* operands, bool own_function);
    Value call_native(Site& site, Callable& callable, const Value* operands);
    Value call_method(Site& site, Object& object, const Value* arguments);
    Value new_object(Site& site, const Value* operands);
    RefPtr written_variable(const Site& site, const Value* operands, std::size_t i);
    bool is_section(const Value& value) const;
    Section& section_of(const Value& value, SourceSpan span, const std::string& text) const;
    Value section_value(Section& section, Symbol& symbol, const Site& site, const Value* operands);
    Value section_store(Section& section, Symbol& symbol, const Site& site, const Value* operands);
    RefPtr section_reference(Section& section, Symbol& symbol, const Site& site, const Value* operands);
    long range_index(const RangeVariable& variable, const Site& site, const Value* operands) const;
    void connect(const Site& site, int how, const Value* operands);
    void set_pointer(const Site& site, const Value* operands);
    Value begin_sections(int kind, const Value& what, SourceSpan span);
    Value begin_segments(bool ends);
    const Code* iterator_target(Site& site, const Value* operands, TemplateInstance*& self);

    // output
    void show(const Site& site, const Value& value);

    HocInterpreter& interpreter_;
    Runtime& runtime_;
    Model& model_;
    Class* section_class_ = nullptr;
    const double* epsilon_;
    Interruption& interruption_;
    bool interrupted_ = false;  // work is being left: an `unref` on the way has some milliseconds
    InterruptionPoint interruption_point_;  // passed by backward jumps and calls
    std::unique_ptr<Frame[]> frames_;
    NativeStack native_stack_;
    std::uint64_t calls_ = 0;
    std::size_t count_ = 0;
    Value* stack_ = nullptr;         // raw storage: alive below sp_
    Value* stack_end_ = nullptr;
    Value* sp_ = nullptr;
};

}  // namespace nrn::hoc
