#!/bin/sh
# Gives the browser tests a Chromium where the machine lets us install one; without it they say why they skip.
set -eu
command -v chromium >/dev/null 2>&1 && exit 0
command -v chromium-browser >/dev/null 2>&1 && exit 0
command -v google-chrome >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } \
    >"${tools_dir:-/tmp}/browser-install.log" 2>&1 || echo "Chromium could not be installed: browser tests will be skipped." >&2
fi
