// SPDX-License-Identifier: BSD-3-Clause
// Keeps every text that was read, by number.
#include "nrn/api/source.hpp"

namespace nrn {

std::uint32_t SourceRegistry::add(std::string name, std::string text) {
    texts_.push_back(std::make_unique<Text>(Text{std::move(name), std::move(text)}));
    return static_cast<std::uint32_t>(texts_.size());
}

const std::string& SourceRegistry::name(std::uint32_t source) const {
    static const std::string nowhere = "<nowhere>";
    return source == 0 || source > texts_.size() ? nowhere : texts_[source - 1]->name;
}

const std::string& SourceRegistry::text(std::uint32_t source) const {
    static const std::string nothing;
    return source == 0 || source > texts_.size() ? nothing : texts_[source - 1]->text;
}

std::string_view SourceRegistry::line(std::uint32_t source, std::uint32_t line) const {
    std::string_view rest = text(source);
    for (std::uint32_t i = 1; i < line; ++i) {
        const auto newline = rest.find('\n');
        if (newline == std::string_view::npos) return {};
        rest.remove_prefix(newline + 1);
    }
    rest = rest.substr(0, rest.find('\n'));
    if (!rest.empty() && rest.back() == '\r') rest.remove_suffix(1);
    return rest;
}

}  // namespace nrn
