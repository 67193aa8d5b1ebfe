// SPDX-License-Identifier: BSD-3-Clause
// SUNDIALS' vectors and context as owned C++ values, and views of vectors as spans. The vectors are SUNDIALS'
// serial ones with aligned data and with operations of our own: its own take one element at a time.
#pragma once
#include <nvector/nvector_serial.h>
#include <sundials/sundials_context.h>

#include <memory>
#include <span>

#include "nrn/api/communicator.hpp"

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

/// A vector whose parts are on several ranks: its norms are over all of it.
struct Spread {
    Communicator* communicator = nullptr;  // nullptr: all of it is here
    double size = 0;                       // of all parts

    /// Collective when there is a communicator.
    Spread(std::size_t here, Communicator* ranks);
    /// Of what the ranks say.
    [[nodiscard]] double reduce(double here, Communicator::Op op) const;
};

/// Zeros, [n]. `spread` outlives it and its clones.
[[nodiscard]] OdeVector new_vector(std::size_t n, SUNContext context, const Spread& spread);

/// out[i] = 1 / (rtol |y[i]| + atol[i]); false when one is not positive.
bool error_weights(double rtol, std::span<const double> atol, std::span<const double> y, std::span<double> out) noexcept;
/// Are all elements finite?
[[nodiscard]] bool all_finite(std::span<const double> x) noexcept;

inline std::span<double> view(N_Vector v) {
    return {NV_DATA_S(v), static_cast<std::size_t>(NV_LENGTH_S(v))};
}
inline std::span<double> view(const OdeVector& v) { return view(v.get()); }

}  // namespace nrn::cvode
