/** Who signs in: a person, or a program on its own behalf. */
export const UserKind = { PERSON: 'person', SERVICE: 'service' } as const;
export type UserKind = (typeof UserKind)[keyof typeof UserKind];
