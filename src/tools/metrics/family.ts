/** One sample of a metric. */
export interface Sample {
  /** Values of the labels, by name. */
  readonly labels: Readonly<Record<string, string>>;
  /** In the unit of the family. */
  readonly value: number;
}

/** A metric family of OpenMetrics. */
export interface MetricFamily {
  /** Stable name; it ends with the unit, where there is one. */
  readonly name: string;
  /** Base unit of OpenMetrics: `seconds` or `bytes`; left out for counts. */
  readonly unit?: 'seconds' | 'bytes';
  /** What the metric is, in one sentence. */
  readonly help: string;
  /** One for each set of labels. */
  readonly samples: readonly Sample[];
}

/** One sample with its labels. */
export function sample(labels: Sample['labels'], value: number): Sample {
  return { labels, value };
}

const UNITS = ['seconds', 'bytes'] as const;

/** A metric family with the prefix of the package; its name ends with the unit. */
export function family(name: string, help: string, samples: readonly Sample[]): MetricFamily {
  const unit = UNITS.find((one) => name.endsWith(`_${one}`));
  return { name: `ccat_ops_db_${name}`, unit, help, samples };
}
