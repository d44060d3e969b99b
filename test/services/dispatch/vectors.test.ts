import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  ConstantElevationSource,
  FixedSource,
  ObsMode,
  ObsUnit,
  OffsetFrame,
  PrimeCamObservationConfiguration,
  SolarSystemObject,
  type Source,
} from '../../../src/entities/index.js';
import { scanIssues } from '../../../src/entities/scan-check.js';
import type { ScanMode } from '../../../src/entities/scan-patterns.js';
import { packageRoot } from '../../../src/package-root.js';
import { dispatchOf } from '../../../src/services/dispatch/index.js';

interface Vector {
  readonly id: string;
  readonly scan_type: ScanMode;
  readonly storable: boolean;
  readonly dispatchable: boolean;
  readonly mapping_parameters: Record<string, unknown>;
  readonly source: {
    readonly name: string;
    readonly kind: 'field' | 'fixed' | 'body';
    readonly ra_deg?: number | null;
    readonly dec_deg?: number | null;
    readonly width_deg?: number | null;
    readonly height_deg?: number | null;
  };
  readonly unit: {
    readonly duration_s: number;
    readonly nominal_alt?: number;
    readonly min_lsa?: number;
    readonly max_lsa?: number;
  };
  readonly configuration: { readonly scan_acceleration_deg_s2?: number };
  readonly faults?: readonly { readonly key: string; readonly code: string }[];
  readonly warnings?: readonly string[];
  readonly planner?: object;
  readonly dispatch?: { readonly task: string; readonly scan_params: object };
}

const FILE = path.join(packageRoot(), 'test', 'services', 'dispatch', 'vectors', 'mapping-parameters.json');
const vectors: readonly Vector[] = JSON.parse(readFileSync(FILE, 'utf8'));

function sourceOf({ name, kind, ...place }: Vector['source']): Source {
  if (kind === 'body') return Object.assign(new SolarSystemObject(), { name, ...BODIES[name] });
  if (kind === 'fixed')
    return Object.assign(new FixedSource(), { name, raDeg: place.ra_deg, decDeg: place.dec_deg });
  return Object.assign(new ConstantElevationSource(), {
    name,
    fieldFrame: OffsetFrame.EQUATORIAL,
    rotationDeg: null,
    followsSourceId: null,
    centerRaDeg: place.ra_deg,
    centerDecDeg: place.dec_deg,
    widthDeg: place.width_deg,
    heightDeg: place.height_deg,
  });
}

const BODIES: Readonly<Record<string, object>> = { Mars: { naifId: 499, naifBarycenterId: 4 } };

function unitOf({ id, scan_type, mapping_parameters, source, unit, configuration }: Vector): ObsUnit {
  return Object.assign(new ObsUnit(), {
    name: id,
    mappingParameters: mapping_parameters,
    durationS: unit.duration_s,
    nominalAlt: unit.nominal_alt ?? null,
    minLsa: unit.min_lsa ?? null,
    maxLsa: unit.max_lsa ?? null,
    source: sourceOf(source),
    obsMode: Object.assign(new ObsMode(), { name: scan_type }),
    observationConfiguration: Object.assign(new PrimeCamObservationConfiguration(), {
      scanAccelerationDegS2: configuration.scan_acceleration_deg_s2 ?? null,
    }),
  });
}

const text = ({ key, code }: { readonly key: string; readonly code: string }) => `${key}: ${code}`;

describe('the scan parameters that public clients write', () => {
  test.each(vectors.map((vector) => [vector.id, vector] as const))('%s', (_, vector) => {
    const found = dispatchOf(unitOf(vector));
    expect({
      storable: found.storable,
      dispatchable: found.dispatchable,
      faults: found.issues.map(text).sort(),
      warnings: found.warnings.map(({ code }) => code),
      planner: found.dispatchable ? found.planner : undefined,
      dispatch: found.dispatchable ? { task: found.task, scan_params: found.scanParams } : undefined,
    }).toEqual({
      storable: vector.storable,
      dispatchable: vector.dispatchable,
      faults: (vector.faults ?? []).map(text).sort(),
      warnings: vector.warnings ?? [],
      planner: vector.planner,
      dispatch: vector.dispatch,
    });
  });

  test('are storable by themselves exactly where the survey planner could write them', () => {
    const ofTheUnit = ['constant_el-13', 'constant_el-14'];
    for (const { id, scan_type, storable, mapping_parameters } of vectors) {
      const isRefused = scanIssues(scan_type, mapping_parameters).some((issue) => issue.refusesStoring);
      expect([id, !isRefused]).toEqual([id, storable || ofTheUnit.includes(id)]);
    }
  });

  test('say of each issue what is wrong, and whom it concerns', () => {
    for (const vector of vectors)
      for (const issue of dispatchOf(unitOf(vector)).issues) {
        expect(issue.message).not.toBe('');
        expect(issue.refusesStoring || issue.refusesDispatch).toBe(true);
      }
  });
});
