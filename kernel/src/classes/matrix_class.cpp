// SPDX-License-Identifier: BSD-3-Clause
// Class Matrix: construction, elements, rows, columns, diagonals, text.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "classes/file_stream.hpp"
#include "classes/matrix.hpp"
#include "classes/register_classes.hpp"
#include "classes/text_format.hpp"
#include "classes/vector_methods.hpp"
#include "error/memory_limit.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {

Matrix::Matrix(Class& cls, long rows, long columns, bool sparse) : Object(cls), rows_(rows), columns_(columns), sparse_(sparse) {
    if (sparse_) sparse_rows_.resize(static_cast<std::size_t>(rows));
    else dense_.resize(static_cast<std::size_t>(rows * columns));
}

double Matrix::get(long i, long j) const {
    if (!sparse_) return dense_[static_cast<std::size_t>(i * columns_ + j)];
    const auto& r = sparse_rows_[static_cast<std::size_t>(i)];
    const auto found = r.find(j);
    return found == r.end() ? 0 : found->second;
}

double* Matrix::cell(long i, long j) {
    return sparse_ ? &sparse_rows_[static_cast<std::size_t>(i)][j] : &dense_[static_cast<std::size_t>(i * columns_ + j)];
}

void Matrix::resize(long rows, long columns) {
    if (sparse_) {
        sparse_rows_.resize(static_cast<std::size_t>(rows));
        for (auto& r : sparse_rows_) r.erase(r.lower_bound(columns), r.end());
    } else {
        std::vector<double> resized(static_cast<std::size_t>(rows * columns));
        for (long i = 0; i < std::min(rows, rows_); ++i)
            for (long j = 0; j < std::min(columns, columns_); ++j)
                resized[static_cast<std::size_t>(i * columns + j)] = dense_[static_cast<std::size_t>(i * columns_ + j)];
        dense_.swap(resized);
    }
    rows_ = rows;
    columns_ = columns;
}

void Matrix::clear() {
    std::fill(dense_.begin(), dense_.end(), 0.0);
    for (auto& r : sparse_rows_)
        for (auto& [j, x] : r) x = 0;
}

std::map<long, double> Matrix::row(long i) const {
    if (sparse_) return sparse_rows_[static_cast<std::size_t>(i)];
    std::map<long, double> r;
    for (long j = 0; j < columns_; ++j) r[j] = get(i, j);
    return r;
}

void Matrix::assign(const Matrix& other) {
    if (this == &other) return;
    resize(other.rows_, other.columns_);
    if (sparse_ == other.sparse_) {
        dense_ = other.dense_;
        sparse_rows_ = other.sparse_rows_;
        return;
    }
    clear();
    for (long i = 0; i < rows_; ++i)
        for (const auto& [j, x] : other.row(i))
            if (!sparse_ || x != 0) set(i, j, x);
}

namespace matrix_class {

Ptr<Matrix> make(CallArgs& args, long rows, long columns, bool sparse) {
    return make_counted<Matrix>(args.runtime().classes().get("Matrix"), rows, columns, sparse);
}

Ptr<Matrix> destination(CallArgs& args, std::size_t i, long rows, long columns) {
    if (auto* given = args.object_if<Matrix>(i)) {
        given->resize(rows, columns);
        return given;
    }
    return make(args, rows, columns);
}

namespace {

constexpr long kMostElements = 1L << 32;

void check_size(const CallArgs& args, long rows, long columns, bool sparse) {
    if (rows < 0 || columns < 0 || rows > kMostElements || columns > kMostElements || (!sparse && columns > 0 && rows > kMostElements / columns))
        throw Error(ErrorKind::Runtime, args.span, fmt::format("a Matrix cannot have {} rows and {} columns", rows, columns));
    const double elements = static_cast<double>(rows) * (sparse ? 1 : static_cast<double>(columns));
    require_memory(elements, sparse ? sizeof(std::map<long, double>) : sizeof(double));
}

/// Sizes allow for rounding: Matrix(0.3/0.1, 3) has 3 rows, where Vector(0.3/0.1) has 2 elements.
long size(const CallArgs& args, std::size_t i) {
    static_cast<void>(args.integer(i));  // one that is too large
    return static_cast<long>(args.number(i) + 1e-11);
}

long at(const CallArgs& args, std::size_t i, long size, const char* what) {
    const long k = args.integer(i);
    if (k < 0 || k >= size)
        throw Error(ErrorKind::Runtime, args.span, fmt::format("`{}`: {} {} is out of range 0 to {}", args.function(), what, k, size - 1));
    return k;
}

ObjectPtr construct(NativeClass& cls, CallArgs& args) {
    const long rows = args.has(0) ? size(args, 0) : 1, columns = args.has(1) ? size(args, 1) : 1, type = args.integer_or(2, 1);
    if (type < 1 || type > 3)
        throw Error(ErrorKind::Runtime, args.span, fmt::format("the type of a Matrix is 1 (dense), 2 (sparse) or 3 (band), not {}", type));
    check_size(args, rows, columns, type != 1);
    return make_counted<Matrix>(cls, rows, columns, type != 1);
}

/// x[i][j]
class Elements final : public Member {
  public:
    Elements() : Member("x", Kind::Number) {}
    [[nodiscard]] const char* doc() const override { return "x[i][j] -> element in row i and column j\nPython: m.x[0][1] = 5     Hoc: m.x[0][1] = 5"; }
    [[nodiscard]] std::vector<long> dims(const Object& self) const override {
        const auto& m = static_cast<const Matrix&>(self);
        return {m.rows(), m.columns()};
    }
    double* data(Object& self, Indices indices) const override { return checked(self, indices).first.cell(indices[0], indices[1]); }
    Value get(Object& self, Indices indices) const override { return checked(self, indices).first.get(indices[0], indices[1]); }
    RefPtr ref(Object& self, Indices indices) const override {
        checked(self, indices);
        return make_counted<ElementRef>(*this, self, indices[0], indices[1]);
    }

  private:
    static std::pair<Matrix&, bool> checked(Object& self, Indices indices) {
        Matrix& m = matrix(self);
        if (indices.size() != 2) throw Error(ErrorKind::Index, fmt::format("`{}.x` needs two indices, not {}", self.name(), indices.size()));
        if (indices[0] < 0 || indices[0] >= m.rows() || indices[1] < 0 || indices[1] >= m.columns())
            throw Error(ErrorKind::Index, fmt::format("index [{}][{}] of `{}.x` is out of range [{}][{}]", indices[0], indices[1], self.name(), m.rows(), m.columns()));
        return {m, true};
    }
    class ElementRef final : public Ref {
      public:
        ElementRef(const Elements& member, Object& self, long i, long j) : member_(member), self_(&self), at_{i, j} {}
        [[nodiscard]] bool valid() const override { return at_[0] < matrix(*self_).rows() && at_[1] < matrix(*self_).columns(); }
        /// A dense matrix is stored by rows: from here on to its end.
        [[nodiscard]] std::size_t length() const override {
            const Matrix& m = matrix(*self_);
            return m.sparse() ? 1 : static_cast<std::size_t>((m.rows() - at_[0]) * m.columns() - at_[1]);
        }
        [[nodiscard]] double* data() const override { return member_.data(*self_, at_); }
        [[nodiscard]] std::string name() const override { return fmt::format("{}.x[{}][{}]", self_->name(), at_[0], at_[1]); }
        [[nodiscard]] bool same(const Ref& other) const override {
            const auto* o = dynamic_cast<const ElementRef*>(&other);
            return o && o->self_ == self_ && o->at_[0] == at_[0] && o->at_[1] == at_[1];
        }

      private:
        const Elements& member_;
        ObjectPtr self_;
        long at_[2];
    };
};

Value nrow(Object& self, CallArgs&) { return static_cast<double>(matrix(self).rows()); }
Value ncol(Object& self, CallArgs&) { return static_cast<double>(matrix(self).columns()); }

Value resize(Object& self, CallArgs& args) {
    const long rows = size(args, 0), columns = size(args, 1);
    check_size(args, rows, columns, matrix(self).sparse());
    matrix(self).resize(rows, columns);
    return &self;
}

Value c(Object& self, CallArgs& args) {
    auto copy = make(args, 0, 0, matrix(self).sparse());
    copy->assign(matrix(self));
    return ObjectPtr(copy);
}

/// bcopy(i0, j0, rows, columns [, dest] or [, i, j, dest]): a block of this into dest at (i, j).
Value bcopy(Object& self, CallArgs& args) {
    const Matrix& m = matrix(self);
    const long i0 = at(args, 0, m.rows(), "row"), j0 = at(args, 1, m.columns(), "column");
    const long n = args.integer(2), k = args.integer(3);
    if (n < 0 || k < 0 || n > m.rows() - i0 || k > m.columns() - j0)
        throw Error(ErrorKind::Runtime, args.span, fmt::format("`bcopy`: {} rows and {} columns from [{}][{}] exceed the Matrix", n, k, i0, j0));
    const bool placed = args.count() >= 6;
    const long i1 = placed ? args.integer(4) : 0, j1 = placed ? args.integer(5) : 0;
    if (i1 < 0 || j1 < 0) throw Error(ErrorKind::Runtime, args.span, "`bcopy`: the place in the destination must not be negative");
    check_size(args, std::min(i1, kMostElements) + n, std::min(j1, kMostElements) + k, false);
    Ptr<Matrix> to = args.object_if<Matrix>(placed ? 6 : 4);
    if (!to) to = make(args, i1 + n, j1 + k);
    if (to->rows() < i1 + n || to->columns() < j1 + k) to->resize(std::max(to->rows(), i1 + n), std::max(to->columns(), j1 + k));
    for (long i = 0; i < n; ++i)
        for (long j = 0; j < k; ++j) to->set(i1 + i, j1 + j, m.get(i0 + i, j0 + j));
    return ObjectPtr(to);
}

Value getval(Object& self, CallArgs& args) {
    const Matrix& m = matrix(self);
    const long i = at(args, 0, m.rows(), "row"), j = at(args, 1, m.columns(), "column");
    return m.get(i, j);
}
Value setval(Object& self, CallArgs& args) {
    Matrix& m = matrix(self);
    const long i = at(args, 0, m.rows(), "row"), j = at(args, 1, m.columns(), "column");
    m.set(i, j, args.number(2));
    return args.number(2);
}

Value sprowlen(Object& self, CallArgs& args) { return matrix(self).row(at(args, 0, matrix(self).rows(), "row")).size(); }

/// The k-th stored element of a row; its column goes to the variable given.
Value spgetrowval(Object& self, CallArgs& args) {
    const auto row = matrix(self).row(at(args, 0, matrix(self).rows(), "row"));
    const long k = at(args, 1, static_cast<long>(row.size()), "element");
    const auto element = std::next(row.begin(), k);
    args.ref(2).set(static_cast<double>(element->first));
    return element->second;
}

Value fill_vector(CallArgs& args, std::size_t i, vector_class::Values&& x) {
    if (args.has(i)) return vector_class::store(args.object<Vector>(i, "Vector"), std::move(x));
    return vector_class::make_vector(args, std::move(x));
}

Value getrow(Object& self, CallArgs& args) {
    const Matrix& m = matrix(self);
    const long i = at(args, 0, m.rows(), "row");
    require_memory(static_cast<double>(m.columns()));
    vector_class::Values x(static_cast<std::size_t>(m.columns()));
    for (long j = 0; j < m.columns(); ++j) x[static_cast<std::size_t>(j)] = m.get(i, j);
    return fill_vector(args, 1, std::move(x));
}
Value getcol(Object& self, CallArgs& args) {
    const Matrix& m = matrix(self);
    const long j = at(args, 0, m.columns(), "column");
    vector_class::Values x;
    for (long i = 0; i < m.rows(); ++i) x.push_back(m.get(i, j));
    return fill_vector(args, 1, std::move(x));
}

/// A diagonal by its offset to the right; the vector has an element per row, those outside are left out of the walk.
template <class F>
void walk_diagonal(const Matrix& m, const CallArgs& args, F f) {
    const long d = args.integer(0);
    if (d <= -m.rows() || d >= m.columns())
        throw Error(ErrorKind::Runtime, args.span, fmt::format("`{}`: diagonal {} is out of range {} to {}", args.function(), d, 1 - m.rows(), m.columns() - 1));
    for (long i = std::max(0L, -d); i < m.rows() && i + d < m.columns(); ++i) f(i, i + d);
}

Value getdiag(Object& self, CallArgs& args) {
    const Matrix& m = matrix(self);
    vector_class::Values x(static_cast<std::size_t>(m.rows()));
    walk_diagonal(m, args, [&](long i, long j) { x[static_cast<std::size_t>(i)] = m.get(i, j); });
    return fill_vector(args, 1, std::move(x));
}

/// What setrow, setcol and setdiag take: a number, or a Vector, of which a short one leaves the rest as it is.
class Given {
  public:
    /// @throws Error(Range) when a Vector holds more than the `places` there are.
    Given(const CallArgs& args, std::size_t i, long places) {
        if (const auto* v = args.object_if<Vector>(i)) {
            values_ = &v->values;
            if (values_->size() > static_cast<std::size_t>(places))
                throw Error(ErrorKind::Range, args.span,
                            fmt::format("`{}`: the Vector has {} elements, more than the {} there are places for", args.function(), values_->size(), places));
        } else {
            number_ = args.number(i);
        }
    }
    [[nodiscard]] bool has(long i) const { return !values_ || static_cast<std::size_t>(i) < values_->size(); }
    double operator[](long i) const { return values_ ? (*values_)[static_cast<std::size_t>(i)] : number_; }

  private:
    const std::vector<double>* values_ = nullptr;
    double number_ = 0;
};

Value setrow(Object& self, CallArgs& args) {
    Matrix& m = matrix(self);
    const long i = at(args, 0, m.rows(), "row");
    const Given x(args, 1, m.columns());
    for (long j = 0; j < m.columns() && x.has(j); ++j) m.set(i, j, x[j]);
    return &self;
}
Value setcol(Object& self, CallArgs& args) {
    Matrix& m = matrix(self);
    const long j = at(args, 0, m.columns(), "column");
    const Given x(args, 1, m.rows());
    for (long i = 0; i < m.rows() && x.has(i); ++i) m.set(i, j, x[i]);
    return &self;
}
Value setdiag(Object& self, CallArgs& args) {
    Matrix& m = matrix(self);
    const Given x(args, 1, std::max(m.rows(), m.columns()));
    walk_diagonal(m, args, [&](long i, long j) { if (x.has(std::min(i, j))) m.set(i, j, x[std::min(i, j)]); });
    return &self;
}

Value zero(Object& self, CallArgs&) {
    matrix(self).clear();
    return &self;
}
Value ident(Object& self, CallArgs&) {
    Matrix& m = matrix(self);
    m.clear();
    for (long i = 0; i < std::min(m.rows(), m.columns()); ++i) m.set(i, i, 1);
    return &self;
}

Value to_vector(Object& self, CallArgs& args) {
    const Matrix& m = matrix(self);
    vector_class::Values x;
    for (long j = 0; j < m.columns(); ++j)
        for (long i = 0; i < m.rows(); ++i) x.push_back(m.get(i, j));
    return fill_vector(args, 0, std::move(x));
}
Value from_vector(Object& self, CallArgs& args) {
    Matrix& m = matrix(self);
    const auto& x = vector_class::vector_argument(args, 0);
    vector_class::require_equal_size(args, x.size(), static_cast<std::size_t>(m.rows() * m.columns()));
    for (long j = 0; j < m.columns(); ++j)
        for (long i = 0; i < m.rows(); ++i) m.set(i, j, x[static_cast<std::size_t>(j * m.rows() + i)]);
    return &self;
}

std::string text_of(const CallArgs& args, const Matrix& m, std::size_t format_index) {
    const std::string element = args.has(format_index) ? args.string(format_index) : " %-8.3g";
    const std::string row_end = args.has(format_index + 1) ? args.string(format_index + 1) : "\n";
    std::string text;
    for (long i = 0; i < m.rows(); ++i) {
        for (long j = 0; j < m.columns(); ++j) text += format_number(args, element, m.get(i, j));
        text += row_end;
    }
    return text;
}

Value print(Object& self, CallArgs& args) {
    args.runtime().print(text_of(args, matrix(self), 0));
    return 0;
}

/// fprint([0,] file [, element format [, row end]]): rows and columns stand first unless 0 is given.
Value fprint(Object& self, CallArgs& args) {
    const Matrix& m = matrix(self);
    const bool flag = args.is_number(0);
    std::FILE* out = args.object<File>(flag ? 1 : 0, "File").stream(args);
    if (!flag || args.number(0) != 0) std::fprintf(out, "%ld %ld\n", m.rows(), m.columns());
    const std::string text = text_of(args, m, flag ? 2 : 1);
    std::fwrite(text.data(), 1, text.size(), out);
    return 0;
}

Value scanf(Object& self, CallArgs& args) {
    Matrix& m = matrix(self);
    std::FILE* in = args.object<File>(0, "File").stream(args);
    const auto next = [&] {
        if (const auto x = scan_number(in)) return *x;
        throw Error(ErrorKind::Runtime, args.span, "`Matrix.scanf`: end of file before all elements were read");
    };
    const long rows = args.has(1) ? args.integer(1) : static_cast<long>(next());
    const long columns = args.has(1) ? args.integer(2) : static_cast<long>(next());
    check_size(args, rows, columns, m.sparse());
    m.resize(rows, columns);
    for (long i = 0; i < rows; ++i)
        for (long j = 0; j < columns; ++j) {
            const double x = next();
            if (!m.sparse() || x != 0) m.set(i, j, x);
        }
    return 0;
}

constexpr Method table[] = {
    {"nrow", nrow, Returns::Int, "nrow() -> number of rows"},
    {"ncol", ncol, Returns::Int, "ncol() -> number of columns"},
    {"resize", resize, Returns::Object, "resize(rows, columns) -> self\nKeeps what fits; new elements are 0."},
    {"c", c, Returns::Object, "c() -> copy"},
    {"bcopy", bcopy, Returns::Object, "bcopy(i0, j0, rows, columns), ...(…, dest), ...(…, i, j, dest) -> dest\nCopies a block, into dest at [i][j] if given."},
    {"getval", getval, Returns::Number, "getval(i, j) -> element"},
    {"setval", setval, Returns::Number, "setval(i, j, value) -> value"},
    {"sprowlen", sprowlen, Returns::Int, "sprowlen(i) -> number of stored elements in row i"},
    {"spgetrowval", spgetrowval, Returns::Number, "spgetrowval(i, k, ref) -> value of the k-th stored element of row i; its column goes to the variable"},
    {"getrow", getrow, Returns::Object, "getrow(i), getrow(i, vector) -> Vector"},
    {"getcol", getcol, Returns::Object, "getcol(j), getcol(j, vector) -> Vector"},
    {"getdiag", getdiag, Returns::Object, "getdiag(d), getdiag(d, vector) -> Vector\nDiagonal d places right of the main one; an element per row."},
    {"setrow", setrow, Returns::Object, "setrow(i, Vector or number) -> self"},
    {"setcol", setcol, Returns::Object, "setcol(j, Vector or number) -> self"},
    {"setdiag", setdiag, Returns::Object, "setdiag(d, Vector or number) -> self"},
    {"zero", zero, Returns::Object, "zero() -> self\nAll elements become 0."},
    {"ident", ident, Returns::Object, "ident() -> self\nThe identity."},
    {"to_vector", to_vector, Returns::Object, "to_vector(), to_vector(vector) -> Vector\nThe elements by columns."},
    {"from_vector", from_vector, Returns::Object, "from_vector(vector) -> self\nThe elements by columns."},
    {"printf", print, Returns::Number, "printf(element = \" %-8.3g\", row_end = \"\\n\") -> 0"},
    {"fprint", fprint, Returns::Number, "fprint(file, ...), fprint(0, file, element, row_end) -> 0\nWrites rows, columns and elements; with 0 only the elements."},
    {"scanf", scanf, Returns::Number, "scanf(file), scanf(file, rows, columns) -> 0\nReads what fprint wrote."},
};

}  // namespace

std::span<const Method> element_methods() { return table; }

}  // namespace matrix_class

void register_matrix(Runtime& runtime) {
    using namespace matrix_class;
    auto cls = std::make_unique<NativeClass>("Matrix", construct, element_methods(), std::span<const Property>{},
        "A matrix of numbers. Matrix(rows = 1, columns = 1, type = 1); type 1 is dense, 2 sparse\nPython: m = h.Matrix(3, 3)     Hoc: m = new Matrix(3, 3)");
    cls->add_methods(algebra_methods());
    cls->add_member(std::make_unique<Elements>());
    publish_class(runtime, std::move(cls));
}

}  // namespace nrn
