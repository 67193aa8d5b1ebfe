// SPDX-License-Identifier: BSD-3-Clause
// A channel built at run time (class KSChan): gates of the Hodgkin-Huxley kind and kinetic schemes, their
// rates, and the mechanism type made of them.
#pragma once
#include <cmath>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/mechanism_type.hpp"
#include "nrn/api/runtime.hpp"
#include "object/vector.hpp"
#include "random/random123.hpp"

namespace nrn {

/// A rate, or inf or tau, as a function of v [mV]. The parameters are the user's Vector itself: changing it
/// later changes the function, as in the reference.
struct ChannelRate {
    enum Kind { Constant = 1, Exponential = 2, Linoid = 3, Sigmoid = 4, BorgGrahamInf = 5, BorgGrahamTau = 6, Table = 7 };
    int kind = Constant;
    VectorPtr parameters;
    double low = -100, high = 100;  // v of a table's first and last value
    const double* celsius = nullptr;  // what the types of Borg-Graham depend on too
    [[nodiscard]] double operator()(double v) const;
    [[nodiscard]] static std::size_t parameter_count(int kind);  // the least
};

struct ChannelGate;

struct ChannelState {
    std::string name;
    double fraction = 1;  // of the conductance that this state lets pass
    ChannelGate* gate = nullptr;
};

struct ChannelTransition {
    enum Kind { AlphaBeta = 0, InfTau = 1, LigandOutside = 2, LigandInside = 3 };
    int kind = AlphaBeta;
    ChannelState *source = nullptr, *target = nullptr;  // of a Hodgkin-Huxley gate: both its state
    ChannelRate f[2];
    std::string ligand;        // ion whose concentration multiplies the forward rate
    double stoichiometry = 1;  // its exponent
    int ligand_use = -1;       // among the mechanism's ions
    ChannelGate* gate = nullptr;
    /// Forward and backward rate at v, 1/ms; concentration [mM] counts for ligands.
    void rates(double v, double concentration, double& forward, double& backward) const;
};

struct ChannelGate {
    bool kinetic = false;
    int power = 1;
    std::vector<std::shared_ptr<ChannelState>> states;
    std::vector<std::shared_ptr<ChannelTransition>> transitions;
};

class ChannelScheme {
  public:
    ChannelScheme(Runtime& runtime, bool point_process, std::string name);

    std::string name, ion;  // ion empty: nonspecific
    bool point = false, single = false;
    int iv_type = 0;        // 0: g (v - e), 1: permeability times the GHK current
    double gmax = 0, erev = 0;
    double voltage_resolution = 0.1;  // mV; kept for the single channel mode
    std::uint32_t seed = 0;
    bool wants_table = false;         // kept; rates are always computed exactly
    std::vector<std::shared_ptr<ChannelGate>> gates;  // Hodgkin-Huxley gates first

    [[nodiscard]] std::vector<ChannelState*> states() const;
    [[nodiscard]] std::vector<ChannelTransition*> transitions() const;
    [[nodiscard]] std::vector<std::string> ligands() const;

    /// Before the set of states, ions or parameters changes. @throws Error(Runtime) while instances exist
    void require_no_instances(std::string_view what) const;
    /// Makes a new mechanism type of the scheme as it is; the one before is retired.
    void rebuild(const std::shared_ptr<ChannelScheme>& self);
    /// gmax and erev of instances to come.
    void update_defaults();

    // The kernels' part.
    struct Columns { int gmax = 0, e = -1, n_single = -1, g = 0, i = -1, rhs = -1, slope = -1, state = 0, derivative = 0; };
    Columns column;
    [[nodiscard]] MechanismType* type() const noexcept { return type_; }
    void reseed(std::uint32_t s) {
        seed = s;
        streams_.clear();
    }
    [[nodiscard]] Random123& stream(RowId row) { return streams_.try_emplace(row, seed, row, 0x4b53u).first->second; }

  private:
    Runtime& runtime_;
    MechanismType* type_ = nullptr;
    std::vector<nrn_variable>* variables_ = nullptr;
    std::unordered_map<RowId, Random123> streams_;
};

/// The functions of the mechanism type (channel_kernels.cpp).
void set_channel_kernels(nrn_mechanism& description, const ChannelScheme& scheme);
/// What the kernels find behind nrn_mech_view::mechanism.
struct ChannelDescription : nrn_mechanism {
    std::shared_ptr<ChannelScheme> scheme;
    std::vector<std::unique_ptr<std::string>> texts;
    std::vector<nrn_variable> variables;
    std::vector<nrn_ion_use> uses;
    std::vector<std::int32_t> ode_states, ode_derivatives;
    const char* text(std::string s) {
        texts.push_back(std::make_unique<std::string>(std::move(s)));
        return texts.back()->c_str();
    }
};

}  // namespace nrn
