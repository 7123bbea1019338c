#!/bin/sh
# Sets up .venv with pinned packages: `bootstrap.sh` for the course, `bootstrap.sh dev` for its tests too.
# Done once; .venv/ready-* remembers for which pins and which folder, so that the next start takes no time.
set -eu
cd "$(dirname "$0")/.."
extra=${1:-}
uv_pin=uv==0.13.8

stop() { printf '%s\n' "$@" >&2; exit 2; }

minor_version() {  # "12" for a Python 3.12 that runs, "0" for anything else
    version=$("$1" --version 2>/dev/null) || version=
    case $version in "Python 3."*) version=${version#Python 3.}; echo "${version%%.*}";; *) echo 0;; esac
}

newest_python() {
    found=
    if [ -n "${PYTHON:-}" ]; then set -- "$PYTHON"; else set -- python3.14 python3.13 python3.12 python3.11 python3 python; fi
    for candidate; do
        minor=$(minor_version "$candidate")
        if [ "$minor" -ge 11 ] 2>/dev/null; then echo "$candidate"; return; fi
        [ "$minor" = 0 ] || found="$found, $candidate is 3.$minor"
    done
    if [ -n "$found" ]; then found="${found#, }, which is too old"; fi
    stop "Python 3.11 or newer is needed; found ${found:-none}." \
         "Install a newer one (Debian, Ubuntu: apt install python3.11 python3.11-venv) or name one: make lab PYTHON=/path/to/python3.12"
}

make_venv() {
    echo "Setting up in .venv with $("$python" --version) ..."
    if "$python" -c "import ensurepip" 2>/dev/null; then
        "$python" -m venv --clear .venv
    elif "$python" -m pip --version >/dev/null 2>&1; then
        "$python" -m venv --clear --without-pip .venv
    else
        stop "$python cannot make a virtual environment: its venv part is missing." \
             "Install it (Debian, Ubuntu: apt install python3.$(minor_version "$python")-venv) and run make again."
    fi && venv_pip install --quiet "$uv_pin"
}

venv_pip() {
    if .venv/bin/python -c "import pip" 2>/dev/null; then .venv/bin/python -m pip "$@"
    else "$python" -m pip --python .venv/bin/python "$@"; fi
}

install() {  # with uv; where only pip knows the way (a mirror in pip.conf), with pip
    if [ -n "${PIP_INDEX_URL:-}" ]; then export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$PIP_INDEX_URL}"; fi
    export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-1}"
    .venv/bin/uv pip install --quiet --compile-bytecode --python .venv/bin/python "$@" || venv_pip install --quiet "$@"
}

ready=$(cksum pyproject.toml constraints.txt autograder/bootstrap.sh; pwd)
for stamp in ".venv/ready-${extra:-course}" .venv/ready-dev; do
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$ready" ] && .venv/bin/python -c "" 2>/dev/null; then exit 0; fi
done

python=$(newest_python)
if ! { [ "$(minor_version .venv/bin/python)" -ge 11 ] && .venv/bin/uv --version >/dev/null 2>&1; }; then
    make_venv || stop "The installer (uv) could not be fetched; the lines above say why." \
                      "Is this machine online? Behind a mirror, set PIP_INDEX_URL and run make again."
fi

install --constraint constraints.txt --editable ".${extra:+[$extra]}" ||
    stop "The packages could not be installed; the lines above say why." \
         "Is this machine online? Behind a mirror, set PIP_INDEX_URL and run make again."
printf '%s\n' "$ready" > ".venv/ready-${extra:-course}"
