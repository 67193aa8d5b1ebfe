// SPDX-License-Identifier: BSD-3-Clause
// Random trees with random mechanisms (some from a pack that users' compiler made), point processes, synapses and
// connections: the engine's step against a slow and plain one that
// takes one row after the other, in the order of the text, and solves each cell by dense elimination.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "engine_fixture.hpp"

namespace nrn {
namespace {

class RandomTrees : public EngineTest {
  protected:
    using Random = std::mt19937;
    static double between(Random& random, double low, double high) { return std::uniform_real_distribution<>(low, high)(random); }
    static int count(Random& random, int low, int high) { return std::uniform_int_distribution<>(low, high)(random); }

    /// One cell; the same seed makes the same shape, but `variation` other parameters.
    void add_cell(Engine& e, unsigned seed, unsigned variation) {
        Random shape(seed), value(variation);
        std::vector<SectionPtr> cell;
        const int n = count(shape, 1, 14);
        for (int i = 0; i < n; ++i) {
            SectionPtr s = e.model.create_section("s");
            s->set_nseg(count(shape, 1, 9));
            s->set_length(between(value, 10, 300));
            s->set_axial_resistivity(between(value, 50, 200));
            e.set(*s, "diam", between(value, 0.5, 20));
            e.set(*s, "cm", between(value, 0.5, 2));
            if (i > 0) {
                const double places[] = {0, 0.5, 1, 1, 1};
                e.model.connect(*s, count(shape, 0, 5) == 0, *cell[static_cast<std::size_t>(count(shape, 0, i - 1))], places[count(shape, 0, 4)]);
            }
            for (const char* name : {"pas", "hh", "bcad", "bcah", "bcal", "bih", "bka", "bkdr", "bna", "bsk"})
                if (count(shape, 0, 2) > (name[0] == 'b' ? 1 : 0)) e.model.insert(*s, e.model.require_mechanism(name));
            if (s->find_inserted(e.model.require_mechanism("pas"))) e.set(*s, "g_pas", between(value, 1e-5, 1e-3));
            cell.push_back(s);
        }
        for (int k = count(shape, 0, 4); k > 0; --k) {
            Section& s = *cell[static_cast<std::size_t>(count(shape, 0, n - 1))];
            const double places[] = {0, 0.3, 0.5, 0.8, 1};
            e.point(s, places[count(shape, 0, 4)], count(shape, 0, 1) ? "IClamp" : "SEClamp", value);
        }
        for (auto& s : cell) e.sections.push_back(s);
    }
    /// Synapses that regular generators and cells reach.
    void connect(Engine& e, Random& random) {
        const auto section = [&]() -> Section& { return *e.sections[static_cast<std::size_t>(count(random, 0, static_cast<int>(e.sections.size()) - 1))]; };
        const double places[] = {0, 0.2, 0.5, 0.9, 1};
        const auto somewhere = [&] { return places[count(random, 0, 4)]; };
        std::vector<ObjectPtr> synapses;
        for (int k = count(random, 2, 20); k > 0; --k) {
            Section& s = section();
            synapses.push_back(e.make(s, somewhere(), count(random, 0, 1) ? "ExpSyn" : "Exp2Syn"));
            e.set(*synapses.back(), "e", count(random, 0, 1) ? 0 : -80);
        }
        const auto synapse = [&] { return Value(synapses[static_cast<std::size_t>(count(random, 0, static_cast<int>(synapses.size()) - 1))].get()); };
        for (int k = count(random, 1, 6); k > 0; --k) {
            const ObjectPtr generator = e.make("NetStim", {});
            e.set(*generator, "start", between(random, 0, 0.5));
            e.set(*generator, "interval", between(random, 0.1, 0.5));
            for (int n = count(random, 1, 5); n > 0; --n)
                e.make("NetCon", {Value(generator.get()), synapse(), Value(0), Value(between(random, 0, 0.5)), Value(between(random, 0, 0.02))});
        }
        for (int k = count(random, 0, 10); k > 0; --k) {
            Section& s = section();
            const RefPtr v = range_ref(*e.model.range_variable("v"), s, somewhere());
            e.make("NetCon", {Value(v.get()), synapse(), Value(between(random, -66, -50)), Value(between(random, 0.1, 0.5)), Value(between(random, 0, 0.02))});
        }
    }
    void compare(unsigned seed, double secondorder, double dt) {
        Engine fast, plain;
        for (Engine* e : {&fast, &plain}) {
            Random random(seed);
            for (int kinds = count(random, 1, 6); kinds > 0; --kinds) {
                const unsigned shape = random();
                for (int copies = count(random, 0, 2) ? 1 : count(random, 2, 21); copies > 0; --copies) add_cell(*e, shape, random());
            }
            if (seed % 3 != 0) connect(*e, random);
            e->simulation.dt = dt;
            e->simulation.secondorder = secondorder;
            e->simulation.finitialize(-65.0);
        }
        for (int step = 0; step < 60; ++step) {
            fast.simulation.fadvance();
            plain.plain_step();
        }
        double worst = 0;
        for (std::size_t i = 0; i < fast.sections.size(); ++i)
            for (const auto& [x, y] : fast.potentials(*fast.sections[i], plain, *plain.sections[i])) worst = std::max(worst, std::fabs(x - y) / std::max(1.0, std::fabs(y)));
        EXPECT_LT(worst, 1e-11) << "seed " << seed;
        EXPECT_TRUE(std::isfinite(worst));
    }
};

TEST_F(RandomTrees, AgreeWithThePlainStep) {
    for (unsigned seed = 1; seed <= 12; ++seed) compare(seed, 0, 0.025);
}

TEST_F(RandomTrees, AgreeWithThePlainStepToSecondOrder) {
    for (unsigned seed = 21; seed <= 24; ++seed) compare(seed, 2, 0.025);
    for (unsigned seed = 31; seed <= 32; ++seed) compare(seed, 1, 0.01);
}

TEST_F(RandomTrees, AreTheSameBitsHoweverGrouped) {
    for (unsigned seed = 41; seed <= 46; ++seed) {
        Engine together, apart;
        for (Engine* e : {&together, &apart}) {
            Random random(seed);
            for (int kinds = 3; kinds > 0; --kinds) {
                const unsigned shape = random();
                for (int copies = count(random, 1, 11); copies > 0; --copies) add_cell(*e, shape, random());
            }
            connect(*e, random);
            e->simulation.layout().want_groups(e->model, e == &apart ? 100 : 1);
            e->simulation.finitialize(-65.0);
            for (int step = 0; step < 100; ++step) e->simulation.fadvance();
        }
        EXPECT_GT(apart.simulation.layout().groups().size(), together.simulation.layout().groups().size());
        for (std::size_t i = 0; i < apart.sections.size(); ++i)
            for (const auto& [x, y] : together.potentials(*together.sections[i], apart, *apart.sections[i])) ASSERT_EQ(x, y) << "seed " << seed << " section " << i;
    }
}

}  // namespace
}  // namespace nrn
