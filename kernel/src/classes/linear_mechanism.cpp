// SPDX-License-Identifier: BSD-3-Clause
// Class LinearMechanism: users' own linear equations, joined to the membrane equations of chosen segments.
#include <fmt/format.h>

#include "classes/matrix.hpp"
#include "classes/register_classes.hpp"
#include "classes/section_list.hpp"
#include "engine/circuit_system.hpp"
#include "model/model.hpp"
#include "nrn/api/class.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/holder.hpp"
#include "nrn/api/runtime.hpp"
#include "object/vector.hpp"

namespace nrn {
namespace {

class LinearMechanism final : public Object, public LinearCircuit, public Holder {
  public:
    LinearMechanism(Class& cls, Runtime& runtime) : Object(cls), runtime_(runtime) {}
    ~LinearMechanism() override {
        if (enrolled_) circuits(runtime_).remove(*this);
    }
    void enroll() {
        enrolled_ = true;
        circuits(runtime_).add(*this);
    }
    void before_step() override {
        if (callback) {
            CallArgs args(runtime_, "LinearMechanism");
            callback->call(args);
        }
        const auto n = static_cast<long>(size());
        if (c->rows() != n || c->columns() != n || g->rows() != n || g->columns() != n || y->values.size() != size())
            throw Error(ErrorKind::Value, fmt::format("{}: the sizes of c, g, y and b differ ({}x{}, {}x{}, {}, {})", name(), c->rows(), c->columns(),
                                                      g->rows(), g->columns(), y->values.size(), size()));
    }
    [[nodiscard]] std::size_t size() const override { return b->values.size(); }
    [[nodiscard]] double capacitance(std::size_t i, std::size_t j) const override { return c->get(static_cast<long>(i), static_cast<long>(j)); }
    [[nodiscard]] double conductance(std::size_t i, std::size_t j) const override { return g->get(static_cast<long>(i), static_cast<long>(j)); }
    [[nodiscard]] double source(std::size_t i) const override { return b->values[i]; }
    [[nodiscard]] double start(std::size_t i) const override { return y0 && i < y0->values.size() ? y0->values[i] : 0; }
    double& state(std::size_t i) override {
        if (i >= y->values.size()) y->resize(size());
        return y->values[i];
    }

    void visit_held(HeldVisitor& visitor) const override { visitor.visit(callback); }

    CallablePtr callback;
    Ptr<Matrix> c, g;
    VectorPtr y, y0, b;

  private:
    Runtime& runtime_;
    bool enrolled_ = false;
};

void read_places(LinearMechanism& m, CallArgs& a, std::size_t i) {
    if (!a.has(i)) return;
    if (auto* list = a.object_if<SectionList>(i)) {
        auto& xs = a.object<Vector>(i + 1, "Vector");
        auto* layers = a.object_if<Vector>(i + 2);
        for (const SectionPtr& s : list->sections) {
            if (!s->alive()) continue;
            const std::size_t k = m.places.size();
            if (k >= xs.values.size()) break;
            const double layer = layers && k < layers->values.size() ? layers->values[k] : 0;
            if (layer < 0) throw Error(ErrorKind::Range, fmt::format("LinearMechanism: layer {:g} is negative", layer));
            m.places.push_back({s, xs.values[k], static_cast<int>(layer)});
        }
    } else if (auto* segment = a.object_if<Segment>(i)) {
        m.places.push_back({SectionPtr(&segment->section()), segment->x()});
    } else {
        m.places.push_back({SectionPtr(&a.section()), a.number_in(i, 0, 1)});
    }
    if (m.places.size() > m.size())
        throw Error(ErrorKind::Value, fmt::format("LinearMechanism: {} places for only {} equations", m.places.size(), m.size()));
}

/// ([callable,] c, g, y, [y0,] b [, x or Segment | SectionList, xs [, layers]])
ObjectPtr construct(NativeClass& cls, CallArgs& a) {
    auto m = make_counted<LinearMechanism>(cls, a.runtime());
    std::size_t i = 0;
    if (!a.object_if<Matrix>(0)) m->callback = a.callable(i++);
    m->c = Ptr<Matrix>(&a.object<Matrix>(i++, "Matrix"));
    m->g = Ptr<Matrix>(&a.object<Matrix>(i++, "Matrix"));
    m->y = VectorPtr(&a.object<Vector>(i++, "Vector"));
    m->b = VectorPtr(&a.object<Vector>(i++, "Vector"));
    // A fifth Vector makes the fourth the start values.
    if (auto* fifth = a.object_if<Vector>(i)) {
        m->y0 = m->b;
        m->b = VectorPtr(fifth);
        ++i;
    }
    const auto n = static_cast<long>(m->size());
    if (m->c->rows() != n || m->c->columns() != n || m->g->rows() != n || m->g->columns() != n)
        throw Error(ErrorKind::Value, fmt::format("LinearMechanism: c is {}x{} and g {}x{}, but b has {} elements", m->c->rows(), m->c->columns(), m->g->rows(),
                                                  m->g->columns(), n));
    m->y->resize(m->size());
    read_places(*m, a, i);
    m->enroll();
    return m;
}

Value valid(Object& o, CallArgs&) {
    const auto& m = static_cast<LinearMechanism&>(o);
    for (const auto& p : m.places)
        if (!p.section->alive()) return false;
    return true;
}

constexpr Method methods[] = {
    {"valid", valid, Returns::Bool, "valid() -> do all its sections exist?"},
};

}  // namespace

void register_linear_mechanism(Runtime& runtime) {
    publish_class(runtime, std::make_unique<NativeClass>(
                               "LinearMechanism", construct, methods, std::span<const Property>{},
                               "LinearMechanism([callable,] c, g, y, [y0,] b[, x | SectionList, Vector of x[, Vector of layers]])\n"
                               "Adds c*dy/dt + g*y = b; the first elements of y are the potentials at the given places,\n"
                               "whose membrane equations get the first rows (c [mF/cm2], g [S/cm2], b [mA/cm2])."));
}

}  // namespace nrn
