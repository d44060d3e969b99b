/** The parts of sql.js that the tests use. */
declare module 'sql.js' {
  export class Database {
    constructor(file: Uint8Array);
    exec(sql: string): { readonly values: unknown[][] }[];
    close(): void;
  }
  export default function initSqlJs(): Promise<{ readonly Database: typeof Database }>;
}
