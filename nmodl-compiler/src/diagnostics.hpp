// SPDX-License-Identifier: BSD-3-Clause
// Collects the errors and warnings of one compilation.
#pragma once
#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "nrn/api/error.hpp"

namespace nrn::nmodl {

class Diagnostics {
  public:
    void error(SourceSpan span, std::string message, std::string hint = {}, ErrorKind kind = ErrorKind::Syntax) {
        if (errors_.size() < kMostKept) errors_.push_back(Error(kind, span, std::move(message)).hint(std::move(hint)));
        ++count_;
    }
    void warning(SourceSpan span, std::string message) { warnings_.emplace_back(ErrorKind::Syntax, span, std::move(message)); }
    [[nodiscard]] bool failed() const { return count_ > 0; }
    /// In the order of their places in the text.
    void sort() {
        const auto earlier = [](const Error& a, const Error& b) {
            const SourceSpan &x = a.span(), &y = b.span();
            return std::tie(x.source, x.line, x.column) < std::tie(y.source, y.line, y.column);
        };
        std::stable_sort(errors_.begin(), errors_.end(), earlier);
        std::stable_sort(warnings_.begin(), warnings_.end(), earlier);
    }
    [[nodiscard]] std::size_t count() const { return count_; }
    [[nodiscard]] const std::vector<Error>& errors() const { return errors_; }
    [[nodiscard]] const std::vector<Error>& warnings() const { return warnings_; }

  private:
    static constexpr std::size_t kMostKept = 1000;
    std::vector<Error> errors_, warnings_;
    std::size_t count_ = 0;
};

}  // namespace nrn::nmodl
