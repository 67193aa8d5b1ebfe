// SPDX-License-Identifier: BSD-3-Clause
// Class String: a string as an object, with the member s.
#include "classes/register_classes.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {
namespace {

class String final : public Object {
  public:
    explicit String(Class& cls) : Object(cls), cell(make_counted<StringCell>()) {}
    Ptr<StringCell> cell;
};

/// The text as a variable: passing it passes the cell, so that functions can assign to it.
class Text final : public Member {
  public:
    Text() : Member("s", Kind::String) {}
    [[nodiscard]] const char* doc() const override { return "s: the text\nPython: o.s = 'abc'     Hoc: o.s = \"abc\""; }
    Value get(Object& self, Indices) const override { return static_cast<String&>(self).cell; }
    void set(Object& self, Indices, const Value& value) const override { static_cast<String&>(self).cell->text = value.string(); }
    RefPtr ref(Object& self, Indices) const override { return make_counted<TextRef>(*this, self); }

  private:
    class TextRef final : public Ref {
      public:
        TextRef(const Text& member, Object& self) : member_(member), self_(&self) {}
        [[nodiscard]] double* data() const override { throw Error(ErrorKind::Type, "`" + name() + "` is a string, not a number"); }
        [[nodiscard]] Value get() const override { return member_.get(*self_, {}); }
        void set(const Value& value) const override { member_.set(*self_, {}, value); }
        [[nodiscard]] std::string name() const override { return self_->name() + ".s"; }
        [[nodiscard]] bool same(const Ref& other) const override {
            const auto* o = dynamic_cast<const TextRef*>(&other);
            return o && o->self_ == self_;
        }

      private:
        const Text& member_;
        ObjectPtr self_;
    };
};

ObjectPtr construct(NativeClass& cls, CallArgs& args) {
    auto made = make_counted<String>(cls);
    if (args.has(0)) made->cell->text = args.string(0);
    return made;
}

}  // namespace

void register_string(Runtime& runtime) {
    auto cls = std::make_unique<NativeClass>("String", construct, std::span<const Method>{}, std::span<const Property>{},
                                             "A string as an object. String(), String(text)\nHoc: o = new String(\"abc\")  print o.s");
    cls->add_member(std::make_unique<Text>());
    publish_class(runtime, std::move(cls));
}

}  // namespace nrn
