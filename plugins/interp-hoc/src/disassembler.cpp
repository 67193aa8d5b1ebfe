// SPDX-License-Identifier: BSD-3-Clause
// Bytecode as text, one instruction per line: index, line of the source, name, operand.
#include <fmt/format.h>

#include "bytecode.hpp"
#include "nrn/api/scope.hpp"

namespace nrn::hoc {
namespace {

std::string site_text(const Site& site) {
    std::string text = site.has_base ? "." + site.name : site.name;
    if (site.number) text = site.number < 0 ? fmt::format("${}i", site.letter ? std::string(1, site.letter) : "") : site.letter ? fmt::format("${}{}", site.letter, site.number) : text;
    if (site.n_index) text += fmt::format("[{}]", site.n_index);
    if (site.has_arguments) text += fmt::format("({})", site.n_arguments);
    if (site.op != Operator::None) text += fmt::format(" {}=", spelling(site.op));
    if (site.keep) text += " keep";
    return text;
}

std::string operand_text(const Code& code, const Instruction& i, std::size_t at) {
    const auto local_name = [&](std::int64_t n) {
        const std::string& name = code.locals[static_cast<std::size_t>(n)].name;
        return name.empty() ? fmt::format("#{}", n) : name;
    };
    switch (info(i.op).operand) {
    case Operand::None: return {};
    case Operand::Number: return fmt::format("{:g}", i.number);
    case Operand::Text: return fmt::format("\"{}\"", i.text->text);
    case Operand::Local: {
        std::string text = local_name(i.a);
        if (i.op == Opcode::UpdateLocal) text += fmt::format(" {}", spelling(static_cast<Operator>(i.b)));
        if (i.op == Opcode::IncrementLocal) text += fmt::format(" {:g}", i.number);
        return text;
    }
    case Operand::Own: return i.op == Opcode::UpdateOwn ? fmt::format("{} {}", i.a, spelling(static_cast<Operator>(i.b))) : fmt::format("{}", i.a);
    case Operand::Symbol: return i.op == Opcode::UpdateVariable ? fmt::format("{} {}", i.symbol->name, spelling(static_cast<Operator>(i.b))) : i.symbol->name;
    case Operand::Site: {
        std::string text = site_text(*i.site);
        if (i.op == Opcode::CallIterator) text += fmt::format(" -> {}", static_cast<long>(at) + i.a);
        return text;
    }
    case Operand::Target: {
        std::string text = fmt::format("-> {}", static_cast<long>(at) + i.a);
        if (i.op == Opcode::BeginLocalRange || i.op == Opcode::NextLocalRange) text += fmt::format(" {} to #{}", local_name(i.local), i.b);
        else if (i.op == Opcode::BeginVariableRange || i.op == Opcode::NextVariableRange) text += fmt::format(" {} to #{}", i.symbol->name, i.b);
        else if (i.op == Opcode::JumpIfInRange || i.op == Opcode::NextSection || i.op == Opcode::NextSegment) text += fmt::format(" #{}", i.b);
        return text;
    }
    case Operand::Count:
        switch (i.op) {
        case Opcode::EnterSection:
        case Opcode::LeaveSection:
        case Opcode::EndSections: return fmt::format("#{}", i.b);
        case Opcode::BeginSections:
        case Opcode::BeginSegments: return fmt::format("{} #{}", i.a, i.b);
        default: return fmt::format("{}", i.a);
        }
    }
    return {};
}

}  // namespace

std::string disassemble(const Code& code) {
    std::string text = code.name.empty() ? std::string("statement:\n") : fmt::format("{}:\n", code.name);
    for (std::size_t at = 0; at < code.instructions.size(); ++at) {
        const Instruction& i = code.instructions[at];
        const std::string operand = operand_text(code, i, at);
        text += fmt::format("{:5} {:4}  {}{}{}\n", at, code.spans[at].line, info(i.op).name, operand.empty() ? "" : " ", operand);
    }
    for (const Site& site : code.sites)
        if (site.code) text += disassemble(*site.code);
    return text;
}

}  // namespace nrn::hoc
