/**
 * What went wrong, for programs. Every error of this package carries one of these codes:
 * - `settings_invalid`: a setting has a value that is not allowed
 * - `database_unreachable`, `database_login_failed`, `database_missing`, `database_not_writable`,
 *   `database_busy`: the database cannot be used as the settings say
 * - `disk_full`: there is no room for what was to be written; it was not
 * - `database_corrupt`: the file or the pages of the database cannot be read any more
 * - `driver_unusable`: the driver of the database is not installed, or built for another Node
 * - `file_unusable`: a file or folder that was named cannot be read or written
 * - `argument_invalid`: an argument of a command is not allowed, or a value is out of the range of its column
 * - `database_read_only`: a write on the read handle, on a replica or in a transaction that only reads
 * - `connection_lost`: the connection to the server was lost in the middle of the work
 * - `transaction_aborted`: a transaction cannot be committed, since a statement in it has failed; nothing of it is kept
 * - `transaction_ended`: something was begun in a transaction after its end; it was not done
 * - `parameters_too_many`: a statement has more parameters than the database takes; it was not sent
 * - `input_used_up`: an iterator or stream that was read before was given again; nothing of it was done
 * - `database_unsupported`: a kind of database that this package does not work with
 * - `schema_mismatch`: the tables that are there do not fit the entities of this version
 * - `drop_refused`: dropping was asked for where it is not allowed without naming the database
 * - `seed_data_invalid`: a data file has issues; nothing was written
 * - `input_invalid`: input files of an observatory have issues; nothing was written
 * - `transition_illegal`: a status cannot follow the other
 * - `work_lost`: a worker does not have a row any more
 * - `cursor_invalid`: a place in the changes is not one of this database
 * - `filing_conflict`: what was filed is there already with other content
 * - `filing_refused`: the database does not take what was filed
 * - `no_room`: more was to be brought to a location than there is room for; nothing was planned
 * - `checksum_mismatch`: what arrived has another checksum than what was sent
 * - `nothing_found`: what was asked for is not there, since nothing was observed yet
 * - `filing_unknown`: what was filed refers to something that was never heard of
 * - `grant_refused`: a role cannot be given the rights that were asked for; it has got none of them
 * - `token_refused`: a token cannot be made as it was asked for
 * - `migration_refused`: the database must not be migrated as it is
 * - `migration_failed`: a migration failed; the database is as it was before it
 * - `reduction_version_missing`: no version of a software fits the policy of a step
 * - `reduction_contract_unsupported`: a software follows another version of the container contract than this package
 * - `reduction_tool_invalid`: the definition of a tool has issues; nothing was registered
 * - `reduction_output_invalid`: what a run has left does not fit the contract; nothing was filed
 * - `reduction_input_missing`: what a run is to read is not at the processing location
 * - `read_unsupported`: the fast way to read does not do what was asked for
 * - `plain_invalid`: plain values, such as parsed JSON, are no row of the class or no payload
 * - `value_invalid`: an argument of a function, or a value for a column, is not what it must be
 * - `filter_rule_invalid`: a rule or dimension of a data grouping has issues; nothing was selected
 * - `unit_unknown`: no obs unit has the name
 */
export type OpsDbErrorCode =
  | 'settings_invalid'
  | 'database_unreachable'
  | 'database_login_failed'
  | 'database_missing'
  | 'database_not_writable'
  | 'database_busy'
  | 'disk_full'
  | 'database_corrupt'
  | 'driver_unusable'
  | 'file_unusable'
  | 'argument_invalid'
  | 'database_read_only'
  | 'connection_lost'
  | 'transaction_aborted'
  | 'transaction_ended'
  | 'parameters_too_many'
  | 'input_used_up'
  | 'database_unsupported'
  | 'schema_mismatch'
  | 'drop_refused'
  | 'seed_data_invalid'
  | 'input_invalid'
  | 'transition_illegal'
  | 'work_lost'
  | 'cursor_invalid'
  | 'filing_conflict'
  | 'filing_refused'
  | 'no_room'
  | 'checksum_mismatch'
  | 'nothing_found'
  | 'filing_unknown'
  | 'grant_refused'
  | 'token_refused'
  | 'migration_refused'
  | 'migration_failed'
  | 'reduction_version_missing'
  | 'reduction_contract_unsupported'
  | 'reduction_tool_invalid'
  | 'reduction_output_invalid'
  | 'reduction_input_missing'
  | 'read_unsupported'
  | 'plain_invalid'
  | 'value_invalid'
  | 'filter_rule_invalid'
  | 'unit_unknown';

/**
 * An issue that the user of the package can mend: the message says what was wrong, what is allowed and what to do.
 *
 * @example
 * import { loadSettings, OpsDbError } from 'ccat-ops-db';
 *
 * try {
 *   loadSettings({ cwd: '/', env: { CCAT_OPS_DB_DATABASE_TYPE: 'oracle' } });
 * } catch (error) {
 *   if (!(error instanceof OpsDbError)) throw error;
 *   console.log(error.code); // settings_invalid
 * }
 */
export class OpsDbError extends Error {
  override readonly name: string = 'OpsDbError';

  /**
   * @param code what went wrong, for programs
   * @param message what went wrong, the value, what is allowed and what to do; never a secret
   * @param options `cause`: the error of the driver or library below, where there is one
   */
  constructor(
    readonly code: OpsDbErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** One issue in what a user gave: a setting, a cell of a data file. */
export interface Issue {
  /** Where it stands: file and section, file with row and column, or the name of a variable. */
  readonly origin: string;
  /** Which setting or column. */
  readonly key: string;
  /** The value as given; secrets are masked. */
  readonly value: string;
  /** What is wrong and what is allowed. */
  readonly message: string;
}

/**
 * Several issues reported together, one line each.
 *
 * @example
 * import { InvalidInputError, loadSettings } from 'ccat-ops-db';
 *
 * try {
 *   const env = { CCAT_OPS_DB_DATABASE_TYPE: 'oracle', CCAT_OPS_DB_DATABASE_POSTGRESQL_PORT: 'first' };
 *   loadSettings({ cwd: '/', env });
 * } catch (error) {
 *   if (!(error instanceof InvalidInputError)) throw error;
 *   console.log(error.issues.map(({ key }) => key).join(', ')); // database_type, database_postgresql_port
 * }
 */
export class InvalidInputError extends OpsDbError {
  override readonly name = 'InvalidInputError';

  /**
   * @param code what went wrong, for programs
   * @param summary the first line of the message
   * @param issues all issues that were found; the message shows the first hundred
   */
  constructor(
    code: OpsDbErrorCode,
    summary: string,
    readonly issues: readonly Issue[],
  ) {
    const shown = issues.slice(0, MOST_SHOWN).map(describeIssue);
    const more = issues.length > MOST_SHOWN ? [`  … and ${issues.length - MOST_SHOWN} more`] : [];
    super(code, [summary, ...shown, ...more].join('\n'));
  }
}

/** More do not help whoever mends them. */
const MOST_SHOWN = 100;

function describeIssue({ origin, key, value, message }: Issue): string {
  return `  ${origin}: ${key} = ${value}: ${message}`;
}
