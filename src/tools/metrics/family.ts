/** One figure. */
export interface Sample {
  /** What it is a figure of, by the names of the labels. */
  readonly labels: Readonly<Record<string, string>>;
  /** In the unit of the family. */
  readonly value: number;
}

/** Figures of one kind. */
export interface MetricFamily {
  /** Stable name; it ends with the unit, where there is one. */
  readonly name: string;
  /** Base unit of OpenMetrics: `seconds` or `bytes`; left out for counts. */
  readonly unit?: 'seconds' | 'bytes';
  /** What the figure is, in one sentence. */
  readonly help: string;
  /** One for each set of labels. */
  readonly samples: readonly Sample[];
}

/** One figure with its labels. */
export function sample(labels: Sample['labels'], value: number): Sample {
  return { labels, value };
}

const UNITS = ['seconds', 'bytes'] as const;

/** Figures of one kind under the name of the package; the unit is the end of the name. */
export function family(name: string, help: string, samples: readonly Sample[]): MetricFamily {
  const unit = UNITS.find((one) => name.endsWith(`_${one}`));
  return { name: `ccat_ops_db_${name}`, unit, help, samples };
}
