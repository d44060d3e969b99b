import { Int, Real } from '../columns.js';
import { Subtype } from '../subtype.js';
import { ModuleConfigurationType } from './enums.js';
import { InstrumentModuleConfiguration } from './instrument-module-configuration.js';

/**
 * A readout set-up of a Prime-Cam or Mod-Cam module.
 *
 * @example
 * import { InstrumentModule, InstrumentModuleConfiguration, PrimeCamModuleConfiguration } from 'ccat-ops-db';
 *
 * const where = { name: '280 GHz', instrument: { name: 'Mod-Cam' } };
 * const { id: instrumentModuleId } = await session.findOneByOrFail(InstrumentModule, where);
 * const setUp = { instrumentModuleId, name: 'half', readoutNetworkCount: 9, sampleRateHz: 488.28 };
 * await session.save(PrimeCamModuleConfiguration, setUp);
 * const found = await session.findOneBy(InstrumentModuleConfiguration, { instrumentModuleId, name: 'half' });
 * console.log(found instanceof PrimeCamModuleConfiguration); // true
 */
@Subtype('PrimeCamModuleConfiguration', ModuleConfigurationType.PRIME_CAM)
export class PrimeCamModuleConfiguration extends InstrumentModuleConfiguration {
  /** Readout networks in use, each written as one stream. */
  @Int({ comment: 'Readout networks in use, each written as one stream', min: 1 })
  readoutNetworkCount!: number;

  /** Rate at which every detector is sampled [Hz]. */
  @Real({ comment: 'Rate at which every detector is sampled', unit: 'Hz', above: 0 })
  sampleRateHz!: number;

  /** Longest time between two retunes of the detectors within a scan [s]; null: retuned only at the start. */
  @Int({
    comment: 'Longest time between two retunes of the detectors within a scan',
    unit: 's',
    min: 1,
    null: 'retuned only at the start',
  })
  retuneIntervalS!: number | null;

  /** Duration of a retune within a scan, in which no data are taken [s]; null: none within a scan. */
  @Real({
    comment: 'Duration of a retune within a scan, in which no data are taken',
    unit: 's',
    above: 0,
    null: 'none within a scan',
  })
  retuneGapS!: number | null;

  /** Duration of the retune before each block [s]; null: none between blocks. */
  @Real({
    comment: 'Duration of the retune before each block',
    unit: 's',
    above: 0,
    null: 'none between blocks',
  })
  retuneDurationS!: number | null;
}
