// SPDX-License-Identifier: BSD-3-Clause
// The one resolver from a range variable's name to its datum: v, diam, cm, gnabar_hh, ena, cai ...
#pragma once
#include <string>

#include "nrn/api/object.hpp"
#include "nrn/api/ref.hpp"

namespace nrn {

class MechanismType;
class Section;

/// Describes one name usable as `sec.name(x)`. Immutable once registered; stable address.
class RangeVariable {
  public:
    enum class Where : std::uint8_t { Node, Mechanism, Ion };
    std::string name;              // as users type it, with suffix: "gnabar_hh", "ena", "v"
    std::string bare_name;         // "gnabar"
    Where where = Where::Node;
    int column = 0;                // of the node store, or first column of the mechanism
    int length = 1;
    bool is_array = false;
    bool is_pointer = false;       // a POINTER variable: reads and writes through, setpointer sets
    bool is_stream = false;        // a RANDOM variable: an object (range_stream) and no number
    bool read_only = false;
    MechanismType* mechanism = nullptr;  // owner (the ion's own type for ions)
    std::string units, doc;
};

/// The random stream at (section, x).
ObjectPtr range_stream(const RangeVariable&, Section&, double x);
/// Access at (section, x, array index). Assignment to diam and the like has its consequences here.
/// @throws Error(Name) when the mechanism is not inserted there, Error(Index), Error(Reference), Error(Range)
double range_get(const RangeVariable&, Section&, double x, long index = 0);
void range_set(const RangeVariable&, Section&, double x, double value, long index = 0);
RefPtr range_ref(const RangeVariable&, Section&, double x, long index = 0);
/// Where a reference to a range variable points; false when it is of another kind (NetCon sources, record).
bool range_ref_place(const Ref& ref, Section*& section, double& x, const RangeVariable*& variable);
/// All segments (Hoc `gnabar_hh = .1`, Python `sec.gnabar_hh = .1`).
void range_set_all(const RangeVariable&, Section&, double value, long index = 0);
/// `diam(x0:x1) = y0:y1`: linear between; segments whose centre lies in [x0, x1] (0:1 also sets both ends of v).
void range_set_ramp(const RangeVariable&, Section&, double x0, double x1, double y0, double y1, long index = 0);
/// Does (section, x) have it?
bool range_exists(const RangeVariable&, Section&, double x);

}  // namespace nrn
