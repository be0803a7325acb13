// The reader’s locale for money and dates; the text stays English.
export const readerLocale = (): string => navigator.language || 'en-GB'
