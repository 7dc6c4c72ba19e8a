#!/usr/bin/env bash
# Everything this checkout needs, on a fresh Debian 12 or 13 with Node >= 20, npm, git and make. Safe to run again:
# does nothing in under a second when nothing is missing. Root is asked for only where Debian packages are missing.
#
#   node_modules/          npm packages, Node 24 among them (an optional package per processor)
#   Debian's own packages  PostgreSQL server and client (no cluster is created, none is started), sqlite3, acl, attr
#   .cache/tools/bin/      restic >= 0.17 where the system has none, rest-server for the tests
#
# On another system it names what is missing and how to get it, and exits 1.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
PATH=$PATH:/usr/sbin:/sbin
tools=$PWD/.cache/tools/bin
. tools/setup/say.sh
. tools/setup/node.sh
. tools/setup/debian.sh
. tools/setup/newer.sh

main() {
  mkdir -p "$tools"
  one_at_a_time
  basics
  npm_packages
  node_24
  if [[ $(system) != debian ]]; then
    elsewhere
  else
    debian_packages
    restic_017
    rest_server
  fi
  done_in_short
}

# Two shells that set up the same checkout would remove each other's node_modules.
one_at_a_time() {
  command -v flock >/dev/null || return 0
  exec 9>.cache/setup.lock
  flock -n 9 && return
  say "another set-up of this checkout is running: waiting" "une autre installation de ce dossier est en cours : attente"
  flock -w 600 9 || die "the other set-up did not end within 10 minutes" "l’autre installation n’a pas fini en 10 minutes"
}

basics() {
  local need missing=()
  for need in node npm git make; do command -v $need >/dev/null || missing+=("$need"); done
  ((${#missing[@]} == 0)) ||
    die "missing: ${missing[*]}. Install them first (Debian: apt-get install nodejs npm git make)" \
      "il manque : ${missing[*]}. À installer d’abord (Debian : apt-get install nodejs npm git make)"
}

# 'debian' for the releases this script was tried on; derivatives have other package names and ages.
system() {
  [[ -r /etc/os-release ]] || { echo other; return; }
  (
    . /etc/os-release
    case ${ID:-}-${VERSION_ID:-} in debian-12 | debian-13) echo debian ;; *) echo other ;; esac
  )
}

# Another system: say everything that is missing at once, with the way to get it.
elsewhere() {
  local missing=0
  lacks() {
    missing=1
    french && shift 2 || set -- "$1" "$2"
    printf '  %-12s %s\n' "$1" "$2" >&2
  }
  has_postgres ||
    lacks PostgreSQL "server and client >= 13 (initdb, postgres, pg_dump): your system's packages" \
      PostgreSQL "serveur et client >= 13 (initdb, postgres, pg_dump) : les paquets de votre système"
  command -v sqlite3 >/dev/null ||
    lacks sqlite3 "its command line: your system's packages" sqlite3 "en ligne de commande : les paquets de votre système"
  command -v setfacl >/dev/null ||
    lacks acl "setfacl, getfacl: your system's packages" acl "setfacl, getfacl : les paquets de votre système"
  command -v setfattr >/dev/null ||
    lacks attr "setfattr, getfattr: your system's packages" attr "setfattr, getfattr : les paquets de votre système"
  restic_is_new_enough || official_restic ||
    lacks restic ">= $restic_least: your system's packages, or restic.net" \
      restic ">= $restic_least : les paquets de votre système, ou restic.net"
  has_rest_server ||
    lacks rest-server "on the PATH (for the tests only)" rest-server "dans le PATH (pour les tests seulement)"
  ((missing == 0)) ||
    die "this is not Debian 12 or 13: install what is listed above, then run this again" \
      "ce système n’est pas Debian 12 ou 13 : installez ce qui est listé ci-dessus, puis relancez"
}

done_in_short() {
  ((acted == 0)) || say "set-up is complete" "installation terminée"
}

main "$@"
