#!/usr/bin/env bash
# unpack.sh PACKAGE PATH-INSIDE TARGET: one program of Debian 13's, over the mirror the host's own sources name, checked
# with Debian's archive keys, with package lists of our own: the system's are neither used nor changed, root is not
# needed. A program of its own, because `set -e` is off in a function that is asked whether it succeeded.
set -euo pipefail
package=$1 inside=$2 target=$3

# The address of the archive proper: not the one of security updates, not a foreign source.
mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' 'Component: main' 2>/dev/null |
  awk '$2 ~ /^(bookworm|trixie|stable|oldstable)$/ && !seen { print $1; seen = 1 }')
[[ -n $mirror ]] || { echo "no Debian archive among this machine's package sources" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{lists/partial,archives/partial,unpacked}
: >"$work/status"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >"$work/sources.list"
apt=(apt-get -qq
  -o "Dir::State=$work" -o "Dir::State::lists=$work/lists" -o "Dir::State::status=$work/status"
  -o "Dir::Cache=$work" -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null
  -o APT::Sandbox::User= -o Acquire::Languages=none -o Acquire::Retries=3)
"${apt[@]}" update >&2
cd "$work"
"${apt[@]}" download "$package" >&2
dpkg-deb -x ./"$package"_*.deb unpacked
# Renamed into place: a set-up that is interrupted leaves no half program behind.
install -m 755 "unpacked/$inside" "$target.new"
mv "$target.new" "$target"
