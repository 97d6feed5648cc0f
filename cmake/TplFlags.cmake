# Interface targets that our own targets link PRIVATE: nothing here reaches people who embed core.
include(CheckPIESupported)
check_pie_supported()

add_library(tpl_warnings INTERFACE)
target_compile_options(tpl_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wvla -Wwrite-strings -Wcast-qual
  -Wmissing-prototypes -Wstrict-prototypes -Wundef -Wdate-time
  "$<$<C_COMPILER_ID:Clang,AppleClang>:-Wmissing-variable-declarations>")
option(TPL_WERROR "Warnings are errors (our presets turn it on)" OFF)
if(TPL_WERROR)
  target_compile_options(tpl_warnings INTERFACE -Werror)
endif()

add_library(tpl_flags INTERFACE)
target_link_libraries(tpl_flags INTERFACE tpl_warnings)
# No build path in a binary: two checkouts give the same bytes.
target_compile_options(tpl_flags INTERFACE "-ffile-prefix-map=${PROJECT_SOURCE_DIR}=."
  "-ffile-prefix-map=${PROJECT_BINARY_DIR}=build")
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  target_compile_definitions(tpl_flags INTERFACE _GNU_SOURCE _FILE_OFFSET_BITS=64)
endif()
if(TPL_COVERAGE) # the counters are shared by threads
  target_compile_options(tpl_flags INTERFACE --coverage -fprofile-update=atomic)
  target_link_options(tpl_flags INTERFACE --coverage)
endif()
if(TPL_SANITIZE)
  target_compile_options(tpl_flags INTERFACE
    "-fsanitize=${TPL_SANITIZE}" -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(tpl_flags INTERFACE "-fsanitize=${TPL_SANITIZE}")
else()
  target_compile_options(tpl_flags INTERFACE -fstack-protector-strong
    "$<$<CONFIG:Release>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=2>")
  if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
    target_link_options(tpl_flags INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
  endif()
endif()
