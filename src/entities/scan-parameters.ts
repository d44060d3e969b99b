import type { ObsMode } from './planning/obs-mode.js';
import type { ObsUnit } from './planning/obs-unit.js';
import { scanIssues } from './scan-check.js';
import type { PATTERN_OF_MODE, SCAN_PATTERNS, ScanMode, ScanPattern } from './scan-patterns.js';
import type { KeyRule } from './scan-rules.js';

type ValueOf<R extends KeyRule> = R extends { type: 'number' | 'integer' }
  ? number
  : R extends { type: 'boolean' }
    ? boolean
    : R extends { type: 'choice'; values: readonly (infer V)[] }
      ? V
      : R extends { type: 'window' }
        ? readonly [start: string, end: string]
        : R extends { type: 'null' }
          ? null
          : string;

type Keys<P extends ScanPattern> = (typeof SCAN_PATTERNS)[P]['keys'];
type RequiredKey<K> = { [N in keyof K]: K[N] extends { required: true } ? N : never }[keyof K];

/** The keys of a pattern with the types of their values. */
type ParametersOf<K> = {
  -readonly [N in RequiredKey<K>]: K[N] extends KeyRule ? ValueOf<K[N]> : never;
} & {
  -readonly [N in Exclude<keyof K, RequiredKey<K>>]?: K[N] extends KeyRule ? ValueOf<K[N]> : never;
};

/** At most one of several groups of keys, or with `Required` exactly one. */
type OneOf<T, A extends keyof T, B extends keyof T> =
  | (Omit<T, A | B> & { [N in A]-?: NonNullable<T[N]> } & { [N in B]?: never })
  | (Omit<T, A | B> & { [N in B]-?: NonNullable<T[N]> } & { [N in A]?: never });

/** Parameters of a pong: with the angle of the box, or with the choice of a turn instead. */
export type PongParameters = OneOf<ParametersOf<Keys<'pong'>>, 'angle', 'angle_var'>;

/** Parameters of a daisy. */
export type DaisyParameters = ParametersOf<Keys<'daisy'>>;

/** Parameters of a scan at constant elevation; the unit gives the elevation, the source the field. */
export type ConstantElevationParameters = ParametersOf<Keys<'constant_el'>>;

/** Parameters of a scan over a source: a body, a position, or neither where the unit's source says it. */
export type SourceScanParameters =
  | OneOf<ParametersOf<Keys<'source_scan'>>, 'body', 'ra' | 'dec'>
  | (Omit<ParametersOf<Keys<'source_scan'>>, 'body' | 'ra' | 'dec'> & {
      body?: never;
      ra?: never;
      dec?: never;
    });

interface ParametersOfPattern {
  pong: PongParameters;
  daisy: DaisyParameters;
  constant_el: ConstantElevationParameters;
  source_scan: SourceScanParameters;
}

/** The parameters of each mode that has a pattern. */
export type MappingParametersByMode = {
  [M in ScanMode]: ParametersOfPattern[(typeof PATTERN_OF_MODE)[M]];
};

/** Scan parameters of any mode that has a pattern. */
export type MappingParameters = MappingParametersByMode[ScanMode];

/** An obs unit of one mode, so that the compiler knows its scan parameters. */
export type ObsUnitOf<M extends ScanMode> = Omit<ObsUnit, 'mappingParameters' | 'obsMode'> & {
  obsMode: Omit<ObsMode, 'name'> & { name: M };
  mappingParameters: MappingParametersByMode[M];
};

/**
 * Whether a unit is of a mode and has scan parameters that may be stored, so that the compiler knows their keys.
 * @param unit with `obsMode` loaded
 * @param mode name of the mode
 *
 * @example
 * import { isUnitOf, ObsUnit } from 'ccat-ops-db';
 *
 * const unit = await session.findOneOrFail(ObsUnit, {
 *   where: { name: 'VelaC/pong/280' },
 *   relations: { obsMode: true },
 * });
 * if (isUnitOf(unit, 'pong')) console.log(unit.mappingParameters.spacing); // 0.1
 */
export function isUnitOf<M extends ScanMode>(unit: ObsUnit, mode: M): unit is ObsUnitOf<M> {
  return (
    unit.obsMode?.name === mode &&
    !scanIssues(mode, unit.mappingParameters).some(({ refusesStoring }) => refusesStoring)
  );
}
