#!/usr/bin/env bash
# Keeps one process of a laptop's platform running: supervise.sh RUN-FOLDER NAME COMMAND…
# Its pid is in NAME.supervisor, the process's in NAME.pid; NAME.exits has a line for each end that
# nobody asked for. TERM stops the process well and ends this. In production ECS does this work.
set -u
run=$1 name=$2
shift 2
stopping="" child="" pause=0.2
trap 'stopping=1; [ -n "$child" ] && kill -TERM "$child" 2>/dev/null' TERM INT

while :; do
  begun=$SECONDS
  "$@" &
  child=$!
  # In one step: who reads it finds the last pid or this one, never half a file.
  echo "$child" >"$run/$name.pid.new" && mv "$run/$name.pid.new" "$run/$name.pid"
  # A trapped signal ends `wait` early: wait again until the process is gone.
  while :; do
    wait "$child"
    code=$?
    kill -0 "$child" 2>/dev/null || break
  done
  [ -z "$stopping" ] || break
  echo "$code" >>"$run/$name.exits"
  if [ $((SECONDS - begun)) -gt 5 ]; then pause=0.2; fi
  echo "supervise: $name ended with code $code; it starts again in $pause s" >&2
  sleep "$pause"
  [ -z "$stopping" ] || break
  case $pause in 0.2) pause=1 ;; 1) pause=3 ;; *) pause=5 ;; esac
done
rm -f "$run/$name.pid" "$run/$name.supervisor"
