#!/bin/bash
# Downloads what the recordings need into FOLDER: a Debian root file system, and what the mirror in the recordings serves.
# Usage: prepare.sh FOLDER
#
# Run as root. This is the only step that uses the internet; the recordings themselves talk to a mirror in a network
# namespace of their own. Nothing is installed on the machine.
set -euo pipefail

die() { echo "prepare.sh: $*" >&2; exit 1; }
[ $# = 1 ] || die "usage: prepare.sh FOLDER"
[ "$(id -u)" = 0 ] || die "run as root"
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"; folder=$(cd "$1" && pwd)
debian=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
security=${DEBIAN_SECURITY:-http://deb.debian.org/debian-security}

base_packages=(auditd ca-certificates cron logrotate openssh-server openssh-client sudo curl wget iproute2 procps
  iputils-ping less vim-tiny bsdextrautils man-db rsyslog gnupg apt-utils lsof psmisc net-tools xz-utils bzip2 zstd unzip
  file dbus python3 perl rsync locales init-system-helpers systemd-standalone-tmpfiles kmod netbase)
sources=(hello sed grep lua5.4 zlib)
wheels=(requests flask pytest pyyaml black build setuptools wheel hatchling flit-core)
node_packages=(express mocha typescript eslint)

bootstrap() {
  [ -x "$folder/base/usr/sbin/auditd" ] && return
  (cd "$folder" && apt-get -q download debootstrap && dpkg-deb -x debootstrap_*.deb tools)
  DEBOOTSTRAP_DIR=$folder/tools/usr/share/debootstrap "$folder/tools/usr/sbin/debootstrap" --variant=minbase \
    --include="$(IFS=,; echo "${base_packages[*]}")" bookworm "$folder/base" "$debian"
}

# Everything that the roles install, and the updates that came out since: the mirror's packages.
packages() {
  [ -f "$folder/mirror/debian/Packages.gz" ] && return
  rm -rf "$folder/fetch"; cp -a "$folder/base" "$folder/fetch"
  local root=$folder/fetch role
  cp /etc/resolv.conf /etc/hosts "$root/etc/"
  cat > "$root/etc/apt/sources.list" <<LIST
deb $debian bookworm main
deb $security bookworm-security main
deb-src $debian bookworm main
LIST
  echo 'APT::Sandbox::User "root"; APT::Install-Recommends "false";' > "$root/etc/apt/apt.conf.d/99fetch"
  mkdir -p "$folder/mirror/debian"
  chroot "$root" apt-get -q update
  chroot "$root" apt-get -qy --download-only dist-upgrade
  for role in "$here"/roles/*.sh; do
    # shellcheck disable=SC2046  # a list of words
    chroot "$root" apt-get -qy --download-only install dpkg-dev $(sed -n 's/^packages="\(.*\)"$/\1/p' "$role")
  done
  cp "$root"/var/cache/apt/archives/*.deb "$folder/mirror/debian/"
  chroot "$root" apt-get -qy --no-install-recommends install dpkg-dev
  (cd "$root/tmp" && chroot "$root" sh -c "cd /tmp && apt-get -q --download-only source ${sources[*]}")
  cp "$root"/tmp/*.dsc "$root"/tmp/*.tar.* "$folder/mirror/debian/"
  mkdir "$root/mirror"; cp "$folder"/mirror/debian/* "$root/mirror/"
  chroot "$root" sh -c 'cd /mirror && dpkg-scanpackages -m . 2>/dev/null | gzip > Packages.gz &&
    dpkg-scansources . 2>/dev/null | gzip > Sources.gz'
  cp "$root"/mirror/{Packages,Sources}.gz "$folder/mirror/debian/"
  rm -rf "$root"
}

python_packages() {
  [ -d "$folder/mirror/pypi" ] && return
  mkdir -p "$folder/mirror/pypi.new"
  python3 -m pip --disable-pip-version-check download -q --python-version 3.11 --only-binary :all: \
    -d "$folder/mirror/pypi.new" "${wheels[@]}"
  mv "$folder/mirror/pypi.new" "$folder/mirror/pypi"
}

# A lock file with every package's place on the mirror: npm then asks for nothing else.
node_packages() {
  [ -f "$folder/mirror/npm/package-lock.json" ] && return
  mkdir -p "$folder/mirror/npm" && cd "$folder/mirror/npm"
  echo '{"name": "shopfront", "version": "1.0.0", "private": true}' > package.json
  npm install --silent --package-lock-only --omit-lockfile-registry-resolved=false "${node_packages[@]}"
  npm pack --silent npm@10.8.2
  python3 - <<'PY'
import json, os, urllib.request
lock = json.load(open("package-lock.json"))
for package in lock["packages"].values():
    if "version" in package and "integrity" in package:
        name = package.get("resolved", "")
        if name:
            local = name.split("/", 3)[3].replace("/", "+")
            if not os.path.exists(local):
                urllib.request.urlretrieve(name, local)
            package["resolved"] = "http://mirror.example.net/npm/" + local
json.dump(lock, open("package-lock.json", "w"), indent=1)
PY
}

bootstrap
packages
python_packages
node_packages
du -sh "$folder"/base "$folder"/mirror/*
