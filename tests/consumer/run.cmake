# Installs BUILD into a prefix of its own, then configures, builds and runs the project in SOURCE against it.
# Variables: BUILD, SOURCE, WORK, COMPILER, GENERATOR, CONFIG, VERSION.
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    string(JOIN " " line ${ARGN})
    message(FATAL_ERROR "failed (${status}): ${line}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE "${WORK}")
run(${CMAKE_COMMAND} --install ${BUILD} --config ${CONFIG} --prefix ${WORK}/prefix)
foreach(path IN ITEMS include/rigtopo/rigtopo.hpp share/rigtopo/topologies)
  if(NOT EXISTS "${WORK}/prefix/${path}")
    message(FATAL_ERROR "not installed: ${path}")
  endif()
endforeach()
run(${CMAKE_COMMAND} -S ${SOURCE} -B ${WORK}/build -G ${GENERATOR}
  -D CMAKE_CXX_COMPILER=${COMPILER} -D CMAKE_BUILD_TYPE=${CONFIG}
  -D CMAKE_PREFIX_PATH=${WORK}/prefix -D WANTED_VERSION=${VERSION})
run(${CMAKE_COMMAND} --build ${WORK}/build)
run(${WORK}/build/consumer)
string(STRIP "${output}" output)
if(NOT output STREQUAL VERSION)
  message(FATAL_ERROR "the consumer printed `${output}`, not `${VERSION}`")
endif()
file(REMOVE_RECURSE "${WORK}")
