/** Where the database is: the one given by DATABASE_URL, or the embedded one once it runs. */
export class DatabaseAddress {
  constructor(
    /** A connection URL with whatever is needed to log in: never printed. */
    readonly url: string,
    readonly embedded: boolean,
  ) {}
}
