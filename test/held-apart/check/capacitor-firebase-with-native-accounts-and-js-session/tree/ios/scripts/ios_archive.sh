#!/usr/bin/env bash
set -euo pipefail
if [[ ! -f ios/App/App/GoogleService-Info.plist ]]; then
  echo "error: ios/App/App/GoogleService-Info.plist is required." >&2
  exit 1
fi
