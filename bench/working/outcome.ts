/** Result of a measurement. */
export interface Outcome {
  readonly said: string;
  /** The limit that was exceeded. */
  readonly fault?: string;
}

/** The result of figures that each have a limit. */
export function outcomeOf(said: string, isKept: boolean): Outcome {
  return isKept ? { said } : { said, fault: `too much: ${said}` };
}
