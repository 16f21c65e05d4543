#!/usr/bin/env bash
# Starts the emulator, which outlives this step, and puts what leads programs to it into the environment
# of the next ones. GSAC_EMULATOR_OPTIONS holds more options of `gsac emulator start`, in words.
set -euo pipefail
folder=$RUNNER_TEMP/gsac
mkdir -p "$folder"
words=(--json --client-out "$folder/client_secret.json")
read -r -a options <<<"${GSAC_EMULATOR_OPTIONS:-}"
# macOS' bash takes an empty list for one that is not set.
[ ${#options[@]} -eq 0 ] || words+=("${options[@]}")

nohup gsac emulator start "${words[@]}" \
  >"$folder/started.json" 2>"$folder/emulator.log" </dev/null &
pid=$!
for _ in $(seq 300); do
  [ ! -s "$folder/started.json" ] || break
  kill -0 "$pid" 2>/dev/null || break
  sleep 0.1
done
if [ ! -s "$folder/started.json" ]; then
  cat "$folder/emulator.log" >&2
  exit 1
fi

env=$(gsac emulator env --client "$folder/client_secret.json" --format json)
node -e '
  const [text, env, output] = process.argv.slice(1);
  const variables = JSON.parse(text);
  const lines = (entries) => entries.map(([name, value]) => `${name}=${value}\n`).join("");
  const { appendFileSync } = require("node:fs");
  appendFileSync(env, lines(Object.entries(variables)));
  const { GSAC_EMULATOR: origin, GSAC_CLIENT: file } = variables;
  appendFileSync(output, lines([["origin", origin], ["client-file", file]]));
' "$env" "$GITHUB_ENV" "$GITHUB_OUTPUT"
