// SPDX-License-Identifier: BSD-3-Clause
// A minimal ELF64 reader: finds the section `nrn_plugin`.
#include "plugin/plugin_card.hpp"

#include <cstring>
#include <fstream>

#include <elf.h>
#include <fmt/format.h>

#include "nrn/api/build_tag.hpp"

namespace nrn {
namespace {

/// Bytes of the card's section; empty with a reason in `problem`.
std::vector<char> card_bytes(const std::filesystem::path& file, std::string& problem) {
    std::ifstream in(file, std::ios::binary);
    Elf64_Ehdr header{};
    if (!in) {
        problem = "the file cannot be read";
        return {};
    }
    if (!in.read(reinterpret_cast<char*>(&header), sizeof header) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) {
        problem = "it is not a shared library (no ELF header)";
        return {};
    }
    if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_type != ET_DYN || header.e_shentsize != sizeof(Elf64_Shdr)) {
        problem = "it is not a 64-bit shared library";
        return {};
    }
    if (header.e_machine != EM_X86_64 && header.e_machine != EM_AARCH64) {
        problem = "it was built for another processor";
        return {};
    }
    std::vector<Elf64_Shdr> sections(header.e_shnum);
    in.seekg(static_cast<std::streamoff>(header.e_shoff));
    if (sections.empty() || !in.read(reinterpret_cast<char*>(sections.data()), static_cast<std::streamsize>(sections.size() * sizeof(Elf64_Shdr))) ||
        header.e_shstrndx >= sections.size()) {
        problem = "its section table is damaged";
        return {};
    }
    const auto read = [&](const Elf64_Shdr& s) {
        std::vector<char> bytes;
        if (s.sh_size > (1u << 26)) return bytes;
        bytes.resize(s.sh_size);
        in.clear();
        in.seekg(static_cast<std::streamoff>(s.sh_offset));
        if (!in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()))) bytes.clear();
        return bytes;
    };
    std::vector<char> names = read(sections[header.e_shstrndx]);
    names.push_back('\0');
    for (const auto& s : sections)
        if (s.sh_name < names.size() && std::strcmp(names.data() + s.sh_name, NRN_PLUGIN_SECTION) == 0) return read(s);
    problem = "it is a shared library but carries no plugin card";
    return {};
}

}  // namespace

const char* host_build_tag() { return NRN_BUILD_TAG; }

const char* kind_name(std::uint32_t kind) {
    switch (kind) {
    case NRN_PLUGIN_MECHANISMS: return "mechanisms";
    case NRN_PLUGIN_INTERPRETER: return "interpreter";
    case NRN_PLUGIN_SOLVER: return "solver";
    case NRN_PLUGIN_COMMUNICATOR: return "communicator";
    }
    return "unknown";
}

CardReading read_plugin_card(const std::filesystem::path& file) {
    CardReading reading;
    std::string problem;
    const std::vector<char> bytes = card_bytes(file, problem);
    if (bytes.empty()) {
        reading.problems.push_back(problem.empty() ? "its plugin card is empty" : problem);
        return reading;
    }
    std::size_t size = bytes.size();
    if (size >= 12) {
        std::uint32_t own = 0;
        std::memcpy(&own, bytes.data() + 8, 4);
        if (own < size) size = own;
    }
    std::memcpy(&reading.card, bytes.data(), std::min(size, sizeof reading.card));
    auto& c = reading.card;
    if (std::memcmp(c.magic, NRN_PLUGIN_MAGIC, sizeof NRN_PLUGIN_MAGIC) != 0) {
        reading.problems.push_back("its plugin card has a wrong magic number");
        return reading;
    }
    reading.found = true;
    for (auto [text, length] : {std::pair{c.name, sizeof c.name}, {c.version, sizeof c.version}, {c.build_tag, sizeof c.build_tag}, {c.depends_on, sizeof c.depends_on}})
        text[length - 1] = '\0';
    if (c.abi_major != NRN_ABI_MAJOR)
        reading.problems.push_back(fmt::format("built for plugin ABI {}.{}, this is {}.{}", c.abi_major, c.abi_minor, NRN_ABI_MAJOR, NRN_ABI_MINOR));
    else if (c.abi_minor > NRN_ABI_MINOR)
        reading.problems.push_back(fmt::format("built for the newer plugin ABI {}.{}, this is {}.{}", c.abi_major, c.abi_minor, NRN_ABI_MAJOR, NRN_ABI_MINOR));
    if (c.kind < NRN_PLUGIN_MECHANISMS || c.kind > NRN_PLUGIN_COMMUNICATOR)
        reading.problems.push_back(fmt::format("built for plugin kind {}, this knows kinds 1 to 4", c.kind));
    else if (c.kind != NRN_PLUGIN_MECHANISMS && std::strcmp(c.build_tag, host_build_tag()) != 0)
        reading.problems.push_back(fmt::format("built for the program `{}`, this is `{}`", c.build_tag, host_build_tag()));
    if (c.name[0] == '\0') reading.problems.push_back("its plugin card has no name");
    return reading;
}

}  // namespace nrn
