#!/bin/sh
# Starts one of the Action's steps (get, run, clean) with the Python that the input names; get has tried it for run.
set -eu
here=${0%/*}

fail() {
  printf '::error title=template-pkg::%s\n' "$1"
  exit 3
}

[ "$(uname -s)" = Linux ] || fail 'this Action runs on Linux only'
case ${IN_PYTHON:=python3} in
  -*) fail 'input python begins with a hyphen' ;;
  */*) python=$IN_PYTHON ;;
  *) python=$(command -v "$IN_PYTHON") || fail 'input python names no program' ;;
esac
case $python in
  */*) ;;
  *) fail 'input python names no program' ;;
esac
[ -f "$python" ] && [ -x "$python" ] || fail 'input python names no program'
asked='import sys; print(sys.version_info >= (3, 9))'
[ "$1" = run ] || [ "$("$python" -I -S -c "$asked" 2>/dev/null </dev/null)" = True ] || fail 'input python is not Python 3.9 or later'
exec "$python" -I -S -B -X utf8 "$here/main.py" "$@"
