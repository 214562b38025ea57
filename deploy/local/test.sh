# `./yagura test`: every test of every module, or one long campaign by name.
# Sourced by the launcher.

run_tests() {
  if [ "${1:-}" = --long ]; then
    [ $# -ge 2 ] || fail "test --long: name a campaign"
    case $2 in
      fuzz) fuzz_campaign ;;
      interruptions) interruptions_campaign ;;
      *) long_campaign "$2" ;;
    esac
    return
  fi
  lint_contracts
  provide_nft
  say "yagura test: building every module and running every test (JDK: $JAVA_HOME)"
  local begun
  begun=$(mktemp)
  if (cd "$root" && ./mvnw --threads 2 verify "$@"); then say "yagura test: passed"; else failed_tests "$begun"; fi
  rm -f "$begun"
}

# Modules build at the same time, so what a failed test said lies far above, among the lines of others: say it last, once more.
failed_tests() {
  say "yagura test: what failed, by its report:"
  find "$root" -path '*/target/surefire-reports/*.txt' -newer "$1" -exec grep -h -A 6 -E '<<< (FAILURE|ERROR)!' {} + | cut -c1-400 | grep . >&2 ||
    say "no test of this run: see the build's lines above"
  rm -f "$1"
  fail "test: failed, see above"
}

# A campaign is a JUnit tag; the tests themselves say what they do.
long_campaign() {
  say "yagura test --long $1: running the tests tagged long-$1"
  if (cd "$root" && ./mvnw verify -Dgroups="long-$1" -DexcludedGroups= -Dsurefire.failIfNoSpecifiedTests=false); then
    say "yagura test --long $1: passed"
  else
    fail "test --long $1: failed, see above"
  fi
}

# Fuzz tests read the inputs that are kept at every build. Told to, each looks for new ones for as long as it says, in a
# JVM of its own; ten minutes in all. What it finds lies beside the kept inputs then.
fuzz_campaign() {
  local modules=telemetry,indicator,sigma,svc-ingest,svc-detection
  say "yagura test --long fuzz: looking for inputs that break the readers, for ten minutes"
  if (cd "$root" && JAZZER_FUZZ=1 ./mvnw test -pl "$modules" -am -Dtest='*FuzzTest' -Dsurefire.failIfNoSpecifiedTests=false \
    -DreuseForks=false -Djazzer.hooks=true -Djunit.jupiter.execution.timeout.mode=disabled --fail-at-end); then
    say "yagura test --long fuzz: passed, nothing found"
  else
    (cd "$root" && git status --short -- '*FuzzTestInputs*') || true
    fail "test --long fuzz: failed; the inputs that break something are those above"
  fi
}

# A build lets the runner of an action die once at each of its writes. Told to, it dies there twice: before and after it.
interruptions_campaign() {
  provide_nft
  say "yagura test --long interruptions: killing the runners of actions before and after each of their writes, kind by kind"
  if (cd "$root" && ./mvnw test -pl svc-response -am -Dtest='Interrupted*Test' -Dyagura.test.every-step=true -Dsurefire.failIfNoSpecifiedTests=false); then
    say "yagura test --long interruptions: passed"
  else
    fail "test --long interruptions: failed, see above"
  fi
}

# buf comes from the npm registry; a machine without Node.js builds and tests everything else.
lint_contracts() {
  if command -v npx >/dev/null 2>&1; then
    say "yagura test: linting the contracts with buf"
    (cd "$root/proto" && npx --yes @bufbuild/buf@1.75.0 lint) || fail "test: buf found what is above"
  else
    say "yagura test: the contracts are not linted: npx (Node.js) is not installed"
  fi
}

# Tests cut hosts off in network namespaces of their own, with nft; where they cannot, they skip themselves.
provide_nft() {
  local skipped="yagura test: WARNING: the tests that cut a host off are SKIPPED: they need root, and nft (package nftables)"
  if [ "$(id -u)" != 0 ]; then
    say "$skipped"
  elif [ ! -x /usr/sbin/nft ] && command -v apt-get >/dev/null 2>&1; then
    say "yagura test: installing the package nftables with apt-get: tests cut hosts off with it, in network namespaces of their own"
    install_nft >/dev/null 2>&1 || say "$skipped; apt-get could not install it"
  elif [ ! -x /usr/sbin/nft ]; then
    say "$skipped"
  fi
}

install_nft() {
  apt-get install --yes --no-install-recommends nftables || { apt-get update && apt-get install --yes --no-install-recommends nftables; }
}
