# Fuzz targets: tests/fuzz/<name>.cpp defines LLVMFuzzerTestOneInput.
# With RIGTOPO_FUZZ each becomes a libFuzzer program; in every other test build the same function is run once
# over each seed file by a plain main, so that the seeds are a regression test without clang.
set(rigtopo_fuzz_seeds
  "${PROJECT_SOURCE_DIR}/tests/fuzz/seeds" "${PROJECT_SOURCE_DIR}/examples" "${PROJECT_SOURCE_DIR}/topologies"
  "${PROJECT_SOURCE_DIR}/tests/rules")

foreach(name IN ITEMS document_fuzz spec_fuzz)
  set(source "${PROJECT_SOURCE_DIR}/tests/fuzz/${name}.cpp")
  if(NOT EXISTS "${source}")
    continue()
  endif()
  if(RIGTOPO_FUZZ)
    add_executable(${name} "${source}")
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  else()
    add_executable(${name} "${source}" "${PROJECT_SOURCE_DIR}/tests/fuzz/replay.cpp")
    add_test(NAME "fuzz: ${name} survives its seeds" COMMAND ${name} ${rigtopo_fuzz_seeds})
    set_tests_properties("fuzz: ${name} survives its seeds" PROPERTIES TIMEOUT 300)
  endif()
  set_target_properties(${name} PROPERTIES CXX_EXTENSIONS OFF)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_compile_definitions(${name} PRIVATE RIGTOPO_SOURCE_CATALOG="${PROJECT_SOURCE_DIR}/topologies")
  target_link_libraries(${name} PRIVATE rigtopo_lib rigtopo_options ${rigtopo_dependencies})
endforeach()
