// The reader's language, for dates and amounts. A browser takes a tenth of a second of a phone's time to look it up, and
// has that time while the client itself is on its way: so this is a script of its own.
import { moment } from './format/dates.ts'
import { money } from './format/money.ts'

moment(new Date(0).toISOString())
money(0, 'eur')
