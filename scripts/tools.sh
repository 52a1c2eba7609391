#!/usr/bin/env bash
# Installs from Debian what the tests need and this machine lacks. Root rights are
# needed only when something is missing.
set -euo pipefail
need=()
command -v chromium >/dev/null || need+=(chromium)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || need+=(postgresql)
command -v swaks >/dev/null || need+=(swaks)
command -v msmtp >/dev/null || need+=(msmtp)
command -v curl >/dev/null || need+=(curl)
command -v pdftotext >/dev/null || need+=(poppler-utils)
if [ ${#need[@]} -gt 0 ]; then
  echo "installing: ${need[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q
  apt-get install -y -q --no-install-recommends "${need[@]}"
fi
# Chromium without the window around the page saves a third of the browser's time. Not every Debian
# has it, and the tests go on without it.
shell=chromium-headless-shell
if [ ! -x /usr/lib/chromium/$shell ] && [ "$(id -u)" = 0 ]; then
  apt-cache show $shell >/dev/null 2>&1 || timeout 60 apt-get update -q || true
  DEBIAN_FRONTEND=noninteractive timeout 180 apt-get install -y -q --no-install-recommends $shell || echo "without $shell"
fi
