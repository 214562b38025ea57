packages="build-essential autoconf automake libtool pkg-config cmake debhelper fakeroot gettext libreadline-dev"
about="a build server; sources of Debian packages are fetched, configured and compiled, some as packages"

fetch() { remote deploy "mkdir -p ~/src && cd ~/src && apt-get -q source hello sed grep lua5.4 zlib"; }

# configure and make, as a developer does
configure_make() { remote deploy "cd ~/src/$1-*/ && ./configure --prefix=\$HOME/out --disable-nls && make -s -j2 && make -s install"; }

plain_make() { remote deploy "cd ~/src/lua5.4-*/ && make -s -j2 linux CC=gcc 2>&1 | tail -3; make -s clean"; }

cmake_build() {
  remote deploy <<'SCRIPT'
mkdir -p ~/counter && cd ~/counter
cat > CMakeLists.txt <<'CMAKE'
cmake_minimum_required(VERSION 3.18)
project(counter C)
add_executable(counter main.c count.c)
enable_testing()
add_test(NAME counts COMMAND counter)
CMAKE
printf 'int count(int n) { return n < 2 ? 1 : n * count(n - 1); }\n' > count.c
printf 'int count(int); int main(void) { return count(5) != 120; }\n' > main.c
cmake -B build -S . && cmake --build build -j2 && ctest --test-dir build
SCRIPT
}

# A package build: debhelper runs hundreds of small Perl programs and fakeroot.
package_build() { remote deploy "cd ~/src/$1-*/ && dpkg-buildpackage -us -uc -b -rfakeroot -d 2>&1 | tail -3"; }

# Scripts and programs that are written to /tmp and run from there, as configure tests and developers do.
try_out() {
  remote deploy <<'SCRIPT'
cd /tmp && dir=$(mktemp -d) && cd "$dir"
printf '#include <stdio.h>\nint main(void) { puts("ok"); return 0; }\n' > try.c
gcc -o try try.c && ./try
printf '#!/bin/sh\necho from a script\n' > try.sh && chmod +x try.sh && ./try.sh
gcc -O2 -S try.c && objdump -d try | head -3; strip try; ldd try
cd / && rm -rf "$dir"
SCRIPT
}

release() {
  remote deploy <<'SCRIPT'
cd ~/out && tar -czf /tmp/out-1.$$.tar.gz . && sha256sum /tmp/out-1.$$.tar.gz > /tmp/out-1.$$.sha256
curl -s -T /tmp/out-1.$$.tar.gz http://api.example.com/artifacts/out.tar.gz
curl -s -F "file=@/tmp/out-1.$$.sha256" http://api.example.com/artifacts
rm -f /tmp/out-1.$$.*
SCRIPT
}

work() {
  job fetch 1 fetch
  job configure_make 4 configure_make hello
  job configure_make 4 configure_make sed
  job package_build 2 package_build hello
  job package_build 2 package_build zlib
  job_each plain_make 6 2 plain_make
  job_each cmake_build 6 2 cmake_build
  job_each try_out 10 4 try_out
  job_each release 4 2 release
}
