// The script of the bank's page. It is loaded before the page is shown, so that it handles early keys.

// Tells Stripe.js when the 3-D Secure step is over.
document.addEventListener('DOMContentLoaded', () => {
  if (document.querySelector('[data-closed]') && window.parent !== window) {
    window.parent.postMessage({ stripe: 'challenge-closed' }, window.location.origin)
  }
})

// The dialog around the frame gets no events of keys that are pressed inside of it.
document.addEventListener('keydown', ({ key }) => {
  if (key === 'Escape') document.querySelector('button[value=fail]')?.click()
})
