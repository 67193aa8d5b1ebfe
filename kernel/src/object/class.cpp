// SPDX-License-Identifier: BSD-3-Clause
// Classes and members: defaults, instance lists, and the table-driven NativeClass.
#include "nrn/api/class.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "nrn/api/error.hpp"
#include "nrn/api/holder.hpp"

namespace nrn {

// ---- Member ------------------------------------------------------------------------------------

void Member::refuse(const Object& self, const char* what) const {
    throw Error(ErrorKind::Type, fmt::format("`{}.{}` {}", self.cls().name(), name_, what));
}

Value Member::get(Object& self, Indices indices) const {
    if (double* x = data(self, indices)) return *x;
    refuse(self, "cannot be read as a variable");
}

void Member::set(Object& self, Indices indices, const Value& value) const {
    if (read_only()) refuse(self, "is read-only");
    double* x = data(self, indices);
    if (!x) refuse(self, "cannot be assigned to");
    *x = value.number();
}

RefPtr Member::ref(Object& self, Indices) const { refuse(self, "is no variable that can be referred to"); }
Value Member::call(Object& self, CallArgs&) const { refuse(self, "is not a method"); }

namespace {

/// A method's errors name its class: "`add`" becomes "`Vector.add`".
[[noreturn]] void rethrow_qualified(const Object& self, const Member& member, const Error& error) {
    const std::string plain = "`" + member.name() + "`";
    const auto at = error.message().find(plain);
    if (at == std::string::npos) throw;
    std::string message = error.message();
    message.replace(at, plain.size(), fmt::format("`{}.{}`", self.cls().name(), member.name()));
    Error qualified(error.kind(), error.span(), std::move(message));
    qualified.hint(error.hint_text());
    for (const ErrorNote& n : error.notes()) qualified.note(n.span, n.text);
    throw qualified;
}

}  // namespace

// ---- Class -------------------------------------------------------------------------------------

Class::~Class() {
    // Objects may outlive their class only while the runtime is being torn down.
    for (Object* o : instances()) o->cls_ = nullptr;
}

ObjectPtr Class::construct(CallArgs&) {
    throw Error(ErrorKind::Type, fmt::format("objects of class `{}` cannot be made this way", name_));
}

const Member* Class::member(std::string_view name) {
    const auto found = by_name_.find(name);
    if (found != by_name_.end()) return found->second;
    return base_ ? base_->member(name) : nullptr;
}

std::vector<std::string> Class::member_names() const {
    std::vector<std::string> names;
    for (const auto& m : members_) names.push_back(m->name());
    if (base_)
        for (auto& n : base_->member_names()) names.push_back(std::move(n));
    return names;
}

std::size_t Class::size(const Object&) const {
    throw Error(ErrorKind::Type, fmt::format("`{}` has no length", name_));
}
Value Class::item(Object&, long) const {
    throw Error(ErrorKind::Type, fmt::format("`{}` cannot be indexed", name_));
}
void Class::set_item(Object&, long, const Value&) const {
    throw Error(ErrorKind::Type, fmt::format("items of `{}` cannot be assigned to", name_));
}

Object* Class::instance(std::uint32_t index) const noexcept {
    const auto at = std::lower_bound(numbers_.begin(), numbers_.end(), index);
    return at != numbers_.end() && *at == index ? instances_[static_cast<std::size_t>(at - numbers_.begin())] : nullptr;
}

void Class::remove_listener(InstanceListener* l) { std::erase(listeners_, l); }

std::uint32_t Class::enroll(Object* object) {
    if (instances_.empty()) next_index_ = 0;
    instances_.push_back(object);
    numbers_.push_back(next_index_);
    for (std::size_t i = 0; i < listeners_.size(); ++i) listeners_[i]->instance_changed(*object, true);
    return next_index_++;
}

void Class::strike(Object* object) noexcept {
    if (!instances_.empty() && instances_.back() == object) {  // the newest often goes first
        instances_.pop_back();
        numbers_.pop_back();
        if (2 * gone_ > instances_.size()) close_gaps();
        for (std::size_t i = 0; i < listeners_.size(); ++i) listeners_[i]->instance_changed(*object, false);
        return;
    }
    if (instances_.size() > 1 && *(instances_.end() - 2) == object) {  // `x = new T()`: the new one comes, then the old one goes
        *(instances_.end() - 2) = instances_.back();
        *(numbers_.end() - 2) = numbers_.back();
        instances_.pop_back();
        numbers_.pop_back();
        for (std::size_t i = 0; i < listeners_.size(); ++i) listeners_[i]->instance_changed(*object, false);
        return;
    }
    const auto at = std::lower_bound(numbers_.begin(), numbers_.end(), object->index());
    const auto place = static_cast<std::size_t>(at - numbers_.begin());
    if (at != numbers_.end() && instances_[place] == object) {
        instances_[place] = nullptr;
        if (2 * ++gone_ > instances_.size()) close_gaps();
    }
    for (std::size_t i = 0; i < listeners_.size(); ++i) listeners_[i]->instance_changed(*object, false);
}

void Class::close_gaps() const noexcept {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < instances_.size(); ++i) {
        if (!instances_[i]) continue;
        instances_[kept] = instances_[i];
        numbers_[kept++] = numbers_[i];
    }
    instances_.resize(kept);
    numbers_.resize(kept);
    gone_ = 0;
}

void Class::add(std::unique_ptr<Member> member) {
    by_name_[member->name()] = member.get();  // a later row replaces an earlier one
    members_.push_back(std::move(member));
}

// ---- NativeClass -------------------------------------------------------------------------------

namespace {

class NativeMethod final : public Member {
  public:
    explicit NativeMethod(const Method& row) : Member(row.name, Kind::Method, row.returns), row_(row) {}
    [[nodiscard]] const char* doc() const override { return row_.doc; }
    Value call(Object& self, CallArgs& args) const override {
        try {
            return row_.call(self, args);
        } catch (const Error& error) {
            if (!error.frames().empty() || error.foreign()) throw;  // from further inside
            rethrow_qualified(self, *this, error);
        }
    }

  private:
    Method row_;
};

/// A reference to a property of an object; keeps the object alive.
class PropertyRef final : public Ref, public Holder {
  public:
    PropertyRef(const Member& member, Object& self, Indices indices)
        : member_(member), self_(&self), indices_(indices.begin(), indices.end()) {}
    [[nodiscard]] double* data() const override { return member_.data(*self_, indices_); }
    [[nodiscard]] Value get() const override { return member_.get(*self_, indices_); }
    void visit_held(HeldVisitor& visitor) const override { visitor.visit(self_); }
    void set(const Value& value) const override { member_.set(*self_, indices_, value); }
    [[nodiscard]] std::string name() const override {
        std::string text = self_->name() + "." + member_.name();
        for (long i : indices_) text += "[" + std::to_string(i) + "]";
        return text;
    }
    [[nodiscard]] bool same(const Ref& other) const override {
        const auto* o = dynamic_cast<const PropertyRef*>(&other);
        return o && &o->member_ == &member_ && o->self_ == self_ && o->indices_ == indices_;
    }

  private:
    const Member& member_;
    ObjectPtr self_;
    std::vector<long> indices_;
};

class NativeProperty final : public Member {
  public:
    explicit NativeProperty(const Property& row) : Member(row.name, row.kind), row_(row) {}
    [[nodiscard]] const char* doc() const override { return row_.doc; }
    [[nodiscard]] const char* units() const override { return row_.units; }
    [[nodiscard]] bool read_only() const override { return !row_.set && !row_.data; }
    [[nodiscard]] std::vector<long> dims(const Object& self) const override {
        return row_.dims ? row_.dims(self) : std::vector<long>{};
    }
    double* data(Object& self, Indices indices) const override { return row_.data ? row_.data(self, indices) : nullptr; }
    Value get(Object& self, Indices indices) const override {
        if (row_.get) return row_.get(self, indices);
        return Member::get(self, indices);
    }
    void set(Object& self, Indices indices, const Value& value) const override {
        if (row_.set) return row_.set(self, indices, value);
        Member::set(self, indices, value);
    }
    RefPtr ref(Object& self, Indices indices) const override {
        if (!row_.data) refuse(self, "is computed and cannot be referred to");
        return make_counted<PropertyRef>(*this, self, indices);
    }

  private:
    Property row_;
};

}  // namespace

NativeClass::NativeClass(std::string name, Construct construct, std::span<const Method> methods,
                         std::span<const Property> properties, std::string doc)
    : Class(std::move(name), std::move(doc)), construct_(construct) {
    for (const auto& p : properties) add(std::make_unique<NativeProperty>(p));
    add_methods(methods);
}

void NativeClass::add_methods(std::span<const Method> methods) {
    for (const auto& m : methods) add(std::make_unique<NativeMethod>(m));
}

ObjectPtr NativeClass::construct(CallArgs& args) {
    return construct_ ? construct_(*this, args) : Class::construct(args);
}

}  // namespace nrn
