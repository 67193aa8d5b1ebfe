// SPDX-License-Identifier: BSD-3-Clause
// What holds other counted things tells which, so that a language with a collector of cycles can look through it.
// A kind of object, callable or reference implements it by also deriving from Holder; a language asks by dynamic_cast.
#pragma once
#include "nrn/api/callable.hpp"
#include "nrn/api/value.hpp"

namespace nrn {

/// Is told of everything held; nothing may change meanwhile.
class HeldVisitor {
  public:
    virtual void visit(const Counted& held) = 0;
    template <class T> void visit(const Ptr<T>& held) { if (held) visit(static_cast<const Counted&>(*held)); }
    void visit(const Value& held) {
        if (held.kind() > Value::Kind::String) visit(static_cast<const Counted&>(*held.raw_pointer()));
    }

  protected:
    ~HeldVisitor() = default;
};

class Holder {
  public:
    virtual ~Holder() = default;
    /// Tells each counted thing once for each count that this one has of it. What is not told is taken to be held from
    /// elsewhere, so it is never collected: telling too little is safe, too much is not.
    virtual void visit_held(HeldVisitor& visitor) const = 0;
    /// At the program's end: gives up objects of the user's choice, so that those that hold each other end too.
    virtual void let_go_of_held() noexcept {}
};

}  // namespace nrn
