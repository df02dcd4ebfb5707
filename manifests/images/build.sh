#!/bin/sh
# Makes the root filesystems of the images that the manifests use, from Debian's packages alone (gcc, libc6-dev, busybox-static), in about a second.
#   sh build.sh OUTPUT-FOLDER      writes pause.tar, busybox.tar and echo.tar there; "docker import" makes images of them
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

pack() { # FOLDER: a tar that is the same for the same contents, whoever makes it, and is there only when it is whole
  tar -C "$1" --owner=0 --group=0 --numeric-owner --sort=name --mtime=@0 -cf "$out/.$1.tar" .
  mv "$out/.$1.tar" "$out/$1.tar"
}

mkdir pause
gcc -Os -static -s -o pause/pause "$here/pause/pause.c"
pack pause

mkdir -p busybox/bin busybox/dev busybox/etc busybox/proc busybox/root busybox/sys busybox/tmp busybox/var
chmod 1777 busybox/tmp
cp "$(command -v busybox)" busybox/bin/busybox
for applet in $(busybox --list); do
  [ "$applet" = busybox ] || ln -s busybox "busybox/bin/$applet"
done
echo 'root:x:0:0:root:/root:/bin/sh' >busybox/etc/passwd
echo 'root:x:0:' >busybox/etc/group
pack busybox

cp -a busybox echo
mkdir -p echo/www/cgi-bin
cp "$here/echo/index.cgi" echo/www/cgi-bin/index.cgi
cp "$here/echo/serve" echo/bin/serve
chmod 755 echo/www/cgi-bin/index.cgi echo/bin/serve
pack echo
