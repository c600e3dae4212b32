# Sourced by script/server and script/test: the virtual environment and sentences for people.

cd "$(dirname "${BASH_SOURCE[0]}")/.."
python=.venv/bin/python

# fail PROBLEM REMEDY: stop with a sentence and what to do about it.
fail() {
    printf '\nTeamHub: %s\n  -> %s\n' "$1" "$2" >&2
    exit 1
}

# setting NAME DEFAULT: the value from the environment, else from .env, else DEFAULT.
setting() {
    local value=${!1-}
    [ -n "$value" ] || value=$(sed -n "s/^$1=//p" .env 2>/dev/null | tail -n 1)
    printf '%s' "${value:-$2}"
}

find_python() {
    local candidate
    for candidate in python3 python3.14 python3.13 python3.12 python3.11 python; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    fail "Python 3.11 or newer was not found. 没有找到 Python 3.11 或更新的版本。" \
        "Install it (Debian, Ubuntu: apt install python3 python3-venv) and run this again."
}

# install_requirements FILE...: make .venv and install the files into it, unless that was done for these very contents.
install_requirements() {
    local file current=true interpreter arguments=()
    for file in "$@"; do
        arguments+=(-r "$file")
        cmp -s "$file" ".venv/installed-$file" || current=false
    done
    if $current && "$python" -c ''; then return; fi
    if ! "$python" -m pip --version >/dev/null 2>&1; then
        interpreter=$(find_python) || exit 1
        echo "Making the virtual environment .venv ..."
        "$interpreter" -m venv --clear .venv ||
            fail "The virtual environment could not be made." "Debian, Ubuntu: apt install python3-venv; then run this again."
    fi
    echo "Installing $* ..."
    "$python" -m pip install --quiet --quiet --disable-pip-version-check "${arguments[@]}" ||
        fail "pip could not install $*." "Check the network or the proxy (pip's message is above) and run this again."
    rm -f .venv/installed-*
    for file in "$@"; do cp "$file" ".venv/installed-$file"; done
}
