// SPDX-License-Identifier: BSD-3-Clause
// Vector: Fourier transforms and what is computed with them. Source sizes are padded with zeros to a power of two.
#include <cmath>
#include <complex>
#include <numbers>

#include <fmt/format.h>

#include "classes/vector_methods.hpp"
#include "nrn/api/error.hpp"

namespace nrn::vector_class {
namespace {

using Complex = std::complex<double>;
using Spectrum = std::vector<Complex>;

std::size_t power_of_two(std::size_t n) {
    std::size_t p = 1;
    while (p < n) p *= 2;
    return p;
}

/// In place, size a power of two: sum over j of a[j] exp(sign * 2 pi i j k / n), not normalised (Cooley and Tukey).
void transform(Spectrum& a, int sign) {
    const std::size_t n = a.size();
    for (std::size_t i = 1, j = 0; i < n; ++i) {
        std::size_t bit = n >> 1;
        for (; j & bit; bit >>= 1) j ^= bit;
        j ^= bit;
        if (i < j) std::swap(a[i], a[j]);
    }
    for (std::size_t length = 2; length <= n; length *= 2) {
        const double angle = sign * 2 * std::numbers::pi / static_cast<double>(length);
        for (std::size_t k = 0; k < length / 2; ++k) {
            const Complex w = std::polar(1.0, angle * static_cast<double>(k));
            for (std::size_t i = k; i < n; i += length) {
                const Complex u = a[i], v = a[i + length / 2] * w;
                a[i] = u + v;
                a[i + length / 2] = u - v;
            }
        }
    }
}

Spectrum spectrum_of(const Values& x, std::size_t n) {
    Spectrum a(n);
    for (std::size_t i = 0; i < x.size() && i < n; ++i) a[i] = x[i];
    transform(a, +1);
    return a;
}

/// The inverse, normalised.
Values signal_of(Spectrum a) {
    transform(a, -1);
    Values x(a.size());
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = a[i].real() / static_cast<double>(a.size());
    return x;
}

/// Sign 1: (mean amplitude, highest frequency, cos 1, sin 1, cos 2, ...); -1: back, times n / 2.
Value fft(Object& self, CallArgs& args) {
    const auto [src, next] = source(self, args);
    const long sign = args.integer_or(next, 1);
    if (sign != 1 && sign != -1) throw Error(ErrorKind::Runtime, args.span, fmt::format("the sign of `fft` is 1 or -1, not {}", sign));
    const std::size_t n = power_of_two(src.size());
    require_size(args, src.size(), 1);
    Values result(n);
    if (n == 1) {
        result[0] = src[0];
        return store(self, std::move(result));
    }
    if (sign == 1) {
        const Spectrum a = spectrum_of(src, n);
        result[0] = a[0].real();
        result[1] = a[n / 2].real();
        for (std::size_t k = 1; k < n / 2; ++k) result[2 * k] = a[k].real(), result[2 * k + 1] = a[k].imag();
    } else {
        Values x(src);
        x.resize(n);
        Spectrum a(n);
        a[0] = x[0];
        a[n / 2] = x[1];
        for (std::size_t k = 1; k < n / 2; ++k) a[k] = {x[2 * k], x[2 * k + 1]}, a[n - k] = std::conj(a[k]);
        result = signal_of(std::move(a));
        for (double& y : result) y *= static_cast<double>(n) / 2;
    }
    return store(self, std::move(result));
}

/// src convolved (sign 1) or deconvolved (-1) with a response in wrap-around order: times 0, 1, 2 ..., -2, -1.
Values convolve(const CallArgs& args, const Values& src, const Values& response, long sign) {
    const std::size_t n = power_of_two(std::max(src.size(), response.size())), m = response.size();
    Values wrapped(n);
    for (std::size_t i = 0; i < (m + 1) / 2; ++i) wrapped[i] = response[i];
    for (std::size_t i = 1; i <= (m - 1) / 2; ++i) wrapped[n - i] = response[m - i];
    Spectrum a = spectrum_of(src, n);
    const Spectrum b = spectrum_of(wrapped, n);
    for (std::size_t i = 0; i < n; ++i) {
        if (sign == 1) {
            a[i] *= b[i];
        } else {
            if (std::abs(b[i]) == 0) throw Error(ErrorKind::Runtime, args.span, "deconvolution with a response that is zero at some frequency");
            a[i] /= b[i];
        }
    }
    return signal_of(std::move(a));
}

Value convlv(Object& self, CallArgs& args) {
    const bool two = args.object_if<Vector>(1) != nullptr;
    const Values& src = two ? vector_argument(args, 0) : values(self);
    const Values& response = vector_argument(args, two ? 1 : 0);
    const long sign = args.integer_or(two ? 2 : 1, 1);
    if (sign != 1 && sign != -1) throw Error(ErrorKind::Runtime, args.span, fmt::format("the sign of `convlv` is 1 or -1, not {}", sign));
    require_size(args, std::min(src.size(), response.size()), 1);
    return store(self, convolve(args, src, response, sign));
}

Value correl(Object& self, CallArgs& args) {
    const Values& x = vector_argument(args, 0);
    const Values& y = args.has(1) ? vector_argument(args, 1) : x;
    require_size(args, std::min(x.size(), y.size()), 1);
    const std::size_t n = power_of_two(std::max(x.size(), y.size()));
    Spectrum a = spectrum_of(x, n);
    const Spectrum b = spectrum_of(y, n);
    // With the + sign convention the conjugate of the second factor makes lag k mean x ahead of y by k.
    for (std::size_t i = 0; i < n; ++i) a[i] = a[i] * std::conj(b[i]);
    return store(self, signal_of(std::move(a)));
}

/// The filter, given by frequency, is transformed at the padded size of the source; as many numbers of the result as
/// it has are the response (real parts by frequency, then imaginary parts backwards), in wrap-around order.
Value filter(Object& self, CallArgs& args) {
    const bool two = args.object_if<Vector>(1) != nullptr;
    const Values& src = two ? vector_argument(args, 0) : values(self);
    const Values& by_frequency = vector_argument(args, two ? 1 : 0);
    require_size(args, std::min(src.size(), by_frequency.size()), 1);
    const std::size_t n = power_of_two(std::max(src.size(), by_frequency.size()));
    const Spectrum a = spectrum_of(by_frequency, n);
    Values response(n);
    for (std::size_t k = 0; k <= n / 2; ++k) response[k] = a[k].real();
    for (std::size_t k = 1; k < n / 2; ++k) response[n - k] = -a[k].imag();
    response.resize(by_frequency.size());
    return store(self, convolve(args, src, response, 1));
}

/// Power spectral density by overlapping, Bartlett-windowed segments, zeros behind the data
/// (P. D. Welch, IEEE Trans. Audio Electroacoust. 15 (1967) 70-73).
Value spctrm(Object& self, CallArgs& args) {
    const auto [src, next] = source(self, args);
    static_cast<void>(next);
    const std::size_t n = src.size(), m = power_of_two(std::max<std::size_t>(n / 8, 1));
    const std::size_t segments = 2 * std::max<std::size_t>((n + m - 1) / m / 2, 1);  // an even number of them reaches over the data
    Values window(2 * m);
    double square = 0;
    for (std::size_t j = 0; j < 2 * m; ++j) {
        window[j] = 1 - std::fabs((static_cast<double>(j) - static_cast<double>(m)) / static_cast<double>(m));
        square += window[j] * window[j];
    }
    Values power(m);
    for (std::size_t s = 0; s < segments; ++s) {
        Values part(2 * m);
        for (std::size_t j = 0; j < 2 * m; ++j) {
            const std::size_t i = s * m + j;
            part[j] = i < src.size() ? src[i] * window[j] : 0;
        }
        const Spectrum a = spectrum_of(part, 2 * m);
        power[0] += std::norm(a[0]);
        for (std::size_t j = 1; j < m; ++j) power[j] += 2 * std::norm(a[j]);
    }
    for (double& p : power) p /= static_cast<double>(segments) * square * static_cast<double>(2 * m);
    // What a longer Vector holds behind the result stays, as in the reference.
    const Values& before = values(self);
    if (&before != &src && before.size() > m) power.insert(power.end(), before.begin() + static_cast<long>(m), before.end());
    return store(self, std::move(power));
}

constexpr Method table[] = {
    {"fft", fft, Returns::Object, "fft(sign), fft(src, sign) -> self\nFourier transform (sign 1) or its inverse times n/2 (-1). Elements 0 and 1 belong to the lowest and highest frequency, 2k and 2k+1 to cosine and sine of frequency k."},
    {"convlv", convlv, Returns::Object, "convlv(response, sign = 1), convlv(src, response, sign = 1) -> self\nConvolution, or deconvolution with sign -1; the response is in wrap-around order."},
    {"correl", correl, Returns::Object, "correl(x), correl(x, y) -> self\nAutocorrelation of x, or its correlation with y, by lag in wrap-around order."},
    {"filter", filter, Returns::Object, "filter(by_frequency), filter(src, by_frequency) -> self\nDigital filter: the source convolved with the transform of by_frequency."},
    {"spctrm", spctrm, Returns::Object, "spctrm(src) -> self\nPower spectral density."},
};

}  // namespace

std::span<const Method> spectral_methods() { return table; }

}  // namespace nrn::vector_class
