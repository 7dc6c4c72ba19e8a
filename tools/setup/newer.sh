# Single tools from a Debian suite, unpacked beside the project without touching the system's packages: restic on
# Debian 12 (its own 0.14 is too old), rest-server on both (installing the package would bring a service along).
restic_least=0.17

restic_is_new_enough() {
  local path
  path=$(command -v restic) && is_new_enough "$path" && { rm -f "$tools/../first"; return; }
  is_new_enough "$tools/restic" || return
  # A too old restic of the system's comes first on the PATH: the wrapper must put ours before it.
  if [[ -n $path ]]; then : >"$tools/../first"; else rm -f "$tools/../first"; fi
}

is_new_enough() {
  local version
  [[ -x $1 ]] || return
  version=$("$1" version 2>/dev/null | sed -n 's/^restic \([0-9][0-9.]*\).*/\1/p')
  [[ -n $version && $(printf '%s\n' "$restic_least" "$version" | sort -V | head -n 1) == "$restic_least" ]]
}

restic_017() {
  restic_is_new_enough && return
  doing "restic >= $restic_least" "restic >= $restic_least"
  bash tools/setup/unpack.sh restic usr/bin/restic "$tools/restic" || official_restic ||
    die "restic >= $restic_least could not be had: neither Debian's newer suite nor the official release answers" \
      "restic >= $restic_least est introuvable : ni la suite Debian plus récente ni la version officielle ne répondent"
  restic_is_new_enough || die "the restic that was fetched does not run here" "le restic téléchargé ne s’exécute pas ici"
}

# One that is already on this machine, under either of its names, is linked to where the tests look.
has_rest_server() {
  local found
  [[ -x $tools/rest-server ]] && return
  found=$(command -v rest-server || command -v restic-rest-server) || return
  ln -sf "$found" "$tools/rest-server"
}

rest_server() {
  has_rest_server && return
  doing "rest-server (for the tests)" "rest-server (pour les tests)"
  bash tools/setup/unpack.sh restic-rest-server usr/bin/restic-rest-server "$tools/rest-server" ||
    die "rest-server could not be fetched from Debian's suite trixie" "rest-server est introuvable dans la suite Debian trixie"
}

# The project's own release, where the network reaches it; sums as published with it.
official_restic() {
  local arch sum version=0.18.1 file
  case $(uname -s)-$(uname -m) in
    Linux-x86_64) arch=amd64 sum=680838f19d67151adba227e1570cdd8af12c19cf1735783ed1ba928bc41f363d ;;
    Linux-aarch64) arch=arm64 sum=87f53fddde38764095e9c058a3b31834052c37e5826d2acf34e18923c006bd45 ;;
    *) return 1 ;;
  esac
  command -v curl >/dev/null && command -v bunzip2 >/dev/null || return 1
  file=$(mktemp)
  curl -fsSL --retry 2 --connect-timeout 10 -m 300 -o "$file" \
    "${REPRISE_RESTIC_RELEASES:-https://github.com/restic/restic/releases/download}/v$version/restic_${version}_linux_$arch.bz2" &&
    echo "$sum  $file" | sha256sum -c --quiet - >&2 &&
    bunzip2 <"$file" >"$tools/.restic.new" && chmod 755 "$tools/.restic.new" && mv "$tools/.restic.new" "$tools/restic" &&
    rm -f "$file" || { rm -f "$file" "$tools/.restic.new"; return 1; }
}
