#!/usr/bin/env bash
# Installs gsac for the rest of the job. GSAC_PACKAGE is what npm is to install: gsac@0.1.0, or a tarball.
set -euo pipefail
npm install --global --no-audit --no-fund --ignore-scripts "$GSAC_PACKAGE"
gsac --version
