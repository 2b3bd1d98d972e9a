#!/bin/sh
# Installs what the tests of real servers need from Debian: Virtuoso. Needs root; without it the tests say so and skip.
set -eu
if [ -x /usr/bin/virtuoso-t ] && [ -x /usr/bin/isql-vt ]; then
  exit 0
fi
if [ "$(id -u)" != 0 ]; then
  echo "tests/servers/install.sh: not root, so Virtuoso is not installed" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# The -bin package has the server and isql; the other one its support files. No service is started.
apt-get install -y -qq --no-install-recommends virtuoso-opensource-7 virtuoso-opensource-7-bin >/dev/null
