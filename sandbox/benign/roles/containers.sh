packages="runc crun podman buildah busybox-static fuse-overlayfs netavark uidmap"
about="a container host; images are built from files and containers are started with runc, crun and podman, without Docker"

bundle() {
  remote admin <<'SCRIPT'
mkdir -p ~/bundle/rootfs/{bin,etc,proc,dev,sys,tmp} && cd ~/bundle
cp /bin/busybox rootfs/bin/busybox
for tool in sh ls cat id ps sleep uname hostname wget; do ln -sf busybox rootfs/bin/$tool; done
printf 'root:x:0:0:root:/:/bin/sh\n' > rootfs/etc/passwd
runc spec
python3 - <<'PY'
import json
config = json.load(open("config.json"))
config["process"].update(terminal=False, args=["sh", "-c", "id; hostname; ls /; sleep 5"])
config["root"]["readonly"] = False
config["process"].pop("rlimits", None)
config["linux"].pop("resources", None)
json.dump(config, open("config.json", "w"))
PY
tar -C rootfs -cf ~/image.tar .
SCRIPT
}

runtime() { # runc or crun: start, exec, state, stop
  remote admin <<SCRIPT
cd ~/bundle
for n in 1 2 3; do
  sudo $1 --root /run/$1 run -d job\$n < /dev/null > /tmp/job\$n.log 2>&1
  sudo $1 --root /run/$1 list; sudo $1 --root /run/$1 exec job\$n id
  sudo $1 --root /run/$1 kill job\$n KILL; sleep 0.2; sudo $1 --root /run/$1 delete -f job\$n
  cat /tmp/job\$n.log; rm -f /tmp/job\$n.log
done
SCRIPT
}

podman_images() {
  remote admin <<'SCRIPT'
sudo podman --storage-driver vfs import ~/image.tar local/app:1
sudo podman --storage-driver vfs images
mkdir -p ~/context && cd ~/context
printf 'FROM local/app:1\nCOPY start.sh /start.sh\nCMD ["/start.sh"]\n' > Containerfile
printf '#!/bin/sh\nid; uname -a; sleep 1\n' > start.sh; chmod 755 start.sh
sudo buildah --storage-driver vfs bud --isolation chroot -t local/app:2 .
SCRIPT
}

podman_run() {
  remote admin <<'SCRIPT'
for n in 1 2 3; do
  sudo podman --storage-driver vfs run --rm --network none --cgroups disabled --ulimit host --name app$n local/app:1 sh -c 'id; cat /etc/passwd; hostname'
done
sudo podman --storage-driver vfs run -d --network host --cgroups disabled --ulimit host --name web local/app:1 sh -c 'wget -q -O - http://mirror.example.net/npm/package.json; sleep 3'
sudo podman --storage-driver vfs exec web ps
sudo podman --storage-driver vfs logs web; sudo podman --storage-driver vfs inspect web | head -5
sudo podman --storage-driver vfs rm -f web
SCRIPT
}

# A service in namespaces without any runtime, as service managers and build tools make them.
namespaces() {
  remote admin <<'SCRIPT'
for n in 1 2 3; do
  sudo unshare --mount --uts --ipc --pid --fork chroot /home/admin/bundle/rootfs /bin/sh -c 'hostname box; id; ls /' > /dev/null
  sudo unshare --net --mount sh -c 'ip link set lo up; ip addr; mount -t tmpfs none /mnt; df /mnt' > /dev/null
done
SCRIPT
}

housekeeping() {
  cron_runs 12 <<'CRON'
root podman --storage-driver vfs ps -a --format '{{.Names}}' > /dev/null
root podman --storage-driver vfs image prune -f > /dev/null
root podman --storage-driver vfs system df > /dev/null
root podman --storage-driver vfs run --rm --network none --cgroups disabled --ulimit host local/app:1 id > /dev/null
CRON
}

work() {
  job bundle 0.1 bundle
  local n
  for n in 1 2 3; do job runc 20 runtime runc; job crun 20 runtime crun; done
  job podman_images 2 podman_images
  job_each podman_run 20 3 podman_run
  job_each namespaces 5 2 namespaces
  job housekeeping 24 housekeeping
}
