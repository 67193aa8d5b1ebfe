// SPDX-License-Identifier: BSD-3-Clause
// SUNDIALS' vectors and context as owned C++ values, and views of vectors as spans.
#pragma once
#include <nvector/nvector_serial.h>
#include <sundials/sundials_context.h>

#include <memory>
#include <span>

namespace nrn::cvode {

struct FreeContext { void operator()(SUNContext c) const noexcept { SUNContext_Free(&c); } };
using Context = std::unique_ptr<std::remove_pointer_t<SUNContext>, FreeContext>;

inline Context new_context() {
    SUNContext context = nullptr;
    SUNContext_Create(nullptr, &context);
    return Context(context);
}

struct FreeVector { void operator()(N_Vector v) const noexcept { N_VDestroy(v); } };
using OdeVector = std::unique_ptr<std::remove_pointer_t<N_Vector>, FreeVector>;

/// Zeros, [n].
inline OdeVector new_vector(std::size_t n, SUNContext context) {
    OdeVector v(N_VNew_Serial(static_cast<sunindextype>(n), context));
    N_VConst(0, v.get());
    return v;
}

inline std::span<double> view(N_Vector v) {
    return {N_VGetArrayPointer(v), static_cast<std::size_t>(N_VGetLength(v))};
}
inline std::span<double> view(const OdeVector& v) { return view(v.get()); }

}  // namespace nrn::cvode
