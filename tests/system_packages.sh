#!/usr/bin/env bash
# What the tests need beside Python: a browser, a PostgreSQL server, strace (to see what is synced), and Pango
# for printed sheets.
# As root on Debian or Ubuntu it installs what is missing; elsewhere it says exactly what to install.
set -euo pipefail

missing=()
command -v strace >/dev/null || [ "$(uname)" != Linux ] || missing+=(strace)
command -v chromium >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || missing+=(postgresql)
python3 -c 'import ctypes.util, sys; sys.exit(ctypes.util.find_library("pango-1.0") is None)' ||
    missing+=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing ${missing[*]} for the tests."
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" && exit 0
fi
echo "The tests need: ${missing[*]}. On Debian and Ubuntu: sudo apt-get install ${missing[*]}" >&2
exit 1
