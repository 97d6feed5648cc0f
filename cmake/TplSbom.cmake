# The wheel says what it is made of: a CycloneDX document in its dist-info (PEP 770), the same for equal builds.
if(DEFINED SKBUILD_METADATA_DIR AND NOT TPL_EDITABLE)
  string(TOLOWER "${CMAKE_C_COMPILER_ID}" compiler_name)
  set(project_ref "pkg:pypi/template-pkg@${PROJECT_VERSION}")
  set(xxhash_ref "pkg:github/cyan4973/xxhash@v${xxHash_VERSION}")
  file(SHA256 "${xxHash_INCLUDE_DIR}/xxhash.h" xxHash_SHA256)
  configure_file(cmake/sbom.cdx.json.in sbom/template_pkg.cdx.json @ONLY NEWLINE_STYLE UNIX)
  install(FILES "${PROJECT_BINARY_DIR}/sbom/template_pkg.cdx.json"
    DESTINATION "${SKBUILD_METADATA_DIR}/sboms" COMPONENT python)
endif()
