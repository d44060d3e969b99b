import type { EntityManager } from 'typeorm';
import { User } from '../../src/entities/index.js';
import { authenticate, permissionsOf } from '../../src/services/access/index.js';
import { tokenOf, usernameOf } from '../support/year/base-rows.js';
import type { Question } from './question.js';

const NUMBER = 20;

/** Query 15: permissions. */
export const accessQuestions: readonly Question[] = [
  {
    number: 15,
    title: 'user and permissions of a token',
    ask: async (manager) => {
      const authenticated = await authenticate(manager, tokenOf(NUMBER));
      return authenticated && permissionsOf(manager, authenticated);
    },
  },
  {
    number: 15,
    title: 'user by name',
    ask: (manager: EntityManager) => manager.findOneBy(User, { username: usernameOf(NUMBER) }),
  },
];
