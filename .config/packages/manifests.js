// What other package managers install gsac from: the files of a release on GitHub, with their checksums.

/** Where the files of a release lie. */
const releaseOf = ({ repository, version }) =>
  `https://github.com/${repository}/releases/download/v${version}`;

/**
 * The Homebrew formula. It takes the npm package: macOS runs no program that was signed and then changed,
 * as a single file is.
 */
export function renderFormula({ repository, version, tarball, sha256 }) {
  return `class Gsac < Formula
  desc "Command-line tool for Google's server-side sign-in"
  homepage "https://github.com/${repository}"
  url "${releaseOf({ repository, version })}/${tarball}"
  sha256 "${sha256}"
  license "Apache-2.0"

  depends_on "node"

  def install
    system "npm", "install", *std_npm_args
    bin.install_symlink libexec.glob("bin/*")
    man1.install_symlink libexec.glob("share/man/man1/*")
    man7.install_symlink libexec.glob("share/man/man7/*")
    generate_completions_from_executable(bin/"gsac", "completion", shells: [:bash, :zsh, :fish])
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/gsac --version")
  end
end
`;
}

/** The Scoop manifest: the single file under its short name. */
export function renderScoopManifest({ repository, version, description, sha256 }) {
  const urlOf = (name) => `${releaseOf({ repository, version: name })}/gsac-win-x64.exe#/gsac.exe`;
  const manifest = {
    version,
    description,
    homepage: `https://github.com/${repository}`,
    license: 'Apache-2.0',
    architecture: { '64bit': { url: urlOf(version), hash: sha256 } },
    bin: 'gsac.exe',
    checkver: 'github',
    autoupdate: {
      architecture: { '64bit': { url: urlOf('$version'), hash: { url: '$baseurl/SHA256SUMS' } } },
    },
  };
  return `${JSON.stringify(manifest, null, 4)}\n`;
}
