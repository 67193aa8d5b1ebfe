// SPDX-License-Identifier: BSD-3-Clause
// The kernel's mechanism `extracellular`: its columns. The equations are the engine's (engine/extracellular).
#pragma once

namespace nrn::extracellular_columns {

inline constexpr int kLayers = 2;
/// vext [mV], xraxial [MOhm/cm], xg [S/cm2], xc [uF/cm2] have a column per layer, from the membrane outwards.
inline constexpr int kVext = 0, kAxial = 2, kConductance = 4, kCapacitance = 6;
inline constexpr int kPotential = 8;        // e_extracellular, mV: behind the outermost layer
inline constexpr int kMembraneCurrent = 9;  // i_membrane, mA/cm2, capacitive current included
inline constexpr int kColumns = 10;

}  // namespace nrn::extracellular_columns
