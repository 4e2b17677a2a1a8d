# What `cmake --install` writes: program, library, public headers, catalogue and the CMake package.
include(CMakePackageConfigHelpers)

set(rigtopo_package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/rigtopo)
install(TARGETS rigtopo)
install(TARGETS rigtopo_lib EXPORT rigtopo-targets)
install(DIRECTORY include/rigtopo DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")
install(DIRECTORY topologies/ DESTINATION ${CMAKE_INSTALL_DATADIR}/rigtopo/topologies
        FILES_MATCHING PATTERN "*.yaml" PATTERN "*.yml")
install(DIRECTORY tests/rules/ DESTINATION ${CMAKE_INSTALL_DATADIR}/rigtopo/rules FILES_MATCHING PATTERN "*.yaml")
install(EXPORT rigtopo-targets NAMESPACE rigtopo:: DESTINATION ${rigtopo_package_folder})

configure_package_config_file(cmake/rigtopo-config.cmake.in rigtopo-config.cmake
  INSTALL_DESTINATION ${rigtopo_package_folder})
write_basic_package_version_file(rigtopo-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES
  ${CMAKE_CURRENT_BINARY_DIR}/rigtopo-config.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/rigtopo-config-version.cmake
  cmake/rigtopo-dependencies.cmake
  DESTINATION ${rigtopo_package_folder})
