import { v7 as uuidv7 } from 'uuid';

/**
 * Gives a new row its UUID. It is told what the row is, in a text that is different for each row; by default every row
 * gets a new UUID of version 7.
 */
export type NewId = (name: string) => string;

export const newUuid: NewId = () => uuidv7();
