import { Instant, Text } from './columns.js';
import { Keyed } from './keyed.js';

/** A row with a state of availability: why it is in that state, and since when. */
export abstract class WithAvailability extends Keyed {
  /** Why the availability is what it is, in words for people; null: nothing to say. */
  @Text({ comment: 'Why the availability is what it is, in words for people', null: 'nothing to say' })
  availabilityReason!: string | null;

  /** Since when the availability is what it is, UTC; null: since the row was written. */
  @Instant({ comment: 'Since when the availability is what it is, UTC', null: 'since the row was written' })
  availabilitySince!: Date | null;
}
