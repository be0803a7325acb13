// What became of the money of an order: refunded in part, owed, or in dispute. Nothing where all is as usual.
import { useQuery } from '@tanstack/react-query'
import { paymentQuery } from '#api/queries.ts'
import { Note } from '#components/Note.tsx'
import { describeMoney } from './describeMoney.ts'

export function MoneyNote({ orderId }: { orderId: string }) {
  const { data: payment } = useQuery(paymentQuery(orderId))
  const sentences = payment ? describeMoney(payment) : []
  return sentences.length > 0 && <Note>{sentences.join(' ')}</Note>
}
