#!/usr/bin/env bash
# Brings what tests start: MinIO, PostgreSQL and Chromium. Does nothing when all are there.
# On a user's machine what cannot be had is named, and its tests are skipped; with CI=true it is an error.
set -euo pipefail
cd "$(dirname "$0")/../.."

# The last commit of the archived project; no tag resolves. Two minutes from nothing, once.
MINIO=github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c

say() { printf 'sohoa: %s\n' "$*" >&2; }

missing() {
  say "$*"
  if [ "${CI:-}" = true ]; then exit 1; fi
}

has_minio() { command -v minio >/dev/null || [ -x .tools/bin/minio ]; }

build_minio() {
  say "biên dịch MinIO cho kiểm thử (một lần, chừng hai phút)"
  mkdir -p .tools/bin
  GOBIN="$PWD/.tools/bin" go install "$MINIO" || true
}

has_postgres() { command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }

has_chromium() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null; }

install_package() {
  local sudo=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; } || return 0
    sudo=(sudo)
  fi
  command -v apt-get >/dev/null || return 0
  say "cài $1 cho kiểm thử"
  export DEBIAN_FRONTEND=noninteractive
  { "${sudo[@]}" apt-get -qq update && "${sudo[@]}" apt-get -qq install -y --no-install-recommends "$1"; } >/dev/null || true
}

if ! has_minio && command -v go >/dev/null; then build_minio; fi
if ! has_postgres; then install_package postgresql; fi
if ! has_chromium; then install_package chromium; fi
has_minio || missing "không có máy chủ MinIO (đặt \`minio\` vào PATH, hoặc cài Go rồi chạy lại): bỏ qua kiểm thử cần nó"
has_postgres || missing "không có PostgreSQL (apt-get install postgresql): bỏ qua kiểm thử cần nó"
has_chromium || missing "không có Chromium (apt-get install chromium): bỏ qua kiểm thử cần nó"
