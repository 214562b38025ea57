#!/bin/bash
# Harmless: says hello to the recording's own server and sends a keepalive each second.
for round in 1 2 3; do
  exec 3<>/dev/tcp/203.0.113.66/8443 || exit 0
  echo "hello $round" >&3
  for beat in 1 2 3 4 5 6 7 8 9; do
    echo "keepalive $round.$beat" >&3
    sleep 1
  done
  exec 3>&-
done
