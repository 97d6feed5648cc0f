"""Guards for git and for coding agents, installed by ./ci.sh hooks install; nothing here acts by itself."""
