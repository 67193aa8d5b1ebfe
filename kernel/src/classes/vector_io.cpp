// SPDX-License-Identifier: BSD-3-Clause
// Vector: text and binary files.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

#include <fmt/format.h>

#include "classes/file_stream.hpp"
#include "classes/text_format.hpp"
#include "classes/vector_methods.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn::vector_class {
namespace {

std::FILE* file(const CallArgs& args, std::size_t i) { return args.object<File>(i, "File").stream(args); }

/// printf([file,] [format,] [first, last]): without a format "%g\t", five to a line; in a file one to a line; a line's end after all.
Value print(Object& self, CallArgs& args) {
    std::size_t next = 0;
    std::FILE* out = nullptr;
    if (args.is_object(0)) out = file(args, next++);
    const bool own_format = args.is_string(next);
    const std::string format = own_format ? args.string(next++) : out ? "%g\n" : "%g\t";
    const Range r = range(args, next, values(self).size());
    std::string text;
    std::size_t in_line = 0;
    for (std::size_t i = r.first; i < r.last; ++i) {
        text += format_number(args, format, values(self)[i]);
        if (own_format || out || ++in_line < 5) continue;
        text += '\n';
        in_line = 0;
    }
    if (!own_format || out) text += '\n';  // an empty line after a full one, too, as in the reference
    if (out) std::fwrite(text.data(), 1, text.size(), out);
    else args.runtime().print(text);
    return r.count();
}

/// Column `column` of `columns`, until `most` numbers or `last` or the end.
Values scan_column(std::FILE* in, std::size_t most, const double* last, long column, long columns) {
    Values result;
    while (result.size() < most) {
        std::optional<double> x;
        for (long c = 1; c <= columns; ++c) {
            const auto y = scan_number(in);
            if (!y) return result;
            if (last && *y == *last) return result;
            if (c == column) x = y;
        }
        if (x) result.push_back(*x);
    }
    return result;
}

void columns_at(const CallArgs& args, std::size_t i, long& column, long& columns) {
    if (!args.has(i)) return;
    columns = index(args, i + 1, 1, 1L << 30);
    column = index(args, i, 1, columns);
}

/// scanf(file), scanf(file, n), scanf(file, column, columns), scanf(file, n, column, columns)
Value scan(Object& self, CallArgs& args) {
    std::FILE* in = file(args, 0);
    std::size_t most = static_cast<std::size_t>(-1);
    long column = 1, columns = 1;
    if (args.count() == 2 || args.count() >= 4) most = static_cast<std::size_t>(index(args, 1, 0, 1L << 40));
    columns_at(args, args.count() >= 4 ? 2 : args.count() == 3 ? 1 : args.count(), column, columns);
    store(self, scan_column(in, most, nullptr, column, columns));
    return values(self).size();
}

Value scantil(Object& self, CallArgs& args) {
    std::FILE* in = file(args, 0);
    const double last = args.number(1);
    long column = 1, columns = 1;
    columns_at(args, 2, column, columns);
    store(self, scan_column(in, static_cast<std::size_t>(-1), &last, column, columns));
    return values(self).size();
}

// ---- binary ----------------------------------------------------------------------------------------

enum Type : std::int32_t { Char = 1, Short = 2, Float = 3, Double = 4, Int = 5 };
constexpr double kCharOffset = 128;  // scaled chars have a sign, the least number is -128

std::size_t width_of(const CallArgs& args, long type) {
    switch (type) {
    case Char: return 1;
    case Short: return 2;
    case Float: case Int: return 4;
    case Double: return 8;
    default: break;
    }
    throw Error(ErrorKind::Runtime, args.span,
                fmt::format("`{}`: {} is no number type; 1: char, 2: short, 3: float, 4: double, 5: int", args.function(), type));
}

template <class T>
void write_as(std::FILE* out, std::span<const double> x) {
    std::vector<T> y(x.size());
    std::transform(x.begin(), x.end(), y.begin(), [](double number) {
        if constexpr (std::is_floating_point_v<T>) return static_cast<T>(number);
        using Limits = std::numeric_limits<T>;
        return std::isnan(number) ? T{} : static_cast<T>(std::clamp(number, static_cast<double>(Limits::lowest()), static_cast<double>(Limits::max())));
    });
    std::fwrite(y.data(), sizeof(T), y.size(), out);
}

/// What the file does not have any more becomes 0.
template <class T>
bool read_as(std::FILE* in, std::span<double> x, bool swap) {
    std::vector<T> y(x.size());
    const std::size_t got = std::fread(y.data(), sizeof(T), y.size(), in);
    if (swap && sizeof(T) > 1)
        for (T& v : y) {
            auto* b = reinterpret_cast<unsigned char*>(&v);
            std::reverse(b, b + sizeof(T));
        }
    std::fill(y.begin() + static_cast<long>(got), y.end(), T{});
    std::copy(y.begin(), y.end(), x.begin());
    return got == x.size();
}

Value write_plain(Object& self, CallArgs& args) {
    std::FILE* out = file(args, 0);
    const Range r = range(args, 1, values(self).size());
    std::fwrite(values(self).data() + r.first, sizeof(double), r.count(), out);
    return r.count();
}

/// Without a header type 2 is unsigned and type 5 a short with a sign.
Value read_plain(Object& self, CallArgs& args) {
    std::FILE* in = file(args, 0);
    if (args.has(1)) vector(self).resize(static_cast<std::size_t>(index(args, 1, 0, 1L << 36)));
    const long type = args.integer_or(2, Double);
    width_of(args, type);
    std::span<double> x(values(self));
    switch (type) {
    case Char: read_as<signed char>(in, x, false); break;
    case Short: read_as<std::uint16_t>(in, x, false); break;
    case Float: read_as<float>(in, x, false); break;
    case Int: read_as<std::int16_t>(in, x, false); break;
    default: static_cast<void>(std::fread(x.data(), sizeof(double), x.size(), in)); break;  // what the file lacks stays
    }
    return 1;
}

/// vwrite(file, type = 4): count and type as 32-bit numbers, then the data. Types 1 and 2 are scaled to their range;
/// scale and least value stand, as doubles, before them.
Value write_with_header(Object& self, CallArgs& args) {
    std::FILE* out = file(args, 0);
    const long type = args.integer_or(1, Double);
    width_of(args, type);
    const Values& x = values(self);
    const std::int32_t header[2] = {static_cast<std::int32_t>(x.size()), static_cast<std::int32_t>(type)};
    std::fwrite(header, sizeof(std::int32_t), 2, out);
    if (type == Char || type == Short) {
        const auto [least, greatest] = std::minmax_element(x.begin(), x.end());
        const double low = x.empty() ? 0 : *least, steps = type == Char ? 255 : 65535;
        const double range = x.empty() ? 0 : *greatest - low;
        const double scale = range > 0 ? steps / range : 1;
        std::fwrite(&scale, sizeof scale, 1, out);
        std::fwrite(&low, sizeof low, 1, out);
        Values steps_of(x.size());
        // Both are cut off towards 0, chars after 128 was taken away.
        const double zero = type == Char ? kCharOffset : 0;
        for (std::size_t i = 0; i < x.size(); ++i) steps_of[i] = (x[i] - low) * scale - zero;
        if (type == Char) write_as<std::int8_t>(out, steps_of);
        else write_as<std::uint16_t>(out, steps_of);
    } else if (type == Float) {
        write_as<float>(out, x);
    } else if (type == Int) {
        write_as<std::int32_t>(out, x);
    } else {
        write_as<double>(out, x);
    }
    return 1;
}

/// Files written on a machine of the other byte order are recognised by their type.
Value read_with_header(Object& self, CallArgs& args) {
    std::FILE* in = file(args, 0);
    std::int32_t header[2];
    if (std::fread(header, sizeof(std::int32_t), 2, in) != 2) return 0;
    bool swap = false;
    const auto swapped = [](std::int32_t x) { return static_cast<std::int32_t>(__builtin_bswap32(static_cast<std::uint32_t>(x))); };
    if (header[1] < 1 || header[1] > 5) {
        header[0] = swapped(header[0]);
        header[1] = swapped(header[1]);
        swap = true;
    }
    const std::size_t width = width_of(args, header[1]);
    // A damaged header must not ask for more than the file has.
    const long here = std::ftell(in);
    std::fseek(in, 0, SEEK_END);
    const long rest = std::ftell(in) - here;
    std::fseek(in, here, SEEK_SET);
    if (header[0] < 0 || (here >= 0 && static_cast<double>(header[0]) * static_cast<double>(width) > static_cast<double>(rest)))
        throw Error(ErrorKind::Runtime, args.span, fmt::format("`vread`: the file ends before the {} elements that its header announces", header[0]));
    double scale[2] = {1, 0};
    if (header[1] == Char || header[1] == Short) {
        if (!read_as<double>(in, scale, swap)) return 0;
    }
    vector(self).resize(static_cast<std::size_t>(header[0]));
    std::span<double> x(values(self));
    bool whole = false;
    switch (header[1]) {
    case Char: whole = read_as<std::int8_t>(in, x, false); break;
    case Short: whole = read_as<std::uint16_t>(in, x, swap); break;
    case Float: whole = read_as<float>(in, x, swap); break;
    case Int: whole = read_as<std::int32_t>(in, x, swap); break;
    default: whole = read_as<double>(in, x, swap); break;
    }
    if (header[1] == Char || header[1] == Short)
        for (double& y : x) y = (y + (header[1] == Char ? kCharOffset : 0)) / scale[0] + scale[1];
    return whole;
}

constexpr Method table[] = {
    {"printf", print, Returns::Int, "printf(), printf(format), printf(format, first, last), printf(file, ...) -> number of elements written\nWrites the elements; without a format five to a line, in a file one to a line.\nPython: v.printf('%g ')     Hoc: v.printf(\"%g \")"},
    {"scanf", scan, Returns::Int, "scanf(file), scanf(file, n), scanf(file, column, columns), scanf(file, n, column, columns) -> number of elements read\nReads numbers of an open File; words that are no numbers are skipped."},
    {"scantil", scantil, Returns::Int, "scantil(file, sentinel), scantil(file, sentinel, column, columns) -> number of elements read\nReads numbers up to the sentinel."},
    {"fwrite", write_plain, Returns::Int, "fwrite(file), fwrite(file, first, last) -> number of elements written\nWrites doubles without a header."},
    {"fread", read_plain, Returns::Int, "fread(file), fread(file, n), fread(file, n, type) -> 1\nReads size() or n numbers of type 1 char, 2 unsigned short, 3 float, 4 double, 5 short without a header; what the file lacks becomes 0, doubles stay."},
    {"vwrite", write_with_header, Returns::Int, "vwrite(file, type = 4) -> 1\nWrites count, type and data in binary; type 1 char and 2 short are scaled, 3 float, 4 double, 5 int."},
    {"vread", read_with_header, Returns::Int, "vread(file) -> 1 if all was there\nReads what vwrite wrote."},
};

}  // namespace

std::span<const Method> io_methods() { return table; }

}  // namespace nrn::vector_class
