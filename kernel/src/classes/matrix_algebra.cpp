// SPDX-License-Identifier: BSD-3-Clause
// Matrix: products, solutions, decompositions.
#include <cmath>

#include <Eigen/Dense>
#include <Eigen/Sparse>
#include <fmt/format.h>
#include <unsupported/Eigen/MatrixFunctions>

#include "classes/matrix.hpp"
#include "classes/vector_methods.hpp"
#include "error/memory_limit.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn::matrix_class {
namespace {

using Dense = Eigen::MatrixXd;

Dense dense(const Matrix& m) {
    if (m.rows() == 0 || m.columns() == 0) throw Error(ErrorKind::Runtime, fmt::format("`{}` has no elements ({} x {})", m.name(), m.rows(), m.columns()));
    require_memory(2 * static_cast<double>(m.rows()) * static_cast<double>(m.columns()));  // a result will need as much
    Dense d(m.rows(), m.columns());
    for (long i = 0; i < m.rows(); ++i)
        for (long j = 0; j < m.columns(); ++j) d(i, j) = m.get(i, j);
    return d;
}

Eigen::SparseMatrix<double> sparse(const Matrix& m) {
    if (m.rows() == 0 || m.columns() == 0) throw Error(ErrorKind::Runtime, fmt::format("`{}` has no elements ({} x {})", m.name(), m.rows(), m.columns()));
    std::vector<Eigen::Triplet<double>> elements;
    for (long i = 0; i < m.rows(); ++i)
        for (const auto& [j, x] : m.row(i)) elements.emplace_back(i, j, x);
    Eigen::SparseMatrix<double> s(m.rows(), m.columns());
    s.setFromTriplets(elements.begin(), elements.end());
    return s;
}

Value result(CallArgs& args, std::size_t i, const Dense& d) {
    auto to = destination(args, i, d.rows(), d.cols());
    for (long r = 0; r < d.rows(); ++r)
        for (long c = 0; c < d.cols(); ++c) to->set(r, c, d(r, c));
    return ObjectPtr(to);
}

Value vector_result(CallArgs& args, std::size_t i, const Eigen::VectorXd& x) {
    vector_class::Values values(x.data(), x.data() + x.size());
    if (auto* given = args.object_if<Vector>(i)) return vector_class::store(*given, std::move(values));
    return vector_class::make_vector(args, std::move(values));
}

void require(bool holds, const CallArgs& args, const Matrix& m, const std::string& what) {
    if (!holds) throw Error(ErrorKind::Runtime, args.span, fmt::format("`Matrix.{}` of {} x {}: {}", args.function(), m.rows(), m.columns(), what));
}
void require_square(const CallArgs& args, const Matrix& m) { require(m.rows() == m.columns(), args, m, "the matrix must be square"); }

/// Iterations would not end, or end in nonsense, on an empty matrix or one with NaN or infinity.
void require_finite(const CallArgs& args, const Matrix& m) {
    require(m.rows() > 0 && m.columns() > 0, args, m, "the matrix is empty");
    require(dense(m).allFinite(), args, m, "the matrix has elements that are not finite");
}

Value mulv(Object& self, CallArgs& args) {
    const Matrix& m = matrix(self);
    const auto& x = vector_class::vector_argument(args, 0);
    require(static_cast<long>(x.size()) == m.columns(), args, m, fmt::format("the Vector has {} elements", x.size()));
    Eigen::VectorXd y = Eigen::VectorXd::Zero(m.rows());
    if (m.sparse()) {
        for (long i = 0; i < m.rows(); ++i)
            for (const auto& [j, a] : m.row(i)) y[i] += a * x[static_cast<std::size_t>(j)];
    } else {
        for (long i = 0; i < m.rows(); ++i)
            for (long j = 0; j < m.columns(); ++j) y[i] += m.get(i, j) * x[static_cast<std::size_t>(j)];
    }
    return vector_result(args, 1, y);
}

Value mulm(Object& self, CallArgs& args) {
    const Matrix& a = matrix(self);
    const Matrix& b = args.object<Matrix>(0, "Matrix");
    require(a.columns() == b.rows(), args, a, fmt::format("the other Matrix is {} x {}", b.rows(), b.columns()));
    return result(args, 1, dense(a) * dense(b));
}

/// Where the result goes that would else replace self: a second argument, made a copy of self.
Matrix& changed(Object& self, CallArgs& args) {
    Matrix& m = matrix(self);
    if (!args.has(1)) return m;
    Matrix& out = args.object<Matrix>(1, "Matrix");
    if (&out != &m) out.assign(m);
    return out;
}

Value muls(Object& self, CallArgs& args) {
    const double s = args.number(0);
    Matrix& m = changed(self, args);
    for (long i = 0; i < m.rows(); ++i)
        for (const auto& [j, x] : m.row(i)) m.set(i, j, x * s);
    return static_cast<Object*>(&m);
}

Value add(Object& self, CallArgs& args) {
    const Matrix& b = args.object<Matrix>(0, "Matrix");
    require(matrix(self).rows() == b.rows() && matrix(self).columns() == b.columns(), args, matrix(self), fmt::format("the other Matrix is {} x {}", b.rows(), b.columns()));
    const bool itself = args.has(1) && &args.object<Matrix>(1, "Matrix") == &b;  // the sum is the same when the other one takes it
    Matrix& a = itself ? args.object<Matrix>(0, "Matrix") : changed(self, args);
    const Matrix& other = itself ? matrix(self) : b;
    for (long i = 0; i < a.rows(); ++i)
        for (const auto& [j, x] : other.row(i)) a.set(i, j, a.get(i, j) + x);
    return static_cast<Object*>(&a);
}

/// Solves m x = b. The factors of the last call are not kept: matrices may change through references.
Value solv(Object& self, CallArgs& args) {
    const Matrix& m = matrix(self);
    require_square(args, m);
    const auto& b = vector_class::vector_argument(args, 0);
    require(static_cast<long>(b.size()) == m.rows(), args, m, fmt::format("the Vector has {} elements", b.size()));
    const Eigen::Map<const Eigen::VectorXd> rhs(b.data(), static_cast<long>(b.size()));
    Eigen::VectorXd x;
    if (m.sparse()) {
        Eigen::SparseLU<Eigen::SparseMatrix<double>> lu;
        lu.compute(sparse(m));
        require(lu.info() == Eigen::Success, args, m, "the matrix is singular");
        x = lu.solve(rhs);
    } else {
        const Eigen::PartialPivLU<Dense> lu(dense(m));
        for (long i = 0; i < m.rows(); ++i) require(lu.matrixLU()(i, i) != 0, args, m, "the matrix is singular");
        x = lu.solve(rhs);
    }
    return vector_result(args, args.object_if<Vector>(1) ? 1 : 2, x);
}

/// mantissa * 10^exponent; the exponent goes to the variable.
Value det(Object& self, CallArgs& args) {
    const Matrix& m = matrix(self);
    require_square(args, m);
    const Eigen::PartialPivLU<Dense> lu(dense(m));
    double mantissa = m.rows() ? static_cast<double>(lu.permutationP().determinant()) : 1;
    double exponent = 0;
    for (long i = 0; i < m.rows(); ++i) {
        mantissa *= lu.matrixLU()(i, i);
        if (mantissa == 0 || !std::isfinite(mantissa)) break;
        while (std::fabs(mantissa) >= 10) mantissa /= 10, ++exponent;
        while (std::fabs(mantissa) < 1) mantissa *= 10, --exponent;
    }
    args.ref(0).set(exponent);
    return mantissa;
}

Value inverse(Object& self, CallArgs& args) {
    const Matrix& m = matrix(self);
    require_square(args, m);
    const Eigen::PartialPivLU<Dense> lu(dense(m));
    for (long i = 0; i < m.rows(); ++i) require(lu.matrixLU()(i, i) != 0, args, m, "the matrix is singular");
    return result(args, 0, lu.inverse());
}

Value transpose(Object& self, CallArgs& args) { return result(args, 0, dense(matrix(self)).transpose()); }

Value exp(Object& self, CallArgs& args) {
    require_square(args, matrix(self));
    require_finite(args, matrix(self));
    return result(args, 0, dense(matrix(self)).exp());
}

Value pow(Object& self, CallArgs& args) {
    const Matrix& m = matrix(self);
    require_square(args, m);
    long n = args.integer(0);
    require(n >= 0, args, m, "the exponent must not be negative");
    Dense base = dense(m), power = Dense::Identity(m.rows(), m.columns());
    for (; n > 0; n >>= 1) {
        if (n & 1) power = power * base;
        base = base * base;
    }
    return result(args, 1, power);
}

/// Eigenvalues of a symmetric matrix; the columns of the argument become the eigenvectors. Their order and signs are those
/// of the general method, as in the reference: one for symmetric matrices would sort them.
Value symmeig(Object& self, CallArgs& args) {
    const Matrix& m = matrix(self);
    require_square(args, m);
    require_finite(args, m);
    const Eigen::EigenSolver<Dense> solver(dense(m));
    if (args.has(0)) {
        static_cast<void>(args.object<Matrix>(0, "Matrix"));
        static_cast<void>(result(args, 0, solver.eigenvectors().real()));
    }
    return vector_result(args, 1, solver.eigenvalues().real());
}

/// Singular values; U and V with m = U^T d V if both are given.
Value svd(Object& self, CallArgs& args) {
    require_finite(args, matrix(self));
    const Eigen::JacobiSVD<Dense> solver(dense(matrix(self)), Eigen::ComputeFullU | Eigen::ComputeFullV);
    if (args.has(0)) {
        static_cast<void>(args.object<Matrix>(0, "Matrix"));
        static_cast<void>(args.object<Matrix>(1, "Matrix"));
        static_cast<void>(result(args, 0, solver.matrixU().transpose()));
        static_cast<void>(result(args, 1, solver.matrixV().transpose()));
    }
    return vector_result(args, 2, solver.singularValues());
}

constexpr Method table[] = {
    {"mulv", mulv, Returns::Object, "mulv(vector), mulv(vector, dest) -> Vector\nMatrix times vector."},
    {"mulm", mulm, Returns::Object, "mulm(matrix), mulm(matrix, dest) -> Matrix\nMatrix times matrix."},
    {"muls", muls, Returns::Object, "muls(number), muls(number, dest) -> self, or dest\nMultiplies all elements."},
    {"add", add, Returns::Object, "add(matrix), add(matrix, dest) -> self, or dest\nAdds element by element."},
    {"solv", solv, Returns::Object, "solv(b), solv(b, dest) -> Vector x with self * x = b\nPython: x = m.solv(b)     Hoc: x = m.solv(b)"},
    {"det", det, Returns::Number, "det(ref) -> mantissa of the determinant; its decimal exponent goes to the variable"},
    {"inverse", inverse, Returns::Object, "inverse(), inverse(dest) -> Matrix"},
    {"transpose", transpose, Returns::Object, "transpose(), transpose(dest) -> Matrix"},
    {"exp", exp, Returns::Object, "exp(), exp(dest) -> Matrix\nMatrix exponential."},
    {"pow", pow, Returns::Object, "pow(n), pow(n, dest) -> Matrix\nMatrix power."},
    {"symmeig", symmeig, Returns::Object, "symmeig(eigenvectors) -> Vector of eigenvalues of a symmetric matrix\nThe columns of the argument become the eigenvectors."},
    {"svd", svd, Returns::Object, "svd(), svd(u, v) -> Vector of singular values\nself = u.transpose * diagonal * v."},
};

}  // namespace

std::span<const Method> algebra_methods() { return table; }

}  // namespace nrn::matrix_class
