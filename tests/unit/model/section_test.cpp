// SPDX-License-Identifier: BSD-3-Clause
// Topology, nseg, references, and the functions and classes about sections.
#include "fixture.hpp"

#include <chrono>

namespace nrn {
namespace {

class Sections : public ModelTest {
  protected:
    static std::string names(const std::vector<Section*>& sections) {
        std::string text;
        for (const Section* s : sections) text += s->name() + " ";
        return text;
    }
    std::string names(const Value& list) {
        Object& o = *list.object();
        std::string text;
        for (std::size_t i = 0; i < o.cls().size(o); ++i) text += o.cls().item(o, static_cast<long>(i)).object()->name() + " ";
        return text;
    }
};

TEST_F(Sections, ChildrenAreListedFromTheRootSideNewestFirst) {
    auto p = section("p"), a = section("a"), b = section("b"), c = section("c"), d = section("d");
    model.connect(*a, 0, *p, 1);
    model.connect(*b, 0, *p, 0.5);
    model.connect(*c, 0, *p, 0.5);
    model.connect(*d, 0, *p, 0);
    EXPECT_EQ(names(p->children()), "d c b a ");
    auto q = section("q"), e = section("e"), f = section("f");
    model.connect(*q, 1, *p, 1);
    model.connect(*e, 0, *q, 0.1);
    model.connect(*f, 0, *q, 0.9);
    EXPECT_EQ(names(q->children()), "f e ");
}

TEST_F(Sections, TopologyIsDrawnWithNodesAsColumns) {
    auto soma = section("soma", 3), d0 = section("dend[0]", 5), d1 = section("dend[1]"), d2 = section("dend[2]"), axon = section("axon", 2), lone = section("lone");
    model.connect(*d0, 0, *soma, 1);
    model.connect(*d1, 0, *d0, 1);
    model.connect(*d2, 0, *d0, 0.4);
    model.connect(*axon, 1, *soma, 0.5);
    model.connect(*lone, 0, *axon, 0);
    function(*soma, "topology");
    EXPECT_EQ(printed,
              "\n|---|       soma(0-1)\n     `----|       dend[0](0-1)\n           `|       dend[1](0-1)\n"
              "        `|       dend[2](0-1)\n   `-|       axon(1-0)\n      `|       lone(0-1)\n\n");
}

TEST_F(Sections, ListsFollowTheTreeBreadthFirst) {
    auto soma = section("soma"), apic0 = section("apic[0]"), apic1 = section("apic[1]"), axon = section("axon"), apex = section("apex");
    model.connect(*apic0, 0, *soma, 1);
    model.connect(*apic1, 0, *apic0, 1);
    model.connect(*apex, 0, *apic0, 0.5);
    model.connect(*axon, 0, *soma, 0);
    const Value list = make(*soma, "SectionList");
    call(*apic1, list, "wholetree");
    EXPECT_EQ(names(list), "soma axon apic[0] apex apic[1] ");
    call(*axon, list, "append");
    EXPECT_EQ(call(*soma, list, "unique").number(), 1);
    EXPECT_EQ(call(*apex, list, "remove").number(), 1);
    model.delete_section(*axon);
    EXPECT_EQ(names(list), "soma apic[0] apic[1] ");
}

TEST_F(Sections, LoopsAreRefused) {
    auto a = section("a"), b = section("b");
    model.connect(*b, 0, *a, 1);
    EXPECT_THROW(model.connect(*a, 0, *b, 1), Error);
    EXPECT_THROW(model.connect(*a, 0, *a, 1), Error);
    EXPECT_EQ(a->parent(), nullptr);
}

TEST_F(Sections, ANewNsegTakesTheValuesAtItsPositions) {
    auto s = section("s", 4, 90, 1);
    range_set_ramp(variable("v"), *s, 0, 1, -80, -20);
    s->set_nseg(12);
    EXPECT_EQ(range_get(variable("v"), *s, 0.5 / 12), -72.5);
    EXPECT_EQ(range_get(variable("v"), *s, 3.5 / 12), -57.5);
    EXPECT_EQ(range_get(variable("v"), *s, 0), -80);
    EXPECT_EQ(range_get(variable("v"), *s, 1), -20);
    EXPECT_THROW(s->set_nseg(0), Error);
    EXPECT_THROW(s->set_nseg(40000), Error);
}

TEST_F(Sections, ReferencesOutliveTheirSectionWithoutDangling) {
    RefPtr ref;
    {
        auto s = section("s");
        ref = range_ref(variable("v"), *s, 0.5);
        ref->set(-50);
        EXPECT_EQ(range_get(variable("v"), *s, 0.5), -50);
    }
    EXPECT_FALSE(ref->valid());
    EXPECT_THROW((void)ref->data(), Error);
    EXPECT_TRUE(model.sections().empty());
}

TEST_F(Sections, EveryAccessToADeletedSectionIsAnError) {
    auto s = section("s");
    model.delete_section(*s);
    EXPECT_THROW(function(*s, "area", {0.5}), Error);
    EXPECT_THROW(s->set_length(3), Error);
    EXPECT_THROW(range_get(variable("v"), *s, 0.5), Error);
    EXPECT_EQ(s->name(), "<deleted section>");
}

TEST_F(Sections, LargeModelsAreBuiltInLinearTime) {
    // 20000 sections of 3 segments and 5 points; generous for slow machines, far below what O(n^2) would take.
    const auto start = std::chrono::steady_clock::now();
    std::vector<SectionPtr> all;
    for (int i = 0; i < 20000; ++i) {
        all.push_back(model.create_section("dend"));
        Section& s = *all.back();
        for (int k = 0; k < 5; ++k) model.pt3d_add(s, 10 * k, i, 0, 1 + k);
        s.set_nseg(3);
        if (i > 0) model.connect(s, 0, *all[static_cast<std::size_t>(i - 1) / 2], 1);
        EXPECT_GT(model.area(s, 0.5), 0);
    }
    model.update_geometry();
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
    RecordProperty("seconds", std::to_string(spent.count()));
    EXPECT_LT(spent.count(), 2.0);
    while (!all.empty()) all.pop_back();
    EXPECT_TRUE(model.sections().empty());
}

}  // namespace
}  // namespace nrn
