# npm packages exactly as locked, and Node 24 whatever the system's Node is.

npm_packages() {
  local major
  major=$(node -p 'process.versions.node.split(".")[0]')
  ((major >= 20)) || die "Node $major is too old to run npm here: 20 or newer is needed" \
    "Node $major est trop ancien pour npm : il faut la version 20 ou plus"
  node tools/setup/installed.mjs && return
  # 3: differs. Anything else is a fault of the check, and no reason to take node_modules away from whoever uses it.
  (($? == 3)) || die "cannot compare node_modules with package-lock.json" "impossible de comparer node_modules à package-lock.json"
  doing "npm packages" "paquets npm"
  # No package needs its install script (the one that would, `node`, is replaced by plain per-processor packages).
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2 9>&-
}

node_24() {
  local found own
  # npm 9 (Debian 13's) unlinks the program again while it leaves out the package of the other processor.
  own=$(node -p '`node-${process.platform}-${process.arch}`')
  if [[ ! -x node_modules/.bin/node && -x node_modules/$own/bin/node ]]; then
    ln -sf "../$own/bin/node" node_modules/.bin/node
  fi
  if [[ -x node_modules/.bin/node ]]; then
    found=$(node_modules/.bin/node --version 2>&1) || found="broken ($found)"
  else
    found=$(node --version)
  fi
  [[ $found == v2[4-9].* || $found == v[3-9][0-9].* ]] ||
    die "Node >= 24 is needed and no npm package carries it for this processor (found: $found): install it by hand" \
      "il faut Node >= 24 et aucun paquet npm ne le fournit pour ce processeur (trouvé : $found) : installez-le à la main"
}
