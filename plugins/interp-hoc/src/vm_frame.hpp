// SPDX-License-Identifier: BSD-3-Clause
// The Hoc machine's frames, made at every call: inlined where calls are made.
#pragma once
#include "model/model.hpp"
#include "template_class.hpp"
#include "vm.hpp"
#include "vm_stack.hpp"

namespace nrn::hoc {

inline bool Vm::no_room(const Code& code) const { return count_ >= kMaximumFrames || static_cast<std::size_t>(stack_end_ - sp_) < code.frame_height; }

inline Frame& Vm::push_frame(const Code& code, Value* base, std::uint32_t n_arguments, TemplateInstance* self) {
    Frame& f = frames_[count_];
    f.code = &code;
    f.pc = code.instructions.data();
    f.base = base;
    f.arguments = sp_ - n_arguments;
    f.locals = sp_;
    f.self = self;
    if (self) self->retain();
    f.iterator_body = nullptr;
    f.n_arguments = n_arguments;
    f.home = static_cast<std::uint32_t>(count_);
    f.owner = 0;
    f.section_depth = static_cast<std::uint32_t>(model_.stack().depth());
    f.entry = false;
    f.serial = ++calls_;
    ++count_;
    Value* const end = sp_ + code.n_locals;
    if (code.only_numbers) {
        while (sp_ != end) push(sp_, 0.0);
        return f;
    }
    for (const LocalName& local : code.locals) {
        if (local.kind == LocalKind::Number) push(sp_, 0.0);
        else new (sp_++) Value();
    }
    return f;
}

}  // namespace nrn::hoc
