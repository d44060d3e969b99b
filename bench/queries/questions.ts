import { accessQuestions } from './access-questions.js';
import { copyQuestions } from './copy-questions.js';
import { groupingQuestions } from './grouping-questions.js';
import { overviewQuestions } from './overview-questions.js';
import type { Question } from './question.js';
import { workQuestions } from './work-questions.js';

/** The fifteen queries, in their order. */
export const questions: readonly Question[] = [
  ...workQuestions,
  ...copyQuestions,
  ...overviewQuestions,
  ...groupingQuestions,
  ...accessQuestions,
].sort((a, b) => a.number - b.number);
