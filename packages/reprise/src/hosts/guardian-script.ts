/**
 * The guardian: plain `sh` (dash is enough), so that it owes nothing to Reprise, its files or its Node being there when
 * it acts. Handed to `sh -c`; what it shall do comes over its stdin as shell text, never in its argv: a first line that
 * is the terminator, then the text, then the terminator again. The text sets `undos` (how many), `service_1`…,
 * `always_1`… (how often the undo is tried although the service answers), `max`, `give_up` (seconds), `run`, `result`,
 * `log`, and defines `undo_1`…, `ready_1`…
 *
 * States: reading → holding (said `ready`) → released, or undoing → result file. Only coreutils, grep and util-linux.
 */
export const guardianScript = String.raw`
set -u
umask 077
exec 3<&0 </dev/null
IFS= read -r end <&3 || exit 1
text=
while :; do
  IFS= read -r line <&3 || exit 1 # Reprise died before anything was stopped
  [ "$line" = "$end" ] && break
  text="$text$line
"
done
eval "$text"
text=
: >"$log" || exit 1

# A process of its own reads the pipe: "timeout" then keeps the time, and a trap can end the wait (dash has no read -t).
timeout -k 1 "$max" sh -c '
  closed=10
  while IFS= read -r line <&3; do
    case $line in
    release) exit 11 ;;
    held*) printf "%s\n" "$line" && closed=12 ;;
    esac
  done
  exit "$closed"' reprise-guardian-reader &
reader=$!
reason=
trap 'reason=signal; kill "$reader" 2>/dev/null' TERM HUP INT
echo ready
wait "$reader"
status=$?
trap '' TERM HUP INT PIPE
if [ -z "$reason" ]; then
  case $status in
  11) reason=released ;;
  124 | 137) reason=max ;;
  *) reason=closed ;;
  esac
fi
kill "$reader" 2>/dev/null
exec >>"$log" 2>&1 3<&-

say() { printf '%s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%S.%3NZ)" "$*"; }
finish() { # undone ok
  printf '{"undone":%s,"at":"%s","reason":"%s","ok":%s}\n' \
    "$1" "$(date -u +%Y-%m-%dT%H:%M:%S.%3NZ)" "$reason" "$2" >"$result.new"
  sync "$result.new"
  mv -f "$result.new" "$result"
  sync "$(dirname "$result")"
  exit 0
}
say "$reason"
[ "$reason" = released ] && finish false true
[ "$undos" -eq 0 ] && finish true true

# Undo and probe run without the guardian's own signals, mark, and umask.
alone() {
  (
    trap - TERM HUP INT PIPE
    unset REPRISE_GUARDIAN
    umask "$mask"
    "$1"
  )
}

# A stop command may still be on its way when Reprise was killed: the service would be brought down after it was found
# up. Three seconds to end by itself, then TERM, then KILL.
stopping() {
  found=$(grep -lzxF -- "REPRISE_STOPPING=$1" /proc/[0-9]*/environ 2>/dev/null)
  [ -n "$found" ] || return 1
  [ -z "$run" ] || found=$(grep -lzxF -- "REPRISE_RUN=$run" $found 2>/dev/null)
  [ -n "$found" ]
}
tell_all() {
  for file in $found; do
    pid=${'$'}{file#/proc/}
    kill "$1" "${'$'}{pid%/environ}" 2>/dev/null
  done
}
let_stop_end() {
  since=$(date +%s)
  told=
  while stopping "$1"; do
    waited=$(($(date +%s) - since))
    [ "$waited" -ge 3 ] && [ -z "$told" ] && say "ending the stop of $1" && told=1 && tell_all -TERM
    [ "$waited" -ge 5 ] && tell_all -KILL
    [ "$waited" -ge 6 ] && break
    sleep 0.1
  done
}

# Asked whether all is still held, Reprise starts the services itself. Killed in that, its start commands go on: two
# starts of one service at once could leave a wrong process number behind. Three seconds for all of them to answer.
let_start_end() {
  while ! alone "ready_$1" && [ "$(date +%s)" -lt "$patience_end" ]; do sleep 0.1; done
}

# One try for every service that needs one; false when some service does not answer.
try_all() {
  all=0
  number=1
  while [ "$number" -le "$undos" ]; do
    eval "service=\$service_$number always=\$always_$number"
    if [ "$always" -gt 0 ] || ! alone "ready_$number"; then
      alone "undo_$number"
      code=$?
      say "undo of $service: exit $code"
      if [ "$code" -eq 0 ]; then always=0; else always=$((always - 1)); fi
      eval "always_$number=\$always"
      if [ "$always" -gt 0 ] || ! alone "ready_$number"; then all=1; fi
    fi
    number=$((number + 1))
  done
  return "$all"
}

number=1
patience_end=$(($(date +%s) + 3))
while [ "$number" -le "$undos" ]; do
  eval "let_stop_end \"\$service_$number\""
  [ "$status" -ne 12 ] || let_start_end "$number"
  number=$((number + 1))
done
deadline=$(($(date +%s) + give_up))
calm=0
wait_s=1
# Three good answers in two seconds: a shutdown asked for before the kill may only now take effect.
while [ "$calm" -lt 3 ]; do
  if try_all; then
    calm=$((calm + 1))
    [ "$calm" -lt 3 ] && sleep 1
    continue
  fi
  calm=0
  [ "$(date +%s)" -ge "$deadline" ] && say "given up" && finish true false
  sleep "0.$wait_s"
  [ "$wait_s" -lt 9 ] && wait_s=$((wait_s + 2))
done
say "services answer"
finish true true
`;
