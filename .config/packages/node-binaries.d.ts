/** The folder of npm's package of Node for a target. */
export function getNode(target: string, version?: string): string;
/** The program in a package of Node. */
export function nodeIn(folder: string): string;
/** The name of a platform in npm's packages and in those of gsac. */
export function targetOf(platform: string, arch: string): string;
