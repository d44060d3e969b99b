import { type Fault, FaultsError, type OpsDbErrorCode } from '../errors.js';

/** Characters of a value that a report shows. */
const SHOWN = 200;

/** The faults of all files of one run, each once. */
export class FaultList {
  private readonly faults = new Map<string, Fault>();

  /** @param limit how many faults are enough to stop reading */
  constructor(private readonly limit = Number.POSITIVE_INFINITY) {}

  get count(): number {
    return this.faults.size;
  }

  get isFull(): boolean {
    return this.faults.size >= this.limit;
  }

  /** Adds a fault, as one line; one that was reported already is not reported twice. */
  report({ origin, key, value, message }: Fault): void {
    const fault = { origin, key, value: oneLine(shortened(value)), message: oneLine(message) };
    this.faults.set(Object.values(fault).join('\0'), fault);
  }

  /**
   * Ends the run if there is a fault.
   * @param summary what was read, as the subject of "has … faults"
   * @throws FaultsError with every fault
   */
  assertNone(code: OpsDbErrorCode, summary: string): void {
    if (this.count === 0) return;
    const more = this.isFull ? ' at least' : '';
    const faults = [...this.faults.values()];
    throw new FaultsError(code, `${summary} has${more} ${count(this.count)}; nothing was written.`, faults);
  }
}

function shortened(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}

function count(faults: number): string {
  return faults === 1 ? '1 fault' : `${faults} faults`;
}
