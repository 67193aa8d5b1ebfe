/* SPDX-License-Identifier: BSD-3-Clause */
/* The C interface between the kernel and a pack of membrane mechanisms: plain structs, function
 * pointers, no C++ types, no exceptions across it. What the NMODL compiler emits is written against
 * this header alone; a hand-written pack may be too.
 *
 * Storage. Every instance of a mechanism is one row of the host's structure-of-arrays store: one
 * contiguous column per scalar variable (an array variable x[3] has three columns). Rows move when the
 * host lays the model out anew, so a row number or a column pointer lives for one call only.
 *
 * Units are the field's: mV, ms, mA/cm2 and S/cm2 for density mechanisms, nA and uS for point
 * processes, um for lengths, um2 for area, mM for concentrations.
 */
#ifndef NRN_ABI_MECHANISM_H
#define NRN_ABI_MECHANISM_H

#include <stddef.h>
#include <stdint.h>

#include "nrn/abi/plugin.h"
#include "nrn/abi/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct nrn_host nrn_host;
typedef struct nrn_context nrn_context;
typedef struct nrn_mech_view nrn_mech_view;
typedef struct nrn_mechanism nrn_mechanism;

/* ---- data ------------------------------------------------------------------------------------ */

/* Node columns, indexed by node row. */
typedef struct nrn_node_view {
    int32_t n_node;
    double* v;          /* mV */
    double* rhs;        /* right-hand side, mA/cm2 */
    double* d;          /* diagonal, S/cm2 (scaled as the reference does: d(rhs)/dv) */
    const double* area; /* um2 */
    const double* diam; /* um */
} nrn_node_view;

/* Columns of an ion, in this order, indexed by ion row. */
enum nrn_ion_column {
    NRN_ION_E = 0,    /* reversal potential, mV */
    NRN_ION_CI = 1,   /* inside concentration, mM */
    NRN_ION_CO = 2,   /* outside concentration, mM */
    NRN_ION_I = 3,    /* current, mA/cm2; kernels add to it, the host zeroes it before each evaluation */
    NRN_ION_DIDV = 4, /* derivative of the current by v, S/cm2; likewise */
    NRN_ION_COLUMNS = 5
};

typedef struct nrn_ion_view {
    double* const* column; /* [NRN_ION_COLUMNS] */
    const int32_t* row;    /* [n_row] ion row of each instance */
    double valence;
} nrn_ion_view;

struct nrn_mech_view {
    const nrn_mechanism* mechanism;
    void* host_type;           /* the host's own record of this mechanism type; opaque to packs */
    int32_t n_row;
    double* const* column;     /* [n_column], each [n_row] and padded */
    const int32_t* node;       /* [n_row] node row of each instance; NULL for artificial cells */
    const nrn_ion_view* ion;   /* [n_ion], in the order of nrn_mechanism.ion */
    void** const* pointer;     /* [n_pointer][n_row]: what a POINTER / BBCOREPOINTER / RANDOM slot holds
                                  (for POINTER a double*; NULL when unset) */
    double* global;            /* [n_global_value] GLOBAL parameters and variables of this runtime */
    double* table;             /* [n_table_value] storage of TABLEs, zero at first; owned by the host */
};

/* What is the same for all instances during a call. One per worker thread. */
struct nrn_context {
    const nrn_host* host;
    void* runtime;      /* opaque: the host's Runtime */
    void* worker;       /* opaque: the calling worker */
    void* call;         /* opaque: arguments of an interpreter's call (see host->arg_*), else NULL */
    double t;           /* ms, as the called block should see it */
    double dt;          /* ms; under a variable step, the current gamma-scaled step for ode_solve */
    double celsius;     /* degrees C */
    int32_t variable_step; /* 1 while a variable-step solver integrates */
    int32_t secondorder;
    nrn_node_view node;
    int32_t netrec_state_adjust; /* nrn_netrec_state_adjust: a state that an event makes jump decays for half a step */
    int32_t unobserved; /* 1: before the same kernel runs again nobody looks at variables that the mechanism's own blocks
                           do not read; a kernel need not store them */
};

/* Kernels work on rows [begin, end). They return NRN_FAILED after host->fail(). */
typedef nrn_status (*nrn_kernel)(nrn_context*, nrn_mech_view*, int32_t begin, int32_t end);

/* ---- description ------------------------------------------------------------------------------ */

enum nrn_variable_kind {
    NRN_PARAMETER = 1, /* settable by the user, has a default */
    NRN_ASSIGNED = 2,
    NRN_STATE = 3,
    NRN_POINTER = 4,       /* `column` is the slot in view->pointer, not a column */
    NRN_BBCOREPOINTER = 5, /* likewise: an opaque void* */
    NRN_RANDOM = 6         /* likewise: a host random stream (host->random_*) */
};

enum nrn_variable_flags {
    NRN_VISIBLE = 1,   /* RANGE (instance) or GLOBAL: users reach it by name */
    NRN_READ_ONLY = 2,
    NRN_EXTERNAL = 4,  /* GLOBAL declared EXTERNAL: value lives in another mechanism */
    NRN_SCRATCH = 8,   /* instance variable that every call writes before it reads it: the host need not keep it */
    NRN_TOLD = 16      /* instance variable that no block reads before it writes it; see nrn_context.unobserved */
};

typedef struct nrn_variable {
    const char* name;  /* as in the NMODL text, no suffix, no index */
    uint32_t kind;     /* enum nrn_variable_kind */
    uint32_t flags;    /* enum nrn_variable_flags */
    int32_t column;    /* first column (instance), first index in view->global (global), or pointer slot */
    int32_t length;    /* number of elements; 1 for a scalar */
    int32_t is_array;  /* declared with an index, even if length is 1 */
    double value;      /* default of a PARAMETER; start value of others (0) */
    double lower, upper; /* limits <lo,hi>: for GUIs only; lower > upper when none */
    const char* units; /* "" when none */
    double abstol_scale; /* STATE ... abstol; 0 when not given */
} nrn_variable;

enum nrn_ion_use_flags {
    NRN_ION_READ_E = 1, NRN_ION_READ_CI = 2, NRN_ION_READ_CO = 4, NRN_ION_READ_I = 8,
    NRN_ION_WRITE_E = 16, NRN_ION_WRITE_CI = 32, NRN_ION_WRITE_CO = 64, NRN_ION_WRITE_I = 128
};

typedef struct nrn_ion_use {
    const char* name;   /* "na", "ca", ...; the ion mechanism is `na_ion` */
    uint32_t flags;     /* enum nrn_ion_use_flags */
    double valence;     /* NAN when not given */
    const char* represents; /* "" or a CURIE */
} nrn_ion_use;

enum nrn_function_flags {
    NRN_FUNCTION_PROCEDURE = 1,     /* PROCEDURE: returns 0 (VERBATIM may return a value) */
    NRN_FUNCTION_NEEDS_INSTANCE = 2, /* reads or writes instance data: from Hoc needs setdata_ first */
    NRN_FUNCTION_VARIADIC = 4        /* VERBATIM reads arguments itself (ifarg, getarg ...) */
};

typedef struct nrn_mech_function {
    const char* name;
    uint32_t flags;    /* enum nrn_function_flags */
    int32_t n_arg;
    const char* const* arg_name; /* [n_arg] */
    const char* units;
    /* `row` is the instance, or -1 when there is none. arg is [max(n_arg, n_given)], missing ones are 0. */
    nrn_status (*call)(nrn_context*, nrn_mech_view*, int32_t row, const double* arg, int32_t n_given,
                       double* result);
} nrn_mech_function;

/* FUNCTION_TABLE: values are set by table_NAME(...) and kept by the host. */
typedef struct nrn_function_table {
    const char* name;
    int32_t n_arg;
} nrn_function_table;

enum nrn_block_time { /* BEFORE / AFTER blocks */
    NRN_BEFORE_INITIAL = 1, NRN_AFTER_INITIAL = 2, NRN_BEFORE_BREAKPOINT = 3,
    NRN_AFTER_SOLVE = 4, NRN_BEFORE_STEP = 5
};

typedef struct nrn_timed_block {
    int32_t when; /* enum nrn_block_time */
    nrn_kernel run;
} nrn_timed_block;

/* LONGITUDINAL_DIFFUSION of one STATE (element `element` of an array).
 * `coefficient` gives the diffusion constant times cross-section (um4/ms) and the volume per length (um2). */
typedef struct nrn_diffusion {
    int32_t state_column;
    int32_t ion;      /* index in nrn_mechanism.ion when the state is an ion's concentration, else -1 */
    int32_t ion_outside;
    int32_t element;
    void (*coefficient)(nrn_context*, nrn_mech_view*, int32_t row, int32_t element,
                        double* diffusion, double* volume, double* d_flux_d_conc);
} nrn_diffusion;

enum nrn_mechanism_flags {
    NRN_POINT_PROCESS = 1,
    NRN_ARTIFICIAL_CELL = 2,      /* with NRN_POINT_PROCESS; has no node */
    NRN_NO_SUFFIX = 4,            /* SUFFIX nothing: functions and globals are plain top-level names */
    NRN_ELECTRODE_CURRENT = 8,    /* `current` delivers current from an electrode, see below */
    NRN_NOT_THREAD_SAFE = 16,     /* assigns globals, uses VERBATIM statics ...: kernels run serially */
    NRN_NEEDS_AREA = 32,
    NRN_NEEDS_DIAM = 64,
    NRN_NET_RECEIVE = 128,        /* may be a NetCon's target */
    NRN_NET_EVENT = 256,          /* may be a NetCon's source */
    NRN_NET_RECEIVE_INITIAL = 512,/* NET_RECEIVE has an INITIAL block: weights 1.. are kept at finitialize */
    NRN_SELF_EVENTS = 1024,       /* uses net_send / net_move */
    NRN_VARIABLE_STEP_UNFIT = 2048, /* cannot run under a variable step; `unfit_reason` says why */
    NRN_WRITES_CONCENTRATION = 4096,
    NRN_CURRENT_TWICE = 8192,     /* informative: the current block is evaluated at v+0.001 and v */
    NRN_USES_AT_TIME = 16384,
    NRN_DRAWS_SHARED_NUMBERS = 32768, /* at each step, of the streams without an owner (scop_random, exprand ...): the order of instances counts */
    NRN_WALKS_SECTIONS = 65536, /* C text asks for sections and nodes: its functions find the whole layout made */
    NRN_INITIAL_IN_ORDER = 131072 /* the order of instances counts in `initial` */
};

struct nrn_mechanism {
    uint32_t struct_size;   /* sizeof(nrn_mechanism) when the pack was compiled */
    const char* name;       /* SUFFIX or POINT_PROCESS / ARTIFICIAL_CELL name */
    const char* title;      /* TITLE line or "" */
    const char* file;       /* the .mod file */
    const char* source_hash;
    const char* source;     /* the NMODL text itself (MechanismType.code), or NULL */
    uint32_t flags;         /* enum nrn_mechanism_flags */
    const char* unfit_reason;

    const nrn_variable* variable; /* instance variables, visible and private; PARAMETER, then ASSIGNED, STATE */
    int32_t n_variable;
    int32_t n_column;        /* all columns, hidden ones (derivatives, old states ...) included */
    int32_t n_pointer;       /* slots in view->pointer */
    const nrn_variable* global;
    int32_t n_global;
    int32_t n_global_value;  /* length of view->global */
    int32_t n_table_value;   /* length of view->table */

    const nrn_ion_use* ion;
    int32_t n_ion;
    const nrn_mech_function* function;
    int32_t n_function;
    const nrn_function_table* function_table;
    int32_t n_function_table;
    const nrn_timed_block* timed_block;
    int32_t n_timed_block;
    const nrn_diffusion* diffusion;
    int32_t n_diffusion;

    /* Called once per instance when it comes to be or goes away. May be NULL. */
    nrn_kernel constructor, destructor;
    /* Rebuilds TABLEs if something they depend on has changed. Serial; called by the host before `initial`,
     * `state`, `current` and `ode_*` phases. May be NULL. */
    void (*check_tables)(nrn_context*, nrn_mech_view*);
    /* INITIAL (sets states to state0 first). ctx->t is the start time. */
    nrn_kernel initial;
    /* The current part of BREAKPOINT, at ctx->t = t + dt/2. Adds ionic currents and their derivatives to the
     * ion columns, keeps assigned current variables in their columns, and delivers the totals:
     *  - density: rhs[node] -= i, d[node] += g, itself (at most one instance per node);
     *  - point process: writes i * 100/area to column `rhs_column` and g * 100/area to `g_column`; the host
     *    accumulates in row order (several instances may share a node): rhs -= , d += ;
     *    with NRN_ELECTRODE_CURRENT rhs += , d -= .
     *  - density with NRN_ELECTRODE_CURRENT: like a point process, through the two columns (no area factor).
     * NULL when the mechanism writes no current. */
    nrn_kernel current;
    int32_t rhs_column, g_column; /* -1 when unused */
    /* The state part: SOLVE blocks (and the whole BREAKPOINT when no current is written), at ctx->t = t + dt. */
    nrn_kernel state;
    /* `state` for step n, then `current` for step n+1 (at ctx->t + dt/2), in one pass; NULL when not offered. */
    nrn_kernel state_then_current;

    /* Variable step. ode_state[k] is the column of state k, ode_derivative[k] the column its derivative is
     * written to by ode_rhs; ode_solve overwrites the derivative columns b by x of (1 - dt J) x = b. */
    int32_t n_ode;
    const int32_t* ode_state;
    const int32_t* ode_derivative;
    nrn_kernel ode_rhs;
    nrn_kernel ode_solve;
    nrn_kernel ode_synonym;  /* copies states that are ion concentrations to the ion; may be NULL */
    nrn_kernel after_cvode;  /* SOLVE ... METHOD after_cvode / cvode_t blocks; may be NULL */

    /* NET_RECEIVE, at ctx->t = event time. weight is [n_weight]. For an artificial cell row is its own. */
    int32_t n_weight;
    nrn_status (*net_receive)(nrn_context*, nrn_mech_view*, int32_t row, double* weight, double flag);
    /* The INITIAL block inside NET_RECEIVE, per NetCon at finitialize. */
    nrn_status (*net_initial)(nrn_context*, nrn_mech_view*, int32_t row, double* weight);
    /* WATCH number k: > 0 when its condition holds, < 0 when not (variable minus threshold, signed). */
    int32_t n_watch;
    double (*watch_value)(nrn_context*, nrn_mech_view*, int32_t row, int32_t watch);

    /* Stores or restores a BBCOREPOINTER's data; NULL when not offered. */
    nrn_kernel bbcore_write, bbcore_read;
};

typedef struct nrn_mechanism_pack {
    uint32_t struct_size;
    const nrn_mechanism* const* mechanism; /* [n_mechanism]; each entry keeps its own struct_size */
    int32_t n_mechanism;
    const char* compiler;   /* what built it, for `nrn plugins info` */
} nrn_mechanism_pack;

/* ---- services of the host --------------------------------------------------------------------- */

enum nrn_argument_kind { NRN_ARG_NUMBER = 1, NRN_ARG_STRING = 2, NRN_ARG_OBJECT = 3, NRN_ARG_REFERENCE = 4 };

/* A pack calls back only through this table (context->host). The host appends at the end; a pack checks
 * `struct_size` before it uses an entry newer than the version it was compiled for. */
struct nrn_host {
    uint32_t struct_size;
    uint16_t abi_major, abi_minor;

    /* Records an error (message as printf) that the host raises when the kernel returns NRN_FAILED. */
    nrn_status (*fail)(nrn_context*, nrn_mech_view*, int32_t row, const char* format, ...);
    void (*print)(nrn_context*, const char* format, ...);

    /* events */
    void (*net_send)(nrn_context*, nrn_mech_view*, int32_t row, double* weight, double delay, double flag);
    void (*net_move)(nrn_context*, nrn_mech_view*, int32_t row, double t);
    void (*net_event)(nrn_context*, nrn_mech_view*, int32_t row, double t);
    void (*watch)(nrn_context*, nrn_mech_view*, int32_t row, int32_t watch, double flag, int32_t first);
    int32_t (*for_netcons)(nrn_context*, nrn_mech_view*, int32_t row, double* const** weights);
    void (*state_discontinuity)(nrn_context*, nrn_mech_view*, int32_t row, double* state, double value);
    int32_t (*at_time)(nrn_context*, double t);

    /* ions: e = nernst(ci, co, z) [mV], ghk current [mA/cm2] */
    double (*nernst)(nrn_context*, double ci, double co, double z);
    double (*ghk)(nrn_context*, double v, double ci, double co, double z);

    /* tables */
    double (*function_table)(nrn_context*, nrn_mech_view*, int32_t table, const double* arg, int32_t n_arg);

    /* random streams. `stream` is a RANDOM slot's value, or a Random object's handle. */
    double (*scop_random)(nrn_context*);
    void (*set_seed)(nrn_context*, double seed);
    double (*random_uniform)(nrn_context*, void* stream, double low, double high);
    double (*random_normal)(nrn_context*, void* stream, double mean, double deviation);
    double (*random_exponential)(nrn_context*, void* stream, double mean);
    double (*random_poisson)(nrn_context*, void* stream, double mean);
    uint32_t (*random_integer)(nrn_context*, void* stream);
    void (*random_set_ids)(nrn_context*, void* stream, uint32_t id1, uint32_t id2, uint32_t id3);
    void (*random_get_ids)(nrn_context*, void* stream, uint32_t* id1, uint32_t* id2, uint32_t* id3);
    void (*random_set_sequence)(nrn_context*, void* stream, double sequence);
    double (*random_get_sequence)(nrn_context*, void* stream);
    double (*mcell_ran4)(nrn_context*, uint32_t* highindex, double* out, uint32_t n, double range);
    double (*random_object_pick)(nrn_context*, void* random_object); /* one draw of its distribution */

    /* arguments of the interpreter's call now running (context->call); i counts from 1 */
    int32_t (*arg_count)(nrn_context*);
    int32_t (*arg_kind)(nrn_context*, int32_t i);            /* enum nrn_argument_kind, 0 when absent */
    double* (*arg_number)(nrn_context*, int32_t i);          /* a reference's target, or a copy of the number */
    const char* (*arg_string)(nrn_context*, int32_t i);
    void (*arg_set_string)(nrn_context*, int32_t i, const char* text);
    void* (*arg_object)(nrn_context*, int32_t i);            /* borrowed object handle */
    void** (*arg_object_reference)(nrn_context*, int32_t i); /* where the caller's objref is kept */

    /* objects */
    const char* (*object_name)(nrn_context*, void* object);
    const char* (*object_class)(nrn_context*, void* object);
    void (*object_retain)(void* object);
    void (*object_release)(void* object);
    void* (*random_of_object)(nrn_context*, void* object); /* stream of a Random object, NULL otherwise */
    void* (*vector_new)(nrn_context*, int32_t size);
    int32_t (*vector_size)(void* vector);
    int32_t (*vector_capacity)(void* vector);
    double* (*vector_data)(void* vector);
    void (*vector_resize)(void* vector, int32_t size);
    int32_t (*list_size)(void* list);
    void* (*list_item)(void* list, int32_t i);
    void* (*file_of_object)(nrn_context*, void* object); /* FILE* of a File object */

    /* the interpreters' top level */
    double* (*global_number)(nrn_context*, const char* name); /* NULL when there is none */
    nrn_status (*call_function)(nrn_context*, const char* name, const double* arg, int32_t n_arg, double* result);
    nrn_status (*execute)(nrn_context*, const char* statement);
    void* (*lookup)(nrn_context*, const char* name); /* opaque symbol, for hoc_lookup idioms */

    /* instances */
    void* (*instance_object)(nrn_context*, nrn_mech_view*, int32_t row); /* point process object */
    const char* (*instance_name)(nrn_context*, nrn_mech_view*, int32_t row);
    const char* (*section_name)(nrn_context*, nrn_mech_view*, int32_t row);
    double* (*external_global)(nrn_context*, const char* mechanism, const char* name);
    double (*element)(nrn_context*, const char* what); /* reserved */
    /* VERBATIM install_vector_method: adds NAME to class Vector; fn is double (*)(void*) */
    void (*install_vector_method)(nrn_context*, const char* name, void* fn);
    double (*elapsed_seconds)(void);
    int32_t (*rank)(nrn_context*);
    int32_t (*rank_count)(nrn_context*);
    /* A Random123 stream of the pack's own, to be deleted by it; and a RANDOM variable that draws what a Random
     * object draws (a Random123 lends its identifiers, others are drawn from themselves). */
    void* (*random_new)(nrn_context*, uint32_t id1, uint32_t id2, uint32_t id3);
    void (*random_delete)(void* stream);
    void (*random_follow)(nrn_context*, void* stream, void* random_object);
};

#ifdef __cplusplus
}
#endif
#endif
