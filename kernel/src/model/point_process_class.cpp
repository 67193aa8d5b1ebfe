// SPDX-License-Identifier: BSD-3-Clause
// Members of point processes: RANGE variables, mechanism functions, and the methods about location.
#include "model/point_process_class.hpp"

#include <array>
#include <fmt/format.h>

#include "error/closest_name.hpp"
#include "model/construction.hpp"
#include "model/mechanism_documentation.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "model/point_process.hpp"
#include "model/stream_object.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/class_registry.hpp"
#include "nrn/api/runtime.hpp"

namespace nrn {

Place place_argument(CallArgs& args, std::size_t i) {
    if (auto* segment = args.object_if<Segment>(i)) {
        segment->section().require_alive();
        return {&segment->section(), segment->x()};
    }
    return {&args.section(), args.number_in(i, 0, 1)};
}

namespace {

PointProcess& self_of(Object& o) { return static_cast<PointProcess&>(o); }

class PointVariable final : public Member {
  public:
    PointVariable(MechanismType& type, const nrn_variable& row, const char* alias = nullptr)
        : Member(alias ? alias : row.name, Kind::Number), type_(type), row_(row) {}
    [[nodiscard]] const char* units() const override { return row_.units ? row_.units : ""; }
    [[nodiscard]] const char* doc() const override {
        if (doc_.empty()) doc_ = document_variable(type_.description(), row_, name());
        return doc_.c_str();
    }
    [[nodiscard]] std::vector<long> dims(const Object&) const override { return row_.is_array ? std::vector<long>{row_.length} : std::vector<long>{}; }
    double* data(Object& o, Indices indices) const override {
        PointProcess& p = self_of(o);
        if (!type_.is_artificial() && !p.has_location())
            throw Error(ErrorKind::Type, fmt::format("`{}` is not located in a section, so its `{}` cannot be used: point process not located in a section", p.name(), name()));
        const long i = indices.empty() ? 0 : indices[0];
        if (i < 0 || i >= row_.length)
            throw Error(ErrorKind::Index, fmt::format("index {} of `{}.{}` is out of range 0 to {}", i, p.name(), name(), row_.length - 1));
        auto& store = type_.store();
        if (row_.kind == NRN_POINTER) {
            if (const RefPtr& target = store.pointer_ref(row_.column, p.row_id())) return target->data();
            throw Error(ErrorKind::Reference, fmt::format("POINTER `{}.{}` points to nothing yet", p.name(), name())).hint("use setpointer");
        }
        return &store.at(row_.column + static_cast<int>(i), p.row_id());
    }
    RefPtr ref(Object& o, Indices indices) const override;
    [[nodiscard]] const nrn_variable& row() const { return row_; }
    [[nodiscard]] MechanismType& type() const { return type_; }

  private:
    MechanismType& type_;
    const nrn_variable& row_;
    mutable std::string doc_;  // made when it is asked for
};

/// Weak: a recorder of a synapse does not keep the synapse.
class PointRef final : public Ref {
  public:
    PointRef(const PointVariable& member, PointProcess& p, long index)
        : member_(member), row_(p.row_id()), index_(static_cast<int>(index)), name_(p.name() + "." + member.name()) {
        if (member.row().is_array) name_ += fmt::format("[{}]", index);
    }
    [[nodiscard]] bool valid() const override { return !member_.type().model().is_shut_down() && member_.type().store().alive(row_); }
    [[nodiscard]] double* data() const override {
        if (!valid()) throw Error(ErrorKind::Reference, fmt::format("the reference to `{}` is no longer valid: the point process is gone", name_));
        auto& store = member_.type().store();
        if (member_.row().kind == NRN_POINTER) {
            if (const RefPtr& target = store.pointer_ref(member_.row().column, row_)) return target->data();
            throw Error(ErrorKind::Reference, fmt::format("POINTER `{}` points to nothing yet", name_));
        }
        return &store.at(member_.row().column + index_, row_);
    }
    [[nodiscard]] std::size_t length() const override { return static_cast<std::size_t>(member_.row().length - index_); }
    [[nodiscard]] std::string name() const override { return name_; }
    [[nodiscard]] bool same(const Ref& other) const override {
        const auto* o = dynamic_cast<const PointRef*>(&other);
        return o && &o->member_ == &member_ && o->row_ == row_ && o->index_ == index_;
    }
    [[nodiscard]] const PointVariable& member() const { return member_; }
    [[nodiscard]] RowId row() const { return row_; }

  private:
    const PointVariable& member_;
    RowId row_;
    int index_;
    std::string name_;
};

RefPtr PointVariable::ref(Object& o, Indices indices) const {
    const long i = indices.empty() ? 0 : indices[0];
    if (i < 0 || i >= row_.length)
        throw Error(ErrorKind::Index, fmt::format("index {} of `{}.{}` is out of range 0 to {}", i, o.name(), name(), row_.length - 1));
    return make_counted<PointRef>(*this, self_of(o), i);
}

/// A RANDOM variable as an object: instance.stream.set_ids(1, 2, 3).
class PointStream final : public Member {
  public:
    PointStream(MechanismType& type, const nrn_variable& row) : Member(row.name, Kind::ObjectVar), type_(type), row_(row) {}
    [[nodiscard]] bool read_only() const override { return true; }
    [[nodiscard]] const char* doc() const override {
        if (doc_.empty()) doc_ = document_variable(type_.description(), row_, name());
        return doc_.c_str();
    }
    Value get(Object& o, Indices) const override {
        return new_stream(type_, row_.column, self_of(o).row_id());
    }

  private:
    MechanismType& type_;
    const nrn_variable& row_;
    mutable std::string doc_;
};

class PointFunction final : public Member {
  public:
    PointFunction(MechanismType& type, const nrn_mech_function& f) : Member(f.name, Kind::Method, Returns::Number), type_(type), function_(f) {}
    [[nodiscard]] const char* doc() const override {
        if (doc_.empty()) doc_ = document_function(type_.description(), function_, name());
        return doc_.c_str();
    }
    Value call(Object& o, CallArgs& args) const override {
        PointProcess& p = self_of(o);
        if (!type_.is_artificial() && !p.has_location() && (function_.flags & NRN_FUNCTION_NEEDS_INSTANCE))
            throw Error(ErrorKind::Type, fmt::format("`{}` is not located in a section", p.name()));
        const ObjectPtr keep(&o);
        return type_.model().hooks.call_function(type_, function_, p.row_id(), args);
    }

  private:
    MechanismType& type_;
    const nrn_mech_function& function_;
    mutable std::string doc_;
};

/// NAME(x ...) of a FUNCTION_TABLE, and table_NAME(...) that gives it values.
class PointTable final : public Member {
  public:
    PointTable(MechanismType& type, int table, bool sets)
        : Member(std::string(sets ? "table_" : "") + type.description().function_table[table].name, Kind::Method, Returns::Number), type_(type), table_(table), sets_(sets) {}
    Value call(Object&, CallArgs& args) const override {
        const auto& hooks = type_.model().hooks;
        return sets_ ? hooks.set_function_table(type_, table_, args) : hooks.call_function_table(type_, table_, args);
    }

  private:
    MechanismType& type_;
    int table_;
    bool sets_;
};

Value loc(Object& o, CallArgs& args) {
    const Place place = place_argument(args, 0);
    self_of(o).locate(*place.section, place.x);
    return place.x;
}

Value has_loc(Object& o, CallArgs&) { return self_of(o).has_location(); }

Value get_loc(Object& o, CallArgs& args) {
    PointProcess& p = self_of(o);
    if (!p.has_location()) throw Error(ErrorKind::Type, fmt::format("`{}` is not located in a section", p.name()));
    args.runtime().model().stack().push(SectionPtr(p.section()));  // the caller pops, as ever
    return p.x();
}

Value get_segment(Object& o, CallArgs& args) {
    PointProcess& p = self_of(o);
    if (!p.has_location()) return {};
    return ObjectPtr(new Segment(args.runtime().model().segment_class(), SectionPtr(p.section()), p.x()));
}

const std::array kMethods{
    Method{"loc", loc, Returns::Number, "loc(x) or loc(segment) -> x\nPuts the point process at a place; its variables are kept."},
    Method{"has_loc", has_loc, Returns::Number, "has_loc() -> bool\nIs it located in a section?"},
    Method{"get_loc", get_loc, Returns::Number, "get_loc() -> x\nIts position; pushes its section (pop_section() afterwards)."},
    Method{"get_segment", get_segment, Returns::Object, "get_segment() -> Segment or None"},
};

class PointProcessClass final : public NativeClass {
  public:
    explicit PointProcessClass(MechanismType& type)
        : NativeClass(type.name(), nullptr, type.is_artificial() ? std::span<const Method>() : std::span<const Method>(kMethods), {},
                      fmt::format("{}(x) or {}(segment)\n{}", type.name(), type.name(), type.description().title)),
          type_(type) {
        const auto& d = type.description();
        for (int i = 0; i < d.n_variable; ++i)
            if ((d.variable[i].flags & NRN_VISIBLE) && d.variable[i].kind <= NRN_POINTER)
                add(std::make_unique<PointVariable>(type, d.variable[i]));
        for (int i = 0; i < d.n_variable; ++i)
            if (d.variable[i].kind == NRN_RANDOM) add(std::make_unique<PointStream>(type, d.variable[i]));
        // `del` is a keyword of Python: IClamp.del answers to `delay` too.
        bool has_delay = false;
        for (int i = 0; i < d.n_variable; ++i) has_delay = has_delay || std::string_view(d.variable[i].name) == "delay";
        for (int i = 0; i < d.n_variable && !has_delay; ++i)
            if (std::string_view(d.variable[i].name) == "del" && (d.variable[i].flags & NRN_VISIBLE))
                add(std::make_unique<PointVariable>(type, d.variable[i], "delay"));
        for (int i = 0; i < d.n_function; ++i) add(std::make_unique<PointFunction>(type, d.function[i]));
        for (int i = 0; i < d.n_function_table; ++i)
            for (const bool sets : {false, true}) add(std::make_unique<PointTable>(type, i, sets));
    }

    ObjectPtr construct(CallArgs& args) override {
        CallArgs*& now = args.runtime().service<Construction>().args;
        const struct Making {
            CallArgs*& now;
            CallArgs* outer;
            ~Making() { now = outer; }
        } making{now, std::exchange(now, &args)};
        auto p = make_counted<PointProcess>(*this, type_);
        if (args.count() > 0 && !type_.is_artificial()) {
            const Place place = place_argument(args, 0);
            p->locate(*place.section, place.x);
        }
        return p;
    }

  private:
    MechanismType& type_;
};

}  // namespace

std::unique_ptr<Class> make_point_process_class(MechanismType& type) { return std::make_unique<PointProcessClass>(type); }

void set_point_pointer(PointProcess& p, std::string_view name, RefPtr target) {
    const auto& d = p.type().description();
    for (int i = 0; i < d.n_variable; ++i)
        if (d.variable[i].kind == NRN_POINTER && name == d.variable[i].name) {
            p.type().store().pointer_ref(d.variable[i].column, p.row_id()) = std::move(target);
            p.type().model().structure_changed();
            return;
        }
    throw Error(ErrorKind::Name, fmt::format("`{}` has no POINTER `{}`", p.type().name(), name));
}

void set_range_pointer(const RangeVariable& rv, Section& section, double x, RefPtr target) {
    if (!rv.is_pointer) throw Error(ErrorKind::Type, fmt::format("`{}` is not a POINTER", rv.name));
    const auto* inserted = section.find_inserted(*rv.mechanism);
    if (!inserted) throw Error(ErrorKind::Name, fmt::format("`{}` mechanism not inserted in section `{}`", rv.mechanism->name(), section.name()));
    rv.mechanism->store().pointer_ref(rv.column, inserted->rows[static_cast<std::size_t>(section.segment_index(x))]) = std::move(target);
    section.model().structure_changed();
}

}  // namespace nrn
