import { messages } from './define.ts';

export const kitMessages = messages({}, {});
