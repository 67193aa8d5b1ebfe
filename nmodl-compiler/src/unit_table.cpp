// SPDX-License-Identifier: BSD-3-Clause
// Unit arithmetic over SI with the prefixes and names that mod files use. Constants: CODATA 2019.
#include "unit_table.hpp"

#include <cctype>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numbers>

namespace nrn::nmodl {
namespace {

enum Dimension { Metre, Kilogram, Second, Coulomb, Mole, Degree, Candela, Radian };

Unit make(double factor, std::initializer_list<std::pair<Dimension, int>> dimensions = {}) {
    Unit u;
    u.factor = factor;
    for (auto [d, n] : dimensions) u.dimension[d] = n;
    return u;
}

/// Exponents beyond any sense stay there: (m9^9^9^9^9^9) is no reason to overflow.
int bounded(long exponent) { return static_cast<int>(std::clamp(exponent, -1000000L, 1000000L)); }

Unit power(const Unit& u, int n) {
    Unit r = make(std::pow(u.factor, n));
    for (std::size_t i = 0; i < r.dimension.size(); ++i) r.dimension[i] = bounded(static_cast<long>(u.dimension[i]) * n);
    return r;
}

Unit times(const Unit& a, const Unit& b) {
    Unit r = make(a.factor * b.factor);
    for (std::size_t i = 0; i < r.dimension.size(); ++i) r.dimension[i] = bounded(static_cast<long>(a.dimension[i]) + b.dimension[i]);
    return r;
}

const std::map<std::string, double>& prefixes() {
    static const std::map<std::string, double> table{
        {"yotta", 1e24}, {"zetta", 1e21}, {"exa", 1e18}, {"peta", 1e15}, {"tera", 1e12}, {"giga", 1e9}, {"mega", 1e6}, {"kilo", 1e3},
        {"hecto", 1e2}, {"deka", 1e1}, {"deci", 1e-1}, {"centi", 1e-2}, {"milli", 1e-3}, {"micro", 1e-6}, {"nano", 1e-9}, {"pico", 1e-12},
        {"femto", 1e-15}, {"atto", 1e-18}, {"G", 1e9}, {"M", 1e6}, {"k", 1e3}, {"d", 1e-1}, {"c", 1e-2}, {"m", 1e-3}, {"u", 1e-6}, {"n", 1e-9}, {"p", 1e-12}, {"f", 1e-15}};
    return table;
}

}  // namespace

UnitTable::UnitTable() {
    const Unit m = make(1, {{Metre, 1}}), kg = make(1, {{Kilogram, 1}}), s = make(1, {{Second, 1}}), coul = make(1, {{Coulomb, 1}});
    const Unit amp = make(1, {{Coulomb, 1}, {Second, -1}}), volt = make(1, {{Metre, 2}, {Kilogram, 1}, {Second, -2}, {Coulomb, -1}});
    const Unit joule = make(1, {{Metre, 2}, {Kilogram, 1}, {Second, -2}}), ohm = times(volt, power(amp, -1)), mole = make(1, {{Mole, 1}});
    const Unit kelvin = make(1, {{Degree, 1}}), watt = times(joule, power(s, -1));
    units_ = {
        {"m", m}, {"meter", m}, {"metre", m}, {"g", make(1e-3, {{Kilogram, 1}})}, {"gram", make(1e-3, {{Kilogram, 1}})}, {"kg", kg},
        {"s", s}, {"sec", s}, {"second", s}, {"min", make(60, {{Second, 1}})}, {"minute", make(60, {{Second, 1}})}, {"hour", make(3600, {{Second, 1}})}, {"hr", make(3600, {{Second, 1}})},
        {"coul", coul}, {"coulomb", coul}, {"C", coul}, {"A", amp}, {"amp", amp}, {"ampere", amp}, {"V", volt}, {"volt", volt},
        {"ohm", ohm}, {"mho", power(ohm, -1)}, {"S", power(ohm, -1)}, {"siemens", power(ohm, -1)},
        {"F", times(coul, power(volt, -1))}, {"farad", times(coul, power(volt, -1))}, {"J", joule}, {"joule", joule}, {"W", watt}, {"watt", watt},
        {"cal", times(make(4.184), joule)}, {"mole", mole}, {"mol", mole}, {"liter", make(1e-3, {{Metre, 3}})}, {"l", make(1e-3, {{Metre, 3}})}, {"L", make(1e-3, {{Metre, 3}})},
        {"M", make(1e3, {{Mole, 1}, {Metre, -3}})}, {"molar", make(1e3, {{Mole, 1}, {Metre, -3}})},
        {"K", kelvin}, {"kelvin", kelvin}, {"degK", kelvin}, {"degC", kelvin}, {"celsius", kelvin}, {"Hz", power(s, -1)}, {"hz", power(s, -1)}, {"hertz", power(s, -1)},
        {"micron", make(1e-6, {{Metre, 1}})}, {"angstrom", make(1e-10, {{Metre, 1}})}, {"cc", make(1e-6, {{Metre, 3}})}, {"in", make(0.0254, {{Metre, 1}})}, {"inch", make(0.0254, {{Metre, 1}})}, {"foot", make(0.3048, {{Metre, 1}})}, {"ft", make(0.3048, {{Metre, 1}})}, {"day", make(86400, {{Second, 1}})}, {"c", make(299792458, {{Metre, 1}, {Second, -1}})}, {"weber", times(volt, s)}, {"henry", times(times(volt, s), power(amp, -1))}, {"bar", make(1e5, {{Metre, -1}, {Kilogram, 1}, {Second, -2}})}, {"eV", make(1.602176634e-19, {{Metre, 2}, {Kilogram, 1}, {Second, -2}})}, {"amu", make(1.66053906660e-27, {{Kilogram, 1}})}, {"dalton", make(1.66053906660e-27, {{Kilogram, 1}})}, {"planck", make(6.62607015e-34, {{Metre, 2}, {Kilogram, 1}, {Second, -1}})}, {"h", make(6.62607015e-34, {{Metre, 2}, {Kilogram, 1}, {Second, -1}})}, {"equivalent", mole}, {"cycle", make(2 * std::numbers::pi)},
        {"newton", make(1, {{Metre, 1}, {Kilogram, 1}, {Second, -2}})}, {"N", make(1, {{Metre, 1}, {Kilogram, 1}, {Second, -2}})},
        {"pascal", make(1, {{Metre, -1}, {Kilogram, 1}, {Second, -2}})}, {"Pa", make(1, {{Metre, -1}, {Kilogram, 1}, {Second, -2}})}, {"atm", make(101325, {{Metre, -1}, {Kilogram, 1}, {Second, -2}})},
        {"radian", make(1)}, {"rad", make(1)}, {"degree", make(std::numbers::pi / 180)}, {"deg", make(std::numbers::pi / 180)}, {"steradian", make(1)}, {"sr", make(1)},
        {"pi", make(std::numbers::pi)}, {"1", make(1)}, {"dimensionless", make(1)}, {"percent", make(0.01)}, {"fuzz", make(1)}, {"candela", make(1, {{Candela, 1}})},
        {"faraday", make(96485.3321233100184, {{Coulomb, 1}})}, {"e", make(1.602176634e-19, {{Coulomb, 1}})}, {"avogadro", make(6.02214076e23)},
        {"boltzmann", times(make(1.380649e-23), times(joule, power(kelvin, -1)))}, {"k", times(make(1.380649e-23), times(joule, power(kelvin, -1)))},
        {"R", times(make(8.3144626181532395), times(joule, power(kelvin, -1)))},
        {"k-mole", times(make(8.3144626181532395), times(joule, power(kelvin, -1)))}, {"mole-k", times(make(8.3144626181532395), times(joule, power(kelvin, -1)))},
        {"lightyear", make(9460730472580800.0, {{Metre, 1}})}, {"gravity", make(9.80665, {{Metre, 1}, {Second, -2}})}, {"mmHg", make(133.322387415, {{Metre, -1}, {Kilogram, 1}, {Second, -2}})}};
}

std::optional<Unit> UnitTable::word(std::string name) const {
    if (const auto found = units_.find(name); found != units_.end()) return found->second;
    // A trailing digit is an exponent: cm2.
    if (name.size() > 1 && std::isdigit(static_cast<unsigned char>(name.back()))) {
        const int n = name.back() - '0';
        if (auto u = word(name.substr(0, name.size() - 1))) return power(*u, n);
    }
    for (const auto& [prefix, factor] : prefixes())
        if (name.size() > prefix.size() && name.compare(0, prefix.size(), prefix) == 0)
            if (const auto found = units_.find(name.substr(prefix.size())); found != units_.end()) return times(make(factor), found->second);
    // A prefix may stand alone: milli/liter.
    if (const auto alone = prefixes().find(name); alone != prefixes().end() && name.size() > 2) return make(alone->second);
    if (name.size() > 2 && name.back() == 's') return word(name.substr(0, name.size() - 1));
    return std::nullopt;
}

namespace {

/// The length of `k-mole`, `mole k` or the like at `from`: Boltzmann's constant for a mole; 0 for anything else.
std::size_t gas_constant(const std::string& text, std::size_t from) {
    for (const auto& [first, second] : {std::pair<std::string, std::string>{"k", "mole"}, {"mole", "k"}}) {
        if (text.compare(from, first.size(), first) != 0) continue;
        std::size_t i = from + first.size();
        const std::size_t separators = i;
        while (i < text.size() && (text[i] == '-' || text[i] == '*' || text[i] == ' ')) ++i;
        if (i == separators || text.compare(i, second.size(), second) != 0) continue;
        i += second.size();
        if (i == text.size() || !(std::isalnum(static_cast<unsigned char>(text[i])) || text[i] == '_')) return i - from;
    }
    return 0;
}

}  // namespace

std::optional<Unit> UnitTable::parse(const std::string& text) const {
    Unit result;
    bool below = false;
    std::size_t i = 0;
    while (i < text.size()) {
        const char c = text[i];
        if (std::isspace(static_cast<unsigned char>(c)) || c == '*' || c == '-' || c == '(' || c == ')') {
            ++i;
        } else if (c == '/') {
            below = true;
            ++i;
        } else if (std::isdigit(static_cast<unsigned char>(c)) || c == '.') {
            char* end = nullptr;
            const double x = std::strtod(text.c_str() + i, &end);
            if (end == text.c_str() + i) return std::nullopt;  // a point alone
            result = times(result, make(below ? 1 / x : x));
            i = static_cast<std::size_t>(end - text.c_str());
        } else {
            std::size_t n = i;
            while (n < text.size() && (std::isalnum(static_cast<unsigned char>(text[n])) || text[n] == '_')) ++n;
            if (n == i) return std::nullopt;
            std::string name = text.substr(i, n - i);
            const std::size_t length = gas_constant(text, i);
            const auto u = word(length ? "k-mole" : name);
            if (!u) return std::nullopt;
            result = times(result, below ? power(*u, -1) : *u);
            i += length ? length : name.size();
        }
    }
    return result;
}

void UnitTable::define(const std::string& alias, const std::string& text) {
    if (const auto u = parse(text)) units_[alias] = *u;
    else if (!units_.contains(alias)) units_[alias] = Unit{};
}

std::string unit_text(const Unit& unit) {
    static const char* const names[] = {"m", "kg", "s", "C", "mol", "K", "cd", "rad"};
    std::string above, below;
    for (std::size_t i = 0; i < unit.dimension.size(); ++i) {
        const int n = unit.dimension[i];
        if (n == 0) continue;
        std::string& side = n > 0 ? above : below;
        side += (side.empty() ? "" : " ") + std::string(names[i]) + (std::abs(n) == 1 ? "" : std::to_string(std::abs(n)));
    }
    char factor[32];
    std::snprintf(factor, sizeof factor, "%g", unit.factor);
    std::string text = factor + (above.empty() ? std::string() : " " + above) + (below.empty() ? "" : (above.empty() ? " /" : "/") + below);
    if (above.empty() && below.empty()) text = unit.factor == 1 ? "no units" : "a factor of " + text;
    return text;
}

std::optional<double> UnitTable::convert(const std::string& from, const std::string& to) const {
    const auto a = parse(from), b = parse(to);
    if (!a || !b) return std::nullopt;
    if ((from == "mole" || from == "avogadro") && b->dimension[Mole] == 0) return 6.02214076e23 / b->factor;  // a mole counts
    // faraday, avogadro and R are per mole or not, as the model's author likes: moles do not count.
    for (std::size_t i = 0; i < a->dimension.size(); ++i)
        if (i != Mole && i != Degree && a->dimension[i] != b->dimension[i]) return std::nullopt;
    return a->factor / b->factor;
}

}  // namespace nrn::nmodl
