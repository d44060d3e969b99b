import { type ObsUnit, PrimeCamModuleConfiguration, type Telescope } from '../../entities/index.js';
import type { SkyPosition } from '../../services/sky/index.js';

/** The dispatch gives up a slew that takes longer [s]. */
const SLEW_MOST_S = 180;

/** The longest time between two executions [s]: a slew, settling, a retune. */
export function longestOverheadS(telescope: Telescope, units: readonly ObsUnit[]): number {
  return SLEW_MOST_S + telescope.settleTimeS + Math.max(0, ...units.map(retuneS));
}

/**
 * The time from the end of an execution to the start of the next [s]: the telescope slews and settles, and the detectors
 * are retuned.
 * @param from where the telescope is
 * @param to where the source of the next unit is
 */
export function overheadS(telescope: Telescope, unit: ObsUnit, from: SkyPosition, to: SkyPosition): number {
  const turn = Math.abs(to.azimuthDeg - from.azimuthDeg);
  const slewS = Math.max(
    moveS(Math.min(turn, 360 - turn), telescope.azimuthSpeedMaxDegS, telescope.azimuthAccelerationMaxDegS2),
    moveS(
      Math.abs(to.elevationDeg - from.elevationDeg),
      telescope.elevationSpeedMaxDegS,
      telescope.elevationAccelerationMaxDegS2,
    ),
  );
  return Math.min(slewS, SLEW_MOST_S) + telescope.settleTimeS + retuneS(unit);
}

/** The retune before a block [s]; 0 for instruments that need none. */
function retuneS({ instrumentModuleConfigurations = [] }: ObsUnit): number {
  return Math.max(
    0,
    ...instrumentModuleConfigurations.map((configuration) =>
      configuration instanceof PrimeCamModuleConfiguration ? (configuration.retuneDurationS ?? 0) : 0,
    ),
  );
}

/** The time of a move that accelerates, goes on at full speed where it is long enough, and brakes [s]. */
function moveS(distance: number, speed: number, acceleration: number): number {
  return distance < speed ** 2 / acceleration
    ? 2 * Math.sqrt(distance / acceleration)
    : distance / speed + speed / acceleration;
}
