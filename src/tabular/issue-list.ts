import { InvalidInputError, type Issue, type OpsDbErrorCode } from '../errors.js';

/** Length of a value in a report [characters]. */
const SHOWN = 200;

/** The issues of all files of one run, each once. */
export class IssueList {
  private readonly issues = new Map<string, Issue>();

  /** @param limit number of issues after which reading stops */
  constructor(private readonly limit = Number.POSITIVE_INFINITY) {}

  get count(): number {
    return this.issues.size;
  }

  get isFull(): boolean {
    return this.issues.size >= this.limit;
  }

  /** Adds an issue, as one line; one that was reported already is not reported twice. */
  report({ origin, key, value, message }: Issue): void {
    const issue = { origin, key, value: oneLine(shortened(value)), message: oneLine(message) };
    this.issues.set(Object.values(issue).join('\0'), issue);
  }

  /**
   * Ends the run if there is an issue.
   * @param summary what was read, as the subject of "has … issues"
   * @throws InvalidInputError with every issue
   */
  assertNone(code: OpsDbErrorCode, summary: string): void {
    if (this.count === 0) return;
    const more = this.isFull ? ' at least' : '';
    const issues = [...this.issues.values()];
    throw new InvalidInputError(
      code,
      `${summary} has${more} ${count(this.count)}; nothing was written.`,
      issues,
    );
  }
}

function shortened(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}

function count(issues: number): string {
  return issues === 1 ? '1 issue' : `${issues} issues`;
}
