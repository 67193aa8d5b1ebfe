// SPDX-License-Identifier: BSD-3-Clause
// The kernel's mechanism `extracellular`: its columns. The equations are the engine's (engine/extracellular).
#pragma once

namespace nrn {

class MechanismType;

/// vext [mV], xraxial [MOhm/cm], xg [S/cm2], xc [uF/cm2] have a column per layer, from the membrane outwards.
struct ExtracellularColumns {
    static constexpr int kDefaultLayers = 2, kMostLayers = 100;
    explicit ExtracellularColumns(int count) : layers(count) {}
    explicit ExtracellularColumns(const MechanismType& type);
    int layers;
    [[nodiscard]] int vext(int k) const noexcept { return k; }
    [[nodiscard]] int axial(int k) const noexcept { return layers + k; }
    [[nodiscard]] int conductance(int k) const noexcept { return 2 * layers + k; }
    [[nodiscard]] int capacitance(int k) const noexcept { return 3 * layers + k; }
    [[nodiscard]] int potential() const noexcept { return 4 * layers; }             // e_extracellular, mV: behind the outermost layer
    [[nodiscard]] int membrane_current() const noexcept { return 4 * layers + 1; }  // i_membrane, mA/cm2, capacitive current included
    [[nodiscard]] int count() const noexcept { return 4 * layers + 2; }
};

}  // namespace nrn
