#!/usr/bin/env bash
# Gathers what explains a failure: the reports that GSAC_REPORTS names (one path or pattern a line), and
# what the emulator was asked, secrets masked.
set -euo pipefail
shopt -s nullglob
# Not in macOS' bash, where ** is *.
shopt -s globstar 2>/dev/null || true
folder=$RUNNER_TEMP/gsac-report
mkdir -p "$folder"
while IFS= read -r pattern; do
  [ -n "$pattern" ] || continue
  # Unquoted: a pattern stands for the files that it matches.
  IFS=
  for file in $pattern; do
    # The job may have failed before it wrote its report.
    [ ! -f "$file" ] || cp "$file" "$folder"
  done
done <<<"$GSAC_REPORTS"
if [ -n "${GSAC_EMULATOR:-}" ]; then
  gsac emulator requests --json >"$folder/requests.json" || rm -f "$folder/requests.json"
fi
echo "folder=$folder" >>"$GITHUB_OUTPUT"
