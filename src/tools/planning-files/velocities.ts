import { VelocityConvention, VelocityFrame } from '../../entities/index.js';
import type { Cells, Converter, Report } from '../../tabular/converter.js';

const FRAMES: Readonly<Record<string, VelocityFrame>> = {
  lsr: VelocityFrame.LSRK,
  vlsr: VelocityFrame.LSRK,
  lsrk: VelocityFrame.LSRK,
  hel: VelocityFrame.HELIOCENTRIC,
  helio: VelocityFrame.HELIOCENTRIC,
  heliocentric: VelocityFrame.HELIOCENTRIC,
  bary: VelocityFrame.BARYCENTRIC,
  barycentric: VelocityFrame.BARYCENTRIC,
  unstated: VelocityFrame.UNSTATED,
};

const CONVENTIONS: Readonly<Record<string, VelocityConvention>> = {
  radio: VelocityConvention.RADIO,
  opt: VelocityConvention.OPTICAL,
  optical: VelocityConvention.OPTICAL,
  rel: VelocityConvention.RELATIVISTIC,
  relativistic: VelocityConvention.RELATIVISTIC,
};

const VELOCITY = /^([+-]?\d+\.?\d*(?:e[+-]?\d+)?) *(?:km\/s)?$/i;

/** Makes a velocity out of `velocity` [km/s], its `frame` and its `convention`, in the spellings that people use. */
export const velocities: Converter = {
  takes: ['velocity', 'frame', 'convention'],
  gives: ['velocity_kms', 'velocity_frame', 'velocity_convention'],
  lacks: (names) => ['velocity', 'frame'].filter((name) => !names.includes(name)),
  convert(cells, report) {
    const { velocity, frame } = cells;
    const number = VELOCITY.exec(velocity ?? '')?.[1];
    if (velocity && number === undefined) report('velocity', velocity, 'must be a number of km/s');
    if (velocity && frame === '') report('frame', frame, `must say what it refers to: ${names(FRAMES)}`);
    if (velocity === '' && frame) report('velocity', velocity, 'must not be empty where the frame is given');
    return {
      velocity_kms: velocity ? number : '',
      velocity_frame: spelled(cells, 'frame', FRAMES, report),
      velocity_convention: spelled(cells, 'convention', CONVENTIONS, report),
    };
  },
};

function spelled(
  cells: Cells,
  column: string,
  spellings: Readonly<Record<string, string>>,
  report: Report,
): string | undefined {
  const text = cells[column] ?? '';
  const value = text ? spellings[text.toLowerCase()] : '';
  if (value === undefined) report(column, text, `allowed are ${names(spellings)}`);
  return value;
}

function names(spellings: Readonly<Record<string, string>>): string {
  return Object.keys(spellings).join(', ');
}
