// The API’s types under short names.
import type { components, paths } from './schema.d.ts'

export type Ticket = components['schemas']['Ticket']
/** A ticket as its seller sees it: with what is reserved and what is sold. */
export type Listing = components['schemas']['Listing']
export type Order = components['schemas']['Order']
export type Payment = components['schemas']['Payment']
export type User = components['schemas']['User']
/** The user as stored at this moment. */
export type Profile = components['schemas']['Profile']
export type Session = components['schemas']['Session']
/** What distinguishes errors of one status. */
export type ErrorCode = components['schemas']['Problem']['code']
export type Currency = Ticket['currency']
export type TicketQuery = NonNullable<paths['/api/tickets']['get']['parameters']['query']>
export type NewTicket = paths['/api/tickets']['post']['requestBody']['content']['application/json']
export type TicketChanges = NonNullable<
  paths['/api/tickets/{id}']['put']['requestBody']
>['content']['application/json']

/** One page of a list, and the cursor of the next one where there is more. */
export interface ResultPage<T> {
  items: T[]
  next: string | null
}
