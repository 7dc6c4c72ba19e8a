import { messages } from './define.ts';

export const recoveryMessages = messages({}, {});
