# tpl_build_id(TARGET FILES...): gives TARGET a generated build_id.h, made anew whenever one of FILES or a flag changes.
# Flags of targets and of single files stand in CMake files, so these count like sources.
function(tpl_build_id target)
  string(TOLOWER "${CMAKE_BUILD_TYPE}" type)
  string(TOLOWER "${CMAKE_C_COMPILER_ID}-${CMAKE_C_COMPILER_VERSION}" compiler)
  set(features "${compiler} ${type} xxhash-${xxHash_VERSION}")
  if(TPL_SANITIZE)
    string(APPEND features " sanitize-${TPL_SANITIZE}")
  endif()
  string(TOUPPER "${CMAKE_BUILD_TYPE}" upper)
  set(header "${CMAKE_CURRENT_BINARY_DIR}/generated/build_id.h")
  set(files ${ARGN} CMakeLists.txt ../../cmake/TplFlags.cmake)
  add_custom_command(
    OUTPUT "${header}"
    COMMAND "${CMAKE_COMMAND}" "-DOUT=${header}" "-DROOT=${CMAKE_CURRENT_SOURCE_DIR}"
      "-DFLAGS=${PROJECT_VERSION} ${features} ${CMAKE_C_FLAGS} ${CMAKE_C_FLAGS_${upper}}"
      "-DSOURCES=${files}" -P "${PROJECT_SOURCE_DIR}/cmake/BuildId.cmake"
    DEPENDS ${files} "${PROJECT_SOURCE_DIR}/cmake/BuildId.cmake"
    COMMENT "Hashing core's sources" VERBATIM)
  target_sources(${target} PRIVATE "${header}")
  target_include_directories(${target} PRIVATE "${CMAKE_CURRENT_BINARY_DIR}/generated")
  set_property(SOURCE src/version.c APPEND PROPERTY COMPILE_DEFINITIONS
    TPL__VERSION="${PROJECT_VERSION}" "TPL__FEATURES=\"${features}\"")
endfunction()
