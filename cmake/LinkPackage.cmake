# Run at build time: cmake -DFROM=... -DTO=... -P LinkPackage.cmake
# Makes every file of the package FROM available in TO, by link; links to files that are gone go.
file(GLOB old "${TO}/*.py" "${TO}/*.pyi" "${TO}/py.typed")
if(old)
  file(REMOVE ${old})
endif()
file(GLOB files RELATIVE "${FROM}" "${FROM}/*.py" "${FROM}/*.pyi" "${FROM}/py.typed")
foreach(name IN LISTS files)
  file(CREATE_LINK "${FROM}/${name}" "${TO}/${name}" SYMBOLIC)
endforeach()
