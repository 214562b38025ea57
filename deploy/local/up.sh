# `./yagura up` and what belongs to it: every process on loopback, state under $home.
# Sourced by the launcher.

# setting KEY VALUE…: an environment variable by MicroProfile's rule, for the processes started next.
setting() {
  while [ $# -ge 2 ]; do
    local name=${1//[^A-Za-z0-9]/_}
    export "${name^^}=$2"
    shift 2
  done
}

command_up() {
  local detach="" aws=sandbox rules=""
  while [ $# -gt 0 ]; do
    case "$1" in
      --detach) detach=1 ;;
      --rules) [ $# -ge 2 ] || fail "up --rules: name a folder of Sigma rules"; rules=$(cd "$2" 2>/dev/null && pwd) || fail "up --rules: no such folder: $2"; shift ;;
      --mappings) [ -e "${2:-}" ] || fail "up --mappings: name a file or folder of mappings"; setting yagura.detection.rule.mappings "$(realpath -- "$2")"; shift ;;
      --aws) [ $# -ge 2 ] || fail "up --aws: sandbox or real"; aws=$2; shift ;;
      *) fail "up: unknown option $1; see ./yagura help" ;;
    esac
    shift
  done
  case "$aws" in sandbox | real) ;; *) fail "up --aws: expected sandbox or real, got '$aws'" ;; esac
  build
  start_all "$aws" "$rules"
  [ -n "$(cache_flag gateway)" ] || say "  faster    ./yagura build makes start-up caches for the next time"
  [ -n "$detach" ] && return 0
  say "following the logs; Ctrl-C stops everything"
  trap 'command_down; exit 0' INT TERM
  command_logs
}

start_all() {
  local aws=$1 rules=$2 begun=$SECONDS service
  if running gateway; then
    say "already running; ./yagura status says what, ./yagura down stops it"
    return 0
  fi
  mkdir -p "$home"/{run,logs,tls,tokens}
  chmod 700 "$home" "$home/tokens"
  check_ports
  launch_stores
  if [ "$aws" = sandbox ]; then launch_sandbox; fi
  "$JAVA_HOME/bin/java" "${small_flags[@]}" -XX:TieredStopAtLevel=1 -cp "$(classpath testkit)" \
    dev.yagura.testkit.local.LocalCertificates "$home/tls" "${services[@]}"
  wait_for stores 60 test -e "$home/stores/ready.properties"
  settings "$aws" "$rules"
  for service in "${services[@]}"; do start_service "$service"; done
  if [ "$aws" = sandbox ]; then wait_for sandbox 20 bash -c "exec 3<>/dev/tcp/127.0.0.1/$sandbox_port"; fi
  for service in "${services[@]}"; do wait_for "$service" 180 http_ready "${http_port[$service]}"; done
  say "ready after $((SECONDS - begun)) s"
  say "  gateway   localhost:$gateway_port (gRPC, TLS; authority $home/tls/ca.pem)"
  say "  JSON      https://localhost:$rest_port/v1/ (docs/how-to/use-the-json-api.md)"
  say "  token     $home/tokens/admin"
  say "  try       ./yagura assets list --type AWS::EC2::Instance"
}

check_ports() {
  local name
  for name in "${services[@]}"; do
    running "$name" && continue
    port_free "${grpc_port[$name]}" || fail "port ${grpc_port[$name]} ($name) is in use: stop what uses it, or set YAGURA_PORT_BASE to another base than $base"
    port_free "${http_port[$name]}" || fail "port ${http_port[$name]} (health of $name) is in use: stop what uses it, or set YAGURA_PORT_BASE"
  done
  running gateway || port_free "$rest_port" || fail "port $rest_port (JSON API) is in use: stop what uses it, or set YAGURA_PORT_BASE"
}

launch_stores() {
  running stores && return 0
  rm -f "$home/stores/ready.properties"
  launch stores "$JAVA_HOME/bin/java" "${small_flags[@]}" -Xmx64m -cp "$(classpath testkit)" \
    dev.yagura.testkit.local.LocalStoresMain --folder "$home/stores" --postgres-port "$postgres_port" \
    --redis-port "$redis_port" --redis-max-memory "${YAGURA_REDIS_MAX_MEMORY:-512mb}" \
    --services "$(IFS=,; echo "${services[*]}")"
}

launch_sandbox() {
  launch sandbox "$JAVA_HOME/bin/java" "${small_flags[@]}" -Xmx128m -cp "$(classpath sandbox)" \
    dev.yagura.sandbox.SandboxServer --port "$sandbox_port" --documents "$root/deploy/documents" \
    --cluster-role "$root/deploy/kubernetes/contain_pod.yaml"
}

# Every key that a laptop needs; docs/reference/configuration.md has all of them.
settings() {
  local aws=$1 rules=$2 service line
  while IFS= read -r line; do
    case "$line" in \#* | "") ;; *) setting "${line%%=*}" "$(printf '%s' "${line#*=}" | sed 's/\\\(.\)/\1/g')" ;; esac
  done <"$home/stores/ready.properties"
  setting yagura.ingest.log.url "$REDIS_URL"
  for service in "${services[@]}"; do
    setting "yagura.$service.grpc.port" "${grpc_port[$service]}" \
      "yagura.$service.tls.certificate" "$home/tls/$service.pem" \
      "yagura.$service.tls.key" "$home/tls/$service.key" \
      "yagura.$service.tls.authorities" "$home/tls/ca.pem"
  done
  local ingest="localhost:${grpc_port[ingest]}" detection="localhost:${grpc_port[detection]}"
  local response="localhost:${grpc_port[response]}" inventory="localhost:${grpc_port[inventory]}"
  setting yagura.gateway.tls.authorities "$home/tls/ca.pem,$home/tls/agents-ca.pem" \
    yagura.gateway.client.ingest.addresses "$ingest" yagura.gateway.client.detection.addresses "$detection" \
    yagura.gateway.client.response.addresses "$response" yagura.gateway.client.inventory.addresses "$inventory" \
    yagura.gateway.token.bootstrap-file "$home/tokens/admin" yagura.gateway.rest.port "$rest_port" \
    yagura.detection.client.ingest.addresses "$ingest" yagura.detection.client.inventory.addresses "$inventory" \
    yagura.response.client.detection.addresses "$detection" yagura.response.client.inventory.addresses "$inventory" \
    yagura.inventory.ca.certificate "$home/tls/agents-ca.pem" yagura.inventory.ca.key "$home/tls/agents-ca.key"
  [ -n "$rules" ] && setting yagura.detection.rule.folders "$rules"
  if [ "$aws" = sandbox ]; then
    local endpoint="http://127.0.0.1:$sandbox_port" called
    # The keys, roles and addresses of sandbox/src/main/resources/dev/yagura/sandbox/seed.yaml.
    for called in response inventory; do
      setting "yagura.$called.aws.endpoint" "$endpoint" "yagura.$called.aws.external-id" yagura-sandbox
    done
    setting yagura.response.aws.role YaguraResponse yagura.inventory.aws.role YaguraInventory \
      yagura.inventory.scopes aws:111122223333:ap-northeast-1 \
      yagura.response.isolation.gateway-addresses 10.20.1.40:8443 \
      yagura.response.credentials.quarantine-profile yagura-quarantine \
      yagura.response.triage.bucket yagura-triage \
      aws.access.key.id AKIASANDBOXYAGURA001 aws.secret.access.key sandbox/only/good/for/nothing/yagura/001 \
      aws.region ap-northeast-1
  fi
}

start_service() {
  local cache compiler=()
  # It acts seldom, and each time counts: code that is compiled quickly, and only once; docs/reference/java-options.md.
  [ "$1" != response ] || compiler=(-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=192m -XX:Tier3InvocationThreshold=10 -XX:Tier3MinInvocationThreshold=5 -XX:Tier3CompileThreshold=60 -XX:Tier3BackEdgeThreshold=2000)
  cache=$(cache_flag "$1")
  launch "$1" "$JAVA_HOME/bin/java" ${cache:+"$cache"} "${service_flags[@]}" ${compiler[@]+"${compiler[@]}"} "-Dserver.port=${http_port[$1]}" \
    -cp "$(service_classpath "$1")" io.helidon.Main
}

command_down() {
  local name
  # Everything gets the signal in the order of the data's way, so that each can finish what it has.
  for name in gateway response detection ingest inventory sandbox stores; do stop_process "$name"; done
  say "stopped; the data stay in $home"
}

# stop_process NAME [SECONDS]: asks, waits 20 s or as long as said, then kills.
stop_process() {
  local name=$1 limit=${2:-20} file
  local end=$((SECONDS + limit))
  for file in "$home/run/$name.supervisor" "$home/run/$name.pid"; do
    if alive "$file"; then kill "$(cat "$file" 2>/dev/null)" 2>/dev/null || true; fi
  done
  while running "$name" && [ $SECONDS -lt $end ]; do sleep 0.1; done
  if running "$name"; then
    say "$name did not stop within $limit s; killed"
    for file in "$home/run/$name.supervisor" "$home/run/$name.pid"; do
      if alive "$file"; then kill -9 "$(cat "$file" 2>/dev/null)" 2>/dev/null || true; fi
    done
  fi
  rm -f "$home/run/$name".{supervisor,pid,exits}
}

command_status() {
  local name all=0
  printf '%-10s %-9s %-6s %-8s %s\n' PROCESS STATE PORT PID MEMORY
  for name in stores sandbox "${services[@]}"; do
    if running "$name"; then
      local pid
      pid=$(cat "$home/run/$name.pid" 2>/dev/null || echo -)
      printf '%-10s %-9s %-6s %-8s %s\n' "$name" "$(state_of "$name")" "$(port_of "$name")" "$pid" \
        "$(awk '/VmRSS/ {printf "%d MB", $2 / 1024}' "/proc/$pid/status" 2>/dev/null || echo -)"
    else
      printf '%-10s %-9s\n' "$name" stopped
      all=1
    fi
  done
  return $all
}

state_of() {
  if [ -z "${http_port[$1]:-}" ] || http_ready "${http_port[$1]}" 2>/dev/null; then echo ready; else echo "not ready"; fi
}

port_of() {
  case "$1" in stores) echo "$postgres_port" ;; sandbox) echo "$sandbox_port" ;; *) echo "${grpc_port[$1]}" ;; esac
}

command_logs() {
  if [ $# -gt 0 ]; then
    [ -e "$home/logs/$1.log" ] || fail "logs: no log of $1; known: $(cd "$home/logs" 2>/dev/null && ls -- *.log | sed 's/\.log//' | tr '\n' ' ')"
    exec tail -n 50 -F "$home/logs/$1.log"
  fi
  tail -n 5 -F "$home"/logs/*.log
}

# replay FILE…: through an agent of this machine, enrolled at the first use.
command_replay() {
  build
  running gateway || fail "replay: nothing runs; start it with ./yagura up --detach"
  local state="$home/agents/local"
  if [ ! -e "$state/agent.json" ]; then
    mkdir -p "$state"
    (umask 077 && cli agents enrollment-token >"$state/enrollment-token") || fail "replay: no enrollment token, see above"
    agent enroll --gateway "localhost:$gateway_port" --ca "$home/tls/ca.pem" --token-file "$state/enrollment-token" --state "$state" ||
      fail "replay: the agent of this machine could not enrol, see above"
    rm -f "$state/enrollment-token"
  fi
  agent replay --state "$state" "$@"
}

command_bench() {
  build
  "$JAVA_HOME/bin/java" "${native_flags[@]}" -Xmx1g -cp "$(classpath bench)" dev.yagura.bench.BenchCommand "$@"
}

# demo [--keep]: on a platform of its own, made anew each time.
command_demo() {
  local keep="" code=0
  case "${1:-}" in "") ;; --keep) keep=1 ;; *) fail "demo: unknown option $1; see ./yagura help" ;; esac
  build
  running gateway && fail "demo: a platform runs on these ports; stop it first with ./yagura down, or set YAGURA_PORT_BASE"
  home="$root/.yagura/demo"
  if running gateway; then command_down; fi
  rm -rf "$home"
  start_all sandbox ""
  YAGURA_HOME=$home YAGURA_LAUNCHER=$root/yagura YAGURA_LOG_FORMAT=text YAGURA_LOG_LEVEL=WARN \
    "$JAVA_HOME/bin/java" "${small_flags[@]}" -Xmx128m -cp "$(classpath bench)" dev.yagura.bench.demo.DemoCommand \
    --home "$home" --gateway "localhost:$gateway_port" --sandbox "http://127.0.0.1:$sandbox_port" \
    --scenario "$root/sandbox/scenario" || code=$?
  if [ -n "$keep" ]; then
    say "still running: YAGURA_HOME=$home ./yagura incidents list; stop it with YAGURA_HOME=$home ./yagura down"
  else
    command_down
  fi
  [ $code -eq 0 ] || fail "demo: a step was not observed, see above"
  say "demo: every step was observed"
}
