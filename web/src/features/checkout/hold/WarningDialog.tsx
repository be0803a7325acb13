// The dialog at two minutes left: asks once per deadline whether more time is needed; Space confirms.
import { useEffect, useRef } from 'react'
import { times } from '#format/counts.ts'
import { cutToMinutes, duration } from '#format/duration.ts'
import type { Extension } from './extension.ts'

interface Props {
  open: boolean
  /** Null when the hold can no longer be extended. */
  extension: Extension | null
  extend: () => void
  close: () => void
}

export function WarningDialog({ open, extension, extend, close }: Props) {
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
      {extension ? (
        <>
          <p>
            Your ticket goes back on sale when the time runs out. What you typed stays if you ask for more
            time
            {extension.left !== undefined && `, which you can do ${times(extension.left)}`}.
          </p>
          <button ref={confirm} className="btn block" type="button" onClick={extend}>
            Add {duration(cutToMinutes(extension.adds))}
          </button>
          <button className="btn ghost block" type="button" onClick={close}>
            Carry on paying
          </button>
        </>
      ) : (
        <>
          <p>There is no more extra time. Your ticket goes back on sale when the time runs out.</p>
          <button ref={confirm} className="btn block" type="button" onClick={close}>
            Carry on paying
          </button>
        </>
      )}
    </dialog>
  )
}
