/** The address as people may see it: without user and password, which a plan must not hold in the first place. */
export const shownUrl = (url: string): string => url.replaceAll(/\/\/[^/@\s"]*@/g, '//***@');

/** A folder of this host: restic's cache would be a second copy of what is as near. */
export const isLocal = (url: string): boolean => /^(local:|\/|\.)/.test(url) || !/^[a-z0-9]+:/.test(url);
