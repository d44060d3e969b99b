import { InvalidInputError, type Issue } from '../../errors.js';
import type { Report } from '../../values/canonical.js';
import { shown } from '../../values/shown.js';

/** Issues that are collected: more do not help whoever mends them, and may be millions. */
const MOST = 100;

/** `a` and `b` → `a.b`, for the path of a value. */
export function joined(path: string, part: string | number): string {
  if (typeof part === 'number') return `${path}[${part}]`;
  return path ? `${path}.${part}` : part;
}

/** What is wrong with plain values, each with the path of the value. */
export class PlainIssues {
  private readonly issues: Issue[] = [];

  /** @param origin what was to be made of the values */
  constructor(private readonly origin: string) {}

  /**
   * Notes an issue.
   * @throws InvalidInputError `plain_invalid` when there are so many that more would not help
   */
  report(path: string, property: string, value: unknown, message: string): void {
    const name = property.length > LONGEST_NAME ? `${property.slice(0, LONGEST_NAME)}…` : property;
    const given = value === undefined ? 'nothing' : shown(value);
    this.issues.push({ origin: this.origin, key: joined(path, name), value: given, message });
    if (this.issues.length === MOST) throw this.error(`; here are the first ${MOST} issues`);
  }

  /** Notes the issues of a row at a path. */
  below(path: string): Report {
    return (property, value, message) => this.report(path, property, value, message);
  }

  /** @throws InvalidInputError `plain_invalid` when there are issues */
  assertNone(): void {
    if (this.issues.length > 0) throw this.error('');
  }

  private error(more: string): InvalidInputError {
    const summary = `${this.origin} cannot be made of what was given${more}:`;
    return new InvalidInputError('plain_invalid', summary, this.issues);
  }
}

/** Characters of a name that an issue shows. */
const LONGEST_NAME = 100;
