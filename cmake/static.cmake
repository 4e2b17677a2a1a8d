# Archives in place of shared C++ libraries: loading libstdc++, yaml-cpp, fmt and Boost.Program_options takes longer
# than reading a spec (docs/decisions/008). Boost and fmt have a switch of their own; yaml-cpp has not.
find_library(RIGTOPO_YAML_ARCHIVE NAMES libyaml-cpp.a)
mark_as_advanced(RIGTOPO_YAML_ARCHIVE)
if(RIGTOPO_YAML_ARCHIVE)
  set_target_properties(yaml-cpp::yaml-cpp PROPERTIES INTERFACE_LINK_LIBRARIES "${RIGTOPO_YAML_ARCHIVE}")
endif()
