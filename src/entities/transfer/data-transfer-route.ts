import { Check, Entity, Index, ManyToOne, Unique } from 'typeorm';
import { Enum, Flag, Int, ReferenceKey, Text } from '../columns.js';
import { Keyed } from '../keyed.js';
import { DataLocation } from '../location/data-location.js';
import { Site } from '../location/site.js';
import { RouteType } from './enums.js';

/**
 * How data flows from one site to another.
 *
 * @example
 * import { DataTransferRoute, RouteType } from 'ccat-ops-db';
 *
 * const route = await session.findOneOrFail(DataTransferRoute, {
 *   where: { active: true, routeType: RouteType.DIRECT, originSite: { shortName: 'ccat' } },
 *   relations: { destinationSite: true },
 *   order: { priority: 'ASC' },
 * });
 * console.log(route.name, route.destinationSite?.name, route.method); // ccat_to_cologne Cologne bbcp
 */
@Entity({ comment: 'How data flows from one site to another.' })
@Unique(['name'])
@Check('ck_data_transfer_route__sites_differ', '"origin_site_id" <> "destination_site_id"')
@Check('ck_data_transfer_route__relay_has_site', `("route_type" = 'relay') = ("relay_site_id" IS NOT NULL)`)
@Check(
  'ck_data_transfer_route__relay_is_third_site',
  '"relay_site_id" <> "origin_site_id" AND "relay_site_id" <> "destination_site_id"',
)
@Check(
  'ck_data_transfer_route__custom_has_locations',
  `"route_type" <> 'custom' OR ("origin_location_id" IS NOT NULL AND "destination_location_id" IS NOT NULL)`,
)
export class DataTransferRoute extends Keyed {
  /** Name of the route, such as ccat_to_cologne. */
  @Text({ comment: 'Name of the route, such as ccat_to_cologne' })
  name!: string;

  /** Site that the data leaves. */
  @Index()
  @ReferenceKey({ comment: 'Site that the data leaves' })
  originSiteId!: number;

  @ManyToOne(() => Site, { nullable: false, onDelete: 'RESTRICT' })
  originSite?: Site;

  /** Site that the data goes to. */
  @Index()
  @ReferenceKey({ comment: 'Site that the data goes to' })
  destinationSiteId!: number;

  @ManyToOne(() => Site, { nullable: false, onDelete: 'RESTRICT' })
  destinationSite?: Site;

  /** How the data goes. */
  @Enum(RouteType, { comment: 'How the data goes', default: 'direct' })
  routeType!: RouteType;

  /** Site in between of a relay; null: not a relay. */
  @ReferenceKey({ comment: 'Site in between of a relay', null: 'not a relay' })
  relaySiteId!: number | null;

  @ManyToOne(() => Site, { nullable: true, onDelete: 'RESTRICT' })
  relaySite?: Site | null;

  /** Location that the data must leave from; null: any buffer of the site, by priority. */
  @ReferenceKey({
    comment: 'Location that the data must leave from',
    null: 'any buffer of the site, by priority',
  })
  originLocationId!: number | null;

  @ManyToOne(() => DataLocation, { nullable: true, onDelete: 'RESTRICT' })
  originLocation?: DataLocation | null;

  /** Location that the data must go to; null: any buffer of the site, by priority. */
  @ReferenceKey({ comment: 'Location that the data must go to', null: 'any buffer of the site, by priority' })
  destinationLocationId!: number | null;

  @ManyToOne(() => DataLocation, { nullable: true, onDelete: 'RESTRICT' })
  destinationLocation?: DataLocation | null;

  /** Program or protocol that moves the data, such as bbcp. */
  @Text({ comment: 'Program or protocol that moves the data, such as bbcp' })
  method!: string;

  /** Order among routes between the same sites, 1 is used first. */
  @Int({ comment: 'Order among routes between the same sites, 1 is used first', min: 1, default: 1 })
  priority!: number;

  /** Whether the route is used. */
  @Flag({ comment: 'Whether the route is used', default: true })
  active!: boolean;
}
