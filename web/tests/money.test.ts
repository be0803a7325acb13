import { describe, expect, it } from 'vitest'
import { describeMoney } from '#features/checkout/order/describeMoney.ts'
import { aPayment } from './factories.ts'

const nothing = { refunded: 0, lost: 0, disputed: null, refundFailed: 0 }

describe('what became of a payment', () => {
  it('is not told where the money was kept, or refunded in full', () => {
    expect(describeMoney(aPayment({ status: 'captured' }))).toEqual([])
    expect(describeMoney(aPayment({ status: 'refunded', money: { ...nothing, refunded: 4860 } }))).toEqual([])
  })

  it('says what a failed refund owes', () => {
    const [sentence] = describeMoney(
      aPayment({ status: 'refund_failed', money: { ...nothing, refundFailed: 4860 } }),
    )
    expect(sentence).toBe(
      'Your bank returned our refund of €48.60. We still owe it to you and will try again.',
    )
  })

  it('says what was refunded in part', () => {
    const payment = aPayment({ status: 'captured', money: { ...nothing, refunded: 2430 } })
    expect(describeMoney(payment)[0]).toMatch(/^€24\.30 of it was refunded\./)
  })

  it('says how a dispute stands', () => {
    const open = aPayment({ status: 'captured', money: { ...nothing, disputed: 'open' } })
    expect(describeMoney(open)).toEqual(['Your bank is looking into your dispute of this payment.'])
    const lost = aPayment({ status: 'captured', money: { ...nothing, disputed: 'lost', lost: 4860 } })
    expect(describeMoney(lost)).toEqual(['€48.60 went back to you by the dispute at your bank.'])
  })
})
