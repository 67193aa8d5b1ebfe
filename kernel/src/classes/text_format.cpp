// SPDX-License-Identifier: BSD-3-Clause
// Formatted output and input over C's own conversions, each checked before it is used.
#include "classes/text_format.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>

#include <fmt/format.h>

#include "nrn/api/error.hpp"
#include "nrn/api/object.hpp"
#include "nrn/api/ref.hpp"

namespace nrn {
namespace {

/// Digits of the longest number in a conversion's flags, width and precision.
std::size_t longest_number(const std::string& text) {
    std::size_t longest = 0, here = 0;
    for (const char c : text) {
        here = std::isdigit(static_cast<unsigned char>(c)) ? here + 1 : 0;
        longest = std::max(longest, here);
    }
    return longest;
}

/// A conversion of a printf format: "%-8.3g" is flags_width "-8.3" and letter 'g'.
struct Conversion {
    std::string flags_width;
    char letter = 0;
};

template <class... T>
std::string c_format(const std::string& format, T... x) {
    const int n = std::snprintf(nullptr, 0, format.c_str(), x...);
    if (n <= 0) return {};
    std::string text(static_cast<std::size_t>(n), '\0');
    std::snprintf(text.data(), text.size() + 1, format.c_str(), x...);
    return text;
}

constexpr std::size_t kLongestText = 1'000'000'000;

std::string format_one(const Conversion& c, const std::function<double()>& number,
                       const std::function<std::string()>& string) {
    const std::string flags = "%" + c.flags_width;
    switch (c.letter) {
    case 'd': case 'i': case 'u': case 'x': case 'X': case 'o': {
        const double x = number();
        if (!(std::fabs(x) < 9.2e18)) return c_format(flags + "g", x);
        return c_format(flags + "ll" + c.letter, static_cast<long long>(x));
    }
    case 'c': return c_format(flags + "c", static_cast<int>(number()));
    case 'e': case 'E': case 'f': case 'F': case 'g': case 'G': return c_format(flags + c.letter, number());
    case 's': return c.flags_width.empty() ? string() : c_format(flags + "s", string().c_str());
    default: break;
    }
    // As the C library does with what it does not know: the text stands as it is ("%3d% ===" in an old script).
    return c.letter ? flags + c.letter : flags;
}

std::string format_with(const CallArgs& args, std::string_view format, const std::function<double()>& number,
                        const std::function<std::string()>& string) {
    std::string out;
    for (std::size_t i = 0; i < format.size(); ++i) {
        if (format[i] != '%') {
            const std::size_t end = std::min(format.find('%', i), format.size());
            out.append(format, i, end - i);
            i = end - 1;
            continue;
        }
        if (i + 1 < format.size() && format[i + 1] == '%') {
            out += '%';
            ++i;
            continue;
        }
        Conversion c;
        for (++i; i < format.size() && std::strchr("-+ #0123456789.lh", format[i]); ++i)
            if (format[i] != 'l' && format[i] != 'h') c.flags_width += format[i];
        if (c.flags_width.size() > 20 || longest_number(c.flags_width) > 6)  // nobody means a line of more than a million
            throw Error(ErrorKind::Value, args.span, fmt::format("`{}`: the width of a conversion is too long", args.function()));
        if (i < format.size()) c.letter = format[i];
        out += format_one(c, number, string);
        if (out.size() > kLongestText) throw Error(ErrorKind::Value, args.span, fmt::format("`{}`: the text is longer than {} million characters", args.function(), kLongestText / 1'000'000));
    }
    return out;
}

}  // namespace

std::string format_arguments(const CallArgs& args, std::size_t format_index) {
    std::size_t next = format_index + 1;
    return format_with(args, args.string(format_index), [&] { return args.number(next++); },
                       [&]() -> std::string {
                           const std::size_t i = next++;
                           if (const Object* o = args.object_or_null(i)) return o->name();
                           if (!args.is_string(i) && !args.is_number(i) && args.at(i).is_none()) return "NULLobject";
                           return args.string(i);
                       });
}

std::string format_number(const CallArgs& args, std::string_view format, double x) {
    return format_with(args, format, [x] { return x; }, [&]() -> std::string {
        throw Error(ErrorKind::Type, args.span, fmt::format("`{}`: a number cannot be written by %s", args.function()));
    });
}

namespace {

/// Where sscanf is in its text.
class Scanner {
  public:
    explicit Scanner(std::string_view text) : text_(text) {}
    void skip_space() { while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_; }
    [[nodiscard]] bool literal(char c) {
        if (at_ >= text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }
    [[nodiscard]] bool word(std::size_t width, std::string& out) {
        skip_space();
        while (at_ < text_.size() && out.size() < width && !std::isspace(static_cast<unsigned char>(text_[at_]))) out += text_[at_++];
        return !out.empty();
    }
    [[nodiscard]] bool characters(std::size_t width, std::string& out) {
        while (at_ < text_.size() && out.size() < width) out += text_[at_++];
        return out.size() == width;
    }
    [[nodiscard]] bool number(std::size_t width, char letter, double& out) {
        skip_space();
        const std::string rest(text_.substr(at_, width));
        char* end = nullptr;
        if (letter == 'd' || letter == 'u' || letter == 'i') out = static_cast<double>(std::strtoll(rest.c_str(), &end, letter == 'i' ? 0 : 10));
        else if (letter == 'x' || letter == 'X') out = static_cast<double>(std::strtoll(rest.c_str(), &end, 16));
        else if (letter == 'o') out = static_cast<double>(std::strtoll(rest.c_str(), &end, 8));
        else out = std::strtod(rest.c_str(), &end);
        if (end == rest.c_str()) return false;
        at_ += static_cast<std::size_t>(end - rest.c_str());
        return true;
    }
    [[nodiscard]] bool set(const std::string& allowed, bool inverted, std::size_t width, std::string& out) {
        while (at_ < text_.size() && out.size() < width && (allowed.find(text_[at_]) != std::string::npos) != inverted) out += text_[at_++];
        return !out.empty();
    }
    [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }

  private:
    std::string_view text_;
    std::size_t at_ = 0;
};

/// The characters of a %[...] conversion; `i` stands after '[' and is left at ']'.
std::string character_set(const std::string& format, std::size_t& i, bool& inverted) {
    std::string allowed;
    inverted = i < format.size() && format[i] == '^';
    if (inverted) ++i;
    for (bool first = true; i < format.size() && (format[i] != ']' || first); ++i, first = false) {
        if (i + 2 < format.size() && format[i + 1] == '-' && format[i + 2] != ']') {
            for (int c = static_cast<unsigned char>(format[i]); c <= static_cast<unsigned char>(format[i + 2]); ++c) allowed += static_cast<char>(c);
            i += 2;
        } else {
            allowed += format[i];
        }
    }
    return allowed;
}

}  // namespace

int scan_arguments(const CallArgs& args) {
    const std::string text = args.string(0), format = args.string(1);
    Scanner in(text);
    std::size_t next = 2;
    int assigned = 0;
    for (std::size_t i = 0; i < format.size(); ++i) {
        if (std::isspace(static_cast<unsigned char>(format[i]))) {
            in.skip_space();
            continue;
        }
        if (format[i] != '%' || (i + 1 < format.size() && format[i + 1] == '%')) {
            if (format[i] == '%') ++i, in.skip_space();
            if (!in.literal(format[i])) return assigned;
            continue;
        }
        bool suppress = false;
        std::size_t width = 0;
        for (++i; i < format.size() && std::strchr("*0123456789lhL", format[i]); ++i) {
            if (format[i] == '*') suppress = true;
            else if (std::isdigit(static_cast<unsigned char>(format[i]))) width = std::min<std::size_t>(width * 10 + static_cast<std::size_t>(format[i] - '0'), 1000000);
        }
        const char letter = i < format.size() ? format[i] : '\0';
        std::string word;
        double x = 0;
        bool is_text = true, found = false;
        const std::size_t most = width ? width : std::string::npos;
        if (letter == 's') {
            found = in.word(most, word);
        } else if (letter == '[') {
            bool inverted = false;
            const std::string allowed = character_set(format, ++i, inverted);
            found = in.set(allowed, inverted, most, word);
        } else if (letter == 'c') {
            found = in.characters(width ? width : 1, word);
            if (width == 0 && next < args.count() && !args.is_string(next)) is_text = false, x = word.empty() ? 0 : static_cast<unsigned char>(word[0]);
        } else if (letter && std::strchr("diuxXofeEgG", letter)) {
            is_text = false;
            found = in.number(most, letter, x);
        } else {
            throw Error(ErrorKind::Value, args.span, fmt::format("`{}`: unknown conversion \"%{}\" in the format", args.function(), letter));
        }
        if (!found) return in.at_end() && assigned == 0 ? -1 : assigned;
        if (suppress) continue;
        if (is_text) args.string_cell(next).text = word;
        else args.ref(next).set(x);
        ++next;
        ++assigned;
    }
    return assigned;
}

}  // namespace nrn
