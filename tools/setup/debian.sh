# Debian's own packages. The commands decide, not dpkg: a PostgreSQL from another source is as good.

# shellcheck disable=SC2010
has_postgres() {
  local bin
  for bin in /usr/lib/postgresql/*/bin; do [[ -x $bin/initdb && -x $bin/pg_dump ]] && return; done
  command -v initdb >/dev/null && command -v pg_dump >/dev/null
}

debian_packages() {
  local wanted=()
  has_postgres || wanted+=(postgresql)
  command -v sqlite3 >/dev/null || wanted+=(sqlite3)
  command -v setfacl >/dev/null || wanted+=(acl)
  command -v setfattr >/dev/null || wanted+=(attr)
  command -v mke2fs >/dev/null || wanted+=(e2fsprogs)
  command -v openssl >/dev/null || wanted+=(openssl)
  # Tests with a wrong clock.
  compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' >/dev/null && command -v faketime >/dev/null || wanted+=(faketime)
  # Debian 13 carries a restic that is new enough; Debian 12 does not.
  [[ $(codename) == trixie ]] && ! command -v restic >/dev/null && wanted+=(restic)
  ((${#wanted[@]} == 0)) && return
  doing "Debian packages: ${wanted[*]}" "paquets Debian : ${wanted[*]}"
  as_root "install Debian packages: ${wanted[*]}" "installer des paquets Debian : ${wanted[*]}" \
    bash tools/setup/install-debian.sh "${wanted[@]}" >&2 9>&-
}

codename() { (. /etc/os-release && echo "${VERSION_CODENAME:-}"); }
