// SPDX-License-Identifier: BSD-3-Clause
// Owns everything that is simulated: sections, stores, mechanism types, point processes. Interpreters build
// and change models through this interface alone.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/mechanism_type.hpp"
#include "model/node_store.hpp"
#include "model/range_variable.hpp"
#include "model/section.hpp"
#include "model/section_stack.hpp"
#include "model/segment.hpp"

namespace nrn {

class Class;
class Runtime;

class Model {
  public:
    explicit Model(Runtime& runtime);
    ~Model();

    [[nodiscard]] Runtime& runtime() noexcept { return runtime_; }

    // ---- sections -------------------------------------------------------------------------------
    /// A new section of 1 segment, L 100 um, diam 500 um, Ra 35.4 ohm cm, cm 1 uF/cm2.
    [[nodiscard]] SectionPtr create_section(std::string name, Object* owner = nullptr);
    /// Children become roots (they keep a node of their own); point processes lose their location.
    void delete_section(Section& section);
    /// All sections, in order of creation (forall's order).
    [[nodiscard]] const std::vector<Section*>& sections() const noexcept { return sections_; }
    /// @throws Error(Value) for a loop, Error(Range) for x outside [0, 1] or child_end not 0 or 1.
    /// Connecting a connected section moves it, with a notice as the reference gives.
    void connect(Section& child, double child_end, Section& parent, double parent_x);
    void disconnect(Section& child);
    [[nodiscard]] SectionStack& stack() noexcept { return stack_; }

    // ---- geometry (geometry.cpp) ----------------------------------------------------------------
    void pt3d_clear(Section&, long reserve = 0);
    void pt3d_add(Section&, double x, double y, double z, double diam);
    void pt3d_insert(Section&, long i, double x, double y, double z, double diam);
    void pt3d_change(Section&, long i, double x, double y, double z, double diam);
    void pt3d_change_diam(Section&, long i, double diam);
    void pt3d_remove(Section&, long i);
    void pt3d_style(Section&, bool logical_connection, double x, double y, double z);
    void define_shape();
    /// Area [um2], axial resistance to the parent side [MOhm], volume [um3] of the node at x.
    [[nodiscard]] double area(Section&, double x);
    [[nodiscard]] double axial_resistance(Section&, double x);
    [[nodiscard]] double segment_volume(Section&, double x);
    /// Path distance between two places [um]; 1e20 when not connected.
    [[nodiscard]] double distance(Section& a, double xa, Section& b, double xb);
    /// Recomputes diam, area and ri where geometry has changed. Called by whoever reads them.
    void update_geometry();
    void mark_diameter_changed(Section* section = nullptr) noexcept;

    // ---- mechanisms -----------------------------------------------------------------------------
    [[nodiscard]] MechanismType* mechanism(std::string_view name) const noexcept;
    /// @throws Error(Name) "did you mean ..."
    [[nodiscard]] MechanismType& require_mechanism(std::string_view name) const;
    [[nodiscard]] const std::vector<std::unique_ptr<MechanismType>>& mechanisms() const noexcept { return mechanisms_; }
    /// From a pack; makes range variable symbols, ion types, classes of point processes.
    /// @throws Error(Plugin) when the name is taken, naming both files
    MechanismType& add_mechanism(const nrn_mechanism& description, const std::string& file);
    void insert(Section& section, MechanismType& mechanism);
    void uninsert(Section& section, MechanismType& mechanism);
    [[nodiscard]] bool is_inserted(const Section& section, const MechanismType& mechanism) const;
    /// Inserted density mechanisms and ions of the section (of its segments), in the order of registration.
    [[nodiscard]] std::vector<MechanismType*> inserted(const Section& section) const;
    /// Instance of a density mechanism at a node, or kNoRow.
    [[nodiscard]] RowId instance_at(const MechanismType& mechanism, RowId node) const noexcept;
    /// Ion style bits; see ion_style().
    [[nodiscard]] const RangeVariable* range_variable(std::string_view name) const noexcept;

    [[nodiscard]] NodeStore& nodes() noexcept { return nodes_; }

    // ---- structure version ----------------------------------------------------------------------
    /// Grows with every change that needs a new layout. The engine compares.
    [[nodiscard]] std::uint64_t structure_version() const noexcept { return structure_version_; }
    void structure_changed() noexcept { ++structure_version_; }

    [[nodiscard]] Class& section_class() noexcept { return *section_class_; }
    [[nodiscard]] Class& segment_class() noexcept { return *segment_class_; }

  private:
    friend class Section;
    friend class Layout;
    friend class MechanismImport;
    Runtime& runtime_;
    SectionStack stack_;
    std::vector<Section*> sections_;
    NodeStore nodes_;
    std::vector<std::unique_ptr<MechanismType>> mechanisms_;
    std::unordered_map<std::string, MechanismType*> mechanism_by_name_;
    std::unordered_map<std::string, std::unique_ptr<RangeVariable>> range_variables_;
    std::uint64_t structure_version_ = 1;
    Class* section_class_ = nullptr;
    Class* segment_class_ = nullptr;
};

}  // namespace nrn
