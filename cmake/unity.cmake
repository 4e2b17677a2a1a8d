# Unity builds: the files of one folder are compiled together, so that what has to be distinct is what a reader of
# that folder sees, and adding a file changes nothing elsewhere. See docs/decisions/003.

# unity_by_folder(TARGET): only where CMAKE_UNITY_BUILD is on.
function(unity_by_folder target)
  if(NOT CMAKE_UNITY_BUILD)
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
  get_target_property(sources ${target} SOURCES)
  foreach(source IN LISTS sources)
    get_filename_component(folder "${source}" DIRECTORY)
    get_filename_component(folder "${folder}" NAME)
    set_source_files_properties("${source}" PROPERTIES UNITY_GROUP "${folder}")
  endforeach()
endfunction()
