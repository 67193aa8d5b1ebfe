// SPDX-License-Identifier: BSD-3-Clause
// Owns everything that is simulated: sections, stores, mechanism types, point processes. Interpreters build
// and change models through this interface alone.
#pragma once
#include <array>
#include <functional>
#include <memory>
#include <optional>
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
#include "nrn/api/callable.hpp"

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
    [[nodiscard]] const std::vector<Section*>& sections() const noexcept {
        if (sections_gone_ > 0) close_section_gaps();
        return sections_;
    }
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
    /// pt3dstyle: a place in space, off the parent's axis, where this section's first point counts as joined.
    void set_logical_connection(Section&, const std::optional<std::array<float, 3>>& place);
    /// Gives sections without 3-D points some, and moves the others to where they are joined.
    void define_shape();
    /// Area [um2], axial resistance to the parent side [MOhm], volume [um3] of the node at x.
    [[nodiscard]] double area(Section&, double x);
    [[nodiscard]] double axial_resistance(Section&, double x);
    [[nodiscard]] double segment_volume(Section&, double x);
    /// Path distance between two places [um]; 1e20 when not connected.
    [[nodiscard]] double distance(Section& a, double xa, Section& b, double xb);
    /// Recomputes diam, area and ri where geometry has changed. Called by whoever reads them.
    void update_geometry();
    void update_geometry(Section&);  // of this section alone
    /// pt3dconst(1): 3-D points stay as they are when the user assigns L or diam.
    bool pt3d_const = false;
    /// setSpineArea [um2]: of models older than the variable `area`, kept for them.
    double spine_area = 0;
    /// The variable of that name: 1 from a change of shape until the next simulation is set up.
    double diam_changed = 1;
    /// CVode.use_fast_imem(1): i_membrane_ exists.
    bool keeps_membrane_current = false;
    /// The user is about to assign diam in part of this section.
    void before_diameter_assigned(Section& section);
    /// The user assigned diam in this section: 3-D points follow.
    void diameter_assigned(Section& section);
    void mark_diameter_changed(Section* section = nullptr) noexcept;

    // ---- mechanisms -----------------------------------------------------------------------------
    [[nodiscard]] MechanismType* mechanism(std::string_view name) const noexcept;
    /// @throws Error(Name) "did you mean ..."
    [[nodiscard]] MechanismType& require_mechanism(std::string_view name) const;
    [[nodiscard]] const std::vector<std::unique_ptr<MechanismType>>& mechanisms() const noexcept { return mechanisms_; }
    /// From a pack; makes range variable symbols, ion types, classes of point processes.
    /// @throws Error(Plugin) when the name is taken, naming both files
    MechanismType& add_mechanism(const nrn_mechanism& description, const std::string& file);
    /// A description made at run time, which the model keeps and frees with `dispose`.
    MechanismType& add_mechanism(nrn_mechanism* description, void (*dispose)(nrn_mechanism*), const std::string& file);
    /// Takes a type without instances out of use; its names are free again.
    void retire_mechanism(MechanismType& type);
    void insert(Section& section, MechanismType& mechanism);
    void uninsert(Section& section, MechanismType& mechanism);
    [[nodiscard]] bool is_inserted(const Section& section, const MechanismType& mechanism) const;
    /// Inserted density mechanisms and ions of the section (of its segments), in the order of registration.
    [[nodiscard]] std::vector<MechanismType*> inserted(const Section& section) const;
    [[nodiscard]] const RangeVariable* range_variable(std::string_view name) const noexcept;

    [[nodiscard]] NodeStore& nodes() noexcept { return nodes_; }

    // ---- structure version ----------------------------------------------------------------------
    /// Grows with every change that needs a new layout. The engine compares.
    [[nodiscard]] std::uint64_t structure_version() const noexcept { return structure_version_; }
    void structure_changed() noexcept { ++structure_version_; }
    /// nlayer_extracellular(n). @throws Error when a section has the mechanism already
    void set_extracellular_layers(int layers);
    /// Grows when cm may have changed; shared: someone holds a pointer to a cm, and may write at any time.
    [[nodiscard]] std::uint64_t capacitance_version() const noexcept { return capacitance_version_; }
    [[nodiscard]] bool capacitance_is_shared() const noexcept { return capacitance_shared_; }
    void capacitance_changed() noexcept { ++capacitance_version_; }
    void share_capacitance() noexcept { capacitance_shared_ = true; }
    /// Someone holds a pointer to an i_cap: it must be right after every step.
    [[nodiscard]] bool capacitive_current_is_shared() const noexcept { return capacitive_current_shared_; }
    void share_capacitive_current() noexcept { capacitive_current_shared_ = true; }
    /// The sections of an object, the oldest first.
    [[nodiscard]] const std::vector<Section*>& sections_of(const Object& owner) const noexcept {
        static const std::vector<Section*> none;
        const auto found = sections_of_.find(&owner);
        return found == sections_of_.end() ? none : found->second;
    }
    /// Grows with every deleted section: lists of sections look whether they hold one.
    [[nodiscard]] std::uint64_t deletions() const noexcept { return deletions_; }

    [[nodiscard]] Class& section_class() noexcept { return *section_class_; }
    [[nodiscard]] Class& segment_class() noexcept { return *segment_class_; }

    /// All point processes with a location and artificial cells, for the engine; weak.
    [[nodiscard]] MechanismType& ion(std::string_view ion_name, double valence);  // makes `NAME_ion` if new
    RangeVariable& add_range_variable(RangeVariable variable);
    /// Promotes the ion's style in a section to what a mechanism that uses it needs.
    void use_ion(Section& section, MechanismType& ion, unsigned flags);
    [[nodiscard]] static int promoted_style(int style, int concentration, int potential) noexcept;
    /// Frees everything that refers to objects; called before classes go.
    void shut_down() noexcept;
    [[nodiscard]] bool owns(const Section& section) const noexcept;
    [[nodiscard]] bool is_shut_down() const noexcept { return shut_down_; }
    // ---- the engine's hooks: the model knows nothing of time and events ---------------------------
    struct Hooks {
        /// A FUNCTION or PROCEDURE called from an interpreter; instance may be kNoRow.
        std::function<Value(MechanismType&, const nrn_mech_function&, RowId instance, CallArgs&)> call_function;
        std::function<Value(MechanismType&, int table, CallArgs&)> set_function_table, call_function_table;
        std::function<void(MechanismType&, RowId)> instance_made, instance_unmade;  // CONSTRUCTOR, DESTRUCTOR
        std::function<void()> store_capacitive_current;  // i_cap is about to be read
        std::function<void(PointProcess&)> point_process_gone;                      // events in flight, NetCons
    };
    Hooks hooks;
    void instance_made(MechanismType& type, RowId row) { if (hooks.instance_made) hooks.instance_made(type, row); }
    void instance_unmade(MechanismType& type, RowId row) { if (hooks.instance_unmade) hooks.instance_unmade(type, row); }
    void point_process_gone(PointProcess& p) { if (hooks.point_process_gone) hooks.point_process_gone(p); }
    double celsius = 6.3;  // degrees C

  private:
    friend class Section;
    friend class PointProcess;
    friend class Layout;
    friend class MechanismImport;
    friend class ShapeMaker;
    void add_extracellular();  // extracellular.cpp
    void points_changed(Section& section, std::size_t from);
    void resize_section(Section& section, int nseg);
    template <class Source>
    void note_copies(Section& section, const std::vector<int>& heir, Source source) const;
    void mark_stale(Section& section) noexcept { section.geometry_stale_ = true; geometry_stale_ = true; diam_changed = 1; structure_changed(); }
    /// Points each instance that uses ions at the ion's instance in the same segment.
    void link_ions(Section& section);
    void link_ions(MechanismType& type, RowId instance, Section& section, int segment);
    bool geometry_stale_ = true;
    bool shut_down_ = false;
    using OwnedDescription = std::unique_ptr<nrn_mechanism, void (*)(nrn_mechanism*)>;
    std::vector<OwnedDescription> own_descriptions_;
    void publish(MechanismType& type);            // its names in Scope and ClassRegistry
    void publish_functions(MechanismType& type);  // FUNCTION and PROCEDURE as top-level functions
    Runtime& runtime_;
    void close_section_gaps() const noexcept;
    void unlist_section(Section& section) noexcept;
    [[nodiscard]] std::vector<Section*>::iterator listed(const Section& section) const noexcept;
    /// A section that goes leaves a gap (null), closed when somebody looks or gaps are many.
    mutable std::vector<Section*> sections_;
    mutable std::size_t sections_gone_ = 0;
    SectionStack stack_{sections_};
    std::unordered_map<const Object*, std::vector<Section*>> sections_of_;  // of owners that have any
    /// Sections of one owner stay together: a new one follows the owner's last; without any it is the last of all.
    void list_section(Section& section);
    NodeStore nodes_;
    std::vector<std::unique_ptr<MechanismType>> mechanisms_;
    std::unordered_map<std::string, MechanismType*> mechanism_by_name_;
    std::unordered_map<std::string, std::unique_ptr<RangeVariable>> range_variables_;
    std::vector<std::unique_ptr<RangeVariable>> retired_range_variables_;
    std::uint64_t structure_version_ = 1;
    std::uint64_t capacitance_version_ = 1;
    bool capacitance_shared_ = false;
    bool capacitive_current_shared_ = false;
    std::uint64_t insertions_ = 0;
    std::uint64_t deletions_ = 0;
    Class* section_class_ = nullptr;
    Class* segment_class_ = nullptr;
};

}  // namespace nrn
