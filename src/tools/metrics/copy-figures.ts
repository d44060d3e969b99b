import type { DataSource } from 'typeorm';
import { PhysicalCopyType } from '../../entities/index.js';
import { usageByLocation } from '../../services/storage/index.js';

/** Copies of one kind at one location in one status. */
export interface CopyFigures {
  readonly site: string;
  readonly location: string;
  /** Class name of what they are copies of. */
  readonly of: string;
  readonly status: string;
  readonly copies: number;
  readonly bytes: number;
}

interface Place {
  readonly id: number;
  readonly site: string;
  readonly location: string;
}

const CLASSES: Readonly<Record<PhysicalCopyType, string>> = {
  [PhysicalCopyType.RAW_DATA_FILE]: 'RawDataFile',
  [PhysicalCopyType.RAW_DATA_PACKAGE]: 'RawDataPackage',
  [PhysicalCopyType.DATA_TRANSFER_PACKAGE]: 'DataTransferPackage',
  [PhysicalCopyType.DATA_PRODUCT]: 'DataProduct',
};

const PLACES = `
  SELECT location.id, site.short_name AS site, location.name AS location
  FROM data_location location JOIN site ON site.id = location.site_id`;

/** The copies that are not deleted, by location and status, as the database has counted them. */
export async function copyFigures(dataSource: DataSource): Promise<CopyFigures[]> {
  const [locations, usage] = await Promise.all([
    dataSource.query<Place[]>(PLACES),
    usageByLocation(dataSource.manager),
  ]);
  const placeOf = new Map(locations.map((place) => [place.id, place]));
  return usage.flatMap(({ dataLocationId, type, status, copies, bytes }) => {
    const place = placeOf.get(dataLocationId);
    if (!place) return [];
    return { site: place.site, location: place.location, of: CLASSES[type], status, copies, bytes };
  });
}
