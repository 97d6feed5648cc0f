# What we build on: found on the system first, else upstream's release by pinned hash.
find_package(xxHash REQUIRED)
find_package(Threads REQUIRED)
