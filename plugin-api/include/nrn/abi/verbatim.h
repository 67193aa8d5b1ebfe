// SPDX-License-Identifier: BSD-3-Clause
// What the text of VERBATIM blocks customarily calls, over the host's function table. The compiler has already
// put the mechanism's own variables and functions in place; C functions that expect global state find it in
// the context of the block that runs on this thread.
#pragma once
#include <climits>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <cmath>
#include <ctime>
#include <algorithm>
#include <list>
#include <string>

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <float.h>
#include <limits.h>
#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "nrn/abi/instances.h"
#include "nrn/abi/mcell_ran4.h"
#include "nrn/abi/mechanism.h"

#define NRN_VERSION_GTEQ_8_2_0 1
#define NRN_VERSION_GTEQ_9_0_0 1
#define NRN_VERSION_GTEQ(major, minor, patch) ((major) * 10000 + (minor) * 100 + (patch) <= 90000)
#define NRN_VERSION_EQ(major, minor, patch) ((major) * 10000 + (minor) * 100 + (patch) == 90000)
#define NRN_VERSION_LT(major, minor, patch) (!NRN_VERSION_GTEQ(major, minor, patch))
#define NRNBBCORE 0
#define ENABLE_CORENEURON 0
#define CORENEURON_BUILD 0
#define NRNMPI 1

struct Object;
/// `symbol->u.oboff`: where hoc_objectdata and dataspaces have the variable.
struct nrn_verbatim_offset { const char* name; };
struct Symbol {
    const char* name;
    struct {
        nrn_verbatim_offset oboff;
        double* pval;
    } u;
};

struct IvocVect;
struct Rand;
struct Section;
struct NrnThread;
struct Symlist;
typedef struct { const char* name; double (*function)(void*); } Member_func;

/// Ends the running block; caught at its border, so that nothing crosses the C interface.
struct nrn_verbatim_failure {};

struct nrn_verbatim_state {
    nrn_context* context = nullptr;
    nrn_mech_view* view = nullptr;
    int depth = 0;
    int row = -1;  // the instance at hand, where the text outside of blocks wants to know
};
inline thread_local nrn_verbatim_state nrn_verbatim_now;

/// Makes a call of the host known to the functions below. The last context stays known afterwards, because
/// methods that a block installed are called later, from outside any block.
class nrn_verbatim_scope {
  public:
    nrn_verbatim_scope(nrn_context* c, nrn_mech_view* m) : before_(nrn_verbatim_now) { nrn_verbatim_now = {c, m, before_.depth + 1, -1}; }
    ~nrn_verbatim_scope() {
        if (before_.context) nrn_verbatim_now = before_;
        else nrn_verbatim_now.depth = 0;
    }
    nrn_verbatim_scope(const nrn_verbatim_scope&) = delete;
    nrn_verbatim_scope& operator=(const nrn_verbatim_scope&) = delete;

  private:
    nrn_verbatim_state before_;
};

/// What `return x;` in a block that has no value is given to.
struct nrn_verbatim_return {
    template <class... T>
    nrn_verbatim_return(T...) {}
};

inline const nrn_host* nrn_verbatim_host() { return nrn_verbatim_now.context->host; }

// ---- errors and text --------------------------------------------------------------------------
inline void hoc_execerror(const char* first, const char* second) {
    nrn_verbatim_host()->fail(nrn_verbatim_now.context, nrn_verbatim_now.view, -1, "%s%s%s", first ? first : "", second && *second ? " " : "", second ? second : "");
    if (nrn_verbatim_now.depth > 0) throw nrn_verbatim_failure{};
}
inline void hoc_execerror_ext(const char* first, const char* second) { hoc_execerror(first, second); }
inline void hoc_execerr_ext(const char* format, ...) {
    char text[1024];
    va_list list;
    va_start(list, format);
    std::vsnprintf(text, sizeof text, format, list);
    va_end(list);
    hoc_execerror(text, nullptr);
}
inline void execerror(const char* first, const char* second) { hoc_execerror(first, second); }
inline void hoc_warning(const char* first, const char* second) { std::fprintf(stderr, "warning: %s %s\n", first ? first : "", second ? second : ""); }
inline int nrn_verbatim_printf(const char* format, ...) {
    char text[8192];
    va_list list;
    va_start(list, format);
    const int n = std::vsnprintf(text, sizeof text, format, list);
    va_end(list);
    if (nrn_verbatim_now.context) nrn_verbatim_host()->print(nrn_verbatim_now.context, "%s", text);
    else std::fputs(text, stdout);
    return n;
}
#define printf nrn_verbatim_printf
#define Printf nrn_verbatim_printf
#define Fprintf fprintf

// ---- objects ----------------------------------------------------------------------------------
const char* nrn_verbatim_class(const void* object);
/// `object->ctemplate`: one record per class, so that two may be compared.
struct nrn_verbatim_template { Symbol* sym; int count, index, id; nrn_verbatim_template* next; };
inline nrn_verbatim_template* nrn_verbatim_template_of(const void* object) {
    static thread_local nrn_verbatim_template* known = nullptr;
    const char* name = nrn_verbatim_class(object);
    int id = 0;
    for (nrn_verbatim_template* t = known; t; t = t->next, ++id)
        if (std::strcmp(t->sym->name, name) == 0) return t;
    return known = new nrn_verbatim_template{new Symbol{strdup(name), {{nullptr}, nullptr}}, 0, 0, id, known};
}
/// What members of an Object say: they are all at the object's own address.
struct nrn_verbatim_payload {
    template <class T>
    operator T*() const { return reinterpret_cast<T*>(const_cast<nrn_verbatim_payload*>(this)); }
};
struct nrn_verbatim_class_link {
    operator nrn_verbatim_template*() const { return nrn_verbatim_template_of(this); }
    nrn_verbatim_template* operator->() const { return nrn_verbatim_template_of(this); }
    bool operator==(const nrn_verbatim_class_link& other) const { return nrn_verbatim_template_of(this) == nrn_verbatim_template_of(&other); }
};
struct nrn_verbatim_number {
    operator int() const;
};
struct Objectdata;
struct nrn_verbatim_dataspace {
    Objectdata& operator[](nrn_verbatim_offset) const;
    Objectdata* operator->() const;  // the first one: the text of a String
};
struct Object {
    union {
        union { nrn_verbatim_payload this_pointer; nrn_verbatim_dataspace dataspace; } u;
        nrn_verbatim_class_link ctemplate, template_;
        nrn_verbatim_number index;
    };
};
inline const char* nrn_verbatim_class(const void* object) { return nrn_verbatim_host()->object_class(nrn_verbatim_now.context, const_cast<void*>(object)); }
inline nrn_verbatim_number::operator int() const {
    const char* name = nrn_verbatim_host()->object_name(nrn_verbatim_now.context, const_cast<nrn_verbatim_number*>(this));
    const char* bracket = std::strchr(name, '[');
    return bracket ? std::atoi(bracket + 1) : 0;
}

/// Does a variable-step method integrate?
#define cvode_active_ (nrn_verbatim_now.context && nrn_verbatim_now.context->variable_step)

// ---- arguments --------------------------------------------------------------------------------
/// Is there an argument i? There always is a number 0, as in the reference: models count from there.
inline int ifarg(int i) { return i <= 0 || nrn_verbatim_host()->arg_kind(nrn_verbatim_now.context, i) != 0; }
inline int hoc_is_str_arg(int i) { return nrn_verbatim_host()->arg_kind(nrn_verbatim_now.context, i) == NRN_ARG_STRING; }
inline int hoc_is_double_arg(int i) { return nrn_verbatim_host()->arg_kind(nrn_verbatim_now.context, i) == NRN_ARG_NUMBER; }
inline int hoc_is_object_arg(int i) { return nrn_verbatim_host()->arg_kind(nrn_verbatim_now.context, i) == NRN_ARG_OBJECT; }
inline int hoc_is_pdouble_arg(int i) { return nrn_verbatim_host()->arg_kind(nrn_verbatim_now.context, i) == NRN_ARG_REFERENCE; }
inline void nrn_verbatim_need(int i, int kind, const char* what) {
    const int given = nrn_verbatim_host()->arg_kind(nrn_verbatim_now.context, i);
    if (given == kind || (kind == NRN_ARG_NUMBER && given == NRN_ARG_REFERENCE)) return;
    char text[96];
    std::snprintf(text, sizeof text, "argument %d %s %s", i, given ? "is not" : "is missing: it should be", what);
    hoc_execerror(text, nullptr);
}
inline double* getarg(int i) {
    nrn_verbatim_need(i, NRN_ARG_NUMBER, "a number");
    return nrn_verbatim_host()->arg_number(nrn_verbatim_now.context, i);
}
inline double* hoc_getarg(int i) { return getarg(i); }
inline double* hoc_pgetarg(int i) {
    nrn_verbatim_need(i, NRN_ARG_REFERENCE, "a reference (&x)");
    return nrn_verbatim_host()->arg_number(nrn_verbatim_now.context, i);
}
inline char* gargstr(int i) {
    nrn_verbatim_need(i, NRN_ARG_STRING, "a string");
    return const_cast<char*>(nrn_verbatim_host()->arg_string(nrn_verbatim_now.context, i));
}
inline char* hoc_gargstr(int i) { return gargstr(i); }
inline char** hoc_pgargstr(int i) {
    static thread_local char* text;
    text = gargstr(i);
    return &text;
}
/// A string variable given as argument `i` is assigned by hoc_assign_str(hoc_pgargstr(i), text).
inline void hoc_assign_str(char** place, const char* text) {
    for (int i = 1; ifarg(i); ++i)
        if (hoc_is_str_arg(i) && std::strcmp(nrn_verbatim_host()->arg_string(nrn_verbatim_now.context, i), *place) == 0) {
            nrn_verbatim_host()->arg_set_string(nrn_verbatim_now.context, i, text);
            return;
        }
}
inline double chkarg(int i, double low, double high) {
    const double x = *getarg(i);
    if (!(x >= low && x <= high)) {
        char text[128];
        std::snprintf(text, sizeof text, "argument %d is %g, not in the range from %g to %g", i, x, low, high);
        hoc_execerror(text, nullptr);
    }
    return x;
}
inline Object** hoc_objgetarg(int i) {
    nrn_verbatim_need(i, NRN_ARG_OBJECT, "an object");
    return reinterpret_cast<Object**>(nrn_verbatim_host()->arg_object_reference(nrn_verbatim_now.context, i));
}
inline Object* hoc_obj_get(int i) { return *hoc_objgetarg(i); }
inline void hoc_obj_ref(Object* o) { nrn_verbatim_host()->object_retain(o); }
inline void hoc_obj_unref(Object* o) { nrn_verbatim_host()->object_release(o); }
inline char* hoc_object_name(Object* o) { return const_cast<char*>(nrn_verbatim_host()->object_name(nrn_verbatim_now.context, o)); }
inline int is_obj_type(Object* o, const char* name) { return std::strcmp(nrn_verbatim_host()->object_class(nrn_verbatim_now.context, o), name) == 0; }
inline FILE* hoc_obj_file_arg(int i) {
    void* o = *hoc_objgetarg(i);
    if (!nrn_verbatim_host()->file_of_object) hoc_execerror("File objects are not available in VERBATIM blocks", nullptr);
    return static_cast<FILE*>(nrn_verbatim_host()->file_of_object(nrn_verbatim_now.context, o));
}

// ---- Vector and List --------------------------------------------------------------------------
inline IvocVect* vector_arg(int i) {
    void* o = *hoc_objgetarg(i);
    if (!o || std::strcmp(nrn_verbatim_host()->object_class(nrn_verbatim_now.context, o), "Vector") != 0) hoc_execerror("a Vector is needed as argument", nullptr);
    return static_cast<IvocVect*>(o);
}
inline int vector_capacity(void* v) { return nrn_verbatim_host()->vector_size(v); }
inline int vector_buffer_size(void* v) { return nrn_verbatim_host()->vector_capacity(v); }
inline double* vector_vec(void* v) { return nrn_verbatim_host()->vector_data(v); }
inline void vector_resize(void* v, int n) { nrn_verbatim_host()->vector_resize(v, n); }
template <class P>
inline int vector_instance_px(void* v, P** data) {
    *data = reinterpret_cast<P*>(nrn_verbatim_host()->vector_data(v));
    return nrn_verbatim_host()->vector_size(v);
}
template <class P>
inline int vector_arg_px(int i, P** data) { return vector_instance_px(vector_arg(i), data); }
inline int is_vector_arg(int i) {
    return hoc_is_object_arg(i) && is_obj_type(*hoc_objgetarg(i), "Vector");
}
inline int hoc_is_tempobj_arg(int) { return 0; }
inline IvocVect* vector_new1(int n) { return static_cast<IvocVect*>(nrn_verbatim_host()->vector_new(nrn_verbatim_now.context, n)); }
inline IvocVect* vector_new0() { return vector_new1(0); }
inline IvocVect* vector_new(int n, Object* = nullptr) { return vector_new1(n); }
inline IvocVect* vector_new2(IvocVect* other) {
    IvocVect* v = vector_new1(vector_capacity(other));
    std::copy_n(vector_vec(other), vector_capacity(other), vector_vec(v));
    return v;
}
inline void vector_delete(IvocVect* v) { nrn_verbatim_host()->object_release(v); }
inline Object** vector_temp_objvar(void* v) {
    static thread_local Object* object;
    object = static_cast<Object*>(v);
    return &object;
}
inline Object** vector_pobj(void* v) { return vector_temp_objvar(v); }
inline void install_vector_method(const char* name, double (*f)(void*)) {
    nrn_verbatim_host()->install_vector_method(nrn_verbatim_now.context, name, reinterpret_cast<void*>(f));
}
template <class F>
inline void install_vector_method(const char* name, F* f) { install_vector_method(name, reinterpret_cast<double (*)(void*)>(f)); }
inline int ivoc_list_count(Object* list) { return nrn_verbatim_host()->list_size(list); }
inline Object* ivoc_list_item(Object* list, int i) { return static_cast<Object*>(nrn_verbatim_host()->list_item(list, i)); }

// ---- random numbers ---------------------------------------------------------------------------
inline void* nrn_random_arg(int i) {
    void* o = *hoc_objgetarg(i);
    if (!o || std::strcmp(nrn_verbatim_host()->object_class(nrn_verbatim_now.context, o), "Random") != 0) hoc_execerror("a Random is needed as argument", nullptr);
    nrn_verbatim_host()->object_retain(o);
    return o;
}
inline double nrn_random_pick(void* r) { return nrn_verbatim_host()->random_object_pick(nrn_verbatim_now.context, r); }
inline void* nrn_verbatim_stream(void* r) { return nrn_verbatim_host()->random_of_object(nrn_verbatim_now.context, r); }
inline int nrn_random_isran123(void* r, uint32_t* a, uint32_t* b, uint32_t* c) {
    void* s = nrn_verbatim_stream(r);
    if (!s) return 0;
    nrn_verbatim_host()->random_get_ids(nrn_verbatim_now.context, s, a, b, c);
    return 1;
}
/// A RANDOM variable (_p_NAME) draws from then on what a Random object draws.
inline void nrn_random_follow(void* variable, void* r) { nrn_verbatim_host()->random_follow(nrn_verbatim_now.context, variable, r); }
inline void nrn_random_reset(void* r) {
    if (void* s = nrn_verbatim_stream(r)) nrn_verbatim_host()->random_set_sequence(nrn_verbatim_now.context, s, 0);
}
inline double scop_random() { return nrn_verbatim_host()->scop_random(nrn_verbatim_now.context); }
inline double scop_random(int) { return scop_random(); }
inline void set_seed(double seed) { nrn_verbatim_host()->set_seed(nrn_verbatim_now.context, seed); }
inline double exprand(double mean) { return nrn_verbatim_host()->random_exponential(nrn_verbatim_now.context, nullptr, mean); }
inline double normrand(double mean, double deviation) { return nrn_verbatim_host()->random_normal(nrn_verbatim_now.context, nullptr, mean, deviation); }
inline double poisrand(double mean) { return nrn_verbatim_host()->random_poisson(nrn_verbatim_now.context, nullptr, mean); }
inline double mcell_ran4(uint32_t* high, double* out, uint32_t n, double range) { return nrn_verbatim_host()->mcell_ran4(nrn_verbatim_now.context, high, out, n, range); }
/// MCellRan4 with both of its indices given: a word, and a number between 0 and 1.
inline uint32_t nrnRan4int(uint32_t* high, uint32_t low) { return nrn_mcell_ran4_word(*high, low); }
inline double nrnRan4dbl(uint32_t* high, uint32_t low) { return nrnRan4int(high, low) * (1.0 / 4294967296.0); }
/// The low index of all streams of mcell_ran4.
inline void mcell_ran4_init(uint32_t index) {
    const double low = index;
    double before = 0;
    if (nrn_verbatim_host()->call_function(nrn_verbatim_now.context, "mcell_ran4_init", &low, 1, &before) != NRN_OK && nrn_verbatim_now.depth > 0) throw nrn_verbatim_failure{};
}
inline double hoc_epsilon = 1e-11;
inline double hoc_Exp(double x) { return x < -700 ? 0.0 : std::exp(x > 700 ? 700 : x); }

// ---- the interpreters' top level --------------------------------------------------------------
/// Arguments pushed for hoc_call_func.
struct nrn_verbatim_stack {
    double value[64];
    int n = 0;
};
inline thread_local nrn_verbatim_stack nrn_verbatim_pushed;
inline void hoc_pushx(double x) {
    if (nrn_verbatim_pushed.n < 64) nrn_verbatim_pushed.value[nrn_verbatim_pushed.n++] = x;
}
inline double hoc_xpop() { return nrn_verbatim_pushed.n > 0 ? nrn_verbatim_pushed.value[--nrn_verbatim_pushed.n] : 0; }
inline Symbol* hoc_lookup(const char* name) {
    if (!nrn_verbatim_host()->lookup(nrn_verbatim_now.context, name)) return nullptr;
    const char* own = strdup(name);
    return new Symbol{own, {{own}, nrn_verbatim_host()->global_number(nrn_verbatim_now.context, own)}};
}
inline Symbol* hoc_get_symbol(const char* name) { return hoc_lookup(name); }
inline double hoc_call_func(Symbol* s, int n) {
    double arg[64], result = 0;
    for (int i = n - 1; i >= 0; --i) arg[i] = hoc_xpop();
    if (nrn_verbatim_host()->call_function(nrn_verbatim_now.context, s->name, arg, n, &result) != NRN_OK && nrn_verbatim_now.depth > 0) throw nrn_verbatim_failure{};
    return result;
}
inline void hoc_pushobj(Object**) { hoc_execerror("hoc_pushobj is not supported in VERBATIM blocks:", "only numbers can be arguments of hoc_call_func"); }
inline void hoc_pushstr(char**) { hoc_execerror("hoc_pushstr is not supported in VERBATIM blocks:", "only numbers can be arguments of hoc_call_func"); }
/// Tables are brought up to date by the simulator.
template <class... T>
inline void nrn_verbatim_checked(T&&...) {}
inline int hoc_oc(const char* text) { return nrn_verbatim_host()->execute(nrn_verbatim_now.context, text) == NRN_OK ? 0 : 1; }
inline void hoc_execstr(const char* text) { (void)hoc_oc(text); }
inline double* hoc_val_pointer(const char* name) { return nrn_verbatim_host()->global_number(nrn_verbatim_now.context, name); }
/// The flag that ends a run at its next step; what `stoprun` stands for in VERBATIM text.
inline double& nrn_verbatim_stoprun() {
    static thread_local double nothing;
    double* flag = nrn_verbatim_now.context ? nrn_verbatim_host()->global_number(nrn_verbatim_now.context, "stoprun") : nullptr;
    return flag ? *flag : nothing = 0;
}
/// The variable that hoc_oc statements leave a number in.
inline double* nrn_verbatim_accumulator() {
    static thread_local double own = 0;
    double* x = nrn_verbatim_now.context ? hoc_val_pointer("hoc_ac_") : nullptr;
    return x ? x : &own;
}
#define hoc_ac_ (*nrn_verbatim_accumulator())
#define hoc_retpushx(x) return (x)

// ---- memory and the process -------------------------------------------------------------------
inline void* emalloc(size_t n) {
    void* p = std::malloc(n);
    if (!p) hoc_execerror("out of memory", nullptr);
    return p;
}
inline void* ecalloc(size_t n, size_t size) {
    void* p = std::calloc(n, size);
    if (!p && n) hoc_execerror("out of memory", nullptr);
    return p;
}
inline void* erealloc(void* old, size_t n) {
    void* p = std::realloc(old, n);
    if (!p) hoc_execerror("out of memory", nullptr);
    return p;
}
inline void hoc_malchk() {}
/// Bytes in use; the kinds of numbers that other allocators keep are not told apart.
inline double nrn_mallinfo(int = 0) {
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
    return static_cast<double>(mallinfo2().uordblks);
#else
    return 0;
#endif
}
// Kernels of mechanisms with C text run one after the other, unless THREADSAFE says that the text needs no lock.
#define MUTDEC
#define MUTCONSTRUCT(make)
#define MUTDESTRUCT
#define MUTLOCK
#define MUTUNLOCK
#define _NMODLMUTEXLOCK
#define _NMODLMUTEXUNLOCK
inline void hoc_notify_iv() {}
/// Sorts the indices `index` [n] by the values they point to in `values`; cmp(a, b) < 0 when a comes first.
inline int nrn_mlh_gsort(double* values, int* index, int n, int (*cmp)(double, double)) {
    std::stable_sort(index, index + n, [&](int a, int b) { return cmp(values[a], values[b]) < 0; });
    return 1;
}
inline void* hoc_Emalloc(size_t n) { return emalloc(n); }
inline void* hoc_Ecalloc(size_t n, size_t size) { return ecalloc(n, size); }
inline void* hoc_Erealloc(void* old, size_t n) { return erealloc(old, n); }
inline double nrn_verbatim_seconds() { return nrn_verbatim_host()->elapsed_seconds(); }
inline int nrnmpi_verbatim_rank() { return nrn_verbatim_now.context ? nrn_verbatim_host()->rank(nrn_verbatim_now.context) : 0; }
#define nrnmpi_myid nrnmpi_verbatim_rank()
#define nrnmpi_numprocs (nrn_verbatim_now.context ? nrn_verbatim_host()->rank_count(nrn_verbatim_now.context) : 1)

// ---- what statements of the language are called in C text ----------------------------------------
inline void state_discontinuity(int, double* state, double value) { *state = value; }
inline int at_time(NrnThread*, double at) { return nrn_verbatim_host()->at_time(nrn_verbatim_now.context, at); }

#include "nrn/abi/verbatim_sections.h"
#include "nrn/abi/verbatim_instances.h"
#include "nrn/abi/verbatim_random.h"
