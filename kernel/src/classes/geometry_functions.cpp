// SPDX-License-Identifier: BSD-3-Clause
// Built-in functions about shape: area, ri, distance and 3-D points.
#include <cmath>

#include <fmt/format.h>

#include "model/model.hpp"
#include "model/point_process_class.hpp"
#include "nrn/api/error.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"
#include "object/vector.hpp"

namespace nrn {
namespace {

Model& model(CallArgs& a) { return a.runtime().model(); }

Value area(CallArgs& a) {
    const Place p = place_argument(a, 0);
    return model(a).area(*p.section, p.x);
}

Value ri(CallArgs& a) {
    const Place p = place_argument(a, 0);
    return model(a).axial_resistance(*p.section, p.x);
}

/// Where distance() counts from; weak, checked at use.
struct DistanceOrigin {
    explicit DistanceOrigin(Runtime&) {}
    SectionPtr section;
    double x = 0;
};

Value distance(CallArgs& a) {
    auto& origin = a.runtime().service<DistanceOrigin>();
    const auto from = [&](const Place& p) {
        if (!origin.section || !origin.section->alive())
            throw Error(ErrorKind::Runtime, "distance origin not valid: distance has no origin yet").hint("call distance(0, segment) first, or give two segments");
        return model(a).distance(*origin.section, origin.x, *p.section, p.x);
    };
    const bool of_place = a.count() == 2 && a.is_number(0);
    if (of_place && !(a.number(0) >= 0 && a.number(0) <= 1)) throw Error(ErrorKind::Range, fmt::format("distance: the first of two arguments is 0 (sets the origin) or 1, not {:g}", a.number(0)));
    if (of_place && a.number(0) >= 1) return from(place_argument(a, 1));
    if (a.count() == 0 || of_place) {
        const Place p = a.count() == 0 ? Place{&a.section(), 0} : place_argument(a, 1);
        origin.section = SectionPtr(p.section);
        origin.x = p.x;
        return p.x;
    }
    const Place first = place_argument(a, 0);
    if (a.count() == 1) return from(first);
    const Place second = place_argument(a, 1);
    return model(a).distance(*first.section, first.x, *second.section, second.x);
}

// ---- 3-D points --------------------------------------------------------------------------------------

const Pt3d& point(CallArgs& a) {
    const auto& points = a.section().points();
    const long i = a.integer(0);
    if (i < 0 || i >= static_cast<long>(points.size()))
        throw Error(ErrorKind::Index, fmt::format("{}: point {} of `{}` does not exist; it has {} 3-D points", a.function(), i, a.section().name(), points.size()));
    return points[static_cast<std::size_t>(i)];
}

Value n3d(CallArgs& a) { return a.section().points().size(); }
Value x3d(CallArgs& a) { return static_cast<double>(point(a).x); }
Value y3d(CallArgs& a) { return static_cast<double>(point(a).y); }
Value z3d(CallArgs& a) { return static_cast<double>(point(a).z); }
Value diam3d(CallArgs& a) { return std::fabs(static_cast<double>(point(a).diam)); }
Value arc3d(CallArgs& a) { return point(a).arc; }
Value spine3d(CallArgs& a) { return point(a).diam < 0; }

Value pt3dclear(CallArgs& a) {
    model(a).pt3d_clear(a.section(), a.integer_or(0, 0));
    return static_cast<double>(a.integer_or(0, 0));
}
Value pt3dadd(CallArgs& a) {
    if (!a.is_object(0)) {
        model(a).pt3d_add(a.section(), a.number(0), a.number(1), a.number(2), a.number(3));
        return 1.0;
    }
    const Vector* v[4];
    for (std::size_t i = 0; i < 4; ++i) {
        v[i] = &a.object<Vector>(i, "Vector");
        if (v[i]->values.size() != v[0]->values.size())
            throw Error(ErrorKind::Value, fmt::format("pt3dadd: argument {} has {} elements, argument 1 has {}", i + 1, v[i]->values.size(), v[0]->values.size()));
    }
    for (std::size_t k = 0; k < v[0]->values.size(); ++k)
        model(a).pt3d_add(a.section(), v[0]->values[k], v[1]->values[k], v[2]->values[k], v[3]->values[k]);
    return 1.0;
}
Value pt3dinsert(CallArgs& a) {
    model(a).pt3d_insert(a.section(), a.integer(0), a.number(1), a.number(2), a.number(3), a.number(4));
    return 0.0;
}
Value pt3dchange(CallArgs& a) {
    if (a.count() == 2) model(a).pt3d_change_diam(a.section(), a.integer(0), a.number(1));
    else model(a).pt3d_change(a.section(), a.integer(0), a.number(1), a.number(2), a.number(3), a.number(4));
    return 0.0;
}
Value pt3dremove(CallArgs& a) {
    model(a).pt3d_remove(a.section(), a.integer(0));
    return 0.0;
}

/// pt3dstyle() -> has it a logical connection point? pt3dstyle(0) removes it, pt3dstyle(1, x, y, z) sets it,
/// pt3dstyle(1, &x, &y, &z) reads it.
Value pt3dstyle(CallArgs& a) {
    Section& s = a.section();
    if (a.count() == 1 || (a.count() > 1 && a.number(0) == 0)) {
        if (a.number(0) == 0) model(a).set_logical_connection(s, std::nullopt);
    } else if (a.count() > 1 && a.is_ref(1)) {
        if (const auto& place = s.logical_connection())
            for (std::size_t i = 0; i < 3; ++i) a.ref(i + 1).set(static_cast<double>((*place)[i]));
    } else if (a.count() > 1) {
        model(a).set_logical_connection(s, std::array<float, 3>{static_cast<float>(a.number(1)), static_cast<float>(a.number(2)), static_cast<float>(a.number(3))});
    }
    return s.logical_connection().has_value();
}

/// pt3dconst() -> 0 or 1; pt3dconst(on) sets it and returns what it was.
Value pt3dconst(CallArgs& a) {
    const bool before = model(a).pt3d_const;
    if (a.has(0)) {
        const double on = a.number(0);
        if (on != 0 && on != 1) throw Error(ErrorKind::Range, fmt::format("pt3dconst: the argument must be 0 or 1, not {}", on));
        model(a).pt3d_const = on != 0;
    }
    return before;
}

Value define_shape(CallArgs& a) {
    model(a).define_shape();
    return 1.0;
}

Value set_spine_area(CallArgs& a) { return model(a).spine_area = a.number(0); }
Value spine_area(CallArgs& a) { return model(a).spine_area; }

constexpr Function functions[] = {
    {"setSpineArea", set_spine_area, Returns::Number, "setSpineArea(area [um2]) -> area\nKept for models of old; it changes no section.\nHoc: setSpineArea(1.2)"},
    {"getSpineArea", spine_area, Returns::Number, "getSpineArea() -> um2, as setSpineArea was given it\nHoc: print getSpineArea()"},
    {"area", area, Returns::Number, "area(x) -> membrane area of the segment, um2\nPython: h.area(0.5, sec=dend), or dend(0.5).area()\nHoc: dend print area(0.5)"},
    {"ri", ri, Returns::Number, "ri(x) -> axial resistance between the segment's centre and its parent, MOhm\nPython: h.ri(0.5, sec=dend), or dend(0.5).ri()\nHoc: dend print ri(0.5)"},
    {"distance", distance, Returns::Number, "distance(segment, segment) -> um; distance(0, x): sets the origin; distance(1, x), distance(x) -> um from the origin\nPython: h.distance(soma(0.5), dend(1))\nHoc: soma distance(0, 0.5)  dend print distance(1)"},
    {"n3d", n3d, Returns::Number, "n3d() -> number of 3-D points\nPython: h.n3d(sec=dend), or dend.n3d()\nHoc: dend print n3d()"},
    {"x3d", x3d, Returns::Number, "x3d(i) -> um\nPython: dend.x3d(0)\nHoc: dend print x3d(0)"},
    {"y3d", y3d, Returns::Number, "y3d(i) -> um\nPython: dend.y3d(0)\nHoc: dend print y3d(0)"},
    {"z3d", z3d, Returns::Number, "z3d(i) -> um\nPython: dend.z3d(0)\nHoc: dend print z3d(0)"},
    {"diam3d", diam3d, Returns::Number, "diam3d(i) -> um\nPython: dend.diam3d(0)\nHoc: dend print diam3d(0)"},
    {"arc3d", arc3d, Returns::Number, "arc3d(i) -> path length from the section's 0 end, um\nPython: dend.arc3d(1)\nHoc: dend print arc3d(1)"},
    {"spine3d", spine3d, Returns::Number, "spine3d(i) -> 1 where spines were marked\nPython: dend.spine3d(0)\nHoc: dend print spine3d(0)"},
    {"pt3dclear", pt3dclear, Returns::Number, "pt3dclear([reserve]): removes all 3-D points\nPython: dend.pt3dclear()\nHoc: dend pt3dclear()"},
    {"pt3dadd", pt3dadd, Returns::Number, "pt3dadd(x, y, z, diam): appends a 3-D point [um], or one for each element of four Vectors\nPython: dend.pt3dadd(0, 0, 0, 2)\nHoc: dend pt3dadd(0, 0, 0, 2)"},
    {"pt3dinsert", pt3dinsert, Returns::Number, "pt3dinsert(i, x, y, z, diam)\nPython: dend.pt3dinsert(1, 5, 0, 0, 2)\nHoc: dend pt3dinsert(1, 5, 0, 0, 2)"},
    {"pt3dchange", pt3dchange, Returns::Number, "pt3dchange(i, x, y, z, diam) or pt3dchange(i, diam)\nPython: dend.pt3dchange(0, 3)\nHoc: dend pt3dchange(0, 3)"},
    {"pt3dremove", pt3dremove, Returns::Number, "pt3dremove(i)\nPython: dend.pt3dremove(1)\nHoc: dend pt3dremove(1)"},
    {"pt3dstyle", pt3dstyle, Returns::Number, "pt3dstyle() -> bool; pt3dstyle(0); pt3dstyle(1, x, y, z) [um]: place where the section counts as joined to its parent\nPython: h.pt3dstyle(1, 0, 5, 0, sec=dend)\nHoc: dend pt3dstyle(1, 0, 5, 0)"},
    {"pt3dconst", pt3dconst, Returns::Number, "pt3dconst([0 or 1]) -> setting before: 3-D points stay when L or diam is assigned\nPython: h.pt3dconst(1)\nHoc: pt3dconst(1)"},
    {"define_shape", define_shape, Returns::Number, "define_shape(): gives sections without 3-D points some\nPython: h.define_shape()\nHoc: define_shape()"},
};

}  // namespace

void register_geometry_functions(Runtime& runtime) { runtime.scope().define_functions(functions); }

}  // namespace nrn
