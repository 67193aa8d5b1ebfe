// SPDX-License-Identifier: BSD-3-Clause
// A kind of mechanism (hh, IClamp, na_ion ...): what its pack says of it, its globals, and its store of
// instances. Made by plugin/mechanism_import from the pack's C description.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/range_variable.hpp"
#include "model/stable_row.hpp"
#include "nrn/abi/mechanism.h"
#include "nrn/api/object.hpp"

namespace nrn {

class Class;
class MechanismStore;
class Model;

class MechanismType {
  public:
    MechanismType(Model& model, const nrn_mechanism& description, std::string file, int index);
    ~MechanismType();

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] Model& model() const noexcept { return model_; }
    [[nodiscard]] const nrn_mechanism& description() const noexcept { return *description_; }
    [[nodiscard]] int index() const noexcept { return index_; }  // order of registration; MechanismType numbering
    [[nodiscard]] bool is(nrn_mechanism_flags flag) const noexcept { return (description_->flags & flag) != 0; }
    [[nodiscard]] bool is_point_process() const noexcept { return is(NRN_POINT_PROCESS); }
    [[nodiscard]] bool is_artificial() const noexcept { return is(NRN_ARTIFICIAL_CELL); }
    [[nodiscard]] bool is_ion() const noexcept { return is_ion_; }
    [[nodiscard]] MechanismStore& store() noexcept { return *store_; }
    [[nodiscard]] std::vector<double>& globals() noexcept { return globals_; }
    [[nodiscard]] std::vector<double>& tables() noexcept { return tables_; }
    [[nodiscard]] const std::string& file() const noexcept { return file_; }
    /// Class of its objects when a point process or artificial cell.
    [[nodiscard]] Class* object_class() const noexcept { return object_class_; }
    /// The ion types it uses, in the order of the description.
    [[nodiscard]] const std::vector<MechanismType*>& ions() const noexcept { return ions_; }

    /// Ions only: charge, and the concentrations that cinit gives (globals nai0_na_ion, nao0_na_ion).
    double valence = 0;
    bool valence_known = false;
    [[nodiscard]] RangeVariable* range(std::string_view bare) const noexcept;
    std::vector<RangeVariable*> range_variables;
    /// Replaced by another description and no longer known by its name; it has no instances.
    bool retired = false;
    /// The instance that setdata_NAME(x) chose, for functions called from Hoc.
    RowId setdata = kNoRow;

  private:
    friend class Model;
    friend class MechanismImport;
    Model& model_;
    std::string name_, file_;
    const nrn_mechanism* description_;
    int index_;
    bool is_ion_ = false;
    Class* object_class_ = nullptr;
    std::vector<MechanismType*> ions_;
    std::vector<double> globals_, tables_;
    std::unique_ptr<MechanismStore> store_;
};

}  // namespace nrn
