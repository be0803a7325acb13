// Loads the locale’s data for dates and amounts. On a phone that takes a tenth of a second, which is free while the client
// is still downloading: so this is a script of its own.
import { longDateTime } from '#format/dates.ts'
import { money } from '#format/money.ts'

longDateTime(new Date(0).toISOString())
money(0, 'eur')
