/** What is done by jobs. */
export const WORK_KINDS = ['build', 'evaluate', 'encode', 'sweep'] as const;
export type WorkKind = (typeof WORK_KINDS)[number];

/** The folder, in that of the zoo or the sweep, of the jobs of a kind: several kinds may go on at once. */
export const jobsFolderOf = (kind: WorkKind): string => (kind === 'build' ? '.jobs' : `.jobs-${kind}`);

/** A kind and its command, for messages. */
export const commandOfWork = (kind: WorkKind): string => (kind === 'sweep' ? 'sweep' : `zoo ${kind}`);
