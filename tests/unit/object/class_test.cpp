// SPDX-License-Identifier: BSD-3-Clause
#include "nrn/api/class.hpp"

#include <array>

#include <gtest/gtest.h>

#include "nrn/api/class_registry.hpp"
#include "nrn/api/error.hpp"

using namespace nrn;

namespace {

struct Box final : Object {
    using Object::Object;
    double size = 3;
};

const std::array kProperties{Property{.name = "size", .get = nullptr, .data = [](Object& o, Indices) { return &static_cast<Box&>(o).size; }}};
const std::array kMethods{Method{"twice", [](Object& o, CallArgs&) { return Value(2 * static_cast<Box&>(o).size); }}};

NativeClass& add_box(ClassRegistry& registry) {
    return static_cast<NativeClass&>(registry.add(std::make_unique<NativeClass>("Box", nullptr, kMethods, kProperties)));
}

}  // namespace

TEST(Class, InstancesAreNumberedAndTheCountRestartsWhenNoneIsLeft) {
    ClassRegistry registry;
    auto& cls = add_box(registry);
    ObjectPtr a(new Box(cls)), b(new Box(cls));
    EXPECT_EQ(a->name(), "Box[0]");
    EXPECT_EQ(b->name(), "Box[1]");
    a = nullptr;
    EXPECT_EQ(ObjectPtr(new Box(cls))->name(), "Box[2]");
    EXPECT_EQ(cls.instance(1), b.get());
    EXPECT_EQ(cls.instance(0), nullptr);
    b = nullptr;
    EXPECT_EQ(ObjectPtr(new Box(cls))->name(), "Box[0]");
}

TEST(Class, PropertiesReadWriteAndGiveReferencesThatKeepTheObject) {
    ClassRegistry registry;
    auto& cls = add_box(registry);
    ObjectPtr box(new Box(cls));
    const Member* size = cls.member("size");
    ASSERT_NE(size, nullptr);
    size->set(*box, {}, 5.0);
    EXPECT_EQ(size->get(*box, {}).number(), 5);
    RefPtr ref = size->ref(*box, {});
    box = nullptr;
    *ref->data() += 1;
    EXPECT_EQ(ref->get().number(), 6);
    EXPECT_EQ(ref->name(), "Box[0].size");
}

TEST(Class, TheNearestClassIsSuggested) {
    ClassRegistry registry;
    add_box(registry);
    try {
        (void)registry.get("Bxo");
        FAIL();
    } catch (const Error& e) {
        EXPECT_EQ(e.hint_text(), "did you mean `Box`?");
    }
}

TEST(Class, ADestroyedClassDoesNotDangleInItsObjects) {
    ObjectPtr survivor;
    {
        ClassRegistry registry;
        survivor = ObjectPtr(new Box(add_box(registry)));
    }
    survivor = nullptr;  // must not touch the class
}
