// What is wrong with a form, by field; the first bad field gets the focus.
import { useEffect, useRef, useState } from 'react'
import { Refusal } from '../api/errors.ts'

export type Complaints = Record<string, string>

/** The API's own complaints, by field; those about no field of this form are under "form". */
export function complaintsOf(error: Error, fields: readonly string[]): Complaints {
  const complaints = error instanceof Refusal ? error.complaints : []
  const named = complaints.filter(({ field }) => field && fields.includes(field))
  if (named.length === 0) return { form: error.message }
  return Object.fromEntries(named.map(({ field, message }) => [field, message]))
}

export function useComplaints() {
  const form = useRef<HTMLFormElement>(null)
  const [complaints, setComplaints] = useState<Complaints>({})
  useEffect(() => {
    if (Object.keys(complaints).length === 0) return
    const bad = form.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-form-error]')
    bad?.focus()
  }, [complaints])
  return { form, complaints, setComplaints }
}
