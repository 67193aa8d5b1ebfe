// SPDX-License-Identifier: BSD-3-Clause
// The list of built-in classes and functions. Order matters only where a later row extends an earlier class.
#include "classes/register_classes.hpp"

#include "nrn/api/class_registry.hpp"
#include "nrn/api/runtime.hpp"
#include "nrn/api/scope.hpp"

namespace nrn {

Class& publish_class(Runtime& runtime, std::unique_ptr<Class> cls) {
    Class& added = runtime.classes().add(std::move(cls));
    runtime.scope().define_class(added, true);
    return added;
}

// One declaration per file, in the order of the list.
void register_math_functions(Runtime&);
void register_string_functions(Runtime&);
void register_list(Runtime&);
void register_vector(Runtime&);
void register_random(Runtime&);
void register_parallel_context(Runtime&);
void register_foreign_language(Runtime&);
void register_file(Runtime&);
void register_string(Runtime&);
void register_pointer(Runtime&);
void register_matrix(Runtime&);
void register_graph(Runtime&);
void register_gui_classes(Runtime&);
void register_window_classes(Runtime&);
void register_shape_classes(Runtime&);
void register_panel_functions(Runtime&);
void register_range_var_plot(Runtime&);
void register_simulation(Runtime&);
void register_net_con(Runtime&);
void register_bb_save_state(Runtime&);
void register_pattern_stim(Runtime&);
void register_vector_record(Runtime&);
void register_cvode(Runtime&);
void register_linear_mechanism(Runtime&);
void register_impedance(Runtime&);
void register_state_transition_event(Runtime&);
void register_save_state(Runtime&);
void register_library(Runtime&);
void register_praxis_functions(Runtime&);
void register_system_functions(Runtime&);
void register_symbol_functions(Runtime&);
void register_section_functions(Runtime&);
void register_geometry_functions(Runtime&);
void register_section_list(Runtime&);
void register_section_ref(Runtime&);
void register_mechanism_functions(Runtime&);
void register_mechanism_classes(Runtime&);
void register_template_mechanisms(Runtime&);
void register_nmodl_random(Runtime&);
void register_kschan(Runtime&);
void register_batch_functions(Runtime&);
void register_legacy_stimuli(Runtime&);

void register_classes(Runtime& runtime) {
    using Registration = void (*)(Runtime&);
    static constexpr Registration registrations[] = {
        register_math_functions,
        register_string_functions,
        register_list,
        register_vector,
        register_random,
        register_parallel_context,
        register_foreign_language,
        register_file,
        register_string,
        register_pointer,
        register_matrix,
        register_graph,
        register_gui_classes,
        register_window_classes,
        register_shape_classes,
        register_panel_functions,
        register_range_var_plot,
        register_simulation,
        register_net_con,
        register_pattern_stim,
        register_bb_save_state,
        register_vector_record,
        register_cvode,
        register_linear_mechanism,
        register_impedance,
        register_state_transition_event,
        register_save_state,
        register_library,
        register_praxis_functions,
        register_system_functions,
        register_symbol_functions,
        register_section_functions,
        register_geometry_functions,
        register_section_list,
        register_section_ref,
        register_mechanism_functions,
        register_mechanism_classes,
        register_template_mechanisms,
        register_nmodl_random,
        register_kschan,
        register_batch_functions,
        register_legacy_stimuli,
    };
    for (Registration r : registrations) r(runtime);
}

}  // namespace nrn
