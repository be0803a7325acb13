// A button for what should not happen by one click: it asks first.
import { type ReactNode, useEffect, useId, useRef } from 'react'

interface Props {
  label: string
  title: ReactNode
  /** What will happen. */
  children: ReactNode
  confirm: string
  /** On the button while it happens. */
  busy: string
  cancel: string
  mutation: { mutate: () => void; isPending: boolean; isError: boolean }
  className?: string
  isDisabled?: boolean
  /** The id of an element that says why it is disabled. */
  describedBy?: string
}

export function ConfirmButton({ label, title, children, confirm, busy, cancel, mutation, ...button }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  const { className = 'btn ghost', isDisabled = false, describedBy } = button
  useEffect(() => {
    if (mutation.isError) dialog.current?.close() // the error is shown on the page
  }, [mutation.isError])
  return (
    <>
      <button
        className={className}
        type="button"
        aria-disabled={isDisabled}
        aria-describedby={describedBy}
        onClick={() => !isDisabled && dialog.current?.showModal()}
      >
        {label}
      </button>
      <dialog ref={dialog} aria-labelledby={id}>
        <h2 id={id}>{title}</h2>
        {children}
        <button
          className="btn block"
          type="button"
          aria-disabled={mutation.isPending}
          onClick={() => !mutation.isPending && mutation.mutate()}
        >
          {mutation.isPending ? busy : confirm}
        </button>
        <button className="btn ghost block" type="button" onClick={() => dialog.current?.close()}>
          {cancel}
        </button>
      </dialog>
    </>
  )
}
