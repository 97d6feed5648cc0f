# What `cmake --install` and the build backend install: the command and the package. The backend adds the package's
# Python files itself, from the source tree.
if(DEFINED SKBUILD)
  set(command_dir "${SKBUILD_SCRIPTS_DIR}")
  set(package_dir template_pkg)
else()
  include(GNUInstallDirs)
  set(command_dir "${CMAKE_INSTALL_BINDIR}")
endif()

if(TPL_EDITABLE)
  # cmake --install compares times to the second; an edit within the same second must count.
  install(CODE "set(ENV{CMAKE_INSTALL_ALWAYS} 1)" COMPONENT python)
  get_target_property(command_build_dir template-cli BINARY_DIR)
  file(RELATIVE_PATH TPL_COMMAND_DIR "${PROJECT_BINARY_DIR}" "${command_build_dir}")
  string(REPLACE "'" "'\\''" TPL_SHELL_BUILD_DIR "${PROJECT_BINARY_DIR}")
  string(REPLACE "'" "'\\''" TPL_SHELL_CMAKE "${CMAKE_COMMAND}")
  configure_file(libs/cli/launcher.sh.in launcher/template-cli @ONLY NEWLINE_STYLE UNIX)
  install(PROGRAMS "${PROJECT_BINARY_DIR}/launcher/template-cli" DESTINATION "${command_dir}" COMPONENT command)
elseif(TARGET template-cli)
  install(TARGETS template-cli RUNTIME DESTINATION "${command_dir}" COMPONENT command)
endif()

if(TARGET _native)
  if(NOT DEFINED SKBUILD)
    get_directory_property(major DIRECTORY libs/py DEFINITION Python_VERSION_MAJOR)
    get_directory_property(minor DIRECTORY libs/py DEFINITION Python_VERSION_MINOR)
    set(package_dir "${CMAKE_INSTALL_LIBDIR}/python${major}.${minor}/site-packages/template_pkg")
    install(DIRECTORY src/template_pkg/ DESTINATION "${package_dir}" COMPONENT python
      FILES_MATCHING PATTERN "*.py" PATTERN "*.pyi" PATTERN py.typed PATTERN __pycache__ EXCLUDE)
  endif()
  install(TARGETS _native LIBRARY DESTINATION "${package_dir}" COMPONENT python)
endif()
