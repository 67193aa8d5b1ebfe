// SPDX-License-Identifier: BSD-3-Clause
// The Matrix object: dense, or sparse by rows. Its methods are in matrix_class.cpp and matrix_algebra.cpp.
#pragma once
#include <map>
#include <span>
#include <vector>

#include "nrn/api/callable.hpp"
#include "nrn/api/class.hpp"

namespace nrn {

class Matrix final : public Object {
  public:
    Matrix(Class& cls, long rows, long columns, bool sparse);
    [[nodiscard]] long rows() const noexcept { return rows_; }
    [[nodiscard]] long columns() const noexcept { return columns_; }
    [[nodiscard]] bool sparse() const noexcept { return sparse_; }
    [[nodiscard]] double get(long i, long j) const;
    /// Sparse: a zero that was written stays an element of the structure.
    void set(long i, long j, double x) { *cell(i, j) = x; }
    /// Address of an element, made if missing. Valid until the next change of size.
    double* cell(long i, long j);
    /// Keeps what fits; new elements are 0.
    void resize(long rows, long columns);
    void clear();
    /// Elements of a row that are stored: (column, value), ascending.
    [[nodiscard]] std::map<long, double> row(long i) const;
    void assign(const Matrix& other);

  private:
    long rows_, columns_;
    bool sparse_;
    std::vector<double> dense_;                   // by rows
    std::vector<std::map<long, double>> sparse_rows_;
};

namespace matrix_class {
std::span<const Method> element_methods();  // matrix_class.cpp
std::span<const Method> algebra_methods();  // matrix_algebra.cpp
/// A new Matrix as a value.
[[nodiscard]] Ptr<Matrix> make(CallArgs& args, long rows, long columns, bool sparse = false);
[[nodiscard]] inline Matrix& matrix(Object& self) { return static_cast<Matrix&>(self); }
/// The Matrix argument i if it is one, else a new one.
[[nodiscard]] Ptr<Matrix> destination(CallArgs& args, std::size_t i, long rows, long columns);
}  // namespace matrix_class

}  // namespace nrn
