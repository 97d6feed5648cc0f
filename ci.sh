#!/bin/sh
# Hands over to ci.py, which needs Python 3.9 or later and nothing else. ./ci.sh lists what it can do.
case $0 in
*/*) here=${0%/*} ;;
*) here=. ;;
esac
for python in "${PYTHON:-python3}" python; do
  if command -v "$python" >/dev/null 2>&1; then
    exec "$python" -I -S -X utf8 "$here/ci.py" "$@"
  fi
done
echo "ci.sh: needs Python 3.9 or later (on Debian: apt-get install python3 python3-venv)" >&2
exit 3
