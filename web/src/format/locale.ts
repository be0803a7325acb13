// The reader's own way of writing money and time; the words stay English.
export const locale = (): string => navigator.language || 'en-GB'
