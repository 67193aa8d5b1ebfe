// SPDX-License-Identifier: BSD-3-Clause
// Diameter, area, axial resistance and volume. Numbers with nine digits were recorded from NEURON 9 with the
// same points and must agree to the printed digits.
#include "fixture.hpp"

#include <cmath>
#include <numbers>

namespace nrn {
namespace {

constexpr double kPrinted = 5e-9;  // relative; nine digits were printed

struct Row { double x, diam, area, ri, volume; };

class Geometry : public ModelTest {
  protected:
    void expect(Section& s, std::initializer_list<Row> rows) {
        for (const Row& r : rows) {
            SCOPED_TRACE(r.x);
            EXPECT_NEAR(diam(s, r.x), r.diam, kPrinted * r.diam);
            EXPECT_NEAR(model.area(s, r.x), r.area, kPrinted * r.area);
            EXPECT_NEAR(model.axial_resistance(s, r.x), r.ri, kPrinted * r.ri);
            EXPECT_NEAR(model.segment_volume(s, r.x), r.volume, kPrinted * r.volume);
        }
    }
    SectionPtr branchlet() {
        auto s = model.create_section("s");
        constexpr double points[][4] = {{0, 0, 0, 4}, {10, 0, 0, 2}, {10, 5, 0, 2}, {10, 5, 0, 1}, {25, 5, 8, 0.5}, {40, 5, 8, 3}};
        for (const auto& p : points) model.pt3d_add(*s, p[0], p[1], p[2], p[3]);
        s->set_axial_resistivity(80);
        return s;
    }
};

TEST_F(Geometry, CylinderFollowsItsFormulae) {
    auto s = section("s", 4, 80, 2);
    s->set_axial_resistivity(150);
    EXPECT_NEAR(model.area(*s, 0.4), std::numbers::pi * 2 * 20, 1e-12);
    EXPECT_NEAR(model.axial_resistance(*s, 0.4), 0.01 * 150 * 20 / std::numbers::pi, 1e-12);
    EXPECT_EQ(model.axial_resistance(*s, 0), 1e30);
    EXPECT_EQ(model.area(*s, 1), 0);
}

TEST_F(Geometry, PointsAreIntegratedOverEachSegment) {
    auto s = branchlet();
    EXPECT_NEAR(s->length(), 47, 1e-12);
    expect(*s, {{0.5, 1.68085106, 251.302259, 14.0905176, 139.015475}, {1, 1.68085106, 0, 33.2739934, 0}});
    s->set_nseg(2);
    expect(*s, {{0.25, 2.01861702, 151.858089, 1.71887339, 94.1577861}, {0.75, 1.34308511, 99.4441704, 41.8157331, 44.8576889}});
    s->set_nseg(5);
    expect(*s, {{0.1, 3.06, 90.815471, 0.391125873, 71.3035137}, {0.3, 1.57698373, 48.9466406, 1.9261701, 20.3716548},
                {0.5, 0.75, 22.150623, 11.7732217, 4.19981839}, {0.9, 2.21666667, 65.6872185, 6.64529419, 37.7859711},
                {1, 2.21666667, 0, 0.71990687, 0}});
}

TEST_F(Geometry, LengthScalesPointsAndDiameterRewritesThem) {
    auto s = branchlet();
    s->set_nseg(3);
    s->set_length(80);
    expect(*s, {{1. / 6, 2.59532749, 220.058588, 1.39533101, 152.383304}, {0.5, 0.75, 62.8341981, 22.5885288, 12.1515446}});
    range_set(variable("diam"), *s, 0.5, 6);
    expect(*s, {{1. / 6, 2.59457802, 217.363967, 2.0162972, 140.991582}, {0.5, 2.14627653, 179.827692, 4.49035319, 97.6739664},
                {5. / 6, 1.69797504, 142.249961, 8.35913185, 60.3842652}, {1, 1.69797504, 0, 4.71476063, 0}});
    model.pt3d_clear(*s);
    expect(*s, {{1. / 6, 2.59457802, 217.363967, 2.0162972, 140.991225}, {0.5, 2.14627653, 179.827692, 4.49035319, 96.4783724}});
    EXPECT_NEAR(s->length(), 80, 1e-9);
}

TEST_F(Geometry, ConstantPointsIgnoreLength) {
    auto s = model.create_section("s");
    model.pt3d_add(*s, 0, 0, 0, 1);
    model.pt3d_add(*s, 0, 10, 0, 3);
    EXPECT_EQ(function(*s, "pt3dconst", {1}).number(), 0);
    s->set_length(20);
    EXPECT_EQ(s->length(), 10);
    EXPECT_NEAR(model.area(*s, 0.5), std::numbers::pi * 2 * std::sqrt(101.), 1e-5);  // single precision points
}

TEST_F(Geometry, DefineShapeGoesOnFromTheParent) {
    auto a = section("a", 5, 100, 2), b = section("b", 3, 50, 1), c = section("c", 1, 30, 0.5);
    model.connect(*b, 0, *a, 1);
    model.connect(*c, 0, *a, 0.5);
    function(*a, "define_shape");
    ASSERT_EQ(a->points().size(), 7u);
    EXPECT_FLOAT_EQ(a->points()[1].x, 10);
    EXPECT_FLOAT_EQ(b->points()[1].x, 108.33333f);
    EXPECT_NEAR(c->points()[2].x, 50, 1e-4);
    EXPECT_FLOAT_EQ(c->points()[2].y, 30);
    range_set_ramp(variable("diam"), *a, 0, 1, 1, 3);
    EXPECT_NEAR(model.area(*a, 0.1), 78.541861, 1e-6);
    EXPECT_NEAR(model.axial_resistance(*a, 0.3), 4.6950706, 1e-7);
    EXPECT_NEAR(diam(*a, 0.7), 2.4000001, 1e-7);
}

TEST_F(Geometry, DistanceRunsAlongTheTree) {
    auto a = section("a", 5), b = section("b", 3, 50), c = section("c", 1, 40), far = section("far");
    model.connect(*b, 0, *a, 1);
    model.connect(*c, 1, *b, 0.5);
    function(*a, "distance", {0, 0});
    EXPECT_EQ(function(*c, "distance", {0}).number(), 165);
    EXPECT_EQ(function(*c, "distance", {0.5}).number(), 145);
    function(*c, "distance");
    EXPECT_NEAR(function(*a, "distance", {0.3}).number(), 135, 1e-12);
    EXPECT_EQ(function(*far, "distance", {1}).number(), 1e20);
}

}  // namespace
}  // namespace nrn
