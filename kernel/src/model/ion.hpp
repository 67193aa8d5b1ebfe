// SPDX-License-Identifier: BSD-3-Clause
// Ions: mechanism types the kernel makes for every USEION; style bits, Nernst and GHK.
#pragma once

#include "model/mechanism_type.hpp"

namespace nrn {

/// Column of the style bits, after the five of nrn_ion_column.
inline constexpr int kIonStyleColumn = NRN_ION_COLUMNS;

/// Bits of an ion's style in a segment, as ion_style() returns them.
enum IonStyle : int { ConcentrationMask = 3, InitConcentration = 4, PotentialMask = 24, InitPotential = 32, AdvancePotential = 64,
    WritesInside = 128, WritesOutside = 256 };  // some mechanism there writes the concentration

/// Physical constants (CODATA 2019, as the reference uses them).
inline constexpr double kFaraday = 96485.3321233100184;     // coulomb/mole
inline constexpr double kGasConstant = 8.3144626181532395;  // joule/(kelvin mole)

/// mV. A concentration that is not positive gives +-1e6 as the reference does.
double nernst(double ci, double co, double valence, double celsius);
/// mA/cm2 for a permeability of 1 cm/s.
double ghk(double v, double ci, double co, double valence, double celsius);

/// finitialize: concentrations (cinit) and reversal potentials (einit) of rows [begin, end).
void initialize_ions(MechanismType& ion, double celsius, std::size_t begin, std::size_t end);
/// Reversal potentials (einit) of rows [begin, end) from the concentrations as they are.
void initialize_potentials(MechanismType& ion, double celsius, std::size_t begin, std::size_t end);
/// Before currents are evaluated: zeroes them, and recomputes potentials where eadvance says so, which is
/// nowhere unless `potentials_follow`.
void prepare_ion_currents(MechanismType& ion, double celsius, std::size_t begin, std::size_t end, bool potentials_follow = true);

}  // namespace nrn
