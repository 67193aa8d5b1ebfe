// SPDX-License-Identifier: BSD-3-Clause
// Instances as VERBATIM text reaches them: the one that a block runs for, others through Point_process*, and what
// Prop, Datum and the current instance (_p, _ppvar) customarily give. A Point_process*, its Prop* and the Object* of
// it are one address: members say what is asked of the host. Included by verbatim.h.
#pragma once

#include "nrn/abi/verbatim.h"

inline const nrn_instance_services* nrn_verbatim_services() {
    return static_cast<const nrn_instance_services*>(nrn_verbatim_host()->lookup(nrn_verbatim_now.context, NRN_INSTANCE_SERVICES));
}

// ---- the instance at hand -------------------------------------------------------------------------
inline bool nrn_verbatim_at_hand() {
    const nrn_verbatim_state& now = nrn_verbatim_now;
    if (now.view && now.row >= 0 && now.row < now.view->n_row) return true;
    hoc_execerror("VERBATIM text uses a variable of an instance, and there is none at hand", nullptr);
    return false;
}
/// Element `column` of the instance's data.
inline double& nrn_verbatim_cell(int column) {
    static thread_local double nothing;
    if (!nrn_verbatim_at_hand()) return nothing = 0;
    return nrn_verbatim_now.view->column[column][nrn_verbatim_now.row];
}
/// What POINTER or BBCOREPOINTER slot `slot` of the instance holds.
inline void*& nrn_verbatim_slot(int slot) {
    static thread_local void* nothing;
    if (!nrn_verbatim_at_hand()) return nothing = nullptr;
    return nrn_verbatim_now.view->pointer[slot][nrn_verbatim_now.row];
}
inline double& nrn_verbatim_pointed(int slot) {
    static thread_local double nothing;
    if (void* p = nrn_verbatim_slot(slot)) return *static_cast<double*>(p);
    hoc_execerror("a POINTER of the instance was not set", nullptr);
    return nothing = 0;
}

// ---- Point_process, Prop, Datum ---------------------------------------------------------------------
/// An element of an instance's private data: an address of some kind.
struct Datum {
    union {
        void* _pvoid;
        double *_pval, *pval;
        Object** pobj;
        int i;
    };
    template <class T>
    T get() const { return (T)_pvoid; }
    template <class T>
    T literal_value() const { return (T)_pvoid; }
    Datum& operator=(void* p) {
        _pvoid = p;
        return *this;
    }
};
/// The rows of an instance's private data that we have: 0 area, 1 the point process, from 2 on its POINTERs.
inline Datum& nrn_verbatim_datum(const void* object, int i) {
    static thread_local Datum own;
    own._pvoid = nullptr;
    nrn_mech_view* view = nullptr;
    const int row = nrn_verbatim_services()->row(nrn_verbatim_now.context, const_cast<void*>(object), &view);
    if (row < 0) {
        hoc_execerror("VERBATIM text asks for the private data of what is no point process", nullptr);
        return own;
    }
    const int slots = [&] {
        int n = 0;
        for (int k = 0; k < view->mechanism->n_variable; ++k) n += view->mechanism->variable[k].kind >= NRN_POINTER;
        return n;
    }();
    if (i == 0 && view->node) own._pvoid = const_cast<double*>(nrn_verbatim_now.context->node.area + view->node[row]);
    else if (i == 1) own._pvoid = const_cast<void*>(object);
    else if (i >= 2 && i - 2 < slots && view->mechanism->n_ion == 0) return reinterpret_cast<Datum&>(view->pointer[i - 2][row]);
    else if (i != 0) hoc_execerror("VERBATIM text asks for a row of private data that is not supported:", "area, point process and POINTERs of a mechanism without ions are");
    return own;
}

struct nrn_verbatim_private {
    Datum& operator[](int i) const { return nrn_verbatim_datum(this, i); }
};
struct nrn_verbatim_type {
    operator int() const { return nrn_verbatim_template_of(this)->id; }
};
/// `prop->param`: only assigned to _p.
struct nrn_verbatim_values {};
struct Prop {
    union {
        nrn_verbatim_private dparam;
        nrn_verbatim_values param;
        nrn_verbatim_type _type, type;
    };
};
struct nrn_verbatim_prop_link {
    operator Prop*() const { return reinterpret_cast<Prop*>(const_cast<nrn_verbatim_prop_link*>(this)); }
    Prop* operator->() const { return *this; }
};
struct Point_process {
    union {
        nrn_verbatim_prop_link _prop, prop;
        nrn_verbatim_payload ob;
    };
};
inline Point_process* ob2pntproc(Object* o) { return reinterpret_cast<Point_process*>(o); }
inline const char* point_process_name(Point_process* p) { return hoc_object_name(reinterpret_cast<Object*>(p)); }
inline Point_process* ob2pntproc_0(Object* o) { return ob2pntproc(o); }
inline int _nrn_mechanism_get_type(const Prop* p) { return nrn_verbatim_template_of(p)->id; }
inline const nrn_verbatim_private& _nrn_mechanism_access_dparam(const Prop* p) { return *reinterpret_cast<const nrn_verbatim_private*>(p); }

/// From here on an instance is the one at hand.
inline void nrn_verbatim_switch(const void* object) {
    nrn_mech_view* view = nullptr;
    const int row = nrn_verbatim_services()->row(nrn_verbatim_now.context, const_cast<void*>(object), &view);
    if (row < 0) return hoc_execerror("VERBATIM text turns to what is no point process", nullptr);
    if (nrn_verbatim_now.view && view->mechanism != nrn_verbatim_now.view->mechanism) return hoc_execerror("VERBATIM text turns to an instance of another mechanism:", view->mechanism->name);
    nrn_verbatim_now.view = view;
    nrn_verbatim_now.row = row;
}
inline void _hoc_setdata(void* object) { nrn_verbatim_switch(object); }
/// The point process that the block runs for.
inline Point_process* nrn_verbatim_this() {
    if (!nrn_verbatim_at_hand()) return nullptr;
    return static_cast<Point_process*>(nrn_verbatim_host()->instance_object(nrn_verbatim_now.context, nrn_verbatim_now.view, nrn_verbatim_now.row));
}
/// `_p` and `_ppvar`: assigning another instance's data turns to it.
struct nrn_verbatim_current {
    const nrn_verbatim_current& operator=(const nrn_verbatim_values& other) const {
        nrn_verbatim_switch(&other);
        return *this;
    }
    const nrn_verbatim_current& operator=(const nrn_verbatim_private& other) const {
        nrn_verbatim_switch(&other);
        return *this;
    }
    Datum& operator[](int i) const { return nrn_verbatim_datum(nrn_verbatim_this(), i); }
};
inline const nrn_verbatim_current nrn_verbatim_p{}, nrn_verbatim_ppvar{};
namespace neuron::legacy {
template <class... Places>
void set_globals_from_prop(Prop* p, Places&&...) { nrn_verbatim_switch(p); }
}  // namespace neuron::legacy
/// Where files written for version 9 keep the instance at hand.
inline int _ml_real, _ml, _iml;

// ---- events -----------------------------------------------------------------------------------------
inline void nrn_verbatim_receive(Point_process* target, double* weight, double flag) {
    if (nrn_verbatim_services()->receive(nrn_verbatim_now.context, target, weight, flag) != NRN_OK && nrn_verbatim_now.depth > 0) throw nrn_verbatim_failure{};
}
/// `(*pnt_receive[type])(target, weights, flag)`: the target itself knows its NET_RECEIVE.
struct nrn_verbatim_receivers {
    using Function = void (*)(Point_process*, double*, double);
    Function operator[](int) const { return nrn_verbatim_receive; }
};
inline const nrn_verbatim_receivers pnt_receive{};
inline void* nrn_verbatim_item;
template <class Item>
inline void net_send(Item, double* weight, Point_process* target, double t, double flag) { nrn_verbatim_services()->send(nrn_verbatim_now.context, target, weight, t, flag); }
template <class Item>
inline void artcell_net_send(Item item, double* weight, Point_process* target, double t, double flag) { net_send(item, weight, target, t, flag); }
template <class Item>
inline void nrn_net_send(Item item, double* weight, Point_process* target, double t, double flag) { net_send(item, weight, target, t, flag); }
template <class Item>
inline void net_move(Item, Point_process* target, double t) { nrn_verbatim_services()->move(nrn_verbatim_now.context, target, t); }
template <class Item>
inline void artcell_net_move(Item item, Point_process* target, double t) { net_move(item, target, t); }
inline void net_event(Point_process* source, double t) { nrn_verbatim_services()->event(nrn_verbatim_now.context, source, t); }
/// Counts of events handled are not kept.
inline double nrn_event_queue_stats(double* inserted_moved_removed) {
    for (int i = 0; i < 3; ++i) inserted_moved_removed[i] = NAN;
    return nrn_verbatim_services()->events_waiting(nrn_verbatim_now.context);
}
inline void clear_event_queue() { hoc_execerror("clear_event_queue is not supported in VERBATIM blocks", nullptr); }
inline void cvode_fadvance(double) { hoc_execerror("cvode_fadvance is not supported in VERBATIM blocks", nullptr); }

/// A number declared `extern`: defined by C text of the pack, or GLOBAL in another mechanism.
inline double* nrn_verbatim_foreign(const char* name, double* defined) {
    if (defined) return defined;
    if (double* number = nrn_verbatim_host()->external_global(nrn_verbatim_now.context, "", name)) return number;
    static thread_local double nothing;
    hoc_execerror("VERBATIM text uses a variable that no mechanism or C text defines:", name);
    nothing = 0;
    return &nothing;
}

// ---- variables by name --------------------------------------------------------------------------------
/// What a Symbol's place in hoc_objectdata, or an object's dataspace, holds.
struct Objectdata {
    double *_pval, *pval;
    Object** pobj;
    char** ppstr;
};
/// Places live as long as the thread, as the text keeps their addresses; there is one per name.
inline Objectdata& nrn_verbatim_data(const void* object, const char* name) {
    struct Place { std::string key; Objectdata data; Object* object; char* text; };
    static thread_local std::list<Place> places;
    nrn_named_variable found{};
    if (nrn_verbatim_services()->variable(nrn_verbatim_now.context, const_cast<void*>(object), name, &found) != NRN_OK && nrn_verbatim_now.depth > 0) throw nrn_verbatim_failure{};
    const std::string key = std::to_string(reinterpret_cast<std::uintptr_t>(object)) + "." + name;
    auto at = std::find_if(places.begin(), places.end(), [&](const Place& p) { return p.key == key; });
    if (at == places.end()) at = places.insert(places.end(), {key, {}, nullptr, nullptr});
    at->object = static_cast<Object*>(found.object);
    at->text = const_cast<char*>(found.text);
    at->data = {found.number, found.number, &at->object, &at->text};
    return at->data;
}
struct nrn_verbatim_objectdata {
    Objectdata& operator[](nrn_verbatim_offset place) const { return nrn_verbatim_data(nullptr, place.name); }
};
inline const nrn_verbatim_objectdata hoc_objectdata{};
inline Objectdata& nrn_verbatim_dataspace::operator[](nrn_verbatim_offset place) const { return nrn_verbatim_data(this, place.name); }
inline Objectdata* nrn_verbatim_dataspace::operator->() const { return &nrn_verbatim_data(this, ""); }
