// SPDX-License-Identifier: BSD-3-Clause
// Running statements.
#include <algorithm>
#include <cmath>
#include <regex>

#include <fmt/format.h>

#include "model/model.hpp"
#include "model/point_process.hpp"
#include "model/point_process_class.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/error.hpp"
#include "section_access.hpp"
#include "template_class.hpp"

namespace nrn::hoc {

using Flow = HocInterpreter::Flow;

Flow HocInterpreter::run_block(const std::vector<StmtPtr>& body) {
    for (const auto& s : body) {
        const Flow flow = run(*s);
        if (flow != Flow::Normal) return flow;
    }
    return Flow::Normal;
}

void HocInterpreter::show(const Value& v) {
    if (v.is_string()) {
        runtime_.print(v.string() + "\n");
        return;
    }
    runtime_.print(v.is_number() ? fmt::format("\t{:.8g} \n", v.number()) : fmt::format("\t{} \n", value_text(v)));
}

/// A bare expression prints; assignments and calls of procedures do not.
bool HocInterpreter::prints(const Expr& e) const {
    if (e.kind == Expr::Kind::Assign) return false;
    if (e.kind == Expr::Kind::Name && !e.object && e.slot < 0) {
        const Symbol* s = e.symbol;
        if (s && s->kind == Symbol::Kind::Function) {
            const auto kind = s->callable->kind();
            return kind != Callable::Kind::Procedure && kind != Callable::Kind::Iterator;
        }
    }
    return true;
}

void HocInterpreter::print(const Stmt& s) {
    for (const auto& e : s.list) {  // what an argument prints comes before the next one is evaluated
        const Value v = evaluate(*e);
        // A string of one's own stands bare; one that an object gave is followed by a space, as numbers are.
        runtime_.print(v.is_string() && !e->object ? v.string() : value_text(v) + " ");
    }
    runtime_.print("\n");
}

Flow HocInterpreter::run(const Stmt& s) {
    const bool top = std::exchange(top_level_, false);
    try {
        switch (s.kind) {
        case Stmt::Kind::Empty: return Flow::Normal;
        case Stmt::Kind::Expression: {
            const Value v = evaluate(*s.a);
            if (top && prints(*s.a)) show(v);
            return Flow::Normal;
        }
        case Stmt::Kind::Print: print(s); return Flow::Normal;
        case Stmt::Kind::If:
            if (truth(*s.a)) return run(*s.then);
            return s.otherwise ? run(*s.otherwise) : Flow::Normal;
        case Stmt::Kind::While:
            while (truth(*s.a)) {
                const Flow flow = run(*s.body[0]);
                if (flow == Flow::Break) break;
                if (flow == Flow::Return || flow == Flow::Stop) return flow;
            }
            return Flow::Normal;
        case Stmt::Kind::For:
        case Stmt::Kind::ForRange:
        case Stmt::Kind::ForSegments: return run_for(s);
        case Stmt::Kind::ForIterator: return run_iterator(s);
        case Stmt::Kind::IteratorStatement: {
            if (!frame_ || !frame_->iterator_body) throw Error(ErrorKind::Runtime, s.span, "iterator_statement outside of an iterator that a for runs");
            const Stmt* body = frame_->iterator_body;
            Frame* const iterator = frame_;
            InstanceScope scope(*this, iterator->iterator_instance, iterator->iterator_frame);
            const Flow flow = run(*body);
            if (flow == Flow::Continue) return Flow::Normal;
            if (flow == Flow::Return) iterator->returned_by_iterator = true;
            // A break leaves the iterator too, without the rest of it.
            return flow == Flow::Break ? Flow::Return : flow;
        }
        case Stmt::Kind::ForAll:
        case Stmt::Kind::ForSec:
        case Stmt::Kind::IfSec: return run_sections(s);
        case Stmt::Kind::Block: return run_block(s.body);
        case Stmt::Kind::Section: {
            const Value v = evaluate(*s.a);
            auto* section = v.is_object() ? dynamic_cast<Section*>(v.object()) : nullptr;
            if (!section) throw Error(ErrorKind::Type, s.a->span, fmt::format("syntax error: `{}` is not a section", to_text(*s.a)));
            SectionStack::Guard guard(runtime_.model().stack(), section);
            return run(*s.then);
        }
        case Stmt::Kind::Return:
            if (!frame_ || !frame_->function) throw Error(ErrorKind::Runtime, s.span, "return belongs inside a procedure or function");
            returned_ = s.a ? evaluate(*s.a) : Value();
            frame_->returned = s.a != nullptr;
            return Flow::Return;
        case Stmt::Kind::Break: return Flow::Break;
        case Stmt::Kind::Continue: return Flow::Continue;
        case Stmt::Kind::Stop: return Flow::Stop;
        case Stmt::Kind::Create: create_sections(s); return Flow::Normal;
        case Stmt::Kind::Objref:
        case Stmt::Kind::Strdef:
        case Stmt::Kind::Double: declare(s); return Flow::Normal;
        case Stmt::Kind::Local:
        case Stmt::Kind::LocalObj:
            for (std::size_t i = 0; i < s.locals.size(); ++i) {
                Value& v = frame_->locals[static_cast<std::size_t>(s.locals[i])];
                if (s.list[i]) {
                    const double n = number(*s.list[i]);
                    if (!(n >= 1 && n < 1e9)) throw Error(ErrorKind::Range, s.span, fmt::format("the size of array `{}` must be at least 1", s.names[i]));
                    v = local_array(static_cast<std::size_t>(n));
                } else {
                    v = s.kind == Stmt::Kind::Local ? Value(0.0) : Value();
                }
            }
            return Flow::Normal;
        case Stmt::Kind::Define:
        case Stmt::Kind::Template: define(s); return Flow::Normal;
        case Stmt::Kind::Public:
        case Stmt::Kind::External: return Flow::Normal;
        case Stmt::Kind::Access: {
            const Value v = evaluate(*s.a);
            auto* section = v.is_object() ? dynamic_cast<Section*>(v.object()) : nullptr;
            if (!section) throw Error(ErrorKind::Type, s.a->span, fmt::format("`{}` is not a section", to_text(*s.a)));
            runtime_.model().stack().access(SectionPtr(section));
            return Flow::Normal;
        }
        case Stmt::Kind::Connect: connect(s); return Flow::Normal;
        case Stmt::Kind::Insert:
            runtime_.model().insert(runtime_.model().stack().accessed(), runtime_.model().require_mechanism(s.name));
            return Flow::Normal;
        case Stmt::Kind::Uninsert:
            runtime_.model().uninsert(runtime_.model().stack().accessed(), runtime_.model().require_mechanism(s.name));
            return Flow::Normal;
        case Stmt::Kind::Setpointer: setpointer(s); return Flow::Normal;
        default: throw Error(ErrorKind::Unsupported, s.span, "this statement is not supported");
        }
    } catch (Error& error) {
        error.locate(s.span);
        throw;
    }
}

Value HocInterpreter::local_array(std::size_t n) {
    // A local array is a reference to cells of its own.
    class ArrayCell final : public Ref {
      public:
        explicit ArrayCell(std::size_t size) : values_(size) {}
        [[nodiscard]] double* data() const override { return values_.data(); }
        [[nodiscard]] std::size_t length() const override { return values_.size(); }
      private:
        mutable std::vector<double> values_;
    };
    return Value(static_cast<Ref*>(new ArrayCell(n)));
}

Flow HocInterpreter::run_for(const Stmt& s) {
    if (s.kind == Stmt::Kind::For) {
        run(*s.then);
        while (!s.a || truth(*s.a)) {
            const Flow flow = run(*s.body[0]);
            if (flow == Flow::Break) break;
            if (flow == Flow::Return || flow == Flow::Stop) return flow;
            run(*s.step);
        }
        return Flow::Normal;
    }
    // Sets the loop's variable as an assignment would.
    const auto set = [&](double x) {
        if (s.a->local >= 0 && frame_) {
            frame_->locals[static_cast<std::size_t>(s.a->local)] = x;
            return;
        }
        if (s.a->object || s.a->kind == Expr::Kind::Argument) {
            const Value r = reference(*s.a);
            r.ref().set(x);
            return;
        }
        Symbol& symbol_ = symbol(*s.a);
        if (symbol_.kind == Symbol::Kind::Undefined) {
            if (s.a->slot >= 0 && instance_) define_slot_number(symbol_, {});
            else runtime_.scope().define_number(symbol_.name);
        }
        if (symbol_.kind != Symbol::Kind::Number) throw Error(ErrorKind::Type, s.a->span, fmt::format("`{}` is not a number and cannot count a loop", s.a->text));
        symbol_.data[symbol_.dims.empty() ? 0 : flat_index(*s.a, symbol_.dims, s.a->index.size())] = x;
    };
    if (s.kind == Stmt::Kind::ForRange) {
        const double first = number(*s.b), last = number(*s.c);
        double i = first;
        set(i);
        for (; i <= last + kFloatEpsilon; i += 1, set(i)) {
            const Flow flow = run(*s.body[0]);
            if (flow == Flow::Break) break;
            if (flow == Flow::Return || flow == Flow::Stop) return flow;
        }
        return Flow::Normal;
    }
    const SectionPtr section(&runtime_.model().stack().accessed());
    const bool ends = !s.b || truth(*s.b);
    std::vector<double> places;
    if (ends) places.push_back(0);
    for (int i = 0; i < section->nseg(); ++i) places.push_back(section->segment_x(i));
    if (ends) places.push_back(1);
    for (const double x : places) {
        set(x);
        const Flow flow = run(*s.body[0]);
        if (flow == Flow::Break) break;
        if (flow == Flow::Return || flow == Flow::Stop) return flow;
    }
    return Flow::Normal;
}

Flow HocInterpreter::run_iterator(const Stmt& s) {
    // The iterator runs as a procedure; its iterator_statement runs our body in our scope.
    const Expr& call = *s.a;
    TemplateInstance* self = nullptr;
    CallablePtr callable;
    Value holder;
    if (call.object) {
        holder = evaluate(*call.object);
        self = holder.is_object() ? dynamic_cast<TemplateInstance*>(holder.object()) : nullptr;
        if (self) {
            auto& cls = static_cast<TemplateClass&>(self->cls());
            const int slot = cls.slot_of(call.text);
            if (slot >= 0 && static_cast<std::size_t>(slot) < cls.procedures.size()) callable = cls.procedures[static_cast<std::size_t>(slot)].callable;
        }
    } else {
        Symbol& symbol_ = symbol(call);
        if (symbol_.kind == Symbol::Kind::Function) callable = symbol_.callable;
        if (call.slot >= 0) self = instance_;
    }
    auto* own = dynamic_cast<HocFunction*>(callable.get());
    if (!own || own->kind() != Callable::Kind::Iterator) throw Error(ErrorKind::Type, call.span, fmt::format("`{}` is not an iterator", to_text(call)));
    const std::vector<Value> values = arguments(call.arguments, true);
    CallArgs args(runtime_, call.text, values);
    args.span = call.span;
    Flow outcome = Flow::Normal;
    pending_iterator_ = {s.body[0].get(), frame_, instance_, &outcome};
    (void)call_function(own->body(), args, self);
    return outcome;
}

Value HocInterpreter::call_function(const FunctionBody& f, CallArgs& args, TemplateInstance* self) {
    const char here = 0;
    if (!stack_base_) stack_base_ = &here;
    constexpr std::ptrdiff_t kStackRoom = 6 << 20;
    if (std::abs(stack_base_ - &here) > kStackRoom)
        throw Error(ErrorKind::Runtime, args.span, fmt::format("`{}` calls itself too deeply: endless recursion, stack overflow", f.name));
    Frame frame;
    frame.function = &f;
    frame.arguments = args.values();
    frame.locals.resize(f.locals.size());
    Flow* outcome = nullptr;
    if (pending_iterator_.body) {
        frame.iterator_body = pending_iterator_.body;
        frame.iterator_frame = pending_iterator_.frame;
        frame.iterator_instance = pending_iterator_.instance;
        outcome = pending_iterator_.outcome;
        pending_iterator_ = {};
    }
    const std::size_t sections = runtime_.model().stack().depth();
    const ObjectPtr keep(self);
    Flow flow = Flow::Normal;
    {
        InstanceScope scope(*this, self, &frame);
        try {
            flow = run(*f.body);
        } catch (Error& error) {
            runtime_.model().stack().unwind(sections);
            error.add_frame(args.span, f.name);
            throw;
        }
    }
    if (f.kind != Callable::Kind::Iterator && runtime_.model().stack().depth() > sections && flow != Flow::Normal) runtime_.model().stack().unwind(sections);
    if (outcome) {
        // A return in the loop's body returns from the function that holds the loop.
        *outcome = flow == Flow::Stop || (flow == Flow::Return && frame.returned_by_iterator) ? flow : Flow::Normal;
        return {};
    }
    if (flow == Flow::Stop) throw StopRequest{};
    const Value result = std::exchange(returned_, Value());
    if (f.kind == Callable::Kind::Procedure) {
        if (flow == Flow::Return && frame.returned) throw Error(ErrorKind::Type, f.span, fmt::format("procedure `{}` returns a value: use func", f.name));
        return 0.0;
    }
    if (f.kind == Callable::Kind::Iterator) return 0.0;
    if (flow != Flow::Return || !frame.returned) throw Error(ErrorKind::Type, args.span, fmt::format("func `{}` ended without return: {} returned no value", f.name, f.name));
    if (f.kind == Callable::Kind::Function && !result.is_number()) throw Error(ErrorKind::Type, f.span, fmt::format("func `{}` must return a number, not a {}", f.name, result.type_name()));
    return result;
}

Flow HocInterpreter::run_sections(const Stmt& s) {
    Model& model = runtime_.model();
    std::vector<SectionPtr> chosen;
    const auto visible = [&](Section* section) { return !instance_ || section->owner() == instance_; };
    if (s.kind == Stmt::Kind::ForAll) {
        for (Section* section : model.sections())
            if (visible(section)) chosen.emplace_back(section);
    } else {
        const Value v = evaluate(*s.a);
        std::vector<SectionPtr> candidates;
        if (s.kind == Stmt::Kind::IfSec) candidates.emplace_back(&model.stack().accessed());
        if (v.is_string()) {
            if (s.kind == Stmt::Kind::ForSec)
                for (Section* section : model.sections())
                    if (visible(section)) candidates.emplace_back(section);
            const auto pattern = section_pattern(v.string());
            for (const auto& c : candidates)
                // Inside a template sections go by their own names, without the object's.
                if (std::regex_match(instance_ ? c->local_name : c->name(), pattern)) chosen.push_back(c);
        } else if (v.is_object() && v.object()->cls().is_sequence()) {
            Object& list = *v.object();
            for (std::size_t i = 0; i < list.cls().size(list); ++i) {
                const Value item = list.cls().item(list, static_cast<long>(i));
                auto* section = item.is_object() ? dynamic_cast<Section*>(item.object()) : nullptr;
                if (section && (s.kind == Stmt::Kind::ForSec || candidates[0] == section)) chosen.emplace_back(section);
            }
        } else {
            throw Error(ErrorKind::Type, s.a->span, fmt::format("a string or a SectionList is needed here, not a {}", v.type_name()));
        }
    }
    for (const auto& section : chosen) {
        if (!section->alive()) continue;
        SectionStack::Guard guard(model.stack(), section.get());
        const Flow flow = run(*s.body[0]);
        if (s.kind == Stmt::Kind::IfSec && flow != Flow::Normal) return flow;
        if (flow == Flow::Break) break;
        if (flow == Flow::Return || flow == Flow::Stop) return flow;
    }
    return Flow::Normal;
}

std::regex HocInterpreter::section_pattern(const std::string& text) {
    // In these patterns [ ] stand for themselves and < > enclose character ranges.
    std::string p;
    for (const char c : text) {
        if (c == '[' || c == ']') p += std::string("\\") + c;
        else if (c == '<') p += '[';
        else if (c == '>') p += ']';
        else p += c;
    }
    try {
        return std::regex(".*" + p + ".*");
    } catch (const std::regex_error&) {
        throw Error(ErrorKind::Value, fmt::format("`{}` is no regular expression for section names", text));
    }
}

void HocInterpreter::declare(const Stmt& s) {
    for (const auto& e : s.list) {
        const std::vector<long> dims = dimensions(*e);
        if (e->slot >= 0 && instance_) {
            Symbol& symbol_ = instance_->slot(static_cast<std::size_t>(e->slot));
            symbol_.dims = dims;
            ++symbol_.generation;
            if (s.kind == Stmt::Kind::Double) define_slot_number(symbol_, dims);
            else if (s.kind == Stmt::Kind::Strdef) { symbol_.kind = Symbol::Kind::String; symbol_.string = make_counted<StringCell>(); }
            else { symbol_.kind = Symbol::Kind::ObjectVar; symbol_.objects.assign(symbol_.total(), nullptr); }
            continue;
        }
        Scope& scope = runtime_.scope();
        Symbol* known = scope.find(e->text);
        if (known) {
            const auto wanted = s.kind == Stmt::Kind::Double ? Symbol::Kind::Number : s.kind == Stmt::Kind::Strdef ? Symbol::Kind::String : Symbol::Kind::ObjectVar;
            if (known->built_in || (known->kind != wanted && known->kind != Symbol::Kind::Undefined))
                throw Error(ErrorKind::Name, e->span, fmt::format("`{}` is already declared as something else: {} already declared", e->text, e->text));
            if (s.kind == Stmt::Kind::Strdef) {
                known->string->text.clear();
                continue;
            }
            if (s.kind == Stmt::Kind::Objref && known->dims == dims) {
                const std::vector<ObjectPtr> old = std::exchange(known->objects, std::vector<ObjectPtr>(known->total()));
                continue;
            }
        }
        if (s.kind == Stmt::Kind::Double) scope.define_number(e->text, 0, dims);
        else if (s.kind == Stmt::Kind::Strdef) scope.define_string(e->text);
        else scope.define_object(e->text, dims);
    }
}

void HocInterpreter::create_sections(const Stmt& s) {
    Model& model = runtime_.model();
    for (const auto& e : s.list) {
        const std::vector<long> dims = dimensions(*e);
        if (dims.size() > 1) throw Error(ErrorKind::Unsupported, e->span, "arrays of sections have one dimension");
        Symbol& symbol_ = symbol(*e);
        if (symbol_.kind != Symbol::Kind::Undefined && symbol_.kind != Symbol::Kind::Sections)
            throw Error(ErrorKind::Name, e->span, fmt::format("`{}` is already declared as something else: {} already declared", e->text, e->text));
        for (const ObjectPtr& old : symbol_.objects)
            if (old) model.delete_section(static_cast<Section&>(*old));
        const std::size_t n = dims.empty() ? 1 : static_cast<std::size_t>(dims[0]);
        std::vector<ObjectPtr> made(n);
        for (std::size_t i = 0; i < n; ++i) {
            const std::string local = dims.empty() ? e->text : fmt::format("{}[{}]", e->text, i);
            SectionPtr section = model.create_section(instance_ ? instance_->name() + "." + local : local, instance_);
            section->local_name = local;
            made[i] = section;
        }
        symbol_.kind = Symbol::Kind::Sections;
        symbol_.dims = dims;
        symbol_.objects.swap(made);
        ++symbol_.generation;
    }
}

void HocInterpreter::connect(const Stmt& s) {
    // child(x), parent(y)  or, on the accessed section as parent: child(x), y
    Model& model = runtime_.model();
    const auto end_of = [&](const Expr& e, SectionPtr& section, double& x) {
        // The path without its last argument list is the section.
        auto& path = const_cast<Expr&>(e);
        if (path.kind != Expr::Kind::Name || path.arguments.size() != 1) throw Error(ErrorKind::Syntax, e.span, "connect wants section(x)");
        std::vector<ExprPtr> args;
        args.swap(path.arguments);
        const bool had = std::exchange(path.has_arguments, false);
        struct Restore { Expr& p; std::vector<ExprPtr>& a; bool h; ~Restore() { p.arguments.swap(a); p.has_arguments = h; } } restore{path, args, had};
        const Value v = evaluate(path);
        section = SectionPtr(v.is_object() ? dynamic_cast<Section*>(v.object()) : nullptr);
        if (!section) throw Error(ErrorKind::Type, e.span, fmt::format("`{}` is not a section", to_text(e)));
        x = number(*args[0]);
    };
    SectionPtr child, parent;
    double child_end = 0, parent_x = 0;
    end_of(*s.a, child, child_end);
    if (s.b->kind == Expr::Kind::Name && s.b->has_arguments) {
        bool section_path = true;
        if (!s.b->object && s.b->local < 0) section_path = symbol(*s.b).kind == Symbol::Kind::Sections;
        if (section_path) {
            end_of(*s.b, parent, parent_x);
            model.connect(*child, child_end, *parent, parent_x);
            return;
        }
    }
    model.connect(*child, child_end, model.stack().accessed(), number(*s.b));
}

void HocInterpreter::define(const Stmt& s) {
    if (s.kind == Stmt::Kind::Template) {
        Symbol* known = runtime_.scope().find(s.name);
        if (known) throw Error(ErrorKind::Name, s.tmpl->span, fmt::format("template cannot be redefined: `{}` is already declared", s.name));
        Class& cls = runtime_.classes().add(std::make_unique<TemplateClass>(*this, s.tmpl));
        runtime_.scope().define_class(cls, false);
        return;
    }
    if (!s.locals.empty()) return;  // a template's own: the class has it
    Symbol* known = runtime_.scope().find(s.name);
    if (known && known->kind != Symbol::Kind::Function)
        throw Error(ErrorKind::Name, s.function->span, fmt::format("`{}` is already declared as something else: {} already declared", s.name, s.name));
    if (known && known->built_in && !known->redefinable)
        throw Error(ErrorKind::Name, s.function->span, fmt::format("`{}` is a built-in function and cannot be defined again", s.name));
    if (known) known->built_in = false;
    keep(s.function);
    runtime_.scope().define_function(s.name, make_counted<HocFunction>(*this, s.function));
}

void HocInterpreter::setpointer(const Stmt& s) {
    const Value target = reference(*s.b);
    const Expr& e = *s.a;
    if (e.object) {
        const Value base = evaluate(*e.object);
        if (auto* p = base.is_object() ? dynamic_cast<PointProcess*>(base.object()) : nullptr) {
            set_point_pointer(*p, e.text, RefPtr(&target.ref()));
            return;
        }
        if (auto* section = base.is_object() ? dynamic_cast<Section*>(base.object()) : nullptr) {
            const RangeVariable* rv = runtime_.model().range_variable(e.text);
            if (!rv) throw Error(ErrorKind::Name, e.span, fmt::format("`{}` is not a range variable", e.text));
            set_range_pointer(*rv, *section, e.arguments.empty() ? 0.5 : number(*e.arguments[0]), RefPtr(&target.ref()));
            return;
        }
        throw Error(ErrorKind::Type, e.span, fmt::format("`{}` has no POINTER variables", to_text(*e.object)));
    }
    const RangeVariable* rv = runtime_.model().range_variable(e.text);
    if (!rv) throw Error(ErrorKind::Name, e.span, fmt::format("`{}` is not a POINTER variable", e.text));
    set_range_pointer(*rv, runtime_.model().stack().accessed(), e.arguments.empty() ? 0.5 : number(*e.arguments[0]), RefPtr(&target.ref()));
}

}  // namespace nrn::hoc
