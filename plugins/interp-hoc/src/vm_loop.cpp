// SPDX-License-Identifier: BSD-3-Clause
// The Hoc machine: the dispatch loop. Fast paths stand here, what is rare stands in vm_variables and vm_members.
#include <cmath>

#include <fmt/format.h>

#include "equation_system.hpp"
#include "hoc_interpreter.hpp"
#include "model/model.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/scope.hpp"
#include "object/number_function.hpp"
#include "section_loop.hpp"
#include "template_class.hpp"
#include "vm.hpp"
#include "vm_frame.hpp"
#include "vm_stack.hpp"

namespace nrn::hoc {

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"

// Before anything that may throw, call out or destroy an object: the machine's state is where others look for it.
#define NRN_HOC_SYNC() (sp_ = sp, frame->pc = i + 1)
#define NRN_HOC_NEXT() \
    do { \
        ++i; \
        goto* labels[static_cast<std::size_t>(i->op)]; \
    } while (0)
#define NRN_HOC_FRAME() \
    do { \
        frame = &frames_[count_ - 1]; \
        i = frame->pc - 1; \
        locals = frame->locals; \
    } while (0)
#define NRN_HOC_TAKE() \
    do { \
        const std::int32_t distance = i->a; \
        i += distance - 1; \
        if (distance <= 0 && interruption_point_.due()) [[unlikely]] { \
            NRN_HOC_SYNC(); \
            check_interrupt(span_at(*frame)); \
        } \
    } while (0)
// Replaces the topmost `count` values by what `expression` gives.
#define NRN_HOC_SLOW(count, expression) \
    do { \
        NRN_HOC_SYNC(); \
        Value result = (expression); \
        drop_to(sp, sp - (count)); \
        new (sp++) Value(std::move(result)); \
        sp_ = sp; \
    } while (0)
// As above, for a store: the value stays only where it is used.
#define NRN_HOC_STORE(count, expression) \
    do { \
        NRN_HOC_SYNC(); \
        Value result = (expression); \
        drop_to(sp, sp - (count)); \
        if (i->site->keep) new (sp++) Value(std::move(result)); \
        sp_ = sp; \
    } while (0)
#define NRN_HOC_JUMP(condition) \
    do { \
        const double x = sp[-2].raw_number(), y = sp[-1].raw_number(); \
        sp -= 2; \
        if (condition) NRN_HOC_TAKE(); \
    } while (0); \
    NRN_HOC_NEXT()
#define NRN_HOC_BINARY(expression) \
    do { \
        const double x = sp[-2].raw_number(), y = sp[-1].raw_number(); \
        --sp; \
        set(sp[-1], (expression)); \
        NRN_HOC_NEXT(); \
    } while (0)

Value Vm::loop() {
    static const void* const labels[] = {
#define NRN_HOC_OPCODE(name, operand, effect, meaning) &&name,
#include "opcode.def"
#undef NRN_HOC_OPCODE
    };
    Frame* frame = nullptr;
    const Instruction* i = nullptr;  // what is done now
    Value* locals = nullptr;
    Value* sp = sp_;
    const double* const epsilon = epsilon_;
    // What `enter` needs: callee, its first operand and number of arguments, its object.
    const Code* target = nullptr;
    Value* base = nullptr;
    std::uint32_t n_arguments = 0;
    TemplateInstance* self = nullptr;
    NRN_HOC_FRAME();
    NRN_HOC_NEXT();

PushNumber:
    push(sp, i->number);
    NRN_HOC_NEXT();
PushString:
    new (sp++) Value(i->text->text);
    NRN_HOC_NEXT();
Drop:
    NRN_HOC_SYNC();
    (--sp)->~Value();
    NRN_HOC_NEXT();
RequireNumber:
    if (!sp[-1].is_number()) {
        NRN_HOC_SYNC();
        throw Error(ErrorKind::Type, fmt::format("a number is needed here, not a {}", sp[-1].type_name()));
    }
    NRN_HOC_NEXT();

LoadLocal:
    push(sp, locals[i->a].raw_number());
    NRN_HOC_NEXT();
ReferLocal:
    NRN_HOC_SYNC();
    new (sp++) Value(refer_local(*frame, i->a));
    NRN_HOC_NEXT();
LoadLocalValue:
    new (sp++) Value(locals[i->a]);
    NRN_HOC_NEXT();
LoadLocalElement:
    NRN_HOC_SLOW(1, Value(local_element(locals[i->site->local], *i->site, sp[-1])));
    NRN_HOC_NEXT();
StoreLocal:
    set(locals[i->a], (--sp)->raw_number());
    NRN_HOC_NEXT();
StoreLocalObject:
    NRN_HOC_SYNC();
    if (!sp[-1].is_object() && !sp[-1].is_none()) throw Error(ErrorKind::Type, fmt::format("localobj `{}` cannot become a {}", frame->code->locals[static_cast<std::size_t>(i->a)].name, sp[-1].type_name()));
    locals[i->a].swap(sp[-1]);
    let_go_of(*--sp);
    if (interruption_.deferred()) [[unlikely]] {
        sp_ = sp;
        leave_if_asked();
    }
    NRN_HOC_NEXT();
StoreLocalElement:
    NRN_HOC_STORE(2, [&] {
        double& cell = local_element(locals[i->site->local], *i->site, sp[-2]);
        cell = combined(i->site->op, cell, required_number(sp[-1]));
        return Value(cell);
    }());
    NRN_HOC_NEXT();
AddLocal:
    set(locals[i->a], locals[i->a].raw_number() + sp[-1].raw_number());
    --sp;
    NRN_HOC_NEXT();
UpdateLocal:
    NRN_HOC_SYNC();
    set(locals[i->a], combined(static_cast<Operator>(i->b), locals[i->a].raw_number(), sp[-1].raw_number()));
    --sp;
    NRN_HOC_NEXT();
IncrementLocal:
    set(locals[i->a], locals[i->a].raw_number() + i->number);
    NRN_HOC_NEXT();
ResetLocal:
    NRN_HOC_SYNC();
    if (frame->code->locals[static_cast<std::size_t>(i->a)].kind == LocalKind::Number) set(locals[i->a], 0.0);
    else locals[i->a] = Value();
    NRN_HOC_NEXT();
MakeLocalArray:
    NRN_HOC_SYNC();
    locals[i->a] = local_array(sp[-1].raw_number(), frame->code->locals[static_cast<std::size_t>(i->a)].name);
    --sp;
    NRN_HOC_NEXT();

LoadArgument:
    if (static_cast<std::uint32_t>(i->a) <= frame->n_arguments && frame->arguments[i->a - 1].is_number()) [[likely]] {
        push(sp, frame->arguments[i->a - 1].raw_number());
    } else {
        NRN_HOC_SYNC();
        Site plain;
        plain.number = i->a;
        push(sp, load_argument(plain, nullptr).number());
    }
    NRN_HOC_NEXT();
LoadAnyArgument: {
    const Site& site = *i->site;
    const auto n = static_cast<std::uint32_t>(site.number);
    if (site.letter == 'o' && site.number > 0 && site.n_index == 0 && n <= frame->n_arguments && frame->arguments[n - 1].is_object()) {
        new (sp++) Value(frame->arguments[n - 1]);
        NRN_HOC_NEXT();
    }
}
    NRN_HOC_SLOW(i->site->n_index, load_argument(*i->site, sp - i->site->n_index));
    NRN_HOC_NEXT();
StoreArgument:
    NRN_HOC_STORE(i->site->n_index + 1, store_argument(*i->site, sp - i->site->n_index - 1));
    NRN_HOC_NEXT();
ReferArgument:
    NRN_HOC_SLOW(i->site->n_index, refer_argument(*i->site));
    NRN_HOC_NEXT();

LoadVariable: {
    Symbol& s = *i->symbol;
    if (s.kind == Symbol::Kind::Number) {
        push(sp, *s.data);
    } else if (s.kind == Symbol::Kind::ObjectVar || (s.kind == Symbol::Kind::Sections && s.objects[0])) {
        new (sp++) Value(s.objects[0]);
    } else {
        NRN_HOC_SLOW(0, value_of(s, nullptr, nullptr));
    }
}
    NRN_HOC_NEXT();
LoadNumber: {
    Symbol& s = *i->symbol;
    if (s.kind == Symbol::Kind::Number) [[likely]] {
        push(sp, *s.data);
    } else {
        NRN_HOC_SYNC();
        const double x = number_of(s);
        push(sp, x);
    }
}
    NRN_HOC_NEXT();
LoadOwn: {
    Symbol& s = own(i->a);
    if (s.kind == Symbol::Kind::Number) {
        push(sp, *s.data);
    } else if (s.kind == Symbol::Kind::ObjectVar || (s.kind == Symbol::Kind::Sections && s.objects[0])) {
        new (sp++) Value(s.objects[0]);
    } else {
        NRN_HOC_SLOW(0, value_of(s, nullptr, nullptr));
    }
}
    NRN_HOC_NEXT();
LoadOwnNumber: {
    NRN_HOC_SYNC();
    Symbol& s = own(i->a);
    if (s.kind == Symbol::Kind::Number) [[likely]] {
        push(sp, *s.data);
    } else {
        const double x = number_of(s);
        push(sp, x);
    }
}
    NRN_HOC_NEXT();
LoadThis:
    new (sp++) Value(static_cast<Object*>(frame->self));
    NRN_HOC_NEXT();
StoreVariable: {
    Symbol& s = *i->symbol;
    if (s.kind == Symbol::Kind::Number && sp[-1].is_number() && !s.read_only && !s.assigned) [[likely]] {
        *s.data = (--sp)->raw_number();
    } else if (s.kind == Symbol::Kind::ObjectVar && sp[-1].is_object() && s.dims.empty()) {
        NRN_HOC_SYNC();
        replace_held(s.objects[0], static_cast<Object*>(sp[-1].raw_pointer()));
        (--sp)->~Value();
        if (interruption_.deferred()) [[unlikely]] {
            sp_ = sp;
            leave_if_asked();
        }
    } else {
        NRN_HOC_SYNC();
        assign(s, false, sp[-1], Operator::None, span_at(*frame));
        (--sp)->~Value();
    }
}
    NRN_HOC_NEXT();
StoreOwn: {
    NRN_HOC_SYNC();
    Symbol& s = own(i->a);
    if (s.kind == Symbol::Kind::Number && sp[-1].is_number()) [[likely]] {
        *s.data = (--sp)->raw_number();
    } else {
        assign(s, true, sp[-1], Operator::None, span_at(*frame));
        (--sp)->~Value();
    }
}
    NRN_HOC_NEXT();
UpdateVariable: {
    Symbol& s = *i->symbol;
    NRN_HOC_SYNC();
    if (s.kind == Symbol::Kind::Number && !s.read_only && !s.assigned) [[likely]] {
        *s.data = combined(static_cast<Operator>(i->b), *s.data, sp[-1].raw_number());
    } else {
        assign(s, false, sp[-1], static_cast<Operator>(i->b), span_at(*frame));
    }
    --sp;
}
    NRN_HOC_NEXT();
UpdateOwn: {
    NRN_HOC_SYNC();
    Symbol& s = own(i->a);
    if (s.kind == Symbol::Kind::Number) *s.data = combined(static_cast<Operator>(i->b), *s.data, sp[-1].raw_number());
    else assign(s, true, sp[-1], static_cast<Operator>(i->b), span_at(*frame));
    --sp;
}
    NRN_HOC_NEXT();
LoadElement: {
    Site& site = *i->site;
    NRN_HOC_SYNC();
    Symbol& s = symbol_of(site);
    const double place = sp[-1].raw_number() + *epsilon;
    if (s.kind == Symbol::Kind::Number && site.n_index == 1 && s.dims.size() == 1 && place >= 0 && place < static_cast<double>(s.dims[0])) [[likely]] {
        set(sp[-1], s.data[static_cast<std::size_t>(place)]);
    } else {
        NRN_HOC_SLOW(site.n_index, load_element(site, sp - site.n_index));
    }
}
    NRN_HOC_NEXT();
StoreElement:
    NRN_HOC_STORE(i->site->n_index + 1 + (i->site->has_high ? 1 : 0), store_element(*i->site, sp - i->site->n_index - 1 - (i->site->has_high ? 1 : 0)));
    NRN_HOC_NEXT();
ReferVariable:
    NRN_HOC_SLOW(i->site->n_index + i->site->n_arguments, refer_variable(*i->site, sp - i->site->n_index - i->site->n_arguments));
    NRN_HOC_NEXT();
LoadForCall:
    NRN_HOC_SLOW(i->site->n_index, load_for_call(*i->site, sp - i->site->n_index));
    NRN_HOC_NEXT();
MakeCell:
    NRN_HOC_SLOW(1, Value(make_cell(sp[-1])));
    NRN_HOC_NEXT();

Add: NRN_HOC_BINARY(x + y);
Subtract: NRN_HOC_BINARY(x - y);
Multiply: NRN_HOC_BINARY(x * y);
Divide:
    if (sp[-1].raw_number() == 0) {
        NRN_HOC_SYNC();
        throw Error(ErrorKind::Runtime, "division by zero");
    }
    NRN_HOC_BINARY(x / y);
Modulo:
    if (!(sp[-1].raw_number() > 0)) {
        NRN_HOC_SYNC();
        throw Error(ErrorKind::Runtime, fmt::format("division by zero: the right side of % must be > 0, not {:g}", sp[-1].raw_number()));
    }
    NRN_HOC_BINARY(x - y * std::floor(x / y));
Power:
    if (sp[-2].raw_number() < 0 && sp[-1].raw_number() != std::floor(sp[-1].raw_number())) {
        NRN_HOC_SYNC();
        throw Error(ErrorKind::Runtime, fmt::format("exponentiation argument out of domain: {:g}^{:g} is not a real number", sp[-2].raw_number(), sp[-1].raw_number()));
    }
    NRN_HOC_BINARY(std::pow(x, y));
AddNumber:
    set(sp[-1], sp[-1].raw_number() + i->number);
    NRN_HOC_NEXT();
MultiplyNumber:
    set(sp[-1], sp[-1].raw_number() * i->number);
    NRN_HOC_NEXT();
DivideNumber:
    set(sp[-1], sp[-1].raw_number() / i->number);
    NRN_HOC_NEXT();
Negate:
    set(sp[-1], -sp[-1].raw_number());
    NRN_HOC_NEXT();
Not:
    set(sp[-1], sp[-1].raw_number() == 0 ? 1.0 : 0.0);
    NRN_HOC_NEXT();
Less: NRN_HOC_BINARY(x < y - *epsilon ? 1.0 : 0.0);
LessEqual: NRN_HOC_BINARY(x <= y + *epsilon ? 1.0 : 0.0);
Greater: NRN_HOC_BINARY(x > y + *epsilon ? 1.0 : 0.0);
GreaterEqual: NRN_HOC_BINARY(x >= y - *epsilon ? 1.0 : 0.0);
Equal:
    if (sp[-2].is_number() && sp[-1].is_number()) NRN_HOC_BINARY(x <= y + *epsilon && x >= y - *epsilon ? 1.0 : 0.0);
    NRN_HOC_SLOW(2, Value(equal_objects(sp[-2], sp[-1], "==")));
    NRN_HOC_NEXT();
NotEqual:
    if (sp[-2].is_number() && sp[-1].is_number()) NRN_HOC_BINARY(x <= y + *epsilon && x >= y - *epsilon ? 0.0 : 1.0);
    NRN_HOC_SLOW(2, Value(!equal_objects(sp[-2], sp[-1], "!=")));
    NRN_HOC_NEXT();
And: NRN_HOC_BINARY(x != 0 && y != 0 ? 1.0 : 0.0);
Or: NRN_HOC_BINARY(x != 0 || y != 0 ? 1.0 : 0.0);

Jump:
    NRN_HOC_TAKE();
    NRN_HOC_NEXT();
JumpIfZero:
    if ((--sp)->raw_number() == 0) NRN_HOC_TAKE();
    NRN_HOC_NEXT();
JumpUnlessZero:
    if ((--sp)->raw_number() != 0) NRN_HOC_TAKE();
    NRN_HOC_NEXT();
JumpIfLess: NRN_HOC_JUMP(x < y - *epsilon);
JumpIfLessEqual: NRN_HOC_JUMP(x <= y + *epsilon);
JumpIfGreater: NRN_HOC_JUMP(x > y + *epsilon);
JumpIfGreaterEqual: NRN_HOC_JUMP(x >= y - *epsilon);
JumpUnlessLess: NRN_HOC_JUMP(!(x < y - *epsilon));
JumpUnlessLessEqual: NRN_HOC_JUMP(!(x <= y + *epsilon));
JumpUnlessGreater: NRN_HOC_JUMP(!(x > y + *epsilon));
JumpUnlessGreaterEqual: NRN_HOC_JUMP(!(x >= y - *epsilon));

BeginLocalRange:
    if (!(locals[i->local].raw_number() <= locals[i->b].raw_number() + *epsilon)) NRN_HOC_TAKE();
    NRN_HOC_NEXT();
NextLocalRange: {
    const double x = locals[i->local].raw_number() + 1;
    set(locals[i->local], x);
    if (x <= locals[i->b].raw_number() + *epsilon) NRN_HOC_TAKE();
}
    NRN_HOC_NEXT();
BeginVariableRange:
    NRN_HOC_SYNC();
    if (!(number_of(*i->symbol) <= locals[i->b].raw_number() + *epsilon)) NRN_HOC_TAKE();
    NRN_HOC_NEXT();
NextVariableRange: {
    Symbol& s = *i->symbol;
    double x = 0;
    if (s.kind == Symbol::Kind::Number && !s.assigned) {
        x = *s.data += 1;
    } else {
        NRN_HOC_SYNC();
        assign(s, false, Value(1.0), Operator::Add, span_at(*frame));
        x = number_of(s);
    }
    if (x <= locals[i->b].raw_number() + *epsilon) NRN_HOC_TAKE();
}
    NRN_HOC_NEXT();
JumpIfInRange:
    if ((--sp)->raw_number() <= locals[i->b].raw_number() + *epsilon) NRN_HOC_TAKE();
    NRN_HOC_NEXT();

EnterSection: {
    NRN_HOC_SYNC();
    set(locals[i->b], static_cast<double>(model_.stack().depth()));
    if (!i->a || is_section(sp[-1])) model_.stack().push(SectionPtr(&section_of(sp[-1], span_at(*frame), "")));
    (--sp)->~Value();
}
    NRN_HOC_NEXT();
LeaveSection:
    NRN_HOC_SYNC();
    model_.stack().unwind(static_cast<std::size_t>(locals[i->b].raw_number()));
    NRN_HOC_NEXT();
BeginSections:
    NRN_HOC_SYNC();
    locals[i->b] = begin_sections(i->a, i->a ? sp[-1] : Value(), span_at(*frame));
    set(locals[i->b + 1], static_cast<double>(model_.stack().depth()));
    if (i->a) (--sp)->~Value();
    NRN_HOC_NEXT();
NextSection: {
    NRN_HOC_SYNC();
    model_.stack().unwind(static_cast<std::size_t>(locals[i->b + 1].raw_number()));
    Section* next = static_cast<SectionLoop&>(*locals[i->b].raw_pointer()).next();
    if (next) model_.stack().push(SectionPtr(next));
    else NRN_HOC_TAKE();
}
    NRN_HOC_NEXT();
EndSections:
    NRN_HOC_SYNC();
    model_.stack().unwind(static_cast<std::size_t>(locals[i->b + 1].raw_number()));
    locals[i->b] = Value(0.0);
    NRN_HOC_NEXT();
BeginSegments:
    NRN_HOC_SYNC();
    locals[i->b] = begin_segments(i->a ? sp[-1].raw_number() != 0 : true);
    if (i->a) --sp;
    NRN_HOC_NEXT();
NextSegment: {
    NRN_HOC_SYNC();
    double x = 0;
    if (static_cast<SegmentLoop&>(*locals[i->b].raw_pointer()).next(x)) set(locals[i->b + 1], x);
    else NRN_HOC_TAKE();
}
    NRN_HOC_NEXT();
LoadRange: {
    Site& site = *i->site;
    NRN_HOC_SLOW(site.n_index + site.n_arguments, section_value(model_.stack().accessed(), *site.symbol, site, sp - site.n_index - site.n_arguments));
}
    NRN_HOC_NEXT();
StoreRange: {
    Site& site = *i->site;
    const int count = site.n_index + site.n_arguments + (site.has_high ? 2 : 1);
    NRN_HOC_STORE(count, section_store(model_.stack().accessed(), symbol_of(site), site, sp - count));
}
    NRN_HOC_NEXT();

LoadMember: {
    Site& site = *i->site;
    Value* const object_slot = sp - 1 - site.n_index - site.n_arguments;
    NRN_HOC_SYNC();
    if (object_slot->is_object()) {
        Object& o = *static_cast<Object*>(object_slot->raw_pointer());
        if (&o.cls() == site.cls) {
            switch (site.found) {
            case Site::Found::Element: {
                const long index = static_cast<long>(std::floor(sp[-1].raw_number() + *epsilon));
                if (const double* x = site.member->data(o, {&index, 1})) {
                    const double value = *x;
                    drop_to(sp, object_slot);
                    push(sp, value);
                    NRN_HOC_NEXT();
                }
                break;
            }
            case Site::Found::Procedure:
                if (site.n_index != 0) break;
                target = site.target;
                base = object_slot;
                n_arguments = site.n_arguments;
                self = static_cast<TemplateInstance*>(&o);
                goto enter;
            case Site::Found::Method:
                if (site.n_index != 0) break;
                NRN_HOC_SLOW(1 + site.n_arguments, call_method(site, o, object_slot + 1));
                NRN_HOC_NEXT();
            case Site::Found::Own: {
                const Symbol& s = static_cast<TemplateInstance&>(o).slot(static_cast<std::size_t>(site.found_slot));
                if (s.kind != Symbol::Kind::Number || site.n_index != 0) break;
                const double value = *s.data;
                drop_to(sp, object_slot);
                push(sp, value);
                NRN_HOC_NEXT();
            }
            default: break;
            }
        } else if (&o.cls() == section_class_ && site.section_symbol && site.section_symbol->kind == Symbol::Kind::RangeVariable && site.n_arguments == 1 &&
                   site.n_index == 0 && !site.section_symbol->range->is_array && !site.section_symbol->range->is_stream && sp[-1].is_number()) {
            const double value = range_get(*site.section_symbol->range, static_cast<Section&>(o), sp[-1].raw_number());
            drop_to(sp, object_slot);
            push(sp, value);
            NRN_HOC_NEXT();
        }
    }
    NRN_HOC_SLOW(1 + site.n_index + site.n_arguments, load_member(site, object_slot));
}
    NRN_HOC_NEXT();
StoreMember: {
    Site& site = *i->site;
    const int count = 1 + site.n_index + site.n_arguments + (site.has_high ? 2 : 1);
    const Value& object = sp[-count];
    if (site.found == Site::Found::Element && !site.keep && object.is_object() && sp[-1].is_number()) {
        Object& o = *static_cast<Object*>(object.raw_pointer());
        if (&o.cls() == site.cls) {
            NRN_HOC_SYNC();
            const long index = static_cast<long>(std::floor(sp[-2].raw_number() + *epsilon));
            if (double* x = site.member->data(o, {&index, 1})) {
                *x = combined(site.op, *x, sp[-1].raw_number());
                drop_to(sp, sp - count);
                NRN_HOC_NEXT();
            }
        }
    }
    NRN_HOC_STORE(count, store_member(site, sp - count));
}
    NRN_HOC_NEXT();
ReferMember: {
    Site& site = *i->site;
    const int count = 1 + site.n_index + site.n_arguments;
    NRN_HOC_SLOW(count, refer_member(site, sp - count));
}
    NRN_HOC_NEXT();

Call: {
    Site& site = *i->site;
    NRN_HOC_SYNC();
    Symbol& s = site.own >= 0 ? own(site.own) : *site.symbol;
    if (s.kind == Symbol::Kind::Function && site.n_index == 0) [[likely]] {
        Callable* callable = s.callable.get();
        if (callable != site.callable) hoc_target(site, callable);
        if (const NumberFunction* const plain = site.plain; plain && sp[-1].is_number() && plain->defined(sp[-1].raw_number())) {
            set(sp[-1], plain->value(sp[-1].raw_number()));
            NRN_HOC_NEXT();
        }
        if (site.target) {
            target = site.target;
            n_arguments = site.n_arguments;
            base = sp - n_arguments;
            self = site.own >= 0 ? frame->self : nullptr;
            goto enter;
        }
        NRN_HOC_SLOW(site.n_arguments, call_native(site, *callable, sp - site.n_arguments));
        NRN_HOC_NEXT();
    }
    NRN_HOC_SLOW(site.n_index + site.n_arguments, call_function(site, s, sp - site.n_index - site.n_arguments, site.own >= 0));
}
    NRN_HOC_NEXT();

enter:
    if (interruption_point_.due() || no_room(*target)) [[unlikely]] {
        check_interrupt(span_at(*frame));
        if (no_room(*target)) too_deep(*target, span_at(*frame));
    }
    frame = &push_frame(*target, base, n_arguments, self);
    sp = sp_;
    locals = frame->locals;
    i = frame->pc - 1;
    NRN_HOC_NEXT();

CallIterator: {
    Site& site = *i->site;
    NRN_HOC_SYNC();
    n_arguments = site.n_arguments;
    base = sp - n_arguments - (site.has_base ? 1 : 0);
    self = nullptr;
    target = iterator_target(site, base, self);
    const std::uint32_t owner = static_cast<std::uint32_t>(count_ - 1);
    const Instruction* body = i + i->a;
    if (no_room(*target)) too_deep(*target, span_at(*frame));
    frame = &push_frame(*target, base, n_arguments, self);
    frame->iterator_body = body;
    frame->owner = owner;
    sp = sp_;
    locals = frame->locals;
    i = frame->pc - 1;
}
    NRN_HOC_NEXT();
IteratorStatement: {
    NRN_HOC_SYNC();
    const Frame& iterator = frames_[frame->home];
    if (!iterator.iterator_body) throw Error(ErrorKind::Runtime, "iterator_statement outside of an iterator that a for runs");
    if (count_ >= kMaximumFrames || stack_end_ - sp < 4096) too_deep(*frame->code, span_at(*frame));
    const Frame& owner = frames_[iterator.owner];
    Frame& body = frames_[count_];
    body = owner;
    body.pc = iterator.iterator_body;
    body.base = sp;
    body.owner = iterator.owner;
    body.iterator_body = nullptr;
    body.section_depth = static_cast<std::uint32_t>(model_.stack().depth());
    body.entry = false;
    if (body.self) body.self->retain();
    ++count_;
    NRN_HOC_FRAME();
}
    NRN_HOC_NEXT();
EndIteratorBody:
    NRN_HOC_SYNC();
    drop_to(sp, frame->base);
    --count_;
    release_frame(*frame);
    NRN_HOC_FRAME();
    NRN_HOC_NEXT();
BreakIterator: {
    NRN_HOC_SYNC();
    const Instruction* after = i + i->a;
    const std::size_t owner = frame->owner;
    const std::size_t sections = frames_[owner + 1].section_depth;
    unwind(owner + 1, nullptr);
    sp = sp_;
    model_.stack().unwind(sections);
    NRN_HOC_FRAME();
    i = after - 1;
}
    NRN_HOC_NEXT();

New:
    NRN_HOC_SLOW(i->site->n_arguments, new_object(*i->site, sp - i->site->n_arguments));
    NRN_HOC_NEXT();

ReturnValue: {
    // The usual case: a number from a function that was called from here.
    if (sp[-1].is_number() && !frame->self && !frame->entry && frame->code->kind == Callable::Kind::Function && frame->home == count_ - 1 && !frame->code->holds_objects) [[likely]] {
        const double x = sp[-1].raw_number();
        NRN_HOC_SYNC();
        drop_to(sp, frame->base);
        --count_;
        push(sp, x);
        --frame;  // its caller's, which is this loop's as well
        i = frame->pc - 1;
        locals = frame->locals;
        NRN_HOC_NEXT();
    }
}
    {
        NRN_HOC_SYNC();
        Value result = std::move(sp[-1]);
        if (frame->home != count_ - 1) {  // out of the body of an iterator's loop
            const std::size_t sections = frames_[frame->home + 1].section_depth;
            unwind(frame->home + 1, nullptr);
            model_.stack().unwind(sections);
            frame = &frames_[count_ - 1];
        }
        check_result(*frame, &result, call_span(count_ - 1));
        if (frame->code->holds_objects) drop_local_objects(*frame);
        const bool outermost = frame->entry, iterates = frame->iterator_body != nullptr;
        sp = sp_;
        drop_to(sp, frame->base);
        sp_ = sp;
        --count_;
        release_frame(*frame);
        if (outermost) return result;
        if (!iterates) new (sp++) Value(std::move(result));
    }
    NRN_HOC_FRAME();
    NRN_HOC_NEXT();
Return:
End: {
    NRN_HOC_SYNC();
    if (frame->home != count_ - 1) {
        const std::size_t sections = frames_[frame->home + 1].section_depth;
        unwind(frame->home + 1, nullptr);
        model_.stack().unwind(sections);
        frame = &frames_[count_ - 1];
    }
    if (frame->code->is_function) check_result(*frame, nullptr, call_span(count_ - 1));
    if (frame->code->holds_objects) drop_local_objects(*frame);
    const bool outermost = frame->entry, iterates = frame->iterator_body != nullptr;
    sp = sp_;
    drop_to(sp, frame->base);
    sp_ = sp;
    --count_;
    release_frame(*frame);
    if (outermost) return Value(0.0);
    if (!iterates) push(sp, 0.0);
    NRN_HOC_FRAME();
}
    NRN_HOC_NEXT();

Print:
    NRN_HOC_SYNC();
    runtime_.print(sp[-1].is_string() && i->a ? sp[-1].string() : value_text(sp[-1]) + " ");
    (--sp)->~Value();
    NRN_HOC_NEXT();
PrintNewline:
    NRN_HOC_SYNC();
    runtime_.print("\n");
    NRN_HOC_NEXT();
Show:
    NRN_HOC_SYNC();
    show(*i->site, sp[-1]);
    (--sp)->~Value();
    NRN_HOC_NEXT();
Declare:
    NRN_HOC_SYNC();
    declare(*i->site, sp - i->site->n_index);
    sp -= i->site->n_index;
    NRN_HOC_NEXT();
DeclareOwnNumber:
    if (Symbol& s = own(i->a); s.kind == Symbol::Kind::Undefined) define_own_number(s, {});
    NRN_HOC_NEXT();
CreateSections:
    NRN_HOC_SYNC();
    create_sections(*i->site, sp - i->site->n_index);
    sp -= i->site->n_index;
    NRN_HOC_NEXT();
Access:
    NRN_HOC_SYNC();
    model_.stack().access(SectionPtr(&section_of(sp[-1], i->site->span, i->site->name)));
    (--sp)->~Value();
    NRN_HOC_NEXT();
Connect: {
    NRN_HOC_SYNC();
    const int count = 2 + (i->a == 2 ? 2 : i->a == 1 ? 1 + i->site->n_index : 1);
    connect(*i->site, i->a, sp - count);
    drop_to(sp, sp - count);
}
    NRN_HOC_NEXT();
Insert:
    NRN_HOC_SYNC();
    model_.insert(model_.stack().accessed(), model_.require_mechanism(i->site->name));
    NRN_HOC_NEXT();
Uninsert:
    NRN_HOC_SYNC();
    model_.uninsert(model_.stack().accessed(), model_.require_mechanism(i->site->name));
    NRN_HOC_NEXT();
SetPointer: {
    NRN_HOC_SYNC();
    const int count = 1 + (i->site->has_base ? 1 : 0) + i->site->n_arguments;
    set_pointer(*i->site, sp - count);
    drop_to(sp, sp - count);
}
    NRN_HOC_NEXT();
Delete:
    NRN_HOC_SYNC();
    forget(*i->symbol);
    NRN_HOC_NEXT();
Define:
    NRN_HOC_SYNC();
    define(*i->site);
    NRN_HOC_NEXT();
DeclareDependent:
    NRN_HOC_SYNC();
    declare_dependent(*i->site);
    NRN_HOC_NEXT();
BeginEquation: {
    NRN_HOC_SYNC();
    const int count = i->site->n_index;
    locals[i->b] = begin_equation(*i->site, i->a != 0, sp - count);
    sp -= count;
}
    NRN_HOC_NEXT();
StepEquation: {
    NRN_HOC_SYNC();
    sp -= 2;
    sp_ = sp;
    if (static_cast<EquationRow&>(*locals[i->b].raw_pointer()).take(sp[0].raw_number(), sp[1].raw_number())) NRN_HOC_TAKE();
    else locals[i->b] = Value(0.0);
}
    NRN_HOC_NEXT();
Stop:
    NRN_HOC_SYNC();
    throw StopRequest{};
}

#pragma GCC diagnostic pop

}  // namespace nrn::hoc
