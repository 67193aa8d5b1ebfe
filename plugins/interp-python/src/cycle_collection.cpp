// SPDX-License-Identifier: BSD-3-Clause
// tp_traverse through counted things of the kernel.
#include "cycle_collection.hpp"

#include <vector>

#include "nrn/api/holder.hpp"
#include "object/vector.hpp"

namespace nrn::python {
namespace {

/// A list of work, not a recursion: Lists of Lists may be deep.
class Walk final : public HeldVisitor {
  public:
    using HeldVisitor::visit;
    void visit(const Counted& held) override {
        if (held.use_count() == 1) waiting_.push_back(&held);
    }
    bool finds_anything(const Counted& first) {
        look_into(first, nullptr, nullptr);
        return !waiting_.empty();
    }
    int run(const Counted& first, visitproc report, void* argument) {
        if (first.use_count() != 1) return 0;
        if (const int stop = look_into(first, report, argument)) return stop;
        while (!waiting_.empty()) {
            const Counted* next = waiting_.back();
            waiting_.pop_back();
            if (const int stop = look_into(*next, report, argument)) return stop;
        }
        return 0;
    }

  private:
    int look_into(const Counted& held, visitproc report, void* argument) {
        if (const auto* vector = dynamic_cast<const Vector*>(&held)) {
            if (vector->user) vector->user->visit_kept_for(*vector, *this);
        } else if (const auto* holder = dynamic_cast<const Holder*>(&held)) {
            holder->visit_held(*this);
        } else if (const auto* python = report ? dynamic_cast<const PythonHolder*>(&held) : nullptr) {
            return python->visit_python(report, argument);
        }
        return 0;
    }
    std::vector<const Counted*> waiting_;
};

}  // namespace

int traverse_owned(const Counted& owned, visitproc visit, void* argument) {
    return Walk().run(owned, visit, argument);
}

bool holds_anything(const Counted& counted) { return Walk().finds_anything(counted); }

}  // namespace nrn::python
