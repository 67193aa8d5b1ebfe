// SPDX-License-Identifier: BSD-3-Clause
// An unbranched piece of a reconstructed cell as a file reader leaves it: class Import3d_Section.
#pragma once
#include <string>
#include <vector>

#include "classes/matrix.hpp"
#include "object/list.hpp"
#include "object/vector.hpp"

namespace nrn {

class Runtime;

/// x, y, z and diameter of a reconstructed point, um.
struct MorphologyPoint { double x = 0, y = 0, z = 0, diameter = 0; };

/// What users see and may change before instantiate: the 3-D points (raw: 3 rows, d: diameters), the kind of
/// neurite and where it hangs.
class MorphologySection final : public Object {
  public:
    MorphologySection(Class& cls, Ptr<Matrix> raw_points, VectorPtr diameters) : Object(cls), raw(std::move(raw_points)), d(std::move(diameters)) {}
    double type = 0;           // 1 soma, 2 axon, 3 dendrite, 4 apical dendrite, others as the file has them
    double parentx = 1;        // where on the parent
    double first = 0;          // 1: raw's first point is a place on the parent, not part of this section
    double contour = 0;        // 1: an outline of the soma
    double subsidiary = 0;     // 1: an outline of the same soma at another depth, part of the one before it
    double id = 0;             // in the order of the file
    double line = 0;           // of the file, of the last point
    Ptr<Matrix> raw;
    VectorPtr d;
    Ptr<MorphologySection> parent;
    std::vector<Ptr<MorphologySection>> deeper;  // the subsidiary outlines of this one
    [[nodiscard]] std::size_t count() const { return d->values.size(); }
    [[nodiscard]] MorphologyPoint point(std::size_t i) const {
        const long k = static_cast<long>(i);
        return {raw->get(0, k), raw->get(1, k), raw->get(2, k), d->values[i]};
    }
    void set_points(const std::vector<MorphologyPoint>& points);
    /// What sections of this type are called: soma, axon, dend, apic, dend_N, minus_N.
    [[nodiscard]] static std::string name_of_type(long type);
};
using MorphologySectionPtr = Ptr<MorphologySection>;

[[nodiscard]] MorphologySectionPtr make_morphology_section(Runtime& runtime);

/// A file being read: lines with their numbers, and errors that say where.
class MorphologyFile {
  public:
    explicit MorphologyFile(const std::string& path);  // @throws Error(Io)
    /// The next line that is not empty; false at the end.
    bool next();
    [[nodiscard]] const std::string& text() const { return lines_[at_ - 1]; }
    [[nodiscard]] long line() const { return static_cast<long>(at_); }
    [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }
    [[noreturn]] void fail(long line, const std::string& why) const;

  private:
    std::string path_;
    std::vector<std::string> lines_;
    std::size_t at_ = 0;
};

/// Readers: each gives the sections of a file, parents before children, in the order of the file.
using MorphologySections = std::vector<MorphologySectionPtr>;
MorphologySections read_swc(Runtime& runtime, const std::string& path);
MorphologySections read_neurolucida(Runtime& runtime, const std::string& path);          // version 3, nested
MorphologySections read_neurolucida_classic(Runtime& runtime, const std::string& path);  // [major,minor] (x, y, z) radius
MorphologySections read_eutectic(Runtime& runtime, const std::string& path);

/// A chain of points with children, from which the readers above make sections.
struct MorphologyChain {
    long type = 0;
    long line = 0;
    std::vector<MorphologyPoint> points;
    std::vector<MorphologyChain> branches;
};
/// Appends the tree's sections; the tree hangs on the middle of `soma`, which is not null where there is one.
void append_tree(Runtime& runtime, MorphologySections& sections, const MorphologyChain& tree, const MorphologySectionPtr& soma);
/// Appends the outlines as somata: those that follow and overlap each other are one soma at several depths.
void append_somata(Runtime& runtime, MorphologySections& sections, const std::vector<MorphologyChain>& outlines);
/// The soma that a tree begins in or, where it is in none, next to; null without somata.
[[nodiscard]] MorphologySectionPtr soma_of_tree(const MorphologySections& sections, const MorphologyChain& tree);

/// The middle of a soma that is an outline or several above each other.
[[nodiscard]] MorphologyPoint centre_of_soma(const MorphologySection& soma);
/// The points that stand for a soma given by its outlines: 21 along the longest axis of a single one, one for each of
/// several. An outline of one point becomes a circle.
[[nodiscard]] std::vector<MorphologyPoint> points_of_soma(const MorphologySection& soma);

/// Makes sections of the model from `list` (of Import3d_Section): in a Hoc template's or Python object's scope,
/// or at top level for null.
void instantiate_morphology(Runtime& runtime, const List& list, Object* cell);

}  // namespace nrn
