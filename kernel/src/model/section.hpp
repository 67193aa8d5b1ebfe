// SPDX-License-Identifier: BSD-3-Clause
// An unbranched cable: an object that every language shares. Its nodes and their variables live in the
// model's stores; the section keeps topology, geometry and the ids of its rows.
#pragma once
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/stable_row.hpp"
#include "nrn/api/object.hpp"

namespace nrn {

class Model;
class MechanismType;
class PointProcess;
class Section;
using SectionPtr = Ptr<Section>;

/// A 3-D point of a section, um. The reference keeps them in single precision, and so do we.
struct Pt3d { float x, y, z, diam; double arc; };

class Section final : public Object {
  public:
    /// Made by Model::create_section only.
    Section(Class& section_class, Model& model, std::string name);
    ~Section() override;

    [[nodiscard]] std::string name() const override { return alive_ ? name_ : "<deleted section>"; }
    /// The name the section had, also after deletion.
    [[nodiscard]] const std::string& given_name() const noexcept { return name_; }
    void rename(std::string name) { local_name = name_ = std::move(name); }
    [[nodiscard]] bool alive() const override { return alive_; }
    [[nodiscard]] Model& model() const noexcept { return model_; }
    /// @throws Error(Reference) "section was deleted"
    void require_alive() const;

    // Topology. parent_x() is where on the parent; child_end() is 0 or 1, the end of this section joined there.
    [[nodiscard]] Section* parent() const noexcept { return parent_; }
    [[nodiscard]] double parent_x() const noexcept { return parent_x_; }
    [[nodiscard]] double child_end() const noexcept { return child_end_; }
    /// By distance of the connection from this section's root-side end, newest first within one.
    [[nodiscard]] const std::vector<Section*>& children() const noexcept { return children_; }
    [[nodiscard]] Section& root() noexcept;

    // Properties, checked. Setting nseg keeps values by position; L rescales 3-D points.
    [[nodiscard]] int nseg() const noexcept { return nseg_; }
    [[nodiscard]] double length() const;              // um
    [[nodiscard]] double axial_resistivity() const noexcept { return Ra_; }  // ohm cm
    [[nodiscard]] double rallbranch() const noexcept { return rallbranch_; }
    void set_nseg(int nseg);       // @throws Error(Value) below 1 or above 32767
    void set_length(double um);    // @throws Error(Value) unless > 0
    void set_axial_resistivity(double ohm_cm);
    /// The same without looking: the next use of the geometry does. @throws Error(Value) unless finite
    void set_length_unchecked(double um);
    void set_axial_resistivity_unchecked(double ohm_cm);
    void set_rallbranch(double n);

    /// Node of position x: 0 and 1 are the ends (x = child_end() is the parent's node), else segment
    /// floor(x * nseg). @throws Error(Range) unless 0 <= x <= 1
    [[nodiscard]] RowId node_at(double x) const;
    [[nodiscard]] RowId segment_node(int segment) const { return nodes_[static_cast<std::size_t>(segment)]; }
    [[nodiscard]] int segment_index(double x) const;         // floor(x*nseg), clamped to the segments
    [[nodiscard]] double segment_x(int segment) const noexcept { return (segment + 0.5) / nseg_; }

    /// Point processes that sit here, in order of creation.
    [[nodiscard]] const std::vector<PointProcess*>& point_processes() const noexcept { return point_processes_; }

    // 3-D points
    [[nodiscard]] const std::vector<Pt3d>& points() const noexcept { return points_; }

    [[nodiscard]] const std::optional<std::array<float, 3>>& logical_connection() const noexcept { return logical_connection_; }

    // Mechanisms: one row per segment for each inserted density mechanism or ion.
    struct Inserted { MechanismType* type; std::vector<RowId> rows; std::uint64_t order = 0; };  // order: of insertion
    [[nodiscard]] const std::vector<Inserted>& inserted() const noexcept { return inserted_; }
    [[nodiscard]] const Inserted* find_inserted(const MechanismType& type) const noexcept {
        for (const auto& i : inserted_)
            if (i.type == &type) return &i;
        return nullptr;
    }

    /// What is inserted in one segment, as it is listed to users: the oldest first; in a segment that a change of nseg copied from
    /// another, what was there at that time stands in reverse order, as in the reference. What every section has, morphology and capacitance, stands first and has no type.
    [[nodiscard]] std::vector<const Inserted*> listed(int segment) const;
    static const Inserted morphology, capacitance;

    /// Who made it: a Hoc template instance or a Python cell; null at top level. Weak.
    [[nodiscard]] Object* owner() const noexcept { return owner_; }
    void set_owner(Object* owner) noexcept { owner_ = owner; }
    /// Name inside the owner ("dend[3]"), without the owner's prefix.
    std::string local_name;
    /// True for sections made by Python (their Hoc name is _pysec.NAME).
    bool made_by_python = false;

  private:
    friend class Model;
    friend class PointProcess;
    friend class Geometry;
    friend class Layout;
    friend class ShapeMaker;
    Model& model_;
    std::string name_;
    bool alive_ = true;
    std::size_t listed_ = 0;  // in the model's list of sections, there or before
    Section* parent_ = nullptr;
    double parent_x_ = 0, child_end_ = 0;
    std::vector<Section*> children_;
    int nseg_ = 1;
    double length_ = 100, Ra_ = 35.4, rallbranch_ = 1;
    std::vector<RowId> nodes_;       // [nseg + 1]: segments, then the far end; a root also owns root_node_
    std::vector<Inserted> inserted_;
    std::vector<std::vector<std::uint64_t>> copies_;  // [segment]: the last insertion before each copying of it; empty without copies
    std::vector<PointProcess*> point_processes_;
    RowId root_node_ = kNoRow;       // the node at child_end() of a section without parent
    std::vector<Pt3d> points_;
    bool geometry_stale_ = true;
    bool diam_from_points_ = true;  // 3-D points decide the diameters at the next geometry update
    bool points_follow_diam_ = false;  // the user's diameters are in the points, not yet integrated
    std::optional<std::array<float, 3>> logical_connection_;
    Object* owner_ = nullptr;
};

}  // namespace nrn
