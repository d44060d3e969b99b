import { ChaiInparParameter, ChaiModuleConfiguration } from '../../entities/index.js';
import type { Cells, Converter } from '../../tabular/converter.js';
import { type Input, InputFormat } from './input.js';

/** Columns of a file of tuning parameters that describe the tuning itself, the same in each of its lines. */
const TUNING = ['instrument_module', 'description', 'lo_frequency_ghz', 'sideband'] as const;

/**
 * A file of tuning parameters ("inpar"), one line for each spectral line that the tuning takes, gives the tuning,
 * named after the file, and where its lines fall.
 */
export function tuningInputs(name: string, file: string, path: string): Input[] {
  const common = { file, path, format: InputFormat.CSV, defaults: {} };
  return [
    { ...common, entity: ChaiModuleConfiguration, converters: [tuning(name)] },
    { ...common, entity: ChaiInparParameter, converters: [lineOfTuning(name)] },
  ];
}

/** The first line gives the tuning; the other lines must repeat it. */
function tuning(name: string): Converter {
  let first: Cells | undefined;
  return {
    takes: LINE,
    gives: ['name'],
    convert(cells, report) {
      if (!first) {
        first = cells;
        return { name };
      }
      for (const column of TUNING) {
        const [is, was] = [cells[column] ?? '', first[column] ?? ''];
        if (is !== was) report(column, is, `must be ${JSON.stringify(was)} as in the first line of the file`);
      }
      return null;
    },
  };
}

const LINE = ['spectral_line', 'if_frequency_ghz', 'image_frequency_ghz', 'velocity_lsr_kms'];

function lineOfTuning(name: string): Converter {
  return {
    takes: TUNING,
    gives: ['chai_module_configuration'],
    convert: ({ instrument_module: module }) => ({
      chai_module_configuration: module === undefined ? undefined : `${module}/${name}`,
    }),
  };
}
