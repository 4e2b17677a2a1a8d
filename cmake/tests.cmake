# The test program, its discovery by ctest, and the tests that are no Catch2 cases.
find_package(Catch2 REQUIRED)  # 2.13 and 3 both bring Catch2::Catch2WithMain
include(Catch)

# Each folder below tests/ adds its own files with target_sources(rigtopo_tests PRIVATE ...).
add_executable(rigtopo_tests)
set_target_properties(rigtopo_tests PROPERTIES CXX_EXTENSIONS OFF)
target_include_directories(rigtopo_tests PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(rigtopo_tests PRIVATE
  rigtopo_lib rigtopo_options ${rigtopo_dependencies} Catch2::Catch2WithMain)
target_compile_definitions(rigtopo_tests PRIVATE
  RIGTOPO_VERSION="${PROJECT_VERSION}"
  RIGTOPO_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
  RIGTOPO_SHARED_DIR="${RIGTOPO_SHARED_DIR}"
  RIGTOPO_PROGRAM="$<TARGET_FILE:rigtopo>")
add_dependencies(rigtopo_tests rigtopo)
foreach(folder IN ITEMS support architecture unit physics rules cli rigs golden property fuzz)
  add_subdirectory(tests/${folder})
endforeach()

unity_by_folder(rigtopo_tests)

get_target_property(rigtopo_test_sources rigtopo_tests SOURCES)
if(rigtopo_test_sources)
  catch_discover_tests(rigtopo_tests WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} DISCOVERY_MODE PRE_TEST)
endif()

# The installed package serves a project that knows nothing of this tree.
if(NOT RIGTOPO_SANITIZE AND NOT RIGTOPO_FUZZ)
  add_test(NAME "install: a consumer finds, links and runs the package"
    COMMAND ${CMAKE_COMMAND}
      -D BUILD=${PROJECT_BINARY_DIR} -D SOURCE=${PROJECT_SOURCE_DIR}/tests/consumer
      -D WORK=${PROJECT_BINARY_DIR}/consumer-test -D COMPILER=${CMAKE_CXX_COMPILER}
      -D GENERATOR=${CMAKE_GENERATOR} -D CONFIG=$<CONFIG> -D VERSION=${PROJECT_VERSION}
      -P ${PROJECT_SOURCE_DIR}/tests/consumer/run.cmake)
  set_tests_properties("install: a consumer finds, links and runs the package" PROPERTIES TIMEOUT 300)
endif()
