// A labelled input; its hint and error are its accessible description.
import type { InputHTMLAttributes, ReactNode, SelectHTMLAttributes, TextareaHTMLAttributes } from 'react'
import './Field.css'

interface Common {
  name: string
  label: string
  hint?: ReactNode
  error?: string | undefined
}

interface FieldAttributes {
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
}: Common & { children: (attributes: FieldAttributes) => ReactNode }) {
  const descriptions = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ')
  return (
    <div className="field">
      <label htmlFor={name}>{label}</label>
      {children({
        id: name,
        'aria-invalid': error ? true : undefined,
        'aria-describedby': descriptions || undefined,
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
      {(attributes) => <input className="input" {...input} {...attributes} />}
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
      {(attributes) => <textarea className="input" {...area} {...attributes} />}
    </Labelled>
  )
}

export function Select({ label, hint, error, ...select }: Common & SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <Labelled name={select.name} label={label} hint={hint} error={error}>
      {(attributes) => <select className="input" {...select} {...attributes} />}
    </Labelled>
  )
}
