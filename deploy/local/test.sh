# `./yagura test`: every test of every module, or one long campaign by name.
# Sourced by the launcher.

run_tests() {
  if [ "${1:-}" = --long ]; then
    [ $# -ge 2 ] || fail "test --long: name a campaign"
    long_campaign "$2"
    return
  fi
  lint_contracts
  say "yagura test: building every module and running every test (JDK: $JAVA_HOME)"
  if (cd "$root" && ./mvnw verify "$@"); then say "yagura test: passed"; else fail "test: failed, see above"; fi
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

# buf comes from the npm registry; a machine without Node.js builds and tests everything else.
lint_contracts() {
  if command -v npx >/dev/null 2>&1; then
    say "yagura test: linting the contracts with buf"
    (cd "$root/proto" && npx --yes @bufbuild/buf@1.75.0 lint) || fail "test: buf found what is above"
  else
    say "yagura test: the contracts are not linted: npx (Node.js) is not installed"
  fi
}
