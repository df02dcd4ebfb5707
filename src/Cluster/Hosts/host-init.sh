#!/bin/sh
# Boots one host of a cluster: namespaces, a cgroup, its own /etc, /run, /tmp, /var/lib and /var/log, a cable to the wire, and runit as PID 1.
# Runs in the host's folder. The environment says what to boot:
#   MK_HOST, MK_ADDRESS (with prefix)   its name and its address on the wire
#   MK_CABLE, MK_WIRE                   the name of the wire's end of its cable; the wire's namespace (a file)
#   MK_CGROUP                           its cgroup, below the root of every hierarchy
#   MK_PROGRAM                          the folder of the published mk, seen in the host as /run/mk/program, and its mk as /run/mk/mk
#   MK_PODS                             empty: no pods, no Docker
#   MK_NODE_POD_ADDRESS                 the pod bridge's address (with prefix); empty: it gets one later
#   MK_SERVICE_CIDR, MK_IMAGES          service addresses; Docker's data folder
#   MK_ROUTES                           further routes, one a line
set -eu

join_cgroups() { # of every version 1 controller, and of version 2 where that is mounted: units in "system", pods in "pods"
  for root in /sys/fs/cgroup /sys/fs/cgroup/*/; do
    root=${root%/}
    [ -f "$root/cgroup.procs" ] || continue
    parent=$root
    for child in $(echo "$MK_CGROUP" | tr / ' ') system; do
      enable_controllers "$parent"
      mkdir -p "$parent/$child"
      copy_cpuset "$parent" "$parent/$child"
      parent=$parent/$child
    done
    mkdir -p "${parent%/*}/pods"
    copy_cpuset "${parent%/*}" "${parent%/*}/pods"
    echo $$ >"$parent/cgroup.procs"
  done
}

enable_controllers() { # version 2 hands its controllers down one level at a time
  [ -s "$1/cgroup.controllers" ] || return 0
  for controller in $(cat "$1/cgroup.controllers"); do
    echo "+$controller" >"$1/cgroup.subtree_control" || echo "cgroup controller $controller is not to be had below $1" >&2
  done
}

copy_cpuset() { # a version 1 cpuset takes no process before it is told its processors
  [ -f "$1/cpuset.cpus" ] && [ -f "$1/cgroup.clone_children" ] || return 0
  [ -s "$2/cpuset.cpus" ] && [ "$(cat "$2/cpuset.cpus")" ] || cat "$1/cpuset.cpus" >"$2/cpuset.cpus"
  [ -s "$2/cpuset.mems" ] && [ "$(cat "$2/cpuset.mems")" ] || cat "$1/cpuset.mems" >"$2/cpuset.mems"
}

mount_folders() { # sources are relative: they stay in reach when a mount covers the place where this host's folder lies
  mount -n -t tmpfs -o mode=755 mk-run run
  mkdir -p run/lock run/mk/program run/mk/starts
  echo "$MK_CGROUP" >run/mk/cgroup
  cp "$0" run/mk/init.sh
  ln -s program/MiniKube.Cluster run/mk/mk
  mount -n --bind "$MK_PROGRAM" run/mk/program
  # The gateway is the one process that stands in both networks: it needs the way back to the machine's.
  touch run/mk/machine.net run/mk/wire.net
  mount -n --bind /proc/self/ns/net run/mk/machine.net
  mount -n --bind "$MK_WIRE" run/mk/wire.net
  [ -z "$MK_IMAGES" ] || mount -n --bind "$MK_IMAGES" var/lib/docker
  mount -n -c --rbind ./var/lib /var/lib
  mount -n -c --bind ./var/log /var/log
  mount -n -t overlay -o "lowerdir=/etc,upperdir=etc,workdir=etc.work" mk-etc /etc
  mount -n -c --move ./run /run
  mount -n -t tmpfs -o mode=1777 mk-tmp /tmp
}

plug_in() { # "netns 1" is this host: PID 1 of the PID namespace that we are in
  # Of a host that was just killed the kernel may not have taken the cable away yet.
  while nsenter --net=/run/mk/wire.net ip link show "$MK_CABLE" >/dev/null 2>&1; do
    nsenter --net=/run/mk/wire.net ip link del "$MK_CABLE" || sleep 0.05
  done
  nsenter --net=/run/mk/wire.net ip link add "$MK_CABLE" type veth peer name eth0 netns 1
  nsenter --net=/run/mk/wire.net ip link set "$MK_CABLE" master br0 up
  umount /run/mk/wire.net
  ip -batch - <<IP
link set lo up
addr add $MK_ADDRESS dev eth0
link set eth0 up
$(echo "$MK_ROUTES" | sed -n 's/^./route add &/p')
IP
  echo 1 >/proc/sys/net/ipv4/ip_forward
  echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
}

make_pod_bridge() {
  # Docker remembers networks with its images, and would give the bridge the subnet of another boot. No container has lived through this one.
  rm -rf /var/lib/docker/network
  ip -batch - <<IP
link add cni0 type bridge forward_delay 0
${MK_NODE_POD_ADDRESS:+addr add $MK_NODE_POD_ADDRESS dev cni0}
link set cni0 up
route add $MK_SERVICE_CIDR dev cni0
IP
  # Pods of one node meet on the bridge: only so do service rules see their packets. NodePorts answer on 127.0.0.1 too.
  echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables
  echo 1 >/proc/sys/net/ipv4/conf/all/route_localnet
}

case $1 in
boot) # in mount, UTS and IPC namespaces of its own already, still in the machine's network
  echo "$MK_PROGRAM" >program
  join_cgroups
  mount_folders
  hostname "$MK_HOST"
  exec unshare --net --pid sh -c 'setsid sh /run/mk/init.sh init </dev/null >>console.log 2>&1 & echo $! >pid'
  ;;
init) # PID 1
  mount -n -t proc -o nosuid,nodev,noexec mk-proc /proc
  plug_in
  [ -z "$MK_PODS" ] || make_pod_bridge
  cp -a /etc/mk/units /run/service
  cd /
  exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 ${DOTNET_ROOT:+DOTNET_ROOT="$DOTNET_ROOT"} \
    runsvdir -P /run/service
  ;;
esac
