// SPDX-License-Identifier: BSD-3-Clause
// The sentences behind CVODE's return codes.
#include "cvode_error.hpp"

#include <cvode/cvode.h>

namespace nrn::cvode {

std::string failure_text(int code) {
    switch (code) {
    case CV_TOO_MUCH_ACC: return "the tolerances ask for more accuracy than double precision has";
    case CV_ERR_FAILURE: return "the error test failed repeatedly, or at the smallest step";
    case CV_CONV_FAILURE: return "the implicit equations did not converge, even with the smallest step";
    case CV_LSETUP_FAIL:
    case CV_LSOLVE_FAIL: return "the linear equations could not be solved";
    case CV_RHSFUNC_FAIL: return "the model's equations could not be evaluated";
    case CV_FIRST_RHSFUNC_ERR: return "the model's equations give no finite value at the start";
    case CV_REPTD_RHSFUNC_ERR:
    case CV_UNREC_RHSFUNC_ERR: return "the model's equations give values that are not finite, however small the step";
    case CV_TOO_CLOSE: return "the step has become too small to advance t";
    case CV_ILL_INPUT: return "a setting is out of its range (are all tolerances positive?)";
    default: return "CVODE returned code " + std::to_string(code);
    }
}

}  // namespace nrn::cvode
