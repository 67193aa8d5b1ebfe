# SPDX-License-Identifier: BSD-3-Clause
# The only recipe for plugins written in C++:
#   nrn_add_plugin(cvode KIND solver SOURCES a.cpp ... [LINK target ...])
# Builds nrnplugin_<kind>_<name>.so into the plugin folder, with hidden symbols and a version script that exports
# the card and the contents function alone.
set(NRN_PLUGIN_VERSION_SCRIPT "${CMAKE_CURRENT_LIST_DIR}/plugin.map")

function(nrn_add_plugin name)
    cmake_parse_arguments(arg "" "KIND" "SOURCES;LINK" ${ARGN})
    set(target "nrnplugin_${arg_KIND}_${name}")
    add_library(${target} MODULE ${arg_SOURCES})
    target_link_libraries(${target} PRIVATE nrn::kernel nrn::options ${arg_LINK})
    set_target_properties(${target} PROPERTIES
        PREFIX "" CXX_VISIBILITY_PRESET hidden C_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
        LIBRARY_OUTPUT_DIRECTORY "${NRN_PLUGIN_OUTPUT_DIRECTORY}"
        LINK_DEPENDS "${NRN_PLUGIN_VERSION_SCRIPT}"
        INSTALL_RPATH "$ORIGIN/../..")
    target_link_options(${target} PRIVATE "-Wl,--version-script=${NRN_PLUGIN_VERSION_SCRIPT}")
    install(TARGETS ${target} LIBRARY DESTINATION "${NRN_PLUGIN_INSTALL_DIRECTORY}")
endfunction()
