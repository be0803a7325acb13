// The 3-D Secure step: the bank's page in a dialog over the shop's page.

/** Resolves when the step is complete or failed. Closing the dialog fails it, as at Stripe. */
export function challenge(url) {
  const page = new URL(new URL(url).pathname, window.location.origin).href // the bank has the shop's origin
  const host = document.createElement('div')
  const root = host.attachShadow({ mode: 'open' })
  const style = document.createElement('link')
  style.rel = 'stylesheet'
  style.href = new URL('../stripe.css', import.meta.url).href
  const dialog = document.createElement('dialog')
  dialog.setAttribute('aria-label', '3-D Secure')
  const frame = document.createElement('iframe')
  frame.title = '3-D Secure: your bank asks you to confirm this payment'
  frame.src = page
  dialog.append(frame)
  root.append(style, dialog)
  document.body.append(host)

  return new Promise((resolve) => {
    const end = () => {
      window.removeEventListener('message', onMessage)
      dialog.close()
      host.remove()
      resolve()
    }
    const onMessage = ({ source, origin, data }) => {
      if (
        source === frame.contentWindow &&
        origin === window.location.origin &&
        data?.stripe === 'challenge-closed'
      )
        end()
    }
    window.addEventListener('message', onMessage)
    dialog.addEventListener('cancel', async (event) => {
      event.preventDefault()
      await fetch(page, { method: 'POST', body: new URLSearchParams({ outcome: 'fail' }) }).catch(
        () => undefined,
      )
      end()
    })
    dialog.showModal()
  })
}
