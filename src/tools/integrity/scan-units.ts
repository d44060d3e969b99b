import { type EntityManager, In, MoreThan, type ObjectLiteral } from 'typeorm';
import { CHUNK } from '../../database/chunks.js';
import { ObsUnit, scanIssues } from '../../entities/index.js';
import { PATTERN_OF_MODE } from '../../entities/scan-patterns.js';

/** The units with scan parameters that would be refused today, each with what is wrong with them. */
export async function unitsOffTheirMode(manager: EntityManager): Promise<ObjectLiteral[]> {
  const broken: ObjectLiteral[] = [];
  for (let last = 0; ; ) {
    const units = await manager.find(ObsUnit, {
      select: { id: true, name: true, mappingParameters: true, obsMode: { id: true, name: true } },
      where: { id: MoreThan(last), obsMode: { name: In(Object.keys(PATTERN_OF_MODE)) } },
      relations: { obsMode: true },
      order: { id: 'ASC' },
      take: CHUNK,
    });
    for (const { id, name, obsMode, mappingParameters } of units) {
      const mode = obsMode?.name ?? '';
      const issues = scanIssues(mode, mappingParameters)
        .filter(({ refusesStoring }) => refusesStoring)
        .map(({ key, message }) => `${key} ${message}`);
      if (issues.length > 0) broken.push({ id, name, mode, issues: issues.join('; ') });
    }
    if (units.length < CHUNK) return broken;
    last = units.at(-1)?.id ?? last;
  }
}
