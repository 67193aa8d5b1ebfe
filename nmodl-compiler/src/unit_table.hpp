// SPDX-License-Identifier: BSD-3-Clause
// Units as mod files write them: "mA/cm2", "/ms", "joule/degC", "k-mole", "1e-3 mV", "faraday".
#pragma once
#include <array>
#include <map>
#include <optional>
#include <string>

namespace nrn::nmodl {

/// A factor and exponents of metre, kilogram, second, coulomb, mole, degree, candela, dollar...
struct Unit {
    double factor = 1;
    std::array<int, 8> dimension{};
};

/// As a factor and powers of the base units: "0.001 m2 kg/s2 C".
std::string unit_text(const Unit& unit);

class UnitTable {
  public:
    UnitTable();
    /// (alias) = (text)
    void define(const std::string& alias, const std::string& text);
    [[nodiscard]] std::optional<Unit> parse(const std::string& text) const;
    /// How many `to` make one `from`; empty when unknown or of different dimensions. `to` empty: a plain number.
    [[nodiscard]] std::optional<double> convert(const std::string& from, const std::string& to) const;

  private:
    [[nodiscard]] std::optional<Unit> word(std::string name) const;
    std::map<std::string, Unit> units_;
};

}  // namespace nrn::nmodl
