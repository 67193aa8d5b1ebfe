// SPDX-License-Identifier: BSD-3-Clause
// Rows while the layout is frozen: what the plan promises, that references follow their rows, and that long
// cables are solved in pieces.
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "engine_fixture.hpp"

namespace nrn {
namespace {

class LayoutTest : public EngineTest {
  protected:
    static SectionPtr add(Engine& e, int nseg, Section* parent = nullptr, double x = 1) {
        SectionPtr s = e.model.create_section("s");
        s->set_nseg(nseg);
        e.set(*s, "diam", 2);
        if (parent) e.model.connect(*s, 0, *parent, x);
        e.model.insert(*s, e.model.require_mechanism("pas"));
        e.sections.push_back(s);
        return s;
    }
    /// A stem with two branches, one of which branches again.
    static void add_tree(Engine& e, int length) {
        const SectionPtr stem = add(e, 3);
        const SectionPtr left = add(e, length, stem.get());
        add(e, length + 2, stem.get());
        add(e, 2, left.get());
        add(e, 4, left.get(), 0.5);
    }
};

TEST_F(LayoutTest, OperationsCoverEveryRowOnceParentsFirst) {
    Engine e;
    for (int i = 0; i < 9; ++i) add_tree(e, 5);
    for (int i = 0; i < 3; ++i) add_tree(e, 2 + i);
    e.simulation.prepare();
    const Layout& layout = e.simulation.layout();
    const auto& parent = e.model.nodes().parent;
    std::set<std::int32_t> done;
    for (const auto& [begin, end, distance, chain] : layout.plan().operations)
        for (std::int32_t r = begin; r < end; ++r) {
            EXPECT_TRUE(done.insert(r).second);
            if (distance == 0) continue;
            EXPECT_EQ(parent[static_cast<std::size_t>(r)], r - distance);
            EXPECT_TRUE(done.count(r - distance));
        }
    for (const auto& [begin, end, distance] : layout.plan().ends)
        for (std::int32_t r = begin; r < end; ++r) {
            EXPECT_TRUE(done.insert(r).second);
            EXPECT_FALSE(layout.has_membrane(r));
            EXPECT_TRUE(parent[static_cast<std::size_t>(r)] == r - distance || parent[static_cast<std::size_t>(r - distance)] == r);
        }
    EXPECT_EQ(done.size(), static_cast<std::size_t>(layout.node_count()));
}

TEST_F(LayoutTest, AMechanismThatIsEverywhereHasOneRunOfRowsPerGroup) {
    Engine e;
    for (int i = 0; i < 16; ++i) add_tree(e, 5);
    e.simulation.prepare();
    for (const auto& group : e.simulation.layout().groups())
        for (const auto& rows : group.types) {
            const std::int32_t* node = rows.type->store().view().node;
            EXPECT_EQ(node[rows.end - 1] - node[rows.begin], rows.end - 1 - rows.begin);
        }
}

TEST_F(LayoutTest, HinesOrderHasParentsFirst) {
    Engine e;
    for (int i = 0; i < 5; ++i) add_tree(e, 3 + i);
    e.simulation.prepare();
    std::set<std::int32_t> seen{-1};
    for (const std::int32_t r : e.model.nodes().hines_order) {
        EXPECT_TRUE(seen.count(e.model.nodes().parent[static_cast<std::size_t>(r)]));
        seen.insert(r);
    }
    EXPECT_EQ(seen.size(), static_cast<std::size_t>(e.simulation.layout().node_count()) + 1);
}

TEST_F(LayoutTest, ReferencesFollowTheirRows) {
    Engine e;
    std::vector<std::pair<RefPtr, double>> references;
    double mark = 1;
    const auto refer = [&] {
        for (auto& s : e.sections)
            for (const char* name : {"v", "g_pas", "cm"}) {
                const RefPtr ref = range_ref(*e.model.range_variable(name), *s, 0.3);
                *ref->data() = mark;
                references.emplace_back(ref, mark++);
            }
    };
    for (int round = 0; round < 4; ++round) {
        add_tree(e, 2 + round);
        e.simulation.prepare();
        refer();
        e.model.delete_section(*e.sections[static_cast<std::size_t>(round)]);
        e.sections.erase(e.sections.begin() + round);
        e.simulation.prepare();
        std::map<double*, double> latest;
        for (const auto& [ref, value] : references)
            if (ref->valid()) latest[ref->data()] = value;
        for (const auto& [place, value] : latest) EXPECT_EQ(*place, value);
    }
    std::size_t gone = 0;
    for (const auto& [ref, value] : references) gone += !ref->valid();
    EXPECT_GT(gone, 0U);
}

TEST_F(LayoutTest, LongCablesInPiecesAgreeWithThePlainStep) {
    for (const int nseg : {256, 300, 511}) {
        Engine fast, plain;
        for (Engine* e : {&fast, &plain}) {
            const SectionPtr s = add(*e, nseg);
            s->set_length(5000);
            e->model.insert(*s, e->model.require_mechanism("hh"));
            add(*e, 3, s.get());
            add(*e, 2, s.get(), 0.5);
            const ObjectPtr clamp = e->make(*s, 0.1, "IClamp");
            e->set(*clamp, "dur", 10);
            e->set(*clamp, "amp", 1);
            e->simulation.finitialize(-65.0);
        }
        EXPECT_TRUE(fast.simulation.layout().plan().has_chains || nseg / 2 < kLongBranch);
        for (int step = 0; step < 20; ++step) {
            fast.simulation.fadvance();
            plain.plain_step();
        }
        double worst = 0;
        for (std::size_t i = 0; i < fast.sections.size(); ++i)
            for (const auto& [x, y] : fast.potentials(*fast.sections[i], plain, *plain.sections[i])) worst = std::max(worst, std::fabs(x - y));
        EXPECT_LT(worst, 1e-10) << nseg;
        EXPECT_NE(fast.get(*fast.sections[0], "v", 0.1), -65);
    }
}

TEST_F(LayoutTest, ALongCableIsTheSameBitsAloneAndBesideOthers) {
    Engine alone, beside;
    for (Engine* e : {&alone, &beside}) {
        if (e == &beside) add_tree(*e, 7);
        for (int copies = e == &alone ? 1 : 9; copies > 0; --copies) {
            const SectionPtr s = add(*e, 700);
            s->set_length(7000);
            e->model.insert(*s, e->model.require_mechanism("hh"));
            const ObjectPtr clamp = e->make(*s, 0.9, "IClamp");
            e->set(*clamp, "dur", 10);
            e->set(*clamp, "amp", 1);
        }
        e->simulation.finitialize(-65.0);
        for (int step = 0; step < 50; ++step) e->simulation.fadvance();
    }
    for (const auto& [x, y] : alone.potentials(*alone.sections[0], beside, *beside.sections.back())) ASSERT_EQ(x, y);
}

TEST_F(LayoutTest, ChangedCapacitanceAndConductanceCountFromTheNextStep) {
    Engine fast, plain;
    for (Engine* e : {&fast, &plain}) {
        for (int i = 0; i < 3; ++i) add_tree(*e, 4);
        e->simulation.finitialize(-60.0);
    }
    for (int step = 0; step < 30; ++step) {
        for (Engine* e : {&fast, &plain}) {
            if (step == 5) e->set(*e->sections[1], "cm", 2);
            if (step == 10) e->set(*e->sections[2], "g_pas", 0.01);
            if (step == 15) e->simulation.dt = 0.1;
            if (step == 20) e->sections[3]->set_axial_resistivity(500);
            if (step == 25) *range_ref(*e->model.range_variable("cm"), *e->sections[0], 0.5)->data() = 3;
        }
        fast.simulation.fadvance();
        plain.plain_step();
        for (std::size_t i = 0; i < fast.sections.size(); ++i)
            for (const auto& [x, y] : fast.potentials(*fast.sections[i], plain, *plain.sections[i])) ASSERT_NEAR(x, y, 1e-10) << "step " << step;
    }
}

TEST_F(LayoutTest, CapacitiveCurrentIsRightWhenLookedAt) {
    Engine e;
    add_tree(e, 4);
    e.simulation.finitialize(-60.0);
    Section& s = *e.sections[0];
    const double before = e.get(s, "v", 0.5);
    e.simulation.fadvance();
    const double expected = 0.001 * (e.get(s, "v", 0.5) - before) / e.simulation.dt;
    EXPECT_NEAR(e.get(s, "i_cap", 0.5), expected, 1e-12);
    const RefPtr ref = range_ref(*e.model.range_variable("i_cap"), s, 0.5);
    const double* data = ref->data();
    const double then = e.get(s, "v", 0.5);
    e.simulation.fadvance();
    EXPECT_NEAR(*data, 0.001 * (e.get(s, "v", 0.5) - then) / e.simulation.dt, 1e-12);
}

TEST_F(LayoutTest, ResultsAreTheSameBitsInWindowsOnAnyNumberOfThreads) {
    std::vector<std::unique_ptr<Engine>> engines;
    for (const int threads : {1, 2, 4}) {
        engines.push_back(std::make_unique<Engine>());
        Engine& e = *engines.back();
        e.simulation.set_threads(threads);
        for (int i = 0; i < 13; ++i) {
            add_tree(e, 3 + i % 4);
            e.model.insert(*e.sections.back(), e.model.require_mechanism("hh"));
            const ObjectPtr clamp = e.make(*e.sections.back(), 0.5, "IClamp");
            e.set(*clamp, "dur", 2);
            e.set(*clamp, "amp", 0.1 * i);
        }
        e.simulation.finitialize(-65.0);
        if (threads == 1)
            for (int step = 0; step < 200; ++step) e.simulation.fadvance();
        else e.simulation.advance_to(5);
        EXPECT_EQ(e.simulation.t, engines[0]->simulation.t);
        EXPECT_EQ(e.simulation.threads(), threads);
    }
    for (std::size_t k = 1; k < engines.size(); ++k)
        for (std::size_t i = 0; i < engines[0]->sections.size(); ++i)
            for (const auto& [x, y] : engines[0]->potentials(*engines[0]->sections[i], *engines[k], *engines[k]->sections[i])) ASSERT_EQ(x, y);
}

}  // namespace
}  // namespace nrn
