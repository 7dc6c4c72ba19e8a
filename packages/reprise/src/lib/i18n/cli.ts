import { messages } from './define.ts';

export const cliMessages = messages({}, {});
