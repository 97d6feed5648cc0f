# tpl_page(TARGET FILES...): compiles the page of `report` into TARGET. FILES are the page, its style and the parts of its
# script in their order, below src; a change of one makes it anew.
function(tpl_page target)
  list(TRANSFORM ARGN PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/src/" OUTPUT_VARIABLE files)
  set(made "${CMAKE_CURRENT_BINARY_DIR}/generated/page_parts.c")
  add_custom_command(
    OUTPUT "${made}"
    COMMAND "${CMAKE_COMMAND}" "-DOUT=${made}" "-DFILES=${files}" -P "${PROJECT_SOURCE_DIR}/cmake/Page.cmake"
    DEPENDS ${files} "${PROJECT_SOURCE_DIR}/cmake/Page.cmake"
    COMMENT "Putting the page together" VERBATIM)
  target_sources(${target} PRIVATE "${made}")
  target_include_directories(${target} PRIVATE src)
endfunction()
