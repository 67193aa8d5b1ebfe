# SPDX-License-Identifier: BSD-3-Clause
# Compiler, linker and cache: quick builds, the same warnings everywhere, as usage requirements of nrn::options.
add_library(nrn_options INTERFACE)
add_library(nrn::options ALIAS nrn_options)
target_compile_options(nrn_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wno-missing-field-initializers>)
# Results must not depend on where a loop is split: no contraction that differs between lanes and remainder.
target_compile_options(nrn_options INTERFACE -ffp-contract=off)
if(NRN_WARNINGS_AS_ERRORS)
    target_compile_options(nrn_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Werror>)
endif()
if(NRN_SANITIZE)
    target_compile_options(nrn_options INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
    # Every program, also one that sees the kernel only: the sanitizer must start before other libraries do.
    add_link_options(-fsanitize=address,undefined)
endif()
if(NRN_SANITIZE_THREAD)
    target_compile_options(nrn_options INTERFACE -fsanitize=thread -fno-omit-frame-pointer)
    add_link_options(-fsanitize=thread)  # every program: it must be there before the libraries that use it
endif()
if(NRN_COVERAGE)
    target_compile_options(nrn_options INTERFACE --coverage)
    target_link_options(nrn_options INTERFACE --coverage)
endif()

find_program(NRN_CCACHE ccache)
if(NRN_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_C_COMPILER_LAUNCHER "${NRN_CCACHE}")
    set(CMAKE_CXX_COMPILER_LAUNCHER "${NRN_CCACHE}")
endif()
find_program(NRN_MOLD mold)
if(NRN_MOLD AND NOT NRN_SANITIZE AND NOT NRN_SANITIZE_THREAD)
    add_link_options(-fuse-ld=mold)
endif()
