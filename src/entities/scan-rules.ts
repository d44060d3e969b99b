/** The rules of a key of a set of scan parameters. */
export interface KeyRule {
  readonly type:
    | 'label'
    | 'number'
    | 'integer'
    | 'boolean'
    | 'choice'
    | 'instant'
    | 'window'
    | 'footprint'
    | 'null';
  /** One sentence without its full stop. */
  readonly description: string;
  /** The unit as the clients write it. */
  readonly unit?: string;
  /** The set has no meaning without the key. */
  readonly required?: true;
  /** The value must be larger than this. */
  readonly above?: 0;
  /** The smallest value allowed. */
  readonly min?: number;
  /** The smallest and the largest value allowed. */
  readonly range?: readonly [min: number, max: number];
  /** The values of a choice. */
  readonly values?: readonly string[];
  /** The code of an issue with a choice; by default `out_of_range`. */
  readonly code?: ScanIssueCode;
  /** Name of the argument in the planner, where it differs. */
  readonly argument?: string;
  /** The column of the obs unit that gives the value where the set does not. */
  readonly fallback?: 'nominal_alt';
  /** Why the dispatch does not take the key, though the survey planner writes it. */
  readonly refusedAtDispatch?: { readonly code: ScanIssueCode; readonly why: string };
  /** The planner knows the key, and the dispatch of today drops it. */
  readonly awaitsForwarding?: true;
  /** Nobody reads the key; it says where the set comes from. */
  readonly isProvenance?: true;
  /** The largest absolute value that the drives can do. */
  readonly driveLimit?: number;
  /** The smallest value that the dispatch takes. */
  readonly dispatchMin?: number;
}

/** Groups of keys of which a set has at most one. */
export interface Alternatives {
  readonly groups: readonly (readonly string[])[];
  /** Whether a set has exactly one of them. */
  readonly required: boolean;
  /** Message for the key of the first group where there is none of them. */
  readonly missing?: string;
  /** Message for the key of the last group where there are several. */
  readonly conflict: string;
  /** Whether the dispatch refuses a set that has none. */
  readonly refusesDispatch: boolean;
}

/** The description of a scan pattern. */
export interface Pattern {
  readonly description: string;
  /** The task of the dispatch. */
  readonly task: string;
  /** The function that makes the path. */
  readonly planner: string;
  readonly keys: Readonly<Record<string, KeyRule>>;
  readonly alternatives?: Alternatives;
  /** The source of each argument that is not in the set. */
  readonly givenBy: Readonly<Record<string, string>>;
  /** Keys that must not be in the set, with their source. */
  readonly elsewhere: Readonly<Record<string, string>>;
  /** Arguments of the planner that are no keys of the set: it takes them by chance, as keys without a rename are. */
  readonly passedOn: Readonly<Record<string, KeyRule>>;
  /** Messages for unknown keys that are written often. */
  readonly hints: Readonly<Record<string, string>>;
  /** Whether the dispatch drops keys that it does not know without a message; otherwise the planner refuses them. */
  readonly dropsUnknown?: true;
}

/**
 * What can be wrong with the scan parameters of an obs unit.
 *
 * @example
 * import { scanIssues, ScanIssueCode } from 'ccat-ops-db';
 *
 * const [issue] = scanIssues('constant_el', { onsky_velocity: -1 });
 * console.log(issue?.code === ScanIssueCode.NOT_POSITIVE); // true
 */
export const ScanIssueCode = Object.freeze({
  /** The set needs the key. */
  MISSING_KEY: 'missing_key',
  /** Nobody reads the key. */
  UNKNOWN_KEY: 'unknown_key',
  /** An argument that does not belong into the set. */
  FROM_ELSEWHERE: 'from_elsewhere',
  /** Something that the set relies on is not there: a column of the unit or of its configuration. */
  MISSING_ELSEWHERE: 'missing_elsewhere',
  NOT_POSITIVE: 'not_positive',
  NEGATIVE: 'negative',
  BELOW_MINIMUM: 'below_minimum',
  OUT_OF_RANGE: 'out_of_range',
  WRONG_TYPE: 'wrong_type',
  /** Two values that exclude each other. */
  CONFLICT: 'conflict',
  /** The name must be a label of the set, not the pattern. */
  NAME_IS_PATTERN: 'name_is_pattern',
  /** No argument stands for it. */
  UNSUPPORTED: 'unsupported',
  /** The dispatch drops the key without a message. */
  NOT_FORWARDED: 'not_forwarded',
  /** The planner knows the key, and the dispatch of today drops it. */
  AWAITING_FORWARD: 'awaiting_forward',
  /** The key is only for the record. */
  PROVENANCE: 'provenance',
  /** Refused for now. */
  GATE: 'gate',
  /** A source scan cannot follow the body. */
  NOT_A_BODY: 'not_a_body',
  /** The source has no place, or no extent. */
  NO_POSITION: 'no_position',
  /** The drives cannot do it. */
  DRIVE_LIMIT: 'drive_limit',
} as const);
export type ScanIssueCode = (typeof ScanIssueCode)[keyof typeof ScanIssueCode];

export const LABEL = {
  type: 'label',
  description: 'Label of the source and the pattern, such as ECDFS_pong',
} as const satisfies KeyRule;
export const INTEGER = { type: 'integer' } as const;
export const ISO_INSTANT = { type: 'instant' } as const;
