import { messages } from './define.ts';

export const evidenceMessages = messages({}, {});
