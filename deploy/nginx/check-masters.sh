#!/bin/sh
# nginx notices only masters that refuse; one that hangs keeps its streams waiting. So every second each master is asked whether it is ready, and nginx's list
# is rewritten when that has changed. When none is ready the list has all: nginx asks them in turn, and the first that comes back is found.
# A master that says nothing twice, while another is ready, hangs or is gone without a word: the streams that it holds are ended, so that clients need not find out
# by themselves. One that says that it is not ready (it stops, and serves meanwhile) keeps its streams.
#   /etc/nginx/mk/masters        the masters, ADDRESS:PORT, one a line
#   /etc/nginx/mk/masters.conf   what nginx includes
set -u

folder=/etc/nginx/mk
ready=/run/mk-check/ready
silent=/run/mk-check/silent
authority=/etc/kubernetes/pki/ca.crt
refused=22 # of curl: the answer was an error
mkdir -p "$ready" "$silent"

ask() { # leaves a file for a master that says that it is ready, and a line in another each time that it says nothing
  curl --silent --fail --output /dev/null --max-time 2 --cacert "$authority" "https://$1/readyz"
  case $? in
  0) : >"$ready/$1" && rm -f "$silent/$1" ;;
  "$refused") rm -f "$ready/$1" "$silent/$1" ;;
  *) rm -f "$ready/$1" && echo >>"$silent/$1" ;;
  esac
}

server_lines() { # of those that are ready, or else of all
  for master in $(cat "$folder/masters"); do
    [ ! -e "$ready/$master" ] && [ -n "$(ls "$ready")" ] || echo "server $master max_fails=1 fail_timeout=2s;"
  done
}

end_silent_streams() { # by the kernel, for both sides of nginx
  [ -n "$(ls "$ready")" ] || return 0
  for master in $(ls "$silent"); do
    [ "$(wc -l <"$silent/$master")" -lt 2 ] || ss --kill --tcp dst "$master" >/dev/null
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
  end_silent_streams
  sleep 1
done
