# tpl_unit_test(NAME): builds test_NAME.c of the calling folder against core, its internal headers and cmocka, and registers it.
function(tpl_unit_test name)
  add_executable(test_${name} test_${name}.c ${ARGN})
  target_include_directories(test_${name} PRIVATE "${PROJECT_SOURCE_DIR}/libs/core/src" "${PROJECT_SOURCE_DIR}/libs/core/tests")
  target_compile_definitions(test_${name} PRIVATE 
    TPL_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data" TPL_TEST_VERSION_FILE="${PROJECT_SOURCE_DIR}/VERSION")
  target_link_libraries(test_${name} PRIVATE tpl_core tpl_flags ${CMOCKA_LIBRARIES})
  add_test(NAME ${name} COMMAND test_${name})
endfunction()

# tpl_unit_tests(NAMES...): several that need no more than their own file.
function(tpl_unit_tests)
  foreach(name IN LISTS ARGN)
    tpl_unit_test(${name})
  endforeach()
endfunction()

# tpl_wrap("NAMES;..." FUNCTIONS...): calls of these lead the tests to their own __wrap_FUNCTION.
function(tpl_wrap names)
  list(TRANSFORM ARGN PREPEND "LINKER:--wrap=" OUTPUT_VARIABLE options)
  foreach(name IN LISTS names)
    target_link_options(test_${name} PRIVATE ${options})
  endforeach()
endfunction()

# What sys_faulty.c stands before.
set(TPL_SYSTEM_CALLS syscall openat openat64 pread pread64 lseek lseek64 getrlimit getrlimit64 write poll sync_file_range
  fsync fchmod renameat unlinkat faccessat readlinkat clock_getres sched_getaffinity pthread_create)
