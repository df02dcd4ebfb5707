#!/bin/sh
# nginx notices only masters that refuse; one that hangs keeps its streams waiting. So every second each master is asked whether it is ready, and nginx's list
# is rewritten when that has changed. When none is ready the list has all: nginx asks them in turn, and the first that comes back is found.
#   /etc/nginx/mk/masters        the masters, ADDRESS:PORT, one a line
#   /etc/nginx/mk/masters.conf   what nginx includes
set -u

folder=/etc/nginx/mk
answers=/run/mk-check
authority=/etc/kubernetes/pki/ca.crt
mkdir -p "$answers"

ask() { # leaves a file for a master that says that it is ready
  if curl --silent --fail --output /dev/null --max-time 2 --cacert "$authority" "https://$1/readyz"; then
    : >"$answers/$1"
  else
    rm -f "$answers/$1"
  fi
}

server_lines() { # of those that are ready, or else of all
  for master in $(cat "$folder/masters"); do
    [ ! -e "$answers/$master" ] && [ -n "$(ls "$answers")" ] || echo "server $master max_fails=1 fail_timeout=2s;"
  done
}

while :; do
  # At once: one that hangs must not delay the look at the others.
  for master in $(cat "$folder/masters"); do ask "$master" & done
  wait
  server_lines >"$folder/masters.conf.next"
  if ! cmp -s "$folder/masters.conf.next" "$folder/masters.conf"; then
    mv "$folder/masters.conf.next" "$folder/masters.conf"
    echo "masters: $(sed 's/^server \([^ ]*\).*/\1/' "$folder/masters.conf" | tr '\n' ' ')"
    sv hup /run/service/nginx || echo "nginx is down: it will read the list when it starts"
  fi
  sleep 1
done
