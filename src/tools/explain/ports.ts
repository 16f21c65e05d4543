import type { Provided } from '../../cli/runtime.js';

/** What `gsac check` says of a project, as far as it is about causes of failures. */
export interface ProjectFindings {
  /** Each finding with the cause that it leads to. */
  found: readonly { cause: string; words: string; isError: boolean }[];
  /** Every cause that the check would have found. */
  covered: readonly string[];
}

/** What `gsac explain` takes from other tools. */
export interface ExplainPorts {
  /** Checks the files of a project. @throws {GsacError} exit 2 where there is nothing to check. */
  checkProject(directory: string, provided: Provided): Promise<ProjectFindings>;
}
