# Messages of the set-up, in English or French; all go to stderr. `acted` tells whether anything was changed.
acted=0

french() { [[ ${LC_ALL:-${LC_MESSAGES:-${LANG:-}}} == fr* ]]; }
say() { if french; then printf 'setup: %s\n' "$2"; else printf 'setup: %s\n' "$1"; fi >&2; }
die() { say "$@"; exit 1; }

# One line, and the proof for `done_in_short` that something was done.
doing() { acted=1; say "$@"; }

# as_root WHAT-EN WHAT-FR COMMAND…: runs it as root. On a terminal it asks before sudo; without one it uses sudo only
# when told to (CI=true or REPRISE_YES=1) and never waits for a password.
as_root() {
  local en=$1 fr=$2 answer
  shift 2
  if ((EUID == 0)); then "$@"; return; fi
  command -v sudo >/dev/null ||
    die "root is needed to $en, and there is no sudo: run 'make setup' once as root" \
      "il faut être root pour $fr, et sudo est absent : lancez « make setup » une fois en root"
  if [[ ${CI:-} == true || ${REPRISE_YES:-} == 1 ]]; then sudo -n "$@"; return; fi
  [[ -t 0 && -t 2 ]] ||
    die "root is needed to $en: run 'make setup' on a terminal, or with REPRISE_YES=1 where sudo asks no password" \
      "il faut être root pour $fr : lancez « make setup » dans un terminal, ou avec REPRISE_YES=1 si sudo ne demande rien"
  if french; then printf 'Utiliser sudo pour %s ? [o/N] ' "$fr"; else printf 'Use sudo to %s? [y/N] ' "$en"; fi >&2
  read -r answer
  case $answer in
    [yYoO]*) sudo "$@" ;;
    *) die "stopped: nothing was changed" "arrêté : rien n’a été modifié" ;;
  esac
}
