// Shares the address of a page: by the device’s own dialog, or copied.
import { useState } from 'react'
import { withoutBidiControls } from '#format/userText.ts'

interface Props {
  title: string
  path: string
}

export function ShareButton({ title, path }: Props) {
  const [message, setMessage] = useState('')
  const share = async () => {
    const url = new URL(path, window.location.href).href
    try {
      if (typeof navigator.share === 'function') {
        await navigator.share({ title: withoutBidiControls(title), url })
      } else {
        await navigator.clipboard.writeText(url)
        setMessage('Link copied.')
      }
    } catch (error) {
      // Closing the device's dialog is no failure.
      if (!(error instanceof DOMException && error.name === 'AbortError')) setMessage(`Copy this: ${url}`)
    }
  }
  return (
    <>
      <button className="btn ghost" type="button" onClick={share}>
        Share it
      </button>
      <p className="small" role="status">
        {message}
      </p>
    </>
  )
}
