// What became of a payment’s money, in sentences for its buyer.
import type { Payment } from '#api/types.ts'
import { money } from '#format/money.ts'

/** Nothing where all of it was captured and kept. A full refund is told by the order itself. */
export function describeMoney({ status, currency, money: became }: Payment): string[] {
  const told = (minor: number) => money(minor, currency)
  const { refunded, lost, disputed, refundFailed } = became
  return [
    refundFailed > 0 &&
      `Your bank returned our refund of ${told(refundFailed)}. We still owe it to you and will try again.`,
    refunded > 0 &&
      status !== 'refunded' &&
      `${told(refunded)} of it was refunded. Banks take up to ten days to show it.`,
    disputed === 'open' && 'Your bank is looking into your dispute of this payment.',
    lost > 0 && `${told(lost)} went back to you by the dispute at your bank.`,
  ].filter((sentence) => sentence !== false)
}
