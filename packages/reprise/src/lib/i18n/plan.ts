import { messages } from './define.ts';

export const planMessages = messages({}, {});
