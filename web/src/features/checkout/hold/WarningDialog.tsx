// The dialog at two minutes left: asks once per deadline whether more time is needed; Space confirms.
import { useEffect, useRef } from 'react'

interface Props {
  open: boolean
  minutes: number | null
  /** Null when the hold can no longer be extended. */
  extend: (() => void) | null
  close: () => void
}

export function WarningDialog({ open, minutes, extend, close }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const confirm = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (open && !dialog.current?.open) {
      dialog.current?.showModal()
      confirm.current?.focus()
    }
    if (!open && dialog.current?.open) dialog.current.close()
  }, [open])
  return (
    <dialog ref={dialog} aria-labelledby="warning-title" onClose={close}>
      <h2 id="warning-title">Two minutes left</h2>
      {extend ? (
        <>
          <p>
            Your ticket goes back on sale when the time runs out. Nothing you typed will be lost if you ask
            for more time.
          </p>
          <button ref={confirm} className="btn block" type="button" onClick={extend}>
            {minutes ? `Give me ${minutes} more minutes` : 'More time'}
          </button>
          <button className="btn ghost block" type="button" onClick={close}>
            Carry on paying
          </button>
        </>
      ) : (
        <>
          <p>
            You have had all the extra time there is. Your ticket goes back on sale when the time runs out.
          </p>
          <button ref={confirm} className="btn block" type="button" onClick={close}>
            Carry on paying
          </button>
        </>
      )}
    </dialog>
  )
}
