// SPDX-License-Identifier: BSD-3-Clause
// Reversal potentials that follow concentrations: the loop over rows against the formula.
#include "fixture.hpp"

#include <cmath>
#include <limits>
#include <random>

#include "engine/simulation.hpp"
#include "model/ion.hpp"
#include "model/mechanism_store.hpp"

namespace nrn {
namespace {

class FollowingPotentials : public ModelTest {
  protected:
    FollowingPotentials() : ca(model.ion("ca", 2)) {
        cable = section("cable", kRows, 100, 1);
        model.insert(*cable, ca);
        for (std::size_t r = 0; r < kRows; ++r) ca.store().column(kIonStyleColumn)[r] = 3 + 16 + InitConcentration + InitPotential + AdvancePotential;
    }
    double& ci(std::size_t r) { return ca.store().column(NRN_ION_CI)[r]; }
    double& co(std::size_t r) { return ca.store().column(NRN_ION_CO)[r]; }
    double e(std::size_t r) { return ca.store().column(NRN_ION_E)[r]; }
    static constexpr int kRows = 515;
    MechanismType& ca;
    SectionPtr cable;
};

TEST_F(FollowingPotentials, AreThoseOfTheFormula) {
    std::mt19937_64 random(5);
    std::uniform_real_distribution<> decades(-9, 3), ratio(0.4, 2.5);
    for (int round = 0; round < 40; ++round) {
        for (std::size_t r = 0; r < kRows; ++r) {
            ci(r) = std::pow(10, decades(random));
            co(r) = round % 2 ? ci(r) * ratio(random) : std::pow(10, decades(random));
        }
        co(0) = ci(0);
        prepare_ion_currents(ca, 6.3, 0, kRows);
        EXPECT_EQ(e(0), 0);
        for (std::size_t r = 0; r < kRows; ++r) {
            const double exact = static_cast<double>(1000.0L * kGasConstant * (6.3L + 273.15L) / (2.0L * kFaraday) * std::log(static_cast<long double>(co(r)) / ci(r)));
            ASSERT_NEAR(e(r), exact, 9e-16 * std::fabs(exact)) << ci(r) << ' ' << co(r);
        }
    }
}

TEST_F(FollowingPotentials, HaveLimitsWhereThereIsNoLogarithm) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity(), kNan = std::numeric_limits<double>::quiet_NaN();
    const std::pair<double, double> pairs[] = {{0, 1}, {1, 0}, {-1, 2}, {2, -1}, {0, 0}, {1e-310, 1}, {1, 1e-310}, {1, kInfinity}, {kNan, 1}, {1, kNan}, {1, 2}};
    for (std::size_t r = 0; r < std::size(pairs); ++r) std::tie(ci(r), co(r)) = pairs[r];
    prepare_ion_currents(ca, 6.3, 0, kRows);
    for (std::size_t r = 0; r < std::size(pairs); ++r) {
        const double expected = nernst(pairs[r].first, pairs[r].second, 2, 6.3);
        if (std::isnan(expected)) EXPECT_TRUE(std::isnan(e(r))) << r;
        else if (std::isinf(expected)) EXPECT_EQ(e(r), expected) << r;
        else EXPECT_NEAR(e(r), expected, 1e-14 * std::fabs(expected)) << r;
    }
}

}  // namespace
}  // namespace nrn
