// SPDX-License-Identifier: BSD-3-Clause
// FUNCTION and PROCEDURE of density mechanisms as top-level functions: rates_hh(v), setdata_hh(x), table_NAME.
#include <fmt/format.h>

#include "model/mechanism_documentation.hpp"
#include "model/mechanism_store.hpp"
#include "model/model.hpp"
#include "model/point_process_class.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {
namespace {

class MechanismFunction final : public Callable {
  public:
    MechanismFunction(MechanismType& type, const nrn_mech_function& f, std::string name) : type_(type), function_(f), name_(std::move(name)) {}
    Value call(CallArgs& args) override {
        RowId row = type_.setdata;
        if (row != kNoRow && !type_.store().alive(row)) row = type_.setdata = kNoRow;
        if (row == kNoRow && (function_.flags & NRN_FUNCTION_NEEDS_INSTANCE))
            throw Error(ErrorKind::Runtime, fmt::format("`{}` uses RANGE variables of an instance: setdata_{}(x) was not called, the data pointer is not set", name_, type_.name()))
                .hint(fmt::format("call setdata_{}(x) first", type_.name()));
        return type_.model().hooks.call_function(type_, function_, row, args);
    }
    [[nodiscard]] std::string name() const override { return name_; }
    [[nodiscard]] Returns returns() const override { return Returns::Number; }

  private:
    MechanismType& type_;
    const nrn_mech_function& function_;
    std::string name_;
};

class SetData final : public Callable {
  public:
    explicit SetData(MechanismType& type) : type_(type) {}
    Value call(CallArgs& args) override {
        const Place place = place_argument(args, 0);
        const auto* inserted = place.section->find_inserted(type_);
        if (!inserted)
            throw Error(ErrorKind::Name, fmt::format("`{}` mechanism not inserted in section `{}`", type_.name(), place.section->name()));
        type_.setdata = inserted->rows[static_cast<std::size_t>(place.section->segment_index(place.x))];
        return 1;
    }
    [[nodiscard]] std::string name() const override { return "setdata_" + type_.name(); }
    [[nodiscard]] Returns returns() const override { return Returns::Number; }

  private:
    MechanismType& type_;
};

class CallTable final : public Callable {
  public:
    CallTable(MechanismType& type, int table, std::string name) : type_(type), table_(table), name_(std::move(name)) {}
    Value call(CallArgs& args) override { return type_.model().hooks.call_function_table(type_, table_, args); }
    [[nodiscard]] std::string name() const override { return name_; }
    [[nodiscard]] Returns returns() const override { return Returns::Number; }

  private:
    MechanismType& type_;
    int table_;
    std::string name_;
};

class SetTable final : public Callable {
  public:
    SetTable(MechanismType& type, int table, std::string name) : type_(type), table_(table), name_(std::move(name)) {}
    Value call(CallArgs& args) override { return type_.model().hooks.set_function_table(type_, table_, args); }
    [[nodiscard]] std::string name() const override { return name_; }
    [[nodiscard]] Returns returns() const override { return Returns::Number; }

  private:
    MechanismType& type_;
    int table_;
    std::string name_;
};

}  // namespace

void Model::publish_functions(MechanismType& type) {
    Scope& scope = runtime_.scope();
    const auto& d = type.description();
    const std::string suffix = type.is(NRN_NO_SUFFIX) ? "" : "_" + type.name();
    for (int i = 0; i < d.n_function; ++i) {
        const std::string name = d.function[i].name + suffix;
        scope.define_function(name, make_counted<MechanismFunction>(type, d.function[i], name), true).doc = document_function(d, d.function[i], name);
    }
    for (int i = 0; i < d.n_function_table; ++i) {
        const std::string name = d.function_table[i].name + suffix, table = "table_" + name;
        scope.define_function(name, make_counted<CallTable>(type, i, name), true);
        scope.define_function(table, make_counted<SetTable>(type, i, table), true);
    }
    if (!type.is(NRN_NO_SUFFIX) && !type.is_ion())
        scope.define_function("setdata" + suffix, make_counted<SetData>(type), true).doc =
            fmt::format("setdata_{0}(x) -> 1\nFunctions of `{0}` called from scripts use this segment of the accessed section from then on.\nPython: h.setdata_{0}(0.5, sec=soma)     Hoc: soma setdata_{0}(0.5)", type.name());
}

}  // namespace nrn
