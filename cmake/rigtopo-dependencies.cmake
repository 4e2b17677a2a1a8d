# Finds every library that rigtopo links and gives each one target with the same name on every system.
# Read by the build and by the installed rigtopo-config.cmake (a static library hands its dependencies on).
include(CMakeFindDependencyMacro)

find_dependency(Boost 1.74 COMPONENTS program_options)
find_dependency(fmt)
find_dependency(nlohmann_json)
find_dependency(Eigen3 3.4 NO_MODULE)

# yaml-cpp 0.7 calls its target yaml-cpp, 0.8 calls it yaml-cpp::yaml-cpp.
find_dependency(yaml-cpp)
if(NOT TARGET yaml-cpp::yaml-cpp)
  add_library(yaml-cpp::yaml-cpp INTERFACE IMPORTED)
  set_target_properties(yaml-cpp::yaml-cpp PROPERTIES INTERFACE_LINK_LIBRARIES yaml-cpp)
endif()

# Graphviz has no CMake package. Its own headers say #include <gvc.h> or <graphviz/gvc.h>: both work.
find_dependency(PkgConfig)
if(NOT TARGET PkgConfig::rigtopo_graphviz)
  if(${CMAKE_FIND_PACKAGE_NAME}_FIND_REQUIRED)
    pkg_check_modules(rigtopo_graphviz REQUIRED IMPORTED_TARGET libgvc libcgraph)
  else()
    pkg_check_modules(rigtopo_graphviz IMPORTED_TARGET libgvc libcgraph)
  endif()
endif()

# The two plugins, linked directly: no plugin configuration file, no dlopen, no font library, the same bytes on
# every machine with this Graphviz. Without them (other distributions) the program falls back to gvContext().
if(NOT TARGET rigtopo::graphviz_plugins)
  add_library(rigtopo::graphviz_plugins INTERFACE IMPORTED)
  find_library(RIGTOPO_GRAPHVIZ_DOT_LAYOUT NAMES libgvplugin_dot_layout.so.6 PATH_SUFFIXES graphviz)
  find_library(RIGTOPO_GRAPHVIZ_CORE NAMES libgvplugin_core.so.6 PATH_SUFFIXES graphviz)
  mark_as_advanced(RIGTOPO_GRAPHVIZ_DOT_LAYOUT RIGTOPO_GRAPHVIZ_CORE)
  if(RIGTOPO_GRAPHVIZ_DOT_LAYOUT AND RIGTOPO_GRAPHVIZ_CORE)
    set(RIGTOPO_GRAPHVIZ_PLUGINS_LINKED 1)
    get_filename_component(rigtopo_plugin_folder "${RIGTOPO_GRAPHVIZ_CORE}" DIRECTORY)
    set_target_properties(rigtopo::graphviz_plugins PROPERTIES
      INTERFACE_LINK_LIBRARIES "${RIGTOPO_GRAPHVIZ_DOT_LAYOUT};${RIGTOPO_GRAPHVIZ_CORE}"
      INTERFACE_LINK_OPTIONS "LINKER:-rpath,${rigtopo_plugin_folder}")
  else()
    set(RIGTOPO_GRAPHVIZ_PLUGINS_LINKED 0)
  endif()
endif()

# CaDiCaL: one header, one static library, no package file.
if(NOT TARGET rigtopo::cadical)
  find_path(RIGTOPO_CADICAL_INCLUDE_DIR NAMES cadical.hpp PATH_SUFFIXES cadical)
  find_library(RIGTOPO_CADICAL_LIBRARY NAMES cadical)
  mark_as_advanced(RIGTOPO_CADICAL_INCLUDE_DIR RIGTOPO_CADICAL_LIBRARY)
  if(RIGTOPO_CADICAL_INCLUDE_DIR AND RIGTOPO_CADICAL_LIBRARY)
    add_library(rigtopo::cadical INTERFACE IMPORTED)
    set_target_properties(rigtopo::cadical PROPERTIES
      INTERFACE_LINK_LIBRARIES "${RIGTOPO_CADICAL_LIBRARY}")
    if(NOT RIGTOPO_CADICAL_INCLUDE_DIR STREQUAL "/usr/include")
      set_target_properties(rigtopo::cadical PROPERTIES
        INTERFACE_INCLUDE_DIRECTORIES "${RIGTOPO_CADICAL_INCLUDE_DIR}")
    endif()
  elseif(${CMAKE_FIND_PACKAGE_NAME}_FIND_REQUIRED)
    message(FATAL_ERROR "CaDiCaL not found: install libcadical-dev (cadical.hpp and libcadical.a)")
  else()
    set(${CMAKE_FIND_PACKAGE_NAME}_FOUND FALSE)
    set(${CMAKE_FIND_PACKAGE_NAME}_NOT_FOUND_MESSAGE "CaDiCaL (libcadical-dev) is missing")
  endif()
endif()
