/** What a measurement came to. */
export interface Outcome {
  readonly said: string;
  /** Which limit was not kept. */
  readonly fault?: string;
}

/** The outcome of figures of which each has a limit. */
export function outcomeOf(said: string, isKept: boolean): Outcome {
  return isKept ? { said } : { said, fault: `too much: ${said}` };
}
