import { Command } from 'commander';
import type { Runtime } from '../cli/runtime.js';
import { addFilesDelete } from './files-delete.js';
import { addFilesGet } from './files-get.js';
import { addFilesInfo } from './files-info.js';
import { addFilesList } from './files-list.js';
import { addFilesPut } from './files-put.js';

/** Declares `gsac files`. */
export function filesCommand(runtime: Runtime): Command {
  const command = new Command('files')
    .summary('list, fetch, send and delete the app’s files')
    .description('The files that the app keeps in the person’s application data folder of Drive.')
    .addHelpText('after', '\nExample:\n  $ gsac files --order-by "modifiedTime desc" --limit 20');
  addFilesList(command, runtime);
  addFilesInfo(command, runtime);
  addFilesGet(command, runtime);
  addFilesPut(command, runtime);
  addFilesDelete(command, runtime);
  return command;
}
