# SPDX-License-Identifier: BSD-3-Clause
# What the project uses from Debian. A missing optional package removes one plugin with one status line.
find_package(fmt 9 REQUIRED)
find_package(CLI11 2 REQUIRED)
find_package(Boost 1.74 REQUIRED COMPONENTS filesystem system)  # Boost.DLL is headers only
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(Threads REQUIRED)

# Debian's python: another one earlier on PATH has neither these headers nor Boost.Python built for it.
set(Python3_FIND_STRATEGY LOCATION)
if(NOT Python3_EXECUTABLE AND EXISTS /usr/bin/python3)
    set(Python3_EXECUTABLE /usr/bin/python3)
endif()
find_package(Python3 3.11 COMPONENTS Interpreter Development.Module Development.Embed)
if(Python3_FOUND)
    find_package(Boost 1.74 COMPONENTS "python${Python3_VERSION_MAJOR}${Python3_VERSION_MINOR}")
endif()
find_package(SUNDIALS 6 CONFIG QUIET COMPONENTS cvode ida nvecserial)
find_package(MPI QUIET COMPONENTS CXX)
if(NRN_BUILD_TESTS)
    find_package(GTest REQUIRED)
endif()
