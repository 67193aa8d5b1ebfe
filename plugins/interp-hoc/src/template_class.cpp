// SPDX-License-Identifier: BSD-3-Clause
// Templates: members by slot, construction through the body's declarations and init.
#include "template_class.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "compiler.hpp"
#include "model/model.hpp"
#include "nrn/api/error.hpp"

namespace nrn::hoc {
namespace {

/// A public name of a template. What it holds is known from the body's declarations.
class SlotMember final : public Member {
  public:
    SlotMember(TemplateClass& cls, std::string name, Kind kind, int slot) : Member(std::move(name), kind), cls_(cls), slot_(static_cast<std::size_t>(slot)) {}

    [[nodiscard]] std::vector<long> dims(const Object& o) const override { return symbol(const_cast<Object&>(o)).dims; }
    double* data(Object& o, Indices indices) const override {
        Symbol& s = symbol(o);
        return s.kind == Symbol::Kind::Number ? s.data + flat(o, s, indices) : nullptr;
    }
    Value get(Object& o, Indices indices) const override {
        Symbol& s = symbol(o);
        switch (s.kind) {
        case Symbol::Kind::Number: return s.data[flat(o, s, indices)];
        case Symbol::Kind::String: return s.string;
        case Symbol::Kind::ObjectVar: return slot_ == 0 && name() == "this" ? Value(&o) : Value(s.objects[flat(o, s, indices)]);
        case Symbol::Kind::Sections: {
            const ObjectPtr& section = s.objects[flat(o, s, indices)];
            if (!section) throw Error(ErrorKind::Reference, fmt::format("section `{}.{}` was deleted", o.name(), name()));
            return section;
        }
        default: refuse(o, "was never assigned: undefined variable");
        }
    }
    void set(Object& o, Indices indices, const Value& value) const override {
        Symbol& s = symbol(o);
        switch (s.kind) {
        case Symbol::Kind::Undefined: define_own_number(s, {}); [[fallthrough]];
        case Symbol::Kind::Number: s.data[flat(o, s, indices)] = value.number(); return;
        case Symbol::Kind::String: s.string->text = std::string(value.string()); return;
        case Symbol::Kind::ObjectVar: {
            replace_held(s.objects[flat(o, s, indices)], value.object());
            return;
        }
        default: refuse(o, "cannot be assigned to");
        }
    }
    RefPtr ref(Object& o, Indices indices) const override {
        Symbol& s = symbol(o);
        if (s.kind == Symbol::Kind::Undefined) define_own_number(s, {});
        if (s.kind == Symbol::Kind::Sections) refuse(o, "is a section, not a variable");
        return instance_ref(static_cast<TemplateInstance&>(o), s, flat(o, s, indices));
    }
    Value call(Object& o, CallArgs& args) const override {
        const CallablePtr callable = cls_.procedures[slot_].callable;
        if (!callable) refuse(o, "is not a procedure or function");
        return cls_.interpreter().vm().call(static_cast<HocFunction&>(*callable).code(), args, &static_cast<TemplateInstance&>(o));
    }

  private:
    Symbol& symbol(Object& o) const { return static_cast<TemplateInstance&>(o).slot(slot_); }
    std::size_t flat(Object& o, const Symbol& s, Indices indices) const {
        if (indices.empty()) return 0;  // an array's name alone is its first element
        if (indices.size() != s.dims.size())
            throw Error(ErrorKind::Index, fmt::format("`{}.{}` has {} subscripts, not {}: wrong number of subscripts", o.name(), name(), s.dims.size(), indices.size()));
        std::size_t i = 0;
        for (std::size_t k = 0; k < indices.size(); ++k) {
            if (indices[k] < 0 || indices[k] >= s.dims[k])
                throw Error(ErrorKind::Index, fmt::format("subscript out of range: index {} of `{}.{}` is not within 0 to {}", indices[k], o.name(), name(), s.dims[k] - 1));
            i = i * static_cast<std::size_t>(s.dims[k]) + static_cast<std::size_t>(indices[k]);
        }
        return i;
    }
    TemplateClass& cls_;
    std::size_t slot_;
};

class InstanceRef final : public Ref, public Holder {
  public:
    InstanceRef(TemplateInstance& instance, Symbol& symbol, std::size_t index) : instance_(&instance), inner_(symbol_ref(symbol, index)), symbol_(symbol), index_(index) {}
    [[nodiscard]] bool valid() const override { return inner_->valid(); }
    [[nodiscard]] std::size_t length() const override { return inner_->length(); }
    [[nodiscard]] double* data() const override { return inner_->data(); }
    [[nodiscard]] const std::uint32_t* moves() const noexcept override { return inner_->moves(); }
    [[nodiscard]] Value get() const override { return inner_->get(); }
    void visit_held(HeldVisitor& visitor) const override { visitor.visit(instance_); }
    void set(const Value& v) const override { inner_->set(v); }
    [[nodiscard]] std::string name() const override { return instance_->name() + "." + inner_->name(); }
    [[nodiscard]] bool same(const Ref& other) const override {
        const auto* o = dynamic_cast<const InstanceRef*>(&other);
        return o && &o->symbol_ == &symbol_ && o->index_ == index_;
    }

  private:
    ObjectPtr instance_;
    RefPtr inner_;
    Symbol& symbol_;
    std::size_t index_;
};

}  // namespace

RefPtr instance_ref(TemplateInstance& instance, Symbol& symbol, std::size_t index) { return make_counted<InstanceRef>(instance, symbol, index); }

TemplateInstance::TemplateInstance(Class& cls, std::size_t n) : Object(cls) { slots.resize(n); }

Symbol& TemplateInstance::slot(std::size_t i) {
    auto& cls = static_cast<TemplateClass&>(this->cls());
    if (i < cls.procedures.size() && cls.procedures[i].kind == Symbol::Kind::Function) return cls.procedures[i];
    if (i >= slots.size()) slots.resize(std::max(i + 1, cls.body().names.size()));
    auto& s = slots[i];
    if (!s) {
        s = std::make_unique<Symbol>();
        s->name = cls.body().names[i];
    }
    return *s;
}

void TemplateInstance::visit_held(HeldVisitor& visitor) const {
    for (const auto& s : slots)
        if (s && s->kind == Symbol::Kind::ObjectVar)
            for (const ObjectPtr& o : s->objects) visitor.visit(o);
}

void TemplateInstance::let_go_of_held() noexcept {
    for (auto& s : slots) {
        if (!s || s->kind != Symbol::Kind::ObjectVar) continue;
        std::vector<ObjectPtr> going;
        going.swap(s->objects);
    }
}

TemplateInstance::~TemplateInstance() {
    for (auto& s : slots) {
        if (s && s->kind == Symbol::Kind::ObjectVar)
            for (ObjectPtr& o : s->objects) replace_held(o, nullptr);
        if (!s || s->kind != Symbol::Kind::Sections) continue;
        for (const ObjectPtr& o : s->objects)
            if (auto* section = dynamic_cast<Section*>(o.get()); section && section->alive() && !section->model().is_shut_down()) section->model().delete_section(*section);
    }
}

namespace {

/// How deep this thread is in the ends of instances, each the last holder of the next, and those that wait for the
/// outermost: a list of a million linked instances would otherwise end in a million nested calls.
struct Endings {
    static constexpr int kDeepest = 100;
    int depth = 0;
    std::vector<TemplateInstance*> waiting;
};
thread_local Endings endings;  // of a stack, so of a thread

}  // namespace

void TemplateInstance::end(int& depth) noexcept {
    ++depth;
    delete this;
    --depth;
}

void TemplateInstance::last_reference_gone() noexcept {
    if (!dying_ && !static_cast<TemplateClass&>(cls()).unref()) dying_ = true;
    if (dying_) {
        Endings& all = endings;
        if (all.depth >= Endings::kDeepest) return all.waiting.push_back(this);
        end(all.depth);
        while (all.depth == 0 && !all.waiting.empty()) {
            TemplateInstance* next = all.waiting.back();
            all.waiting.pop_back();
            next->end(all.depth);
        }
        return;
    }
    dying_ = true;
    retain();  // alive while unref looks at it
    let_go(0);
    release();
}

void TemplateInstance::let_go(std::uint32_t left) noexcept {
    auto& cls = static_cast<TemplateClass&>(this->cls());
    Runtime& runtime = cls.runtime();
    const Code* unref = cls.unref();
    if (!unref || runtime.model().is_shut_down()) return;
    const Value count(static_cast<double>(left));
    cls.interpreter().vm().call_unref(*unref, CallArgs(runtime, "unref", {&count, 1}), this);
}

TemplateClass::TemplateClass(HocInterpreter& interpreter, std::shared_ptr<TemplateBody> body)
    : Class(body->name, "A template written in Hoc."), interpreter_(interpreter), runtime_(interpreter.runtime()), body_(std::move(body)) {
    std::unordered_map<std::string, Member::Kind> kinds;
    const auto note = [&](const Stmt& s, Member::Kind kind) {
        for (const auto& e : s.list) kinds[e->text] = kind;
    };
    for (const auto& s : body_->body) {
        switch (s->kind) {
        case Stmt::Kind::Objref: note(*s, Member::Kind::ObjectVar); break;
        case Stmt::Kind::Strdef: note(*s, Member::Kind::String); break;
        case Stmt::Kind::Create: note(*s, Member::Kind::Sections); break;
        case Stmt::Kind::Define: {
            kinds[s->name] = Member::Kind::Method;
            const auto slot = static_cast<std::size_t>(s->locals[0]);
            if (procedures.size() <= slot) procedures.resize(slot + 1);
            Symbol& symbol = procedures[slot];
            symbol.name = s->name;
            symbol.kind = Symbol::Kind::Function;
            symbol.callable = make_counted<HocFunction>(interpreter, Compiler(interpreter.runtime().scope(), interpreter.implied_numbers).function(*s->function));
            break;
        }
        default: break;
        }
    }
    init_ = procedure("init");
    unref_ = procedure("unref");
    for (const auto& name : body_->publics) {
        const int slot = slot_of(name);
        if (slot < 0 || by_name_.contains(name)) continue;
        const auto kind = kinds.find(name);
        add(std::make_unique<SlotMember>(*this, name, kind == kinds.end() ? Member::Kind::Number : kind->second, slot));
    }
    for (std::size_t slot = 0; slot < body_->names.size(); ++slot) {
        const std::string& name = body_->names[slot];
        if (Class::member(name)) continue;
        const auto kind = kinds.find(name);
        hidden_[name] = std::make_unique<SlotMember>(*this, name, kind == kinds.end() ? Member::Kind::Number : kind->second, static_cast<int>(slot));
    }
}

const Member* TemplateClass::hidden_member(std::string_view name) const {
    const auto found = hidden_.find(std::string(name));
    return found == hidden_.end() ? nullptr : found->second.get();
}

const Code* TemplateClass::procedure(std::string_view name) const {
    const int slot = slot_of(name);
    if (slot < 0 || static_cast<std::size_t>(slot) >= procedures.size()) return nullptr;
    const Symbol& s = procedures[static_cast<std::size_t>(slot)];
    return s.kind == Symbol::Kind::Function ? &static_cast<const HocFunction&>(*s.callable).code() : nullptr;
}

void TemplateClass::define(const Code& definition) {
    auto first = make_counted<TemplateInstance>(*this, body_->names.size());
    first->keep_quiet();
    (void)interpreter_.vm().run(definition, first.get());
    constructor_ = Compiler(interpreter_.runtime().scope(), interpreter_.implied_numbers).constructor(*body_, [&](int slot) { return first->slot(static_cast<std::size_t>(slot)).dims; });
}

ObjectPtr TemplateClass::construct(CallArgs& args) {
    auto instance = make_counted<TemplateInstance>(*this, body_->names.size());
    if (!constructor_) throw Error(ErrorKind::Runtime, fmt::format("template `{}` was not defined: an error ended its body", name()));
    (void)interpreter_.vm().run(*constructor_, instance.get());
    if (init_) (void)interpreter_.vm().call(*init_, args, instance.get());
    return instance;
}

}  // namespace nrn::hoc
