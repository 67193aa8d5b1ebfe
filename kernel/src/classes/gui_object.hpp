// SPDX-License-Identifier: BSD-3-Clause
// What the classes of windows have in common without a screen: they accept everything and keep what can be asked for.
#pragma once
#include <string>
#include <vector>

#include "nrn/api/callable.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/holder.hpp"

namespace nrn {

class GuiObject final : public Object, public Holder {
  public:
    using Object::Object;
    std::string text;          // title, text edited or chosen, variable shown
    std::string save_name;
    double size[4] = {0, 0, 0, 0};
    bool mapped = false, read_only = false;
    double number = 0;         // seconds of a Timer, color, scale ...
    ObjectPtr kept;            // ref(object), observed List ...
    CallablePtr action;
    std::vector<std::string> saved;
    std::vector<ObjectPtr> parts;  // windows made while a box intercepted them

    void visit_held(HeldVisitor& visitor) const override {
        visitor.visit(kept);
        visitor.visit(action);
        for (const ObjectPtr& part : parts) visitor.visit(part);
    }

    /// map(title, left, top, width, height)
    void place(CallArgs& args) {
        if (args.is_string(0)) text = args.string(0);
        for (std::size_t i = 0; i < 4 && args.is_number(i + 1); ++i) size[i] = args.number(i + 1);
    }
};

namespace gui {
[[nodiscard]] inline GuiObject& object(Object& self) { return static_cast<GuiObject&>(self); }
ObjectPtr construct(NativeClass& cls, CallArgs& args);
/// What has an effect on a screen only; 0, or 1 where the reference answers that without a screen.
Value accept(Object& self, CallArgs& args);
Value accept_with_1(Object& self, CallArgs& args);
Value save_name(Object& self, CallArgs& args);
Value size(Object& self, CallArgs& args);
/// Keeps the statement; it would run when the user does something.
Value action(Object& self, CallArgs& args);
}  // namespace gui

}  // namespace nrn
