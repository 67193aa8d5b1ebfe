// SPDX-License-Identifier: BSD-3-Clause
// What the variables and functions of built-in mechanisms mean.
#include "model/mechanism_documentation.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>

#include <fmt/format.h>

namespace nrn {
namespace {

struct Row {
    const char* mechanism;
    const char* name;
    const char* meaning;
    const char* arguments = "";  // of a function that reads them itself
};

constexpr Row rows[] = {
    {"IClamp", "amp", "The current while it flows; a positive one depolarises."},
    {"IClamp", "del", "When the current begins."},
    {"IClamp", "dur", "How long it flows."},
    {"IClamp", "i", "The current that flows now."},
    {"AlphaSynapse", "onset", "When the conductance begins to rise."},
    {"AlphaSynapse", "tau", "Time from the onset to the peak."},
    {"AlphaSynapse", "gmax", "Conductance at the peak."},
    {"AlphaSynapse", "e", "Reversal potential."},
    {"AlphaSynapse", "g", "The conductance now: gmax (t - onset)/tau exp(1 - (t - onset)/tau)."},
    {"AlphaSynapse", "i", "The current now, g (v - e)."},
    {"AlphaSynapse", "alpha", "x exp(1 - x), and 0 for a negative x or one above 10."},
    {"ExpSyn", "tau", "Time constant of the decay."},
    {"ExpSyn", "e", "Reversal potential."},
    {"ExpSyn", "g", "The conductance now; an event adds its weight [uS]."},
    {"ExpSyn", "i", "The current now, g (v - e)."},
    {"Exp2Syn", "tau1", "Time constant of the rise; shorter than tau2."},
    {"Exp2Syn", "tau2", "Time constant of the decay."},
    {"Exp2Syn", "e", "Reversal potential."},
    {"Exp2Syn", "g", "The conductance now, B - A; its peak after one event is the event's weight [uS]."},
    {"Exp2Syn", "i", "The current now, g (v - e)."},
    {"Exp2Syn", "A", "The part that decays with tau1."},
    {"Exp2Syn", "B", "The part that decays with tau2."},
    {"APCount", "n", "How often v passed the threshold upwards since the start."},
    {"APCount", "thresh", "The threshold."},
    {"APCount", "time", "Time of the last crossing."},
    {"APCount", "firing", "1 while v is above the threshold."},
    {"APCount", "check", "Looks whether v has passed the threshold; every step does it."},
    {"APCount", "keep", "Appends the time of the last crossing to the recording Vector."},
    {"APCount", "record", "The Vector is given the times of all crossings; without one, none is from then on.", "vector"},
    {"SEClamp", "rs", "Resistance of the electrode."},
    {"SEClamp", "dur1", "How long the first level lasts."},
    {"SEClamp", "dur2", "How long the second level lasts."},
    {"SEClamp", "dur3", "How long the third level lasts."},
    {"SEClamp", "amp1", "First level."},
    {"SEClamp", "amp2", "Second level."},
    {"SEClamp", "amp3", "Third level."},
    {"SEClamp", "i", "The current now, (vc - v)/rs, and 0 when no level lasts."},
    {"SEClamp", "vc", "The level now."},
    {"SEClamp", "level", "Finds the level of the present time; every step does it."},
    {"SEClamp", "settle", "Computes the current for the new potential; every step does it."},
    {"VClamp", "dur", "How long each of the three levels lasts."},
    {"VClamp", "amp", "The three levels."},
    {"VClamp", "gain", "Of the amplifier."},
    {"VClamp", "rstim", "Resistance of the current electrode."},
    {"VClamp", "tau1", "Time constant of the recording electrode."},
    {"VClamp", "tau2", "Time constant of the amplifier."},
    {"VClamp", "e0", "Offset of the amplifier's input."},
    {"VClamp", "vo0", "The amplifier's output at the start."},
    {"VClamp", "vi0", "The amplifier's input at the start."},
    {"VClamp", "i", "The current now."},
    {"VClamp", "fac", "Kept for older models."},
    {"VClamp", "level", "Finds the level of the present time; every step does it."},
    {"VClamp", "method", "Prepares the step for its length; every step does it."},
    {"VClamp", "settle", "Takes the new potential over; every step does it."},
    {"VClamp", "input", "The amplifier's input for a potential."},
    {"VClamp", "output", "The amplifier's output for a potential."},
    {"IntFire1", "tau", "Time constant of m; m' = -m/tau."},
    {"IntFire1", "refrac", "How long events are ignored after firing."},
    {"IntFire1", "m", "The state at the last event; an event adds its weight, and the cell fires above 1."},
    {"IntFire1", "M", "The state now; 2 within half a ms of firing, -1 while refractory."},
    {"IntFire2", "taum", "Time constant of m; taum m' = -m + i. Shorter than taus."},
    {"IntFire2", "taus", "Time constant of the current; taus i' = -(i - ib)."},
    {"IntFire2", "ib", "The constant bias."},
    {"IntFire2", "i", "The current at the last event; an event adds its weight."},
    {"IntFire2", "m", "The state at the last event; the cell fires above 1."},
    {"IntFire2", "M", "The state now."},
    {"IntFire2", "I", "The current now."},
    {"IntFire2", "state_m", "The state a time after the last event."},
    {"IntFire2", "state_i", "The current a time after the last event."},
    {"IntFire2", "firetime", "Time from the last event until the state passes 1, or 1e9."},
    {"IntFire4", "taue", "Time constant of the excitatory current e."},
    {"IntFire4", "taui1", "Time constant of i1, which drives the inhibitory current i2."},
    {"IntFire4", "taui2", "Time constant of the inhibitory current i2; longer than taue and taui1."},
    {"IntFire4", "taum", "Time constant of the state m."},
    {"IntFire4", "e", "The excitatory current at the last event; a weight above 0 is added to it."},
    {"IntFire4", "i1", "First stage of the inhibitory current at the last event; a weight below 0 is added to it."},
    {"IntFire4", "i2", "The inhibitory current at the last event."},
    {"IntFire4", "m", "The state at the last event; the cell fires above 1."},
    {"IntFire4", "nself", "Number of its own events since the start."},
    {"IntFire4", "E", "The excitatory current now."},
    {"IntFire4", "I", "The inhibitory current now."},
    {"IntFire4", "M", "The state now."},
    {"IntFire4", "state_e", "The excitatory current a time after the last event."},
    {"IntFire4", "state_i1", "i1 a time after the last event."},
    {"IntFire4", "state_i2", "i2 a time after the last event."},
    {"IntFire4", "state_m", "The state a time after the last event."},
    {"IntFire4", "firetime", "A time until which the state does not pass 1, counted from the last event, or 1e9."},
    {"IntFire4", "peak", "Largest difference of two exponentials with rates a and b [1/ms]."},
    {"IntFire4", "order", "Moves time constants apart that are too close; done at the start."},
    {"IntFire4", "factors", "Scales the responses so that their peaks are the weights; done at the start."},
    {"IntFire4", "advance", "Brings all states to the present time; every event does it."},
    {"NetStim", "interval", "Mean time between spikes."},
    {"NetStim", "number", "How many spikes it sends on average."},
    {"NetStim", "start", "Most likely time of the first spike; below 0 an event of weight above 0 starts it."},
    {"NetStim", "noise", "0: regular, 1: negative exponential intervals, between: a part of each interval is random."},
    {"NetStim", "ranvar", "Its random stream, an NMODLRandom."},
    {"NetStim", "noiseFromRandom", "Draws from a Random object with the distribution negexp(1).", "random"},
    {"NetStim", "noiseFromRandom123", "Draws from the Random123 stream of these numbers."},
    {"NetStim", "seed", "Puts the random stream at a place of its sequence."},
    {"NetStim", "erand", "The next negexp(1) value of its random stream."},
    {"NetStim", "invl", "The next interval for a mean."},
    {"NetStim", "init_sequence", "Begins the sequence of spikes anew at a time."},
    {"NetStim", "next_invl", "Chooses the time of the next spike."},
    {"PatternStim", "fake_output", "1: spikes of the pattern count as those of cells of this rank with the same gid."},
    {"PatternStim", "play", "Delivers events as if cells had fired at these times [ms]; without arguments none any more.", "times, gids"},
    {"hh", "rates", "Computes minf, mtau, hinf, htau, ninf and ntau for a potential; setdata_hh(x) chooses the segment."},
    {"hh", "vtrap", "x/(exp(x/y) - 1), also where that is 0/0."},
};

const Row* find(const nrn_mechanism& mechanism, std::string_view name) {
    const auto* found = std::find_if(std::begin(rows), std::end(rows), [&](const Row& r) { return mechanism.name == std::string_view(r.mechanism) && name == r.name; });
    return found == std::end(rows) ? nullptr : found;
}

/// How an example calls an instance.
std::string instance_of(const nrn_mechanism& mechanism) {
    std::string text(mechanism.name);
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

std::string in_brackets(const char* units) { return units && *units ? fmt::format(" [{}]", units) : std::string(); }

std::string example(const std::string& statement, bool shows) {
    return shows ? fmt::format("\nPython: print({})     Hoc: print {}", statement, statement) : fmt::format("\nPython: {}     Hoc: {}", statement, statement);
}

}  // namespace

std::string document_variable(const nrn_mechanism& mechanism, const nrn_variable& variable, std::string_view name) {
    const Row* row = find(mechanism, variable.name);
    const bool parameter = variable.kind == NRN_PARAMETER;
    std::string text = fmt::format("{}{}{}", name, variable.is_array ? "[i]" : "", in_brackets(variable.units));
    if (row) text += fmt::format("\n{}", row->meaning);
    else if (variable.kind == NRN_POINTER) text += "\nPOINTER: setpointer says what it stands for.";
    else if (variable.kind == NRN_RANDOM) text += "\nA random stream, an NMODLRandom.";
    else text += parameter ? "\nPARAMETER." : variable.kind == NRN_STATE ? "\nSTATE." : "\nASSIGNED.";
    if (parameter) text += fmt::format(" {:g} unless set.", variable.value);
    const std::string place = fmt::format("{}.{}{}", instance_of(mechanism), name, variable.is_array ? "[0]" : "");
    return text + (parameter ? example(fmt::format("{} = {:g}", place, variable.value != 0 ? variable.value : 1), false) : example(place, true));
}

std::string document_function(const nrn_mechanism& mechanism, const nrn_mech_function& function, const std::string& call) {
    const Row* row = find(mechanism, function.name);
    const bool procedure = (function.flags & NRN_FUNCTION_PROCEDURE) != 0;
    std::string arguments = row ? row->arguments : "";
    for (int i = 0; i < function.n_arg; ++i) arguments += fmt::format("{}{}", i ? ", " : "", function.arg_name ? function.arg_name[i] : "x");
    const std::string units = in_brackets(function.units);
    std::string text = fmt::format("{}({}){}", call, arguments, procedure ? "" : " -> number" + units);
    text += fmt::format("\n{}", row ? std::string(row->meaning) : fmt::format("{} of `{}`.", procedure ? "PROCEDURE" : "FUNCTION", mechanism.name));
    const bool of_object = (mechanism.flags & NRN_POINT_PROCESS) != 0;
    const std::string whole = fmt::format("{}({})", of_object ? instance_of(mechanism) + "." + call : call, arguments);
    return text + (of_object ? example(whole, !procedure) : fmt::format("\nPython: {}     Hoc: {}", "h." + whole, procedure ? whole : "print " + whole));
}

}  // namespace nrn
