// SPDX-License-Identifier: BSD-3-Clause
// An instance of a registered class, shared by all languages.
#pragma once
#include <string>

#include "nrn/api/counted.hpp"

namespace nrn {

class Class;

class Object : public Counted {
  public:
    /// Takes the next number of `cls` (IClamp[0], IClamp[1], ...; from 0 again once no instance is left).
    explicit Object(Class& cls);
    [[nodiscard]] Class& cls() const noexcept { return *cls_; }
    [[nodiscard]] std::uint32_t index() const noexcept { return index_; }
    /// As printed: "Vector[0]"; sections and segments override.
    [[nodiscard]] virtual std::string name() const;
    /// False once what the object stands for has been deleted (a section, a point process without location).
    [[nodiscard]] virtual bool alive() const { return true; }
    /// A variable or list let go of it, and `left` references remain. Templates run their `unref`.
    virtual void let_go(std::uint32_t left) noexcept;

    /// A slot for the interpreter that wants to keep identity (a Python subclass instance, say). The object
    /// owns the attachment. Tells its owner apart by `Attachment::owner`.
    struct Attachment { virtual ~Attachment() = default; const void* owner = nullptr; };
    [[nodiscard]] Attachment* attachment() const noexcept { return attachment_; }
    void attach(Attachment* a) noexcept;

  protected:
    ~Object() override;
    friend class Class;

  private:
    Class* cls_;
    std::uint32_t index_;
    Attachment* attachment_ = nullptr;
};
using ObjectPtr = Ptr<Object>;

/// Puts `fresh` (or nothing) into a variable, and tells the object that was there.
void replace_held(ObjectPtr& variable, Object* fresh) noexcept;

}  // namespace nrn
