# What we build on: what an sdist carries, else found on the system, else upstream's release, fetched by pinned hash.
# TPL_FETCH_XXHASH in the environment passes over the system's xxHash: what is compiled in is the same everywhere.
# -DFETCHCONTENT_SOURCE_DIR_XXHASH=... and _CMOCKA name unpacked releases where there is no network.
include(FetchContent)

set(carried "${PROJECT_SOURCE_DIR}/third_party/xxHash")
if(EXISTS "${carried}/xxhash.h")
  set(xxHash_INCLUDE_DIR "${carried}" CACHE PATH "Where xxhash.h is" FORCE)
endif()
if(EXISTS "${carried}/xxhash.h" OR NOT DEFINED ENV{TPL_FETCH_XXHASH})
  find_package(xxHash QUIET)
endif()
if(NOT xxHash_FOUND)
  message(STATUS "Fetching xxHash's release")
  FetchContent_Declare(xxhash
    URL https://github.com/Cyan4973/xxHash/archive/refs/tags/v0.8.3.tar.gz
    URL_HASH SHA256=aae608dfe8213dfd05d909a57718ef82f30722c392344583d3f39050c7f29a80
    DOWNLOAD_EXTRACT_TIMESTAMP OFF
    SOURCE_SUBDIR none) # a header is all we need: nothing of it is built
  FetchContent_MakeAvailable(xxhash)
  set(xxHash_INCLUDE_DIR "${xxhash_SOURCE_DIR}" CACHE PATH "Where xxhash.h is" FORCE)
  find_package(xxHash REQUIRED)
endif()

if(SKBUILD_STATE STREQUAL "sdist") # pyproject.toml says where it goes
  configure_file("${xxHash_INCLUDE_DIR}/xxhash.h" "${PROJECT_SOURCE_DIR}/build/third_party/xxHash/xxhash.h" COPYONLY)
endif()

if(CMAKE_CROSSCOMPILING) # of what lies beside it on this machine, nothing is for the other one
  configure_file("${xxHash_INCLUDE_DIR}/xxhash.h" "${PROJECT_BINARY_DIR}/include/xxhash.h" COPYONLY)
  set_target_properties(xxHash::header PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${PROJECT_BINARY_DIR}/include")
endif()

find_package(Threads REQUIRED)

if(TPL_BUILD_TESTS AND NOT CMAKE_CROSSCOMPILING)
  find_package(cmocka QUIET)
  if(NOT cmocka_FOUND)
    message(STATUS "cmocka is not installed: fetching its release")
    FetchContent_Declare(cmocka
      URL https://cmocka.org/files/2.0/cmocka-2.0.2.tar.xz
      URL_HASH SHA256=39f92f366bdf3f1a02af4da75b4a5c52df6c9f7e736c7d65de13283f9f0ef416
      DOWNLOAD_EXTRACT_TIMESTAMP OFF
      SYSTEM)
    set(BUILD_SHARED_LIBS OFF)
    set(WITH_EXAMPLES OFF)
    FetchContent_MakeAvailable(cmocka)
    set(CMOCKA_LIBRARIES cmocka)
  endif()
endif()
