# Sourced by up, test and bench: what Fadder needs from Debian 12 or 13, and where it builds.
#
#   packages_need build test    installs what is missing of these lists; silent and quick when nothing is
#   build_preset release        configures and builds; says nothing but what went wrong

packages_of() {
    case $1 in
    build)
        echo gcc libc6-dev cmake ninja-build pkg-config python3 iso-codes libzmq3-dev liblmdb-dev \
            libcurl4-openssl-dev libidn2-dev libunistring-dev libsodium-dev libjansson-dev libmicrohttpd-dev libcmocka-dev
        # renamed when its C++ half became a package of its own
        if [ "$(. /etc/os-release && echo "${VERSION_ID:-13}")" = 12 ]; then echo libmsgpack-dev; else echo libmsgpack-c-dev; fi
        ;;
    test)
        # nginx and openssl: TLS in front, as ops/proxy has it; chromium: people's days in a browser
        echo python3-pytest python3-aiosmtpd gettext mandoc tzdata nginx-light openssl chromium chromium-driver python3-selenium
        # the layout is version 14's, which Debian 13 has not; there it is not looked at
        if [ "$(. /etc/os-release && echo "${VERSION_ID:-13}")" = 12 ]; then echo clang-format-14; fi
        ;;
    bench) echo nginx-light redis-server postgresql postgresql-client g++ liblemon-dev python3-scipy python3-munkres ;;
    esac
}

packages_need() {
    local wanted=() missing=() list package
    if ! command -v dpkg-query >/dev/null; then
        echo "This is not a Debian system: what is needed has to be there already (README.md names it)." >&2
        return 0
    fi
    for list in "$@"; do wanted+=($(packages_of "$list")); done
    for package in "${wanted[@]}"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0

    if [ "$(id -u)" != 0 ]; then
        echo "Some Debian packages are missing. Run this once, then start again:" >&2
        echo "    sudo apt-get update && sudo apt-get install --no-install-recommends ${missing[*]}" >&2
        return 1
    fi
    echo "Installing ${#missing[@]} Debian packages: ${missing[*]}"
    local log
    log=$(mktemp)
    # the lists may be missing or old: fetch them only when it does not work without
    if ! packages_install "${missing[@]}" >"$log" 2>&1 &&
        ! { apt-get update -q && packages_install "${missing[@]}"; } >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        echo "apt-get could not install them; its last words are above." >&2
        return 1
    fi
    rm -f "$log"
}

packages_install() {
    DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
}

build_preset() {
    local log=build/$1.log
    mkdir -p build
    if ! cmake --preset "$1" >"$log" 2>&1 || ! cmake --build --preset "$1" -- --quiet >>"$log" 2>&1; then
        tail -n 60 "$log" >&2
        echo "The build ($1) failed; all of it is in $log." >&2
        return 1
    fi
}
