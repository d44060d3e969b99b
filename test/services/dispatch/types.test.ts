import {
  isUnitOf,
  type MappingParametersByMode,
  ObsMode,
  ObsUnit,
  scanIssues,
} from '../../../src/entities/index.js';

const PONG: MappingParametersByMode['pong'] = {
  name: 'a',
  onsky_velocity: 1,
  width: 1,
  height: 1,
  spacing: 1,
  num_terms: 1,
  angle: 0,
};

describe('the compiler', () => {
  it('refuses sets that do not fit their mode', () => {
    // @ts-expect-error an angle and a choice of a turn exclude each other
    const both: MappingParametersByMode['pong'] = { ...PONG, angle_var: 1 };
    // @ts-expect-error the radius of the turns is missing
    const daisy: MappingParametersByMode['daisy'] = { name: 'a', onsky_velocity: 1, R0: 1, Ra: 0 };
    // @ts-expect-error Titan cannot be followed
    const titan: MappingParametersByMode['source_scan'] = { body: 'titan', el_bore: 40 };
    const modes = ['pong', 'daisy', 'source_scan'];
    for (const [index, set] of [both, daisy, titan].entries())
      expect(scanIssues(modes[index] as string, set)).toHaveLength(1);
  });
});

describe('an obs unit', () => {
  const unit: ObsUnit = Object.assign(new ObsUnit(), {
    obsMode: Object.assign(new ObsMode(), { name: 'pong' }),
    mappingParameters: { ...PONG } as Record<string, unknown>,
  });

  it('has the keys of its mode once that is known', () => {
    if (!isUnitOf(unit, 'pong')) throw new Error('it is a pong');
    const spacing: number = unit.mappingParameters.spacing;
    expect(spacing).toBe(1);
    // @ts-expect-error a pong has no radius
    expect(unit.mappingParameters.R0).toBeUndefined();
  });

  it('is of no mode where its parameters do not fit', () => {
    expect(isUnitOf(unit, 'daisy')).toBe(false);
    const broken = Object.assign(new ObsUnit(), unit, { mappingParameters: { ...PONG, width: 0 } });
    expect(isUnitOf(broken, 'pong')).toBe(false);
  });
});
