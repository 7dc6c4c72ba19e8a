#!/usr/bin/env bash
# install-debian.sh PACKAGE…: as root. PostgreSQL's package would create a cluster and start it; this machine's port
# 5432 is none of our business, so that is switched off while the packages are configured, and only then.
set -euo pipefail

drop_in=/etc/postgresql-common/createcluster.d/reprise-setup.conf
mkdir -p "${drop_in%/*}"
log=$(mktemp)
trap 'rm -f "$drop_in" "$log"' EXIT
echo 'create_main_cluster = false' >"$drop_in"

export DEBIAN_FRONTEND=noninteractive
apt=(apt-get -q -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0)
# A foreign source that does not answer must not stop Debian's own: installing decides.
"${apt[@]}" update >"$log" 2>&1 || true
# Configuring packages is noisy even when all goes well: shown only when it does not.
"${apt[@]}" install -y --no-install-recommends "$@" </dev/null >>"$log" 2>&1 || {
  cat "$log" >&2
  exit 1
}
