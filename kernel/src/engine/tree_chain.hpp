// SPDX-License-Identifier: BSD-3-Clause
// A long unbranched run of nodes: sixteen pieces of equal length are eliminated side by side. The last node of
// each piece is kept as a separator: when an inner node is eliminated, what remains is a coupling between the
// next inner node and the separator ("fill"). Then the separators, a chain of sixteen, are solved, and the pieces
// are filled in from both of their separators. Included by tree_kernels.cpp only.
// Source: H. H. Wang, ACM Trans. Math. Software 7 (1981) 170-183 (partition method), arranged as a nested dissection.
//
// Rows are transposed on the way: place j * 16 + piece of the transposed columns is row piece * length + j of
// the run, after the first few rows (`lead`) that do not divide by sixteen.
#pragma once

namespace nrn {
namespace {

constexpr Row kPieces = kChainPieces;

/// An 8 x 8 block: rows become columns.
NRN_INLINE void transpose(Vector (&x)[kLanes]) {
    // Of each pair of rows every second number, every second pair, every half changes places.
    for (int i = 0; i < 8; i += 2) {
        const Vector a = x[i], b = x[i + 1];
        x[i] = __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14);
        x[i + 1] = __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15);
    }
    for (int i : {0, 1, 4, 5}) {
        const Vector a = x[i], b = x[i + 2];
        x[i] = __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13);
        x[i + 2] = __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
    }
    for (int i = 0; i < 4; ++i) {
        const Vector a = x[i], b = x[i + 4];
        x[i] = __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11);
        x[i + 4] = __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
    }
}

struct Chain {
    Row begin, lead, length, first;  // first: of the pieces
    Chain(Row from, Row to) : begin(from), lead((to - from) % kPieces), length((to - from) / kPieces), first(from + lead) {}
    /// Rows j.. j + 7 of pieces 8 half .. 8 half + 7.
    NRN_INLINE void load(const double* column, Row j, int half, Vector (&x)[kLanes]) const {
        for (Row k = 0; k < kLanes; ++k) x[k] = at<Vector>(column + first + (half * kLanes + k) * length + j);
        transpose(x);
    }
    [[nodiscard]] NRN_INLINE Row place(Row j, int half) const { return first + j * kPieces + half * kLanes; }
};

/// d and rhs of the run become complete: axial currents, axial conductances, capacitance.
NRN_INLINE void assemble_chain(const TreeColumns& c, Row begin, Row end) {
    c.rhs[begin - 1] += c.a[begin] * (c.v[begin - 1] - c.v[begin]);
    const auto row = [&]<class T>(Row i, T*) __attribute__((always_inline)) {
        const T v = at<T>(c.v + i);
        at<T>(c.rhs + i) = (at<T>(c.rhs + i) - at<T>(c.b + i) * (at<T>(c.v + i - 1) - v)) + at<T>(c.a + i + 1) * (v - at<T>(c.v + i + 1));
        at<T>(c.d + i) += at<T>(c.base + i);
    };
    Row i = begin;
    for (; i + kLanes < end; i += kLanes) row(i, static_cast<Vector*>(nullptr));
    for (; i + 1 < end; ++i) row(i, static_cast<double*>(nullptr));
    c.rhs[i] -= c.b[i] * (c.v[i - 1] - c.v[i]);
    c.d[i] += c.base[i];
}

NRN_INLINE void chain_down(const TreeColumns& c, Row begin, Row end) {
    const Chain chain(begin, end);
    assemble_chain(c, begin, end);
    Vector d[2][kLanes], r[2][kLanes];
    Vector separator_d[2], separator_r[2], to_separator[2], from_separator[2], less_d[2]{}, less_r[2]{};
    const Row last = chain.length - 1;
    for (Row block = last / kLanes * kLanes; block >= 0; block -= kLanes) {
        for (int h = 0; h < 2; ++h) {
            chain.load(c.d, block, h, d[h]);
            chain.load(c.rhs, block, h, r[h]);
        }
        for (Row j = block + kLanes - 1 < last ? block + kLanes - 1 : last; j >= block; --j)
            for (int h = 0; h < 2; ++h) {
                const Row at_place = chain.place(j, h);
                const Vector a = at<Vector>(c.chain_a + at_place), b = at<Vector>(c.chain_b + at_place);
                if (j == last) {
                    separator_d[h] = d[h][j - block];
                    separator_r[h] = r[h][j - block];
                    to_separator[h] = a;
                    from_separator[h] = b;
                    continue;
                }
                const Vector rhs = r[h][j - block] - less_r[h], e = to_separator[h];
                const Vector inverse = 1.0 / (d[h][j - block] - less_d[h]);
                at<Vector>(c.chain_inverse + at_place) = inverse;
                at<Vector>(c.chain_rhs + at_place) = rhs;
                at<Vector>(c.chain_fill + at_place) = e;
                const Vector up = a * inverse, out = from_separator[h] * inverse;
                separator_d[h] -= out * e;
                separator_r[h] -= out * rhs;
                less_d[h] = up * b;
                less_r[h] = up * rhs;
                to_separator[h] = -(up * e);
                from_separator[h] = -(out * b);
            }
    }
    // The separators, from the last to the first, and the rows before the pieces.
    double pivot[kPieces + 1], rhs[kPieces + 1];
    for (int k = 0; k < kPieces; ++k) {
        pivot[k + 1] = separator_d[k / kLanes][k % kLanes];
        rhs[k + 1] = separator_r[k / kLanes][k % kLanes];
    }
    const Row parent = chain.first - 1;
    pivot[0] = c.d[parent];
    rhs[0] = c.rhs[parent];
    const Row kept = chain.place(last, 0);
    for (int k = kPieces; k > 0; --k) {
        const int h = (k - 1) / kLanes, lane = (k - 1) % kLanes;
        const double inverse = 1.0 / pivot[k], factor = to_separator[h][lane] * inverse;
        c.chain_inverse[kept + k - 1] = inverse;
        c.chain_rhs[kept + k - 1] = rhs[k];
        c.chain_fill[kept + k - 1] = from_separator[h][lane];
        pivot[k - 1] = (pivot[k - 1] - less_d[h][lane]) - factor * from_separator[h][lane];
        rhs[k - 1] = (rhs[k - 1] - less_r[h][lane]) - factor * rhs[k];
    }
    c.d[parent] = pivot[0];
    c.rhs[parent] = rhs[0];
    for (Row i = chain.first; i-- > begin;) {
        const double inverse = 1.0 / c.d[i], factor = c.a[i] * inverse;
        c.d[i] = inverse;
        c.d[i - 1] -= factor * c.b[i];
        c.rhs[i - 1] -= factor * c.rhs[i];
    }
}

NRN_INLINE void chain_up(const TreeColumns& c, Row begin, Row end, double factor, Vector& check, double& last_check) {
    const Chain chain(begin, end);
    for (Row i = begin; i < chain.first; ++i) substitute<double>(c, i, i - 1, factor, last_check);
    const Row last = chain.length - 1, kept = chain.place(last, 0);
    Vector before[2], separator[2];
    double x = c.rhs[chain.first - 1];
    for (int k = 0; k < kPieces; ++k) {
        before[k / kLanes][k % kLanes] = x;
        x = (c.chain_rhs[kept + k] - c.chain_fill[kept + k] * x) * c.chain_inverse[kept + k];
        separator[k / kLanes][k % kLanes] = x;
    }
    for (Row block = 0; block <= last; block += kLanes) {
        Vector solution[2][kLanes];
        for (Row j = block; j < block + kLanes; ++j)
            for (int h = 0; h < 2; ++h) {
                if (j < last) {
                    const Row p = chain.place(j, h);
                    before[h] = ((at<Vector>(c.chain_rhs + p) - at<Vector>(c.chain_fill + p) * separator[h]) - at<Vector>(c.chain_b + p) * before[h]) * at<Vector>(c.chain_inverse + p);
                    solution[h][j - block] = before[h];
                } else {
                    solution[h][j - block] = separator[h];
                }
            }
        const Row rows = last + 1 - block < kLanes ? last + 1 - block : kLanes;
        for (int h = 0; h < 2; ++h) {
            transpose(solution[h]);
            for (Row k = 0; k < kLanes; ++k) {
                const Row i = chain.first + (h * kLanes + k) * chain.length + block;
                if (rows == kLanes) update<Vector>(c, i, solution[h][k], factor, check);
                else
                    for (Row q = 0; q < rows; ++q) update<double>(c, i + q, solution[h][k][q], factor, last_check);
            }
        }
    }
}

}  // namespace
}  // namespace nrn
