#!/bin/sh
# By ./ci.sh hooks install --git. What was here before is asked first; ./ci.sh hooks uninstall --git puts it back.
if [ -x @BEFORE@ ]; then @BEFORE@ "$@" || exit; fi
root=$(git rev-parse --show-toplevel) || exit
exec python3 -I -S -X utf8 "$root/ci/hooks/guard.py" @EVENT@ "$@"
