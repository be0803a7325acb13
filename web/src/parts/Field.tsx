// A labelled field whose hint and error are read with it.
import type { InputHTMLAttributes, ReactNode, SelectHTMLAttributes, TextareaHTMLAttributes } from 'react'

interface Common {
  name: string
  label: string
  hint?: ReactNode
  error?: string | undefined
}

interface Wiring {
  id: string
  'aria-invalid': true | undefined
  'aria-describedby': string | undefined
}

function Labelled({
  name,
  label,
  hint,
  error,
  children,
}: Common & { children: (wiring: Wiring) => ReactNode }) {
  const described = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ')
  return (
    <div className="field">
      <label htmlFor={name}>{label}</label>
      {children({
        id: name,
        'aria-invalid': error ? true : undefined,
        'aria-describedby': described || undefined,
      })}
      {hint && (
        <p className="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p className="error" id={`${name}-error`}>
          {error}
        </p>
      )}
    </div>
  )
}

export function TextField({ label, hint, error, ...input }: Common & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <Labelled name={input.name} label={label} hint={hint} error={error}>
      {(wiring) => <input className="input" {...input} {...wiring} />}
    </Labelled>
  )
}

export function TextArea({
  label,
  hint,
  error,
  ...area
}: Common & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return (
    <Labelled name={area.name} label={label} hint={hint} error={error}>
      {(wiring) => <textarea className="input" {...area} {...wiring} />}
    </Labelled>
  )
}

export function Select({ label, hint, error, ...select }: Common & SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <Labelled name={select.name} label={label} hint={hint} error={error}>
      {(wiring) => <select className="input" {...select} {...wiring} />}
    </Labelled>
  )
}
