/** Another running process has this data folder. */
export class DataFolderInUse extends Error {
  constructor(
    readonly folder: string,
    /** The process that has it. */
    readonly pid: number,
  ) {
    super(
      `The data folder ${folder} is in use by process ${pid}: stop that one first, or set DATA_DIR to another folder.`,
    );
  }
}

/** The embedded database does not start. The message is one sentence that says what to do. */
export class EmbeddedPostgresFailed extends Error {}
