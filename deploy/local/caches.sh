# `./yagura build`: the services' start-up caches (AOT caches of the JVM, JEP 483 and 514): classes
# already read, checked and linked, with the profiles of one training run. Sourced by the launcher.

caches=$root/.yagura/caches
training=""

service_module() { if [ "$1" = gateway ]; then echo gateway; else echo "svc-$1"; fi; }

service_classpath() { classpath "$(service_module "$1")"; }

# A cache holds for the jars that it was made from; the JVM refuses it for any other.
cache_current() {
  local module
  module=$root/$(service_module "$1")/target
  [ -e "$caches/$1.aot" ] && [ -z "$(find "$module/yagura-"*"-$version.jar" "$module/libs" -newer "$caches/$1.aot" -print -quit)" ]
}

# cache_flag SERVICE: what the JVM is told; nothing where there is no cache for this build.
cache_flag() {
  if [ -n "$training" ]; then
    printf -- '-XX:AOTCacheOutput=%s' "$caches/$1.aot"
  elif cache_current "$1"; then
    printf -- '-XX:AOTCache=%s' "$caches/$1.aot"
  fi
}

command_build() {
  local service current=1 begun
  [ $# -eq 0 ] || fail "build: takes no arguments; see ./yagura help"
  build
  for service in "${services[@]}"; do cache_current "$service" || current=""; done
  if [ -n "$current" ]; then say "built; the start-up caches are current"; return 0; fi
  running gateway && fail "build: the start-up caches need a training run, and a platform runs on these ports; stop it first with ./yagura down, or set YAGURA_PORT_BASE"
  say "making the start-up caches: a training run of every service, about two minutes ..."
  begun=$SECONDS
  train
  say "built; start-up caches made in $((SECONDS - begun)) s, $(du -sh "$caches" | cut -f1) in $caches"
}

# A host of the stand-in isolated and released, a few times: what a fresh service must do fast.
train_response() {
  local action _
  for _ in 1 2 3 4; do
    action=$(cli actions apply isolate_instance i-085b07764feced695 --reason training | grep -o 'actions/[0-9a-f-]*' | head -1)
    cli actions undo "$action" --reason training
  done
}

# One start, one recording sent through, the alerts read: what the first minute of a platform does.
train() {
  local log=$root/.yagura/training.log service stopping=()
  home=$root/.yagura/training training=1
  rm -rf "$caches" "$home"
  mkdir -p "$caches"
  start_all sandbox "" >"$log"
  command_replay "$root/sandbox/scenario/audit.log" >>"$log"
  cli alerts list >>"$log"
  train_response >>"$log"
  # A service writes its cache when it ends, which takes longer than an ordinary stop.
  for service in "${services[@]}"; do
    stop_process "$service" 120 &
    stopping+=($!)
  done
  wait "${stopping[@]}"
  command_down >>"$log"
  for service in "${services[@]}"; do
    cache_current "$service" || fail "build: $service wrote no cache; its log is $home/logs/$service.log"
  done
  rm -rf "$home"
}
