// SPDX-License-Identifier: BSD-3-Clause
// The extracellular mechanism: its variables, and the tree solved with the medium.
#include "fixture.hpp"

#include "engine/simulation.hpp"

namespace nrn {
namespace {

class ExtracellularMedium : public ModelTest {
  protected:
    ExtracellularMedium() {
        cable = section("cable", 3, 30, 2);
        model.insert(*cable, *model.mechanism("extracellular"));
    }
    double get(std::string_view name, double x, long index = 0) { return range_get(variable(name), *cable, x, index); }
    SectionPtr cable;
};

TEST_F(ExtracellularMedium, DefaultsGroundTheOutside) {
    EXPECT_EQ(get("xraxial", 0.5, 1), 1e9);
    EXPECT_EQ(get("xg", 0.5, 0), 1e9);
    EXPECT_EQ(get("xc", 0.5, 1), 0);
    EXPECT_EQ(get("e_extracellular", 0.5), 0);
    EXPECT_THROW(get("xg", 0.5, 2), Error);
}

TEST_F(ExtracellularMedium, AFieldPolarisesAClosedCapacitiveCable) {
    // Without leak the inside becomes equipotential and the membrane keeps its charge, so each segment ends at
    // -65 + mean(e) - e.
    for (int i = 0; i < 3; ++i) range_set(variable("e_extracellular"), *cable, cable->segment_x(i), 10.0 * i);
    Simulation& simulation = runtime.simulation();
    simulation.finitialize(-65);
    for (int i = 0; i < 4000; ++i) simulation.fadvance();
    EXPECT_NEAR(get("v", 1. / 6), -55, 1e-6);
    EXPECT_NEAR(get("v", 0.5), -65, 1e-6);
    EXPECT_NEAR(get("v", 5. / 6), -75, 1e-6);
    EXPECT_NEAR(get("vext", 0.5), 10, 1e-6);
    EXPECT_NEAR(get("v", 0), -55, 1e-4);  // an end follows the segment beside it
    EXPECT_NEAR(get("i_membrane", 0.5), 0, 1e-9);
}

TEST_F(ExtracellularMedium, WhatGoesOutThroughTheMembraneComesInElsewhere) {
    range_set(variable("e_extracellular"), *cable, 0.1, 20);
    range_set_all(variable("xg"), *cable, 0.1, 0);
    Simulation& simulation = runtime.simulation();
    simulation.finitialize(-65);
    simulation.fadvance();
    double total = 0, largest = 0;
    for (int i = 0; i < 3; ++i) {
        const double x = cable->segment_x(i), current = get("i_membrane", x) * model.area(*cable, x);
        total += current;
        largest = std::max(largest, std::abs(current));
    }
    EXPECT_GT(largest, 1e-6);
    EXPECT_NEAR(total, 0, 1e-9 * largest + 1e-12);
}

}  // namespace
}  // namespace nrn
