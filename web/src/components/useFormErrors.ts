// A form's errors by field; the first invalid field gets the focus.
import { useEffect, useRef, useState } from 'react'
import { ApiError } from '#api/errors.ts'

export type FormErrors = Record<string, string>

/** The API's messages by field; without one for a field of this form, the error's own message under "form". */
export function toFormErrors(error: Error, fields: readonly string[]): FormErrors {
  const fieldErrors = error instanceof ApiError ? error.fieldErrors : []
  const matching = fieldErrors.filter(({ field }) => field && fields.includes(field))
  if (matching.length === 0) return { form: error.message }
  return Object.fromEntries(matching.map(({ field, message }) => [field, message]))
}

export function useFormErrors() {
  const form = useRef<HTMLFormElement>(null)
  const [errors, setErrors] = useState<FormErrors>({})
  useEffect(() => {
    if (Object.keys(errors).length === 0) return
    const invalid = form.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-form-error]')
    invalid?.focus()
  }, [errors])
  return { form, errors, setErrors }
}
