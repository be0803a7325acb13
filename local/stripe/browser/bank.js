// The bank's page inside the shop's frame, loaded before there is anything to see: a key pressed early counts.

// Tells Stripe.js when the 3-D Secure step is over.
document.addEventListener('DOMContentLoaded', () => {
  if (document.querySelector('[data-over]') && window.parent !== window) {
    window.parent.postMessage({ stripe: 'challenge-over' }, window.location.origin)
  }
})

// The dialog around the frame does not hear keys pressed inside it.
document.addEventListener('keydown', ({ key }) => {
  if (key === 'Escape') document.querySelector('button[value=fail]')?.click()
})
