// SPDX-License-Identifier: BSD-3-Clause
// Python's collector looks through the kernel: a cell that keeps FInitializeHandler(self.start) is a cycle over a handler,
// a callable and a bound method, of which Python sees only the ends.
#pragma once
#include "nrn/api/counted.hpp"
#include "python_state.hpp"

namespace nrn::python {

/// What holds Python objects on the kernel's side.
class PythonHolder {
  public:
    virtual ~PythonHolder() = default;
    /// As tp_traverse.
    virtual int visit_python(visitproc visit, void* argument) const = 0;
};

/// For tp_traverse of what owns one count of `owned`: visits the Python objects that only this count keeps. What is held
/// from elsewhere too (a count above one anywhere on the way) is left out, so it is never collected by mistake.
/// Counts do not change meanwhile: whoever works in the kernel holds the GIL.
int traverse_owned(const Counted& owned, visitproc visit, void* argument);

/// Does it hold anything that only it keeps? (What it comes to hold later is not foreseen.)
bool holds_anything(const Counted& counted);

}  // namespace nrn::python
