// SPDX-License-Identifier: BSD-3-Clause
// Reading, writing and referring to range variables.
#include "model/range_variable.hpp"

#include <cmath>

#include <fmt/format.h>

#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "model/stream_object.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/value.hpp"

namespace nrn {
namespace {

std::string written(const RangeVariable& rv, const Section& section, double x, long index) {
    return rv.is_array ? fmt::format("{}.{}[{}]({:g})", section.name(), rv.name, index, x)
                       : fmt::format("{}.{}({:g})", section.name(), rv.name, x);
}

void check_index(const RangeVariable& rv, long index) {
    if (index < 0 || index >= rv.length)
        throw Error(ErrorKind::Index, fmt::format("index {} of `{}` is out of range 0 to {}", index, rv.name, rv.length - 1));
}

void require_number(const RangeVariable& rv) {
    if (rv.is_stream) throw Error(ErrorKind::Type, fmt::format("`{}` is a random stream, not a number", rv.name)).hint("it has the methods set_ids, set_seq, uniform ...");
}

RowId instance(const RangeVariable& rv, Section& section, double x) {
    section.require_alive();
    const auto* inserted = section.find_inserted(*rv.mechanism);
    const int segment = section.segment_index(x);
    if (!inserted)
        throw Error(ErrorKind::Name, fmt::format("`{}` mechanism not inserted in section `{}`, so it has no `{}`", rv.mechanism->name(), section.name(), rv.name))
            .hint(fmt::format("insert {} first", rv.mechanism->name()));
    return inserted->rows[static_cast<std::size_t>(segment)];
}

RowId node_of(const RangeVariable& rv, Section& section, double x) {
    section.require_alive();
    if (rv.column == NodeStore::Imem && !section.model().keeps_membrane_current)
        throw Error(ErrorKind::Name, fmt::format("`{}` is not computed", rv.name)).hint("switch it on with cvode.use_fast_imem(1)");
    if (rv.column == NodeStore::V || rv.column == NodeStore::Imem) return section.node_at(x);
    return section.segment_node(section.segment_index(x));  // the ends have no membrane of their own
}

/// Where the number is now.
double* locate(const RangeVariable& rv, Section& section, double x, long index) {
    require_number(rv);
    check_index(rv, index);
    if (rv.where == RangeVariable::Where::Node)
        return &section.model().nodes().at(static_cast<NodeStore::Column>(rv.column), node_of(rv, section, x));
    const RowId row = instance(rv, section, x);
    auto& store = rv.mechanism->store();
    if (!rv.is_pointer) return &store.at(rv.column + static_cast<int>(index), row);
    if (const RefPtr& target = store.pointer_ref(rv.column, row)) return target->data();
    throw Error(ErrorKind::Reference, fmt::format("POINTER `{}` points to nothing yet", written(rv, section, x, index)))
        .hint("use setpointer");
}

void assigned(const RangeVariable& rv, Section& section) {
    if (rv.where != RangeVariable::Where::Node) return;
    if (rv.column == NodeStore::Diam) section.model().diameter_assigned(section);
    if (rv.column == NodeStore::Cm) section.model().capacitance_changed();
}

void check_value(const RangeVariable& rv, const Section& section, double value) {
    if (rv.read_only) throw Error(ErrorKind::Type, fmt::format("`{}` cannot be assigned to", rv.name));
    if (rv.where != RangeVariable::Where::Node) return;
    if (rv.column == NodeStore::Diam && !std::isfinite(value))  // one that is not > 0 is found at the next use of the geometry
        throw Error(ErrorKind::Value, fmt::format("diam of `{}` must be a finite number > 0 [um], not {}", section.name(), value));
    if (rv.column == NodeStore::Cm && !std::isfinite(value))
        throw Error(ErrorKind::Value, fmt::format("cm of `{}` must be a finite number [uF/cm2], not {}", section.name(), value));
}

void before_reading(const RangeVariable& rv, Section& section) {
    section.require_alive();
    if (rv.where == RangeVariable::Where::Node && (rv.column == NodeStore::Diam || rv.column == NodeStore::Area))
        section.model().update_geometry(section);
    if (rv.where == RangeVariable::Where::Node && rv.column == NodeStore::ICap && section.model().hooks.store_capacitive_current)
        section.model().hooks.store_capacitive_current();
}

void before_assignment(const RangeVariable& rv, Section& section) {
    section.require_alive();
    if (rv.where == RangeVariable::Where::Node && rv.column == NodeStore::Diam) section.model().before_diameter_assigned(section);
}

class RangeRef final : public Ref {
  public:
    RangeRef(const RangeVariable& rv, Section& section, double x, long index)
        : rv_(rv), model_(section.model()), section_(&section), x_(x), index_(static_cast<int>(index)),
          row_(rv.where == RangeVariable::Where::Node ? node_of(rv, section, x) : instance(rv, section, x)) {
        require_number(rv);
        check_index(rv, index);
    }
    [[nodiscard]] bool valid() const override {
        if (model_.is_shut_down()) return false;
        return rv_.where == RangeVariable::Where::Node ? model_.nodes().alive(row_) : rv_.mechanism->store().alive(row_);
    }
    [[nodiscard]] double* data() const override {
        if (rv_.where == RangeVariable::Where::Node) {
            if (rv_.column == NodeStore::Cm) model_.share_capacitance();
            if (rv_.column == NodeStore::ICap) model_.share_capacitive_current();
        }
        return place();
    }
    [[nodiscard]] Value get() const override { return *place(); }
    void set(const Value& value) const override {
        double* const there = place();
        check_value(rv_, *section_, value.number());
        before_assignment(rv_, *section_);
        *there = value.number();
        assigned(rv_, *section_);
    }
    [[nodiscard]] std::size_t length() const override { return static_cast<std::size_t>(rv_.length - index_); }
    [[nodiscard]] std::string name() const override { return valid() ? written(rv_, *section_, x_, index_) : rv_.name + " of a deleted segment"; }
    [[nodiscard]] bool same(const Ref& other) const override {
        const auto* o = dynamic_cast<const RangeRef*>(&other);
        return o && &o->rv_ == &rv_ && o->row_ == row_ && o->index_ == index_;
    }
    [[nodiscard]] Section* section() const { return valid() ? section_ : nullptr; }
    [[nodiscard]] double x() const { return x_; }
    [[nodiscard]] const RangeVariable& variable() const { return rv_; }

  private:
    [[nodiscard]] double* place() const {
        if (!valid())
            throw Error(ErrorKind::Reference, fmt::format("the reference to a `{}` is no longer valid: its segment is gone", rv_.name));
        before_reading(rv_, *section_);
        if (rv_.where == RangeVariable::Where::Node)
            return &model_.nodes().at(static_cast<NodeStore::Column>(rv_.column), row_);
        auto& store = rv_.mechanism->store();
        if (!rv_.is_pointer) return &store.at(rv_.column + index_, row_);
        if (const RefPtr& target = store.pointer_ref(rv_.column, row_)) return target->data();
        throw Error(ErrorKind::Reference, fmt::format("POINTER `{}` points to nothing yet", rv_.name));
    }
    const RangeVariable& rv_;
    Model& model_;
    Section* section_;  // weak: a reference does not keep a section, but a live row does mean a live section
    double x_;
    int index_;
    RowId row_;
};

}  // namespace

double range_get(const RangeVariable& rv, Section& section, double x, long index) {
    before_reading(rv, section);
    return *locate(rv, section, x, index);
}

void range_set(const RangeVariable& rv, Section& section, double x, double value, long index) {
    check_value(rv, section, value);
    before_assignment(rv, section);
    *locate(rv, section, x, index) = value;
    assigned(rv, section);
}

ObjectPtr range_stream(const RangeVariable& rv, Section& section, double x) {
    MechanismType& type = *rv.mechanism;
    return new_stream(type, rv.column, instance(rv, section, x));
}

RefPtr range_ref(const RangeVariable& rv, Section& section, double x, long index) {
    return make_counted<RangeRef>(rv, section, x, index);
}

bool range_ref_place(const Ref& ref, Section*& section, double& x, const RangeVariable*& variable) {
    const auto* r = dynamic_cast<const RangeRef*>(&ref);
    if (!r || !r->section()) return false;
    section = r->section();
    x = r->x();
    variable = &r->variable();
    return true;
}

void range_set_all(const RangeVariable& rv, Section& section, double value, long index) {
    section.require_alive();
    check_value(rv, section, value);
    for (int i = 0; i < section.nseg(); ++i) *locate(rv, section, section.segment_x(i), index) = value;
    if (rv.where == RangeVariable::Where::Node && rv.column == NodeStore::V) {
        *locate(rv, section, 0, index) = value;
        *locate(rv, section, 1, index) = value;
    }
    assigned(rv, section);
}

void range_set_ramp(const RangeVariable& rv, Section& section, double x0, double x1, double y0, double y1, long index) {
    section.require_alive();
    if (!(x0 >= 0 && x0 <= 1 && x1 >= 0 && x1 <= 1 && x0 <= x1))
        throw Error(ErrorKind::Range, fmt::format("range {}:{} of `{}` must be increasing and within 0 to 1", x0, x1, rv.name));
    const auto value = [&](double x) { return x1 > x0 ? y0 + (x - x0) / (x1 - x0) * (y1 - y0) : y0; };
    constexpr double kSlack = 1e-9;
    const auto within = [&](double x) { return x >= x0 - kSlack && x <= x1 + kSlack; };
    // Only values that are used count: a diameter may taper to 0 at the very end.
    for (int i = 0; i < section.nseg(); ++i)
        if (const double x = section.segment_x(i); within(x)) check_value(rv, section, value(x));
    before_assignment(rv, section);
    for (int i = 0; i < section.nseg(); ++i)
        if (const double x = section.segment_x(i); within(x)) *locate(rv, section, x, index) = value(x);
    if (rv.where == RangeVariable::Where::Node && rv.column == NodeStore::V) {
        if (x0 == 0) *locate(rv, section, 0, index) = y0;
        if (x1 == 1) *locate(rv, section, 1, index) = y1;
    }
    assigned(rv, section);
}

bool range_exists(const RangeVariable& rv, Section& section, double x) {
    section.require_alive();
    (void)section.segment_index(x);
    return rv.where == RangeVariable::Where::Node || section.find_inserted(*rv.mechanism) != nullptr;
}

}  // namespace nrn
