#!/usr/bin/env bash
# Brings the servers that tests start on loopback: MinIO and PostgreSQL. Does nothing when both are there.
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

install_postgres() {
  local sudo=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; } || return 0
    sudo=(sudo)
  fi
  command -v apt-get >/dev/null || return 0
  say "cài PostgreSQL cho kiểm thử"
  export DEBIAN_FRONTEND=noninteractive
  { "${sudo[@]}" apt-get -qq update && "${sudo[@]}" apt-get -qq install -y --no-install-recommends postgresql; } >/dev/null || true
}

if ! has_minio && command -v go >/dev/null; then build_minio; fi
if ! has_postgres; then install_postgres; fi
has_minio || missing "không có máy chủ MinIO (đặt \`minio\` vào PATH, hoặc cài Go rồi chạy lại): bỏ qua kiểm thử cần nó"
has_postgres || missing "không có PostgreSQL (apt-get install postgresql): bỏ qua kiểm thử cần nó"
